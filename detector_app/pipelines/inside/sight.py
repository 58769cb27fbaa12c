"""What is looked into and what is seen there, as values: nothing here opens a session, so that a window can speak of it at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detector_app.model_card import InputSpec
from detector_app.pipelines.inside.footprints import Shape
from detector_app.pipelines.inside.layers import Layer
from detector_app.pipelines.inside.nodes import NodeGraph
from detector_app.pipelines.inside.receptive_field import ReceptiveField, receptive_field
from detector_app.pipelines.pipeline import CascadeSettings
from detector_app.vision.detections import FloatArray
from detector_app.vision.letterbox import Letterbox

Tensor = NDArray[np.generic]
Crop = tuple[int, int, int, int]
"""Left, top, and the column and row after the last, in pixels of the frame."""


@dataclass(frozen=True)
class Sight:
    """What a stage of a cascade is shown.

    Attributes:
        level: of P-Net, which level of the pyramid, 0 is the largest; the last one if there are fewer.
        crop: of R-Net and O-Net, which part of the frame; None for the largest square in its middle.
        cascade: what the pyramid is made by.
    """

    level: int = 0
    crop: Crop | None = None
    cascade: CascadeSettings = field(default_factory=CascadeSettings)


@dataclass(frozen=True)
class Network:
    """One graph of a model.

    Attributes:
        path: its file.
        spec: how a picture becomes its input.
        stage: "pnet", "rnet" or "onet" of a cascade, otherwise empty.
        classifies: its pictures are shrunk as those of classifiers are.
        further: the graph's other inputs, with what a first run gives them.
    """

    path: Path
    spec: InputSpec
    stage: str = ""
    classifies: bool = False
    further: Mapping[str, Tensor] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Maps:
    """The feature maps of a layer for one frame.

    Attributes:
        layer: which.
        values: (C, h, w) float32.
        letterbox: frame ↔ input of the network.
    """

    layer: Layer
    values: FloatArray
    letterbox: Letterbox


@dataclass(frozen=True, eq=False)
class Anatomy:
    """A network for one size of its input. Any thread may ask it.

    Attributes:
        graph: of its file.
        shapes: of its tensors.
        layers: those worth looking at, in the order of the graph.
        picture, layout: name of its input, and the order of that one's axes.
    """

    graph: NodeGraph
    shapes: Mapping[str, Shape]
    layers: tuple[Layer, ...]
    picture: str
    layout: str = "NCHW"

    def layer(self, tensor: str) -> Layer | None:
        """The layer whose output has this name."""
        return next((layer for layer in self.layers if layer.tensor == tensor), None)

    def field(self, layer: Layer, row: int, column: int, channel: int = 0) -> ReceptiveField:
        """What the activation at (row, column) of a layer depends on."""
        place = (0, channel, row, column)
        return receptive_field(self.graph, self.shapes, layer.tensor, place, self.picture, layout=self.layout)
