"""Raw frames in: height × width × 3 bytes, blue first, as cameras and files give them, so that the host has nothing to compute.

The network's input is an affine function of each channel's byte: what the card says, and what the graph itself subtracts and divides by
before its first convolution. Where that convolution pads nothing, or the function has no constant part, all of it is folded into the
weights: a convolution pads with 0, which stands for a byte of 0 only if 0 stays 0. Otherwise one multiplication and one addition are left.
The order of the channels is folded in either case.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

from detector_app.model_card import InputSpec, ModelCard
from export.errors import ExportError

Array = NDArray[Any]
NAMES = ("uint8.float", "uint8.planes", "uint8.scaled", "uint8.shifted")


def with_uint8_input(model: onnx.ModelProto, card: ModelCard) -> tuple[onnx.ModelProto, ModelCard]:
    """The graph with an input (batch, height, width, channels) uint8 of the same name, and its card; ``model`` is changed.

    Raises:
        ExportError: the graph takes bytes already, or half-precision numbers.
    """
    spec = card.input
    if spec.dtype != "float32" or spec.layout != "NCHW":
        what = f"its input is {spec.layout} {spec.dtype}; raw frames can take the place of NCHW float32 only"
        raise ExportError(card.name, what=what, todo="Leave out --uint8.")
    graph = model.graph
    affine, taken = _through_constants(model, _of_card(spec))
    conv = _only_consumer(graph, taken)
    swapped = spec.channel_order == "RGB"
    planes = _Planes(affine, swapped)
    if conv is not None and _foldable(conv):
        planes = _fold(model, conv, planes)
    nodes, last = _front(model, spec.name, planes)
    for node in graph.node:
        node.input[:] = [last if name == taken else name for name in node.input]
    rest = [node for node in graph.node if taken not in node.output]
    del graph.node[:]
    graph.node.extend([*nodes, *_without_dead_ends(rest, graph)])
    _declare(model, spec)
    order = "GREY" if spec.channels == 1 else "BGR"
    ones, none = (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)
    raw = replace(spec, dtype="uint8", layout="NHWC", channel_order=order, scale=1.0, mean=none, std=ones)
    return model, replace(card, input=raw)


@dataclass(frozen=True)
class _Affine:
    """(C,) float64 each: ``byte · factor + constant``."""

    factor: Array
    constant: Array


@dataclass(frozen=True)
class _Planes:
    """What is left to do in front of the graph: the function, in the graph's order of channels, and whether to turn the order."""

    affine: _Affine
    swapped: bool


def _of_card(spec: InputSpec) -> _Affine:
    mean, std = (np.asarray(one, np.float64)[: spec.channels] for one in (spec.mean, spec.std))
    return _Affine(spec.scale / std, -mean / std)


def _through_constants(model: onnx.ModelProto, affine: _Affine) -> tuple[_Affine, str]:
    """The function up to the first node that is no arithmetic with one constant a channel, and the tensor that this node takes."""
    weights = {item.name: numpy_helper.to_array(item) for item in model.graph.initializer}
    name = model.graph.input[0].name
    while (node := _only_consumer(model.graph, name)) is not None:
        value = weights.get(node.input[1]) if len(node.input) == 2 and node.input[0] == name else None
        step = _STEPS.get(node.op_type)
        channels = len(affine.factor)
        if value is None or step is None or value.shape not in ((), (1,), (channels, 1, 1), (1, channels, 1, 1)):
            break
        affine = step(affine, np.asarray(value, np.float64).reshape(-1))
        name = node.output[0]
    return affine, name


_STEPS: dict[str, Any] = {
    "Mul": lambda one, by: _Affine(one.factor * by, one.constant * by),
    "Div": lambda one, by: _Affine(one.factor / by, one.constant / by),
    "Add": lambda one, by: _Affine(one.factor, one.constant + by),
    "Sub": lambda one, by: _Affine(one.factor, one.constant - by),
}


def _only_consumer(graph: onnx.GraphProto, name: str) -> onnx.NodeProto | None:
    found = [node for node in graph.node if name in node.input]
    return found[0] if len(found) == 1 and name not in [output.name for output in graph.output] else None


def _foldable(conv: onnx.NodeProto) -> bool:
    """A convolution in which every channel of the input has weights of its own."""
    return conv.op_type == "Conv" and all(one.i == 1 for one in conv.attribute if one.name == "group")


def _fold(model: onnx.ModelProto, conv: onnx.NodeProto, planes: _Planes) -> _Planes:
    """Put into the weights what they can take; returns what is left."""
    weights = {item.name: item for item in model.graph.initializer}
    weight = numpy_helper.to_array(weights[conv.input[1]]).astype(np.float64)
    factor, constant = planes.affine.factor, planes.affine.constant
    padded = any(one.name == "auto_pad" or (one.name == "pads" and any(one.ints)) for one in conv.attribute)
    whole = not padded or not constant.any()
    if whole:
        moved = np.einsum("ochw,c->o", weight, constant)
        weight = weight * factor.reshape(1, -1, 1, 1)
        bias = numpy_helper.to_array(weights[conv.input[2]]).astype(np.float64) if len(conv.input) > 2 else 0.0
        if constant.any():
            conv.input[2:] = [_put(model, "uint8.bias", bias + moved)]
        factor, constant = np.ones_like(factor), np.zeros_like(constant)
    if planes.swapped:
        weight, factor, constant = weight[:, ::-1], factor[::-1], constant[::-1]
    conv.input[1] = _put(model, "uint8.weight", weight)
    return _Planes(_Affine(factor, constant), swapped=False)


def _front(model: onnx.ModelProto, name: str, planes: _Planes) -> tuple[list[onnx.NodeProto], str]:
    """The nodes from bytes to what the graph takes, and the name of the last one's output."""
    as_float, as_planes, scaled, shifted = NAMES
    nodes = [
        helper.make_node("Cast", [name], [as_float], to=onnx.TensorProto.FLOAT),
        helper.make_node("Transpose", [as_float], [as_planes], perm=[0, 3, 1, 2]),
    ]
    last = as_planes
    if planes.swapped:
        order = numpy_helper.from_array(np.array([2, 1, 0]), "uint8.order")
        model.graph.initializer.append(order)
        nodes.append(helper.make_node("Gather", [last, order.name], ["uint8.turned"], axis=1))
        last = "uint8.turned"
    affine = planes.affine
    if (affine.factor != 1).any():
        factor = _put(model, "uint8.factor", affine.factor.reshape(1, -1, 1, 1))
        nodes.append(helper.make_node("Mul", [last, factor], [scaled]))
        last = scaled
    if affine.constant.any():
        constant = _put(model, "uint8.constant", affine.constant.reshape(1, -1, 1, 1))
        nodes.append(helper.make_node("Add", [last, constant], [shifted]))
        last = shifted
    return nodes, last


def _put(model: onnx.ModelProto, name: str, value: Array) -> str:
    model.graph.initializer.append(numpy_helper.from_array(np.ascontiguousarray(value, np.float32), name))
    return name


def _without_dead_ends(nodes: list[onnx.NodeProto], graph: onnx.GraphProto) -> list[onnx.NodeProto]:
    """Without nodes that nobody listens to any more, and without their weights."""
    outputs = {output.name for output in graph.output}
    while True:
        heard = outputs | {name for node in nodes for name in node.input}
        kept = [node for node in nodes if heard & set(node.output)]
        if len(kept) == len(nodes):
            break
        nodes = kept
    used = [item for item in graph.initializer if item.name in heard or item.name.startswith("uint8.")]
    del graph.initializer[:]
    graph.initializer.extend(used)
    return nodes


def _declare(model: onnx.ModelProto, spec: InputSpec) -> None:
    """The new type and axes of the input."""
    old = model.graph.input[0].type.tensor_type.shape.dim
    batch, channels, height, width = (one.dim_value if one.HasField("dim_value") else one.dim_param for one in old)
    declared = helper.make_tensor_value_info(spec.name, onnx.TensorProto.UINT8, [batch, height, width, channels])
    model.graph.input[0].CopyFrom(declared)
    del model.graph.value_info[:]
