"""Darknet's activation functions by the names that a .cfg uses."""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor
from torch.nn import functional

Activation = Callable[[Tensor], Tensor]


def _linear(x: Tensor) -> Tensor:
    return x


def _leaky(x: Tensor) -> Tensor:
    return functional.leaky_relu(x, 0.1)


def _relie(x: Tensor) -> Tensor:
    return functional.leaky_relu(x, 0.01)


def _loggy(x: Tensor) -> Tensor:
    return 2 * torch.sigmoid(x) - 1


def _gelu(x: Tensor) -> Tensor:
    return functional.gelu(x, approximate="tanh")


ACTIVATIONS: Mapping[str, Activation] = {
    "linear": _linear,
    "leaky": _leaky,
    "relu": functional.relu,
    "relu6": functional.relu6,
    "relie": _relie,
    "elu": functional.elu,
    "selu": functional.selu,
    "gelu": _gelu,
    "logistic": torch.sigmoid,
    "loggy": _loggy,
    "tanh": torch.tanh,
    "swish": functional.silu,
    "mish": functional.mish,
}
