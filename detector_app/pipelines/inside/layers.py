"""The layers of a network that are worth looking at: outputs of operations that are maps, with a name for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from detector_app.pipelines.inside.nodes import Node, NodeGraph

KINDS = {
    "Conv": "Conv", "ConvTranspose": "Transposed conv", "QLinearConv": "Conv", "ConvInteger": "Conv", "com.microsoft.FusedConv": "Conv",
    "BatchNormalization": "Batch norm", "InstanceNormalization": "Instance norm", "LRN": "Local norm",
    "Relu": "ReLU", "LeakyRelu": "Leaky ReLU", "PRelu": "PReLU", "Elu": "ELU", "Selu": "SELU", "Clip": "Clip", "Mish": "Mish",
    "HardSwish": "Hard swish", "Gelu": "GELU", "Tanh": "tanh", "Sigmoid": "Sigmoid", "com.microsoft.QuickGelu": "SiLU",
    "MaxPool": "Max pool", "AveragePool": "Average pool", "com.microsoft.QLinearAveragePool": "Average pool",
    "GlobalAveragePool": "Global pool", "GlobalMaxPool": "Global pool",
    "Add": "Add", "com.microsoft.QLinearAdd": "Add", "Concat": "Concat", "com.microsoft.QLinearConcat": "Concat",
    "com.microsoft.QLinearLeakyRelu": "Leaky ReLU", "com.microsoft.QLinearSigmoid": "Sigmoid",
    "Resize": "Resize", "Upsample": "Resize", "Softmax": "Softmax",
}  # fmt: skip
"""Operators → what the literature calls them."""


@dataclass(frozen=True)
class Layer:
    """One layer.

    Attributes:
        tensor: the name of its output in the file.
        kind: what it does, as the literature calls it.
        number: of its kind, from 1, in the order of the graph.
        channels, height, width: of its maps.
    """

    tensor: str
    kind: str
    number: int
    channels: int
    height: int
    width: int

    @property
    def name(self) -> str:
        """As in "Conv 3"."""
        return f"{self.kind} {self.number}"

    @property
    def title(self) -> str:
        """As in "Conv 3 · 64 × 52 × 52": channels, rows, columns."""
        return f"{self.name} · {self.channels} × {self.height} × {self.width}"


def tensors_of(graph: NodeGraph) -> tuple[str, ...]:
    """All that nodes give, in order."""
    return tuple(dict.fromkeys(name for node in graph.nodes for name in node.outputs if name))


def layers(graph: NodeGraph, shapes: Mapping[str, tuple[int, ...]]) -> tuple[Layer, ...]:
    """The layers whose sizes are known: four axes, the first of them of one picture."""
    makers = {name: node for node in graph.nodes for name in node.outputs}
    gates = {node.inputs[i] for node in graph.nodes if (i := _gate(node, makers)) is not None}
    counted: Counter[str] = Counter()
    found = []
    for node in graph.nodes:
        kind = "SiLU" if _gate(node, makers) is not None else KINDS.get(node.operator)
        if kind is None or not node.outputs or node.outputs[0] in gates:
            continue
        shape = shapes.get(node.outputs[0], ())
        if len(shape) == 4 and shape[0] == 1 and min(shape) > 0:
            counted[kind] += 1
            found.append(Layer(node.outputs[0], kind, counted[kind], *shape[1:]))
    return tuple(found)


def _gate(node: Node, makers: Mapping[str, Node]) -> int | None:
    """Of ``x · sigmoid(x)``, which exporters write as two operations, which input is the sigmoid."""
    if node.operator != "Mul" or len(node.inputs) != 2:
        return None
    for i, other in ((0, 1), (1, 0)):
        maker = makers.get(node.inputs[i])
        if (
            maker is not None
            and maker.operator in ("Sigmoid", "HardSigmoid")
            and maker.inputs[:1] == (node.inputs[other],)
        ):
            return i
    return None
