"""``--int8``: the layers of a graph in eight bits, by ONNX Runtime's own static quantisation; heads, regions and boxes in float32.

QDQ form (pairs of QuantizeLinear and DequantizeLinear around the float operators), which TensorRT, OpenVINO and the CPU provider each
turn into integer kernels of their own. Weights per output channel; activations signed and symmetric, as TensorRT wants them. Ranges leave
out the outermost hundred-thousandth of the values that the pictures bring about. No way to choose them is best everywhere: by mAP50, in
float32 and then with ranges by percentile, by least and largest value and by entropy, desk-yolo on 20 pictures of bottles and cups had
1.000, then 0.946, 0.830, 0.845; on cards of its own training set 1.000, then 0.997, 0.995, 0.991; blood cells 0.889, then 0.873, 0.875,
0.875. With 17 pictures to calibrate with, percentiles left desk-yolo 0.908 of the first, least and largest values 0.937: take more.
"""

from __future__ import annotations

import contextlib
import io
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static

from detector_app.model_card import ModelCard
from export.errors import ExportError
from export.layers import LAYERS, inner_nodes

AT_ONCE = 4
"""The values of so many pictures are kept until they are counted: all maps of a network, some 50 MB each."""
AROUND = frozenset({"Add", "AveragePool", "Concat", "GlobalAveragePool", "LeakyRelu", "MaxPool", "Relu", "Resize"})
"""Operators between layers that have integer kernels."""
OPTIONS = {
    "ActivationSymmetric": True,
    "WeightSymmetric": True,
    "CalibStridedMinMax": AT_ONCE,
    "CalibPercentile": 99.999,
}

Tensor = NDArray[Any]


class _Reader(CalibrationDataReader):  # type: ignore[misc]  # onnxruntime has no types
    """Hands the tensors on, one at a time and a few in a row.

    Args:
        name: of the input.
        tensors: made anew when they are asked for.
    """

    def __init__(self, name: str, tensors: Sequence[Callable[[], Tensor]]) -> None:
        self._name, self._tensors = name, tensors
        self._places = iter(range(len(tensors)))

    def get_next(self) -> dict[str, Tensor] | None:
        """The next input, or None at the end of the row."""
        place = next(self._places, None)
        return None if place is None else {self._name: self._tensors[place]()}

    def __len__(self) -> int:
        """A multiple of :data:`AT_ONCE`, as the tool wants it: the last row may be shorter."""
        return -(-len(self._tensors) // AT_ONCE) * AT_ONCE

    def set_range(self, start_index: int, end_index: int) -> None:
        """Begin a row: the tensors from the one index up to the other."""
        self._places = iter(range(start_index, min(end_index, len(self._tensors))))


def to_int8(
    model: onnx.ModelProto, card: ModelCard, tensors: Sequence[Callable[[], Tensor]]
) -> tuple[onnx.ModelProto, ModelCard]:
    """The graph with its inner layers in eight bits, and its card.

    Args:
        model: a float32 graph with one input; it is changed.
        card: of it.
        tensors: makers of inputs such as it will see, each (1, …) float32.

    Raises:
        ExportError: there is no inner layer, the graph has several inputs, or ONNX Runtime cannot quantise it.
    """
    inner = {node.output[0] for node in inner_nodes(model)}
    todo = "Export it without --int8."
    if not any(node.op_type in LAYERS for node in model.graph.node if node.output[0] in inner):
        raise ExportError(
            card.name, what="the graph has no layer before its last one to compute in eight bits", todo=todo
        )
    if len(model.graph.input) != 1:
        what = "only graphs whose one input is the picture can be calibrated with pictures"
        raise ExportError(card.name, what=what, todo=todo)
    for node in model.graph.node:
        node.name = node.name or f"{node.op_type}_{node.output[0]}"
    kept = [node.name for node in model.graph.node if node.output[0] not in inner]
    try:
        quantised = _quantised(model, _Reader(card.input.name, tensors), kept)
    except Exception as error:  # the tool raises whatever comes up
        what = f"ONNX Runtime could not quantise the graph: {' '.join(str(error).split()).rstrip('.')}"
        raise ExportError(card.name, what=what, todo=todo) from error
    return quantised, replace(card, precision="int8")


def _quantised(model: onnx.ModelProto, reader: _Reader, kept: Sequence[str]) -> onnx.ModelProto:
    onnx.helper.set_model_props(model, {"onnx.quant.pre_process": "onnxruntime.quant"})  # shapes are known: no warning
    with tempfile.TemporaryDirectory(prefix="detector-export-") as folder, contextlib.redirect_stdout(io.StringIO()):
        target = Path(folder) / "quantised.onnx"
        quantize_static(
            onnx.shape_inference.infer_shapes(model),
            str(target),
            reader,
            quant_format=QuantFormat.QDQ,
            op_types_to_quantize=sorted(LAYERS | AROUND),
            per_channel=True,
            activation_type=QuantType.QInt8,
            weight_type=QuantType.QInt8,
            nodes_to_exclude=list(kept),
            calibrate_method=CalibrationMethod.Percentile,
            extra_options=OPTIONS,
        )
        quantised: onnx.ModelProto = onnx.load(str(target))
    return _tidied(quantised, model)


def _tidied(quantised: onnx.ModelProto, before: onnx.ModelProto) -> onnx.ModelProto:
    """With the inputs, outputs and origin of the graph ``before``, and without what the tool notes for itself."""
    del quantised.graph.value_info[:], quantised.metadata_props[:]
    for after, first in zip(_ends(quantised), _ends(before), strict=True):
        after.CopyFrom(first)
    quantised.producer_name, quantised.producer_version = before.producer_name, before.producer_version
    used = {node.domain for node in quantised.graph.node}
    opsets = [one for one in quantised.opset_import if (one.domain or "") in used | {""}]
    del quantised.opset_import[:]
    quantised.opset_import.extend(opsets)
    return quantised


def _ends(model: onnx.ModelProto) -> Iterator[onnx.ValueInfoProto]:
    yield from model.graph.input
    yield from model.graph.output


def quantised_share(model: onnx.ModelProto) -> float:
    """The part of the layers' weights, by number, that are in eight bits, 0–1."""
    sizes = {np.dtype(np.int8): 0, np.dtype(np.float32): 0}
    for tensor in model.graph.initializer:
        kind = np.dtype(onnx.helper.tensor_dtype_to_np_dtype(tensor.data_type))
        if kind in sizes and len(tensor.dims) > 1:
            sizes[kind] += int(np.prod(tensor.dims))
    total = sum(sizes.values())
    return sizes[np.dtype(np.int8)] / total if total else 0.0
