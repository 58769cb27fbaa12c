"""What the exporter says, line by line, as values.

The exporter is another program, and libraries inside it print what they like: a line that is no event of its own is nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detector_app.card_reading import build
from detector_app.errors import CardInvalidError
from detector_app.parity import ParityReport

LONGEST_LINE = 4_000_000
"""Characters; a line that is longer is not ours. The report of a cascade has some hundred rows of a few hundred each."""
_LONGEST_TEXT = 2_000


@dataclass(frozen=True)
class StageEvent:
    """A stage begins: the ``step``-th of ``steps``, from 1 on. ``stage`` is its name in the program, ``text`` an English sentence."""

    stage: str
    step: int
    steps: int
    text: str


@dataclass(frozen=True)
class DoneEvent:
    """The file is written; of a cascade, ``file`` is its folder.

    Attributes:
        parity: the proof that graph and network agree; None if this app cannot read it.
        picture: a picture of that proof beside the file, or None.
    """

    file: Path
    size_bytes: int
    nodes: int
    parity: ParityReport | None = None
    picture: Path | None = None


@dataclass(frozen=True)
class ErrorEvent:
    """Nothing was written, and why, on one line."""

    message: str


Event = StageEvent | DoneEvent | ErrorEvent


def parse_event(line: str) -> Event | None:
    """The event in ``line``, or None if it holds none, whatever else it holds. Never raises."""
    if len(line) > LONGEST_LINE or not line.lstrip().startswith("{"):
        return None
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    read = _READERS.get(_text(found, "event"))
    return None if read is None else read(found)


def _stage(found: Mapping[str, Any]) -> StageEvent | None:
    step, steps = _count(found, "step"), _count(found, "steps")
    if step is None or steps is None or not 1 <= step <= steps:
        return None
    return StageEvent(_text(found, "stage"), step, steps, _text(found, "text"))


def _done(found: Mapping[str, Any]) -> DoneEvent | None:
    file, picture = _path(found, "file"), _path(found, "picture")
    if file is None:
        return None
    size_bytes, nodes = _count(found, "size_bytes"), _count(found, "nodes")
    return DoneEvent(file, size_bytes or 0, nodes or 0, _parity(found.get("parity")), picture)


def _error(found: Mapping[str, Any]) -> ErrorEvent | None:
    message = _text(found, "message")
    return ErrorEvent(message) if message else None


_READERS: Mapping[str, Callable[[Mapping[str, Any]], Event | None]] = {"stage": _stage, "done": _done, "error": _error}


def _text(found: Mapping[str, Any], name: str) -> str:
    """A text on one line, of bearable length; empty if there is none."""
    value = found.get(name)
    return " ".join(value.split())[:_LONGEST_TEXT] if isinstance(value, str) else ""


def _path(found: Mapping[str, Any], name: str) -> Path | None:
    value = found.get(name)
    return Path(value) if isinstance(value, str) and value and "\0" not in value else None


def _count(found: Mapping[str, Any], name: str) -> int | None:
    value = found.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _parity(value: object) -> ParityReport | None:
    try:
        report: ParityReport = build(ParityReport, value, "", "parity")
    except (CardInvalidError, OverflowError):  # the latter from whole numbers beyond any float
        return None
    return report
