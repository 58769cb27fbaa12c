"""Which cells of an operation's input its output depends on, axis by axis.

A footprint is one mask per axis of a tensor. It says of every row whether any cell in it counts, of every column likewise, and so on;
so it is exact for every operation that treats its axes separately, holes of dilation and edges of padding included.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detector_app.pipelines.inside.nodes import Constant, Node, Numbers

Mask = NDArray[np.bool_]
Footprint = tuple[Mask, ...]
Shape = tuple[int, ...]


class UnknownFootprintError(Exception):
    """The sizes or numbers that this would need are not known."""


@dataclass(frozen=True)
class Ask:
    """A node, which of its outputs is asked about, and what is needed of that output.

    Attributes:
        shapes: of all tensors that are known.
        constants: of the graph.
        opset: version of the standard operators.
    """

    node: Node
    output: int
    needed: Footprint
    shapes: Mapping[str, Shape]
    constants: Mapping[str, Constant]
    opset: int

    def shape(self, i: int = 0) -> Shape:
        """The size of input ``i``."""
        name = self.node.inputs[i]
        found = self.shapes.get(name)
        if found is None and name in self.constants:
            found = self.constants[name].dims
        if found is None:
            raise UnknownFootprintError(name)
        return found

    def numbers(self, i: int) -> Numbers | None:
        """The values of input ``i``, a short constant; None if it is left out."""
        if i >= len(self.node.inputs) or not self.node.inputs[i]:
            return None
        constant = self.constants.get(self.node.inputs[i])
        if constant is None or constant.values is None:
            raise UnknownFootprintError(self.node.inputs[i])
        return constant.values

    def wholes(self, attribute: str, i: int) -> tuple[int, ...] | None:
        """A list that older operators have as an attribute and newer ones as input ``i``."""
        if attribute in self.node.attributes:
            return self.node.wholes(attribute)
        found = self.numbers(i)
        return None if found is None else tuple(int(value) for value in found)

    def moving(self) -> list[int]:
        """Inputs that are no constants."""
        return [i for i, name in enumerate(self.node.inputs) if name and name not in self.constants]


Answer = dict[int, Footprint]
"""Input → what of it counts; those left out do not."""
Rule = Callable[[Ask], Answer]


def everything(shape: Shape) -> Footprint:
    """All cells."""
    return tuple(np.ones(side, np.bool_) for side in shape)


def marked(size: int, cells: NDArray[np.integer]) -> Mask:
    """A mask with ``cells`` set, as far as they exist."""
    mask = np.zeros(size, np.bool_)
    mask[cells[(cells >= 0) & (cells < size)]] = True
    return mask


def joined(first: Footprint, second: Footprint) -> Footprint:
    """What counts for either."""
    return tuple(a | b for a, b in zip(first, second, strict=True))


def narrowed(needed: Footprint, shape: Shape) -> Footprint:
    """What a tensor of ``shape`` gives to one that it is spread over, as NumPy spreads them."""
    last = needed[len(needed) - len(shape) :] if shape else ()
    return tuple(
        mask if len(mask) == side else np.full(side, mask.any()) for mask, side in zip(last, shape, strict=True)
    )


def axis_of(axis: int, rank: int) -> int:
    """An axis that may be counted from the end."""
    if not -rank <= axis < rank:
        raise UnknownFootprintError(f"axis {axis}")
    return axis % rank
