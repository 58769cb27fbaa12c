"""What each kind of layer is called, looks at, and costs."""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.summary.receptive_field import Pair, Window, adaptive_window


@dataclass(frozen=True)
class LayerKind:
    """One layer at one input.

    Attributes:
        title: "conv 3×3", "ReLU", ….
        multiply_adds: for one picture; additions of biases, normalisation and pooling are not counted, as papers do not.
        window: what it looks at; None for a layer that works point by point.
        flattens: it makes a vector of a map.
    """

    title: str
    multiply_adds: int = 0
    window: Window | None = None
    flattens: bool = False


def pair(value: int | tuple[int, ...]) -> Pair:
    """(n, n) of n."""
    return (value, value) if isinstance(value, int) else (value[0], value[1])


def _sized(name: str, window: Window, *notes: str) -> str:
    kernel = "×".join(str(side) for side in window.kernel)
    step = "×".join(str(side) for side in dict.fromkeys(window.stride))
    parts = [f"{name} {kernel}" + (f" /{step}" if window.stride != (1, 1) else ""), *notes]
    return ", ".join(parts)


def _convolution(layer: nn.Conv2d, x: Tensor, out: Tensor) -> LayerKind:
    window = Window(pair(layer.kernel_size), pair(layer.stride), pair(layer.dilation))
    each = layer.in_channels // layer.groups * window.kernel[0] * window.kernel[1]
    notes = [f"{layer.groups} groups"] if layer.groups > 1 else []
    notes += [f"dilation {layer.dilation[0]}"] if window.dilation != (1, 1) else []
    return LayerKind(_sized("conv", window, *notes), out[0].numel() * each, window)


def _linear(layer: nn.Linear, x: Tensor, out: Tensor) -> LayerKind:
    return LayerKind("linear", out[0].numel() * layer.in_features)


def _pool(name: str) -> Callable[[Any, Tensor, Tensor], LayerKind]:
    def describe(layer: Any, x: Tensor, out: Tensor) -> LayerKind:
        window = Window(pair(layer.kernel_size), pair(layer.stride), pair(getattr(layer, "dilation", 1)))
        return LayerKind(_sized(name, window), 0, window)

    return describe


def _adaptive(layer: nn.Module, x: Tensor, out: Tensor) -> LayerKind:
    window = adaptive_window(pair(tuple(x.shape[2:])), pair(tuple(out.shape[2:])))
    if out.shape[2:] == (1, 1):
        return LayerKind("global average", 0, window)
    return LayerKind(f"average to {out.shape[2]}×{out.shape[3]}", 0, window)


def _enlarged(x: Tensor, out: Tensor, mode: str) -> LayerKind:
    reach = 1 if mode == "nearest" else 2
    window = Window((reach, reach), adaptive_window(pair(tuple(x.shape[2:])), pair(tuple(out.shape[2:]))).stride)
    return LayerKind(f"resize to {out.shape[2]}×{out.shape[3]}", 0, window)


# In this order; the first that a layer is an instance of counts.
MODULES: tuple[tuple[type[nn.Module], Callable[[Any, Tensor, Tensor], LayerKind]], ...] = (
    (nn.Conv2d, _convolution),
    (nn.Linear, _linear),
    (nn.MaxPool2d, _pool("max pool")),
    (nn.AvgPool2d, _pool("average pool")),
    (nn.AdaptiveAvgPool2d, _adaptive),
    (nn.Upsample, lambda layer, x, out: _enlarged(x, out, layer.mode)),
    (nn.Flatten, lambda layer, x, out: LayerKind("flatten", flattens=True)),
    (nn.BatchNorm2d, lambda layer, x, out: LayerKind("batch norm")),
    (nn.LocalResponseNorm, lambda layer, x, out: LayerKind("response norm")),
)

FUNCTIONS: dict[Callable[..., Any], str] = {
    torch.cat: "concatenate",
    operator.add: "add",
    operator.iadd: "add",
    torch.add: "add",
    operator.mul: "multiply",
    torch.mul: "multiply",
}


def kind_of_module(layer: nn.Module, x: Tensor, out: Tensor) -> LayerKind:
    """What a module is, given its first input and its output, each with a batch dimension."""
    for known, describe in MODULES:
        if isinstance(layer, known):
            return describe(layer, x, out)
    return LayerKind(type(layer).__name__)


def kind_of_function(function: Any, arguments: dict[str, Any], x: Tensor, out: Tensor) -> LayerKind:
    """What a function or method of a tensor is; `function` is a method's name, `arguments` those given by name."""
    if function is functional.interpolate:
        return _enlarged(x, out, arguments.get("mode", "nearest"))
    flattens = x.dim() == 4 and out.dim() == 2
    if function in FUNCTIONS:
        return LayerKind(FUNCTIONS[function])
    name = function if isinstance(function, str) else getattr(function, "__name__", str(function))
    return LayerKind(name.strip("_"), flattens=flattens)
