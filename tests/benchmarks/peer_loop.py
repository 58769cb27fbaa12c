"""How a peer's script answers. Runs in the peer's environment: standard library and numpy only."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any, TextIO

import numpy as np


def only_answers() -> TextIO:
    """Standard output for the answers alone; whatever the peer prints goes to standard error."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return answers


Find = Callable[[Any, dict[str, Any]], Iterable[Iterable[float]]]


def serve(answers: TextIO, versions: str, find: Find) -> None:
    """Say that the peer is ready, then answer each line of standard input until it ends.

    Args:
        answers: from :func:`only_answers`.
        versions: of what runs.
        find: picture (H×W×3 uint8 RGB) and request → boxes, left, top, right, bottom.
    """
    pictures: dict[str, Any] = {}
    print(json.dumps({"ready": versions}), file=answers, flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        path = request["picture"]
        if path not in pictures:
            pictures[path] = np.load(path)
        started = time.perf_counter()
        boxes = find(pictures[path], request)
        spent_ms = 1000 * (time.perf_counter() - started)
        boxes = [[float(x) for x in box] for box in boxes]
        print(json.dumps({"ms": spent_ms, "boxes": boxes}), file=answers, flush=True)
