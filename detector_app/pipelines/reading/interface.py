"""What is known of a file before anything is guessed: its graph, its metadata, and what it said of one grey picture. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector_app.graph import Graph, TensorInfo

PEEK_SIDE_PX = 320
"""Of the picture for a graph that takes any size."""
LARGEST_PEEK = 16_000_000
"""Numbers in an input that is tried; one that is larger is not."""
_CLOSE = 1e-3


@dataclass(frozen=True)
class Seen:
    """What an output held for the grey picture.

    Attributes:
        shape: of the array.
        least, most: of its numbers; NaN if it is empty or they are none.
        sums_to_one: along the last axis, everywhere, and none is negative.
        ordered: rows of four whose third is above the first and whose fourth is above the second, nearly everywhere.
        reach: the largest of the first two columns (rows along the middle axis).
    """

    shape: tuple[int, ...]
    least: float
    most: float
    sums_to_one: bool = False
    ordered: bool = False
    reach: float = 0.0


@dataclass(frozen=True)
class Interface:
    """Everything that recognisers look at. ``seen`` is empty where the graph could not be tried."""

    name: str
    graph: Graph
    metadata: Mapping[str, str] = field(default_factory=dict)
    seen: Mapping[str, Seen] = field(default_factory=dict)

    def output(self, name: str) -> TensorInfo | None:
        """The output of that name."""
        return next((output for output in self.graph.outputs if output.name == name), None)

    def shape(self, output: TensorInfo) -> tuple[int | str | None, ...]:
        """Of an output: its numbers, and where the graph leaves an axis open or unknown what was seen there, by rank."""
        seen = self.seen.get(output.name)
        if seen is None:
            return output.shape
        if len(output.shape) != len(seen.shape):
            return seen.shape
        return tuple(s if isinstance(s, int) else found for s, found in zip(output.shape, seen.shape, strict=True))


def grey_picture(graph: Graph) -> NDArray[Any] | None:
    """A picture of one middle value for the only input, open axes filled in; None if that is no picture."""
    if len(graph.inputs) != 1 or len(graph.inputs[0].shape) != 4:
        return None
    info = graph.inputs[0]
    batch, *rest = info.shape
    last = channels_last(info)
    open_sides = (PEEK_SIDE_PX, PEEK_SIDE_PX, 3) if last else (3, PEEK_SIDE_PX, PEEK_SIDE_PX)
    shape = [side if isinstance(side, int) else usual for side, usual in zip(rest, open_sides, strict=True)]
    batch = batch if isinstance(batch, int) else 1
    if min(batch, *shape) < 1 or np.prod([batch, *shape], dtype=np.float64) > LARGEST_PEEK:
        return None
    if info.dtype not in ("float32", "float16", "uint8"):
        return None
    return np.full((batch, *shape), 128 if info.dtype == "uint8" else 0.5, info.dtype)


def channels_last(info: TensorInfo) -> bool:
    """Whether the last axis, and not the second, looks like colours."""
    return len(info.shape) == 4 and info.shape[3] in (1, 3) and info.shape[1] not in (1, 3)


def see(array: NDArray[Any]) -> Seen:
    """Measure an output."""
    if not array.size or array.dtype.kind not in "fiu":
        return Seen(array.shape, float("nan"), float("nan"))
    values = array.astype(np.float32, copy=False)
    finite = bool(np.isfinite(values).all())
    sums = (
        array.ndim >= 2 and finite and bool(np.abs(values.sum(axis=-1) - 1).max() < _CLOSE and values.min() >= -_CLOSE)
    )
    rows = array.ndim == 3 and finite
    ordered = rows and array.shape[2] == 4 and float((values[..., 2:] > values[..., :2]).all(axis=-1).mean()) > 0.99
    reach = float(np.abs(values[..., :2]).max()) if rows and array.shape[2] >= 2 else 0.0
    return Seen(array.shape, float(values.min()), float(values.max()), sums, bool(ordered), reach)
