"""The small graphs of other test files with other types at their ends, as exports for GPUs have them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from detector_app.model_card import CARD_KEY, ModelCard

TYPES = {"float32": TensorProto.FLOAT, "float16": TensorProto.FLOAT16, "uint8": TensorProto.UINT8}


@dataclass(frozen=True)
class Ends:
    """How a graph takes its pictures and gives its numbers."""

    dtype: str = "float32"
    layout: str = "NCHW"
    channel_order: str = "RGB"
    half_outputs: bool = False


def with_ends(model: Path, ends: Ends) -> Path:
    """Rewrite the file at ``model`` with these ends; the card inside follows."""
    proto = onnx.load(str(model))
    card = ModelCard.from_json(next(p.value for p in proto.metadata_props if p.key == CARD_KEY), model.name)
    _take(proto.graph, card.input.name, ends)
    if ends.half_outputs:
        for output in proto.graph.output:
            _give_half(proto.graph, output)
    changes = {"dtype": ends.dtype, "layout": ends.layout, "channel_order": ends.channel_order}
    helper.set_model_props(proto, {CARD_KEY: replace(card, input=replace(card.input, **changes)).to_json()})
    onnx.checker.check_model(proto)
    onnx.save(proto, str(model))
    return model


def _take(graph: onnx.GraphProto, name: str, ends: Ends) -> None:
    """Put what turns the other input into the one that the graph was made for before everything else."""
    (info,) = [info for info in graph.input if info.name == name]
    for node in graph.node:
        node.input[:] = ["plain" if used == name else used for used in node.input]
    axes = list(info.type.tensor_type.shape.dim)
    order = (0, 2, 3, 1) if ends.layout == "NHWC" else (0, 1, 2, 3)
    shape = [axes[axis].dim_param or axes[axis].dim_value for axis in order]
    info.CopyFrom(helper.make_tensor_value_info(name, TYPES[ends.dtype], shape))
    swapped = [2, 1, 0] if ends.channel_order == "BGR" else [0, 1, 2]
    graph.initializer.extend(
        [
            numpy_helper.from_array(np.array(swapped, np.int64), "order_of_channels"),
            numpy_helper.from_array(np.array(255 if ends.dtype == "uint8" else 1, np.float32), "divisor"),
        ]
    )
    first = [0, 3, 1, 2] if ends.layout == "NHWC" else [0, 1, 2, 3]
    nodes = [
        helper.make_node("Transpose", [name], ["channels_first"], perm=first),
        helper.make_node("Cast", ["channels_first"], ["real"], to=TensorProto.FLOAT),
        helper.make_node("Div", ["real", "divisor"], ["scaled"]),
        helper.make_node("Gather", ["scaled", "order_of_channels"], ["plain"], axis=1),
    ]
    for place, node in enumerate(nodes):
        graph.node.insert(place, node)


def _give_half(graph: onnx.GraphProto, output: onnx.ValueInfoProto) -> None:
    """Cast a real output; whole numbers stay what they are."""
    if output.type.tensor_type.elem_type != TensorProto.FLOAT:
        return
    for node in graph.node:
        for names in (node.input, node.output):
            names[:] = [f"{name}_single" if name == output.name else name for name in names]
    graph.node.append(helper.make_node("Cast", [f"{output.name}_single"], [output.name], to=TensorProto.FLOAT16))
    output.type.tensor_type.elem_type = TensorProto.FLOAT16
