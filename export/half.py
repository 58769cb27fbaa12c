"""``--fp16``: the layers of a graph in half precision; norms, regions, boxes and heads in float32.

What goes in and comes out stays float32, so that the file runs wherever the full one does: the first thing in the graph is a cast, and a
picture's values are at most a few units, of which half precision resolves a thousandth. The weights of a layer take half the bytes, and a
GPU with tensor cores runs it faster; a CPU has no such kernels and is slower.

ONNX Runtime's own converter (``onnxruntime.transformers.float16``) is not used for the graph: it rounds to half also between two nodes
that it was told to keep, so that a head's output loses what was kept for it, and it makes the same cast twice. Its table of inputs that
must stay float32 is.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.transformers.float16 import ALWAYS_FLOAT_INPUTS, DEFAULT_OP_BLOCK_LIST

from detector_app.model_card import ModelCard
from export.errors import ExportError
from export.layers import inner_nodes

KEPT = frozenset(
    {
        *DEFAULT_OP_BLOCK_LIST,
        *(
            "BatchNormalization",
            "GroupNormalization",
            "InstanceNormalization",
            "LayerNormalization",
            "LpNormalization",
            "LRN",
        ),
        *(
            "MeanVarianceNormalization",
            "RMSNormalization",
            "ReduceL1",
            "ReduceL2",
            "ReduceMean",
            "ReduceSum",
            "ReduceSumSquare",
        ),
        *("Cast", "Constant", "Div", "Exp", "Log", "LogSoftmax", "MaxRoiPool", "Pow", "Reciprocal", "Softmax", "Sqrt"),
    }
)
"""Operators that add up many squares, divide by what may be small, work on coordinates, or say their type themselves."""
LARGEST = float(np.finfo(np.float16).max)
HALF, FULL = TensorProto.FLOAT16, TensorProto.FLOAT


def to_half(model: onnx.ModelProto, card: ModelCard) -> tuple[onnx.ModelProto, ModelCard]:
    """The graph with its inner layers in half precision, and its card. The graph handed in is changed.

    Raises:
        ExportError: a weight is larger than half precision can say, or there is no inner layer.
    """
    halved = {node.output[0] for node in inner_nodes(model) if node.op_type not in KEPT and not _has_graph(node)}
    if not halved:
        todo = "Export it without --fp16."
        raise ExportError(card.name, what="the graph has no layer before its last one to compute in half", todo=todo)
    conversion = _Conversion(model, frozenset(halved), card.name)
    nodes = [made for node in list(model.graph.node) for made in conversion.converted(node)]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    conversion.put_weights()
    del model.graph.value_info[:]
    return model, replace(card, precision="float16")


@dataclass
class _Conversion:
    """Goes through the nodes in their order, and remembers which casts are there already.

    Attributes:
        model: the graph; its weights are changed at the end.
        halved: first results of the nodes that compute in half.
        where: the model's name for messages.
        halves: results that are in half precision.
        casts: (name, type) → name of the cast result.
        weights: used in half, and used in float32.
    """

    model: onnx.ModelProto
    halved: frozenset[str]
    where: str
    halves: set[str] = field(default_factory=set)
    casts: dict[tuple[str, int], str] = field(default_factory=dict)
    weights: tuple[set[str], set[str]] = field(default_factory=lambda: (set(), set()))

    def __post_init__(self) -> None:
        graph = onnx.shape_inference.infer_shapes(self.model).graph
        values = (*graph.input, *graph.output, *graph.value_info)
        self._floats = {value.name for value in values if value.type.tensor_type.elem_type == FULL}
        self._weights = {tensor.name for tensor in graph.initializer if tensor.data_type == FULL}
        self._ends = {value.name for value in graph.output}

    def converted(self, node: onnx.NodeProto) -> Iterator[onnx.NodeProto]:
        """The node, behind the casts that it needs, and before those that the graph's outputs need."""
        in_half = node.output[0] in self.halved
        kept = ALWAYS_FLOAT_INPUTS.get(node.op_type, ()) if in_half else range(len(node.input))
        for place, name in enumerate(node.input):
            to = FULL if place in kept else HALF
            if name in self._weights:
                self.weights[0 if to == HALF else 1].add(name)
                node.input[place] = name if to == FULL else _half_name(name)
            elif name in self.halves or (to == HALF and name in self._floats):
                node.input[place] = yield from self._cast(name, to)
        for captured in _captured(node):
            self.weights[1].add(captured)
            if captured in self.halves:
                raise ExportError(
                    self.where,
                    what=f"a branch or loop takes {captured}, which is in half precision",
                    todo="Export it without --fp16.",
                )
        yield from self._with_outputs(node) if in_half else (node,)

    def _with_outputs(self, node: onnx.NodeProto) -> Iterator[onnx.NodeProto]:
        """A node that computes in half; an output of the graph among its results is cast back."""
        after = []
        for place, name in enumerate(node.output):
            if name not in self._floats:
                continue
            if name in self._ends:
                node.output[place] = f"{name}.half"
                after.append(helper.make_node("Cast", [f"{name}.half"], [name], name=f"{name}.cast", to=FULL))
                self.casts[name, HALF] = f"{name}.half"
            else:
                self.halves.add(name)
        yield node
        yield from after

    def _cast(self, name: str, to: int) -> Generator[onnx.NodeProto, None, str]:
        """Yields a cast if there is none yet; its value is the name to take."""
        if (name in self.halves) == (to == HALF):
            return name
        known = self.casts.get((name, to))
        if known is None:
            known = self.casts[name, to] = f"{name}.{'half' if to == HALF else 'full'}"
            yield helper.make_node("Cast", [name], [known], name=f"{known}.cast", to=to)
        return known

    def put_weights(self) -> None:
        """Weights used in half take the place of the full ones, under their names, unless those are used, too."""
        in_half, in_full = self.weights
        names = {_half_name(name): name for name in in_half - in_full}
        for tensor in list(self.model.graph.initializer):
            if tensor.name in in_half:
                half = _half_tensor(tensor, self.where)
                if tensor.name in in_full:
                    half.name = _half_name(tensor.name)
                    self.model.graph.initializer.append(half)
                else:
                    tensor.CopyFrom(half)
        for node in self.model.graph.node:
            for place, name in enumerate(node.input):
                node.input[place] = names.get(name, name)


def _half_tensor(tensor: TensorProto, where: str) -> TensorProto:
    values = numpy_helper.to_array(tensor)
    largest = float(np.abs(values).max(initial=0.0))
    if largest > LARGEST:
        what = f"the weight {tensor.name} has a value of {largest:.3g}; half precision ends at {LARGEST:.0f}"
        raise ExportError(where, what=what, todo="Export it without --fp16.")
    return numpy_helper.from_array(values.astype(np.float16), tensor.name)


def _half_name(name: str) -> str:
    return f"{name}.half"


def _has_graph(node: onnx.NodeProto) -> bool:
    return any(attribute.HasField("g") or attribute.graphs for attribute in node.attribute)


def _captured(node: onnx.NodeProto) -> Iterator[str]:
    """Names that the branches of a node take, from outside or from within."""
    for attribute in node.attribute:
        for graph in (*([attribute.g] if attribute.HasField("g") else []), *attribute.graphs):
            for inner in graph.node:
                yield from inner.input
                yield from _captured(inner)
