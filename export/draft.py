"""An export between two of its steps, and the changes of a verified graph that may be among them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import onnx

from detector_app.model_card import ModelCard
from export.recipe import Recipe
from export.verification import Allowed, Proof


@dataclass(frozen=True)
class Draft:
    """What the next step finds.

    Attributes:
        recipe: the network and what was declared of it; its card is that of the graph as it was traced.
        model: the graph so far.
        card: of that graph, without its parity report.
        proof: of that graph.
    """

    recipe: Recipe
    model: onnx.ModelProto
    card: ModelCard
    proof: Proof


Change = Callable[[onnx.ModelProto, ModelCard], tuple[onnx.ModelProto, ModelCard]]


@dataclass(frozen=True)
class Variant:
    """A change of a graph that the user asked for. What it makes is checked and compared with PyTorch once more.

    Attributes:
        stage: its name among the stages of the progress: "uint8".
        text: what it does, as the sentence of that stage.
        change: makes the new graph and its card; the graph handed in may be changed in place.
        allowed: how far the new graph may lie from PyTorch; None leaves the comparison to ``judge``.
        judge: a further proof, made at the end, that may add to the card (metrics) and to the proof (notes); raises ExportError to
            refuse the result.
    """

    stage: str
    text: str
    change: Change
    allowed: Allowed | None
    judge: Callable[[Draft], Draft] | None = None
