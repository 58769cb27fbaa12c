"""Answers as short texts in English, for tables and tooltips."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from detector_app.pipelines.reading.families import FAMILIES
from detector_app.pipelines.reading.reading import (
    PRESETS,
    AnchorTable,
    Fitting,
    HeadLayout,
    Scaling,
    Sizing,
    Suppression,
)

MOST_NAMES = 6


def worded(value: Any) -> str:
    """Any answer of a reading."""
    return _WORDS.get(type(value), str)(value)


def sizing(value: Sizing) -> str:
    """``640×480``, and what else a dynamic graph takes."""
    height, width = value.size_hw
    more = value.dynamic
    return f"{width}×{height}" + (f", or sides from {more.least} to {more.most} by {more.multiple}" if more else "")


def scaling(value: Scaling) -> str:
    """The preset's name, or the numbers."""
    name = next((name for name, preset in PRESETS.items() if preset == value), None)
    return name or f"(x · {value.scale:g} − {numbers(value.mean)}) / {numbers(value.std)}"


def numbers(values: tuple[float, ...]) -> str:
    """One number where all are the same."""
    return f"{values[0]:g}" if len(set(values)) == 1 else "(" + ", ".join(f"{value:g}" for value in values) + ")"


def fitting(value: Fitting) -> str:
    """How, with what matters for it."""
    further = {"letterbox": f", padded with {value.pad_value}", "crop": f" of {value.crop_fraction:g}"}
    return value.resize + further.get(value.resize, "")


def anchors(value: AnchorTable) -> str:
    """A line for each stride: ``32: 35×38, 109×141``."""
    return "; ".join(
        f"{stride}: " + ", ".join(f"{width:g}×{height:g}" for width, height in sizes)
        for _, stride, sizes in value.heads
    )


def names(value: tuple[str, ...]) -> str:
    """How many, and the first of them."""
    more = ", …" if len(value) > MOST_NAMES else ""
    return f"{len(value)}: {', '.join(value[:MOST_NAMES])}{more}"


def _word(value: str) -> str:
    return FAMILIES[value].text if value in FAMILIES else value


_WORDS: dict[type, Callable[[Any], str]] = {
    str: _word,
    Sizing: sizing,
    Scaling: scaling,
    Fitting: fitting,
    AnchorTable: anchors,
    HeadLayout: lambda value: str(value.text),
    Suppression: lambda value: str(value.value),
    tuple: names,
}
