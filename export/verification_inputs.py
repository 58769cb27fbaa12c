"""What a graph is verified on: pictures, noise and blackness of sizes that the tracer never saw, and how they become tensors.

Where the graph itself chooses among regions, darkness takes the place of blackness: on a picture without any difference all regions are
alike, which of them are chosen is then up to rounding, and there is nothing to compare.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from detector_app.model_card import InputSpec
from export.recipe import Alteration, Recipe, Shape, input_shapes

Pixels = NDArray[np.uint8]
DARK = 6
"""Grey levels below this."""


@dataclass(frozen=True)
class Case:
    """One input.

    Attributes:
        title: "pictures", "noise", "black", "dark", or that of an alteration.
        pixels: (N, C, H, W) uint8, RGB or grey.
        companions: values of the further inputs by name.
        alteration: of a weight in both the network and the graph.
    """

    title: str
    pixels: Pixels
    companions: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    alteration: Alteration | None = None

    @property
    def shape(self) -> Shape:
        """(N, C, H, W)."""
        count, channels, height, width = self.pixels.shape
        return count, channels, height, width


def cases(recipe: Recipe, seed: int) -> Iterator[Case]:
    """All inputs of a verification: pictures and noise in turn, then blackness, then one for each alteration."""
    generator = np.random.default_rng(seed)
    shapes = (*input_shapes(recipe.card.input).verified, *recipe.further_shapes)
    plan: list[tuple[str, Shape, Alteration | None]]
    plan = [(("pictures", "noise")[number % 2], shape, None) for number, shape in enumerate(shapes)]
    plan.append(("dark" if recipe.rows else "black", shapes[0], None))
    plan += [(one.title, shapes[0], one) for one in recipe.alterations]
    for number, (title, shape, alteration) in enumerate(plan):
        pixels = _MAKERS.get(title, _pictures)(shape, generator)
        companions = {one.tensor.name: one.make(shape, number, generator) for one in recipe.companions}
        yield Case(title, pixels, companions, alteration)


def as_tensor(pixels: Pixels, spec: InputSpec) -> NDArray[Any]:
    """The input tensor that the app makes of pixels by what the card says, the resizing being done."""
    values = pixels[:, ::-1] if spec.channel_order == "BGR" else pixels
    if spec.dtype != "uint8":
        mean, std = (np.asarray(one, np.float32).reshape(3, 1, 1)[: spec.channels] for one in (spec.mean, spec.std))
        values = ((values.astype(np.float32) * np.float32(spec.scale) - mean) / std).astype(spec.dtype)
    return np.ascontiguousarray(values.transpose(0, 2, 3, 1) if spec.layout == "NHWC" else values)


def _noise(shape: Shape, generator: np.random.Generator) -> Pixels:
    """Every value independent."""
    return generator.integers(0, 256, shape, dtype=np.uint8)


def _black(shape: Shape, _generator: np.random.Generator) -> Pixels:
    return np.zeros(shape, np.uint8)


def _dark(shape: Shape, generator: np.random.Generator) -> Pixels:
    """What a camera sees with its lens covered."""
    return generator.integers(0, DARK, shape, dtype=np.uint8)


def _pictures(shape: Shape, generator: np.random.Generator) -> Pixels:
    """Smooth colours with sharp-edged rectangles on them, as in photographs."""
    _, channels, height, width = shape
    pictures = np.empty(shape, np.uint8)
    for place in range(len(pictures)):
        coarse = generator.integers(0, 256, (6, 6, channels), dtype=np.uint8)
        picture = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC).reshape(height, width, channels)
        for _ in range(8):
            (top, bottom), (left, right) = (np.sort(generator.integers(0, side, 2)) for side in (height, width))
            picture[top : bottom + 1, left : right + 1] = generator.integers(0, 256, channels)
        pictures[place] = picture.transpose(2, 0, 1)
    return pictures


_MAKERS = {"pictures": _pictures, "noise": _noise, "black": _black, "dark": _dark}
