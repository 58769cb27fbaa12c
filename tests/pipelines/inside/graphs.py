"""Small random networks of positive weights, in which a lit pixel reaches an activation exactly if it can."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import onnx
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

CHANNELS = 2


@dataclass
class Builder:
    """Operations after each other from the input ``x``; ``last`` is the newest tensor."""

    height: int = 11
    width: int = 13
    opset: int = 17
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: list[onnx.TensorProto] = field(default_factory=list)
    last: str = "x"

    def add(self, operator: str, inputs: Sequence[str] | None = None, **attributes: object) -> str:
        """One more operation; its output's name."""
        name = f"t{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, list(inputs or [self.last]), [name], **attributes))
        self.last = name
        return name

    def constant(self, values: np.ndarray) -> str:
        """A constant; its name."""
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(values, name))
        return name

    def conv(self, kernel: tuple[int, int], *, transposed: bool = False, group: int = 1, **attributes: object) -> str:
        """A convolution of :data:`CHANNELS` channels with weights from 0.5 to 1.5."""
        rng = np.random.default_rng(len(self.nodes))
        shape = (CHANNELS, CHANNELS // group, *kernel)
        weights = self.constant(rng.uniform(0.5, 1.5, shape).astype(np.float32))
        return self.add("ConvTranspose" if transposed else "Conv", [self.last, weights], group=group, **attributes)

    def model(self) -> onnx.ModelProto:
        """The model; the newest tensor is its output."""
        value = helper.make_tensor_value_info
        shape = ["batch", CHANNELS, self.height, self.width]
        graph = helper.make_graph(
            self.nodes,
            "g",
            [value("x", TensorProto.FLOAT, shape)],
            [value(self.last, TensorProto.FLOAT, None)],
            self.constants,
        )
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", self.opset)], ir_version=8)

    def save(self, path: Path) -> Path:
        """The model as a file."""
        onnx.save(self.model(), path)
        return path


def windows() -> st.SearchStrategy[tuple[str, dict[str, object]]]:
    """A convolution or a pooling with any numbers that fit."""
    pair = st.tuples(st.integers(1, 3), st.integers(1, 3))
    step = st.tuples(st.integers(1, 2), st.integers(1, 2))
    padding = st.one_of(
        st.tuples(*[st.integers(0, 1)] * 4).map(lambda pads: {"pads": list(pads)}),
        st.sampled_from(["SAME_UPPER", "SAME_LOWER", "VALID"]).map(lambda auto: {"auto_pad": auto}),
    )
    return st.tuples(st.sampled_from(["Conv", "Depthwise", "MaxPool", "AveragePool"]), pair, step, step, padding).map(
        _window
    )


def _window(
    parts: tuple[str, tuple[int, int], tuple[int, int], tuple[int, int], dict[str, object]],
) -> tuple[str, dict[str, object]]:
    kind, kernel, strides, dilations, padding = parts
    found: dict[str, object] = {"kernel_shape": list(kernel), "strides": list(strides), **padding}
    same = str(padding.get("auto_pad", "")).startswith("SAME")  # there not all libraries agree about dilation
    if kind in ("Conv", "Depthwise", "MaxPool") and not same:
        found["dilations"] = list(dilations)
    if kind in ("MaxPool", "AveragePool") and "pads" in found:
        found["pads"] = [min(pad, kernel[i % 2] - 1) for i, pad in enumerate(padding["pads"])]  # type: ignore[arg-type,call-overload]
    return kind, found


def lit(height: int, width: int) -> np.ndarray:
    """(H·W, C, H, W): in each picture one pixel is 1, in all channels."""
    return np.repeat(np.eye(height * width, dtype=np.float32).reshape(-1, 1, height, width), CHANNELS, axis=1)
