"""Command-line options made from the table of settings: one text, one set of bounds."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from detector_app.errors import SettingError
from detector_app.settings import TABLE, Setting

CASCADE_OPTIONS = {
    "min_face_px": "min_face_px",
    "scale_factor": "scale_factor",
    "proposal_score": "proposal_score",
    "refine_score": "refine_score",
    "face_score": "score",
    "scan_every": "scan_every",
}
"""Settings of a cascade of face detectors → the fields of ``CascadeSettings``."""


def add_setting(parser: argparse._ActionsContainer, name: str, *, default_text: str, metavar: str = "N") -> None:
    """Add ``--name`` for the setting ``name``, None when it is not given; ``default_text`` says what that means."""
    row = TABLE[name]
    flag = f"--{name.replace('_', '-')}"
    if row.kind is bool:
        parser.add_argument(flag, action="store_true", help=row.description)
        return
    text = f"{row.description} {row.expected}; default: {default_text}".replace("%", "%%")
    parser.add_argument(flag, type=reader(row), metavar=metavar, help=text)


def reader(row: Setting) -> Callable[[str], object]:
    """What argparse calls to turn a word into an allowed value of ``row``."""

    def read(word: str) -> object:
        try:
            return row.check(row.kind(word))
        except (ValueError, SettingError):
            raise argparse.ArgumentTypeError(f"“{word}” is not allowed; it must be {row.expected}") from None

    return read


def at_least(least: float, kind: type[int] | type[float]) -> Callable[[str], float]:
    """What argparse calls to read a number that is not smaller than ``least``."""

    def read(word: str) -> float:
        try:
            value = kind(word)
        except ValueError:
            value = None
        if value is None or not least <= value < float("inf"):
            raise argparse.ArgumentTypeError(f"“{word}” is not allowed; it must be a number from {least:g} on")
        return value

    return read


def word_list(text: str) -> tuple[str, ...]:
    """The words between commas, without those that are empty."""
    return tuple(word.strip() for word in text.split(",") if word.strip())
