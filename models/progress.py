"""Progress as one JSON object a line, for a program that watches a child process."""

import json
import sys
from typing import Any, TextIO


def emit(event: str, stream: TextIO | None = None, **values: Any) -> None:
    """Writes one line and flushes it, so that a watcher sees it at once."""
    print(json.dumps({"event": event, **values}), file=stream or sys.stdout, flush=True)
