"""Questions, answers and evidence of a reading in the present language."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from detector_app.errors import DetectorError
from detector_app.pipelines.reading import wording
from detector_app.pipelines.reading.families import FAMILIES
from detector_app.pipelines.reading.reading import (
    PRESETS,
    Evidence,
    Fitting,
    HeadLayout,
    Scaling,
    Sizing,
    Suppression,
)
from detector_app.ui.translation import QT_TRANSLATE_NOOP, translate

CONTEXT = "errors"
"""Where texts lie that are written outside of the window's own folder."""
FITTINGS = {
    "letterbox": QT_TRANSLATE_NOOP("errors", "whole, with bars (letterbox)"),
    "stretch": QT_TRANSLATE_NOOP("errors", "stretched"),
    "none": QT_TRANSLATE_NOOP("errors", "not resized"),
    "crop": QT_TRANSLATE_NOOP("errors", "centre cut out"),
}
LAYOUTS = {
    "NCHW": QT_TRANSLATE_NOOP("errors", "colours first (NCHW)"),
    "NHWC": QT_TRANSLATE_NOOP("errors", "colours last (NHWC)"),
}
ORDERS = {
    "RGB": QT_TRANSLATE_NOOP("errors", "red first (RGB)"),
    "BGR": QT_TRANSLATE_NOOP("errors", "blue first (BGR)"),
    "GREY": QT_TRANSLATE_NOOP("errors", "grey"),
}
_PLAIN = {**FITTINGS, **LAYOUTS, **ORDERS}
_ANY_SIZE = QT_TRANSLATE_NOOP("errors", "{width} × {height}; takes others")
_PADDED = QT_TRANSLATE_NOOP("errors", "{how}, {value} in the bars")


def say(text: str) -> str:
    """A text of the reading in the present language."""
    return translate(CONTEXT, text)


def evidence_text(evidence: Evidence) -> str:
    """The sentence in the present language."""
    details = {name: answer_text(value) if name == "found" else value for name, value in evidence.details.items()}
    return say(evidence.template).format_map(details)


def fault_text(error: DetectorError) -> str:
    """What is wrong with a reading, with the file's name alone; what mends it is the panel itself."""
    details = {name: say(text) for name, text in error.details.items() if isinstance(text, str)}
    path = Path(error.where)
    name = path.name if path.is_absolute() and path.name else error.where
    return " ".join(error.fill(say(type(error).summary), **(details | {"where": name})).split())


def answer_text(value: Any) -> str:
    """Any answer in the present language, short."""
    return "—" if value is None else _WORDS.get(type(value), wording.worded)(value)


def preset_text(scaling: Scaling) -> str:
    """The name of usual numbers, or the numbers themselves."""
    name = next((name for name, preset in PRESETS.items() if preset == scaling), None)
    return wording.scaling(scaling) if name is None else say(name)


def _sizing(value: Sizing) -> str:
    height, width = value.size_hw
    return say(_ANY_SIZE).format(width=width, height=height) if value.dynamic else f"{width} × {height}"


def _fitting(value: Fitting) -> str:
    how = say(FITTINGS[value.resize])
    return say(_PADDED).format(how=how, value=value.pad_value) if value.resize == "letterbox" else how


def _word(value: str) -> str:
    return say(FAMILIES[value].text if value in FAMILIES else _PLAIN.get(value, value))


_WORDS: dict[type, Callable[[Any], str]] = {
    str: _word,
    Sizing: _sizing,
    Scaling: preset_text,
    Fitting: _fitting,
    HeadLayout: lambda value: say(value.text),
    Suppression: lambda value: say(value.value),
}
