"""What the best validation found, kept as a file, so that its pictures can be drawn after any interruption."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.detect.evaluation import Found, Truth
from models.whole_file import write_whole


@dataclass(frozen=True)
class Outcome:
    """One validation.

    Attributes:
        epoch: from 1.
        metrics: see `mean_average_precision`.
        found: by picture, in the order of the validation side.
        truths: likewise.
    """

    epoch: int
    metrics: Mapping[str, float]
    found: tuple[Found, ...]
    truths: tuple[Truth, ...]


def save_outcome(path: Path, outcome: Outcome) -> None:
    """Writes JSON, whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    pictures = [_lists(pair) for pair in zip(outcome.found, outcome.truths, strict=True)]
    content = {"epoch": outcome.epoch, "metrics": dict(outcome.metrics), "pictures": pictures}
    write_whole(path, json.dumps(content).encode())


def load_outcome(path: Path) -> Outcome:
    """The inverse of `save_outcome`."""
    content = json.loads(path.read_text(encoding="utf-8"))
    pictures: Sequence[Mapping[str, Any]] = content["pictures"]
    found = tuple(
        Found(_boxes(one["boxes"]), np.array(one["scores"], np.float32), np.array(one["labels"], np.int64))
        for one in pictures
    )
    truths = tuple(Truth(_boxes(one["truth"]), np.array(one["truth_labels"], np.int64)) for one in pictures)
    return Outcome(content["epoch"], content["metrics"], found, truths)


def _lists(pair: tuple[Found, Truth]) -> dict[str, Any]:
    found, truth = pair
    return {
        "boxes": np.round(found.boxes_xyxy.astype(float), 2).tolist(),
        "scores": np.round(found.scores.astype(float), 4).tolist(),
        "labels": found.labels.tolist(),
        "truth": np.round(truth.boxes_xyxy.astype(float), 2).tolist(),
        "truth_labels": truth.labels.tolist(),
    }


def _boxes(rows: Sequence[Sequence[float]]) -> np.ndarray[Any, np.dtype[np.float32]]:
    return np.array(rows, np.float32).reshape(-1, 4)
