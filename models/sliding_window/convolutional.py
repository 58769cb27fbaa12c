"""Dense layers as convolutions: the same weights in another shape (Sermanet et al. 2013, arXiv 1312.6229, section 3.5)."""

from dataclasses import dataclass, field
from functools import partial

import torch
from torch import Tensor, nn

from models.errors import RecipeError


@dataclass
class Seen:
    """What one pass over a window showed: modules by name, in the order in which they ran.

    Attributes:
        flattened_chw: shape of what each flattening was given.
        dense: for each dense layer the shape of its input before it was flattened; (features, 1, 1) behind another dense layer.
        pooled: by name the sizes (height, width) before and after each pool whose output has a fixed size.
    """

    flattened_chw: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    dense: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    pooled: dict[str, tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=dict)
    pending: tuple[int, int, int] | None = None


def as_convolutional(network: nn.Module, window: Tensor) -> nn.Module:
    """Changes a classifier in place so that it takes larger pictures: (N, C, H, W) to (N, classes, rows, columns).

    Args:
        network: in evaluation mode; its flattening, dense layers and pools are modules.
        window: (1, C, h, w), any values: an input of the size that the network was trained for.

    Raises:
        RecipeError: it has no dense layer, or a pool that does not become one of a fixed size.
    """
    seen = _watch(network, window)
    if not seen.dense:
        raise RecipeError("the network has no dense layer, so there is nothing to make convolutional")
    for name in seen.flattened_chw:
        network.set_submodule(name, nn.Identity())
    for name, chw in seen.dense.items():
        layer = network.get_submodule(name)
        if isinstance(layer, nn.Linear):
            network.set_submodule(name, dense_as_convolution(layer, chw))
    for name, (before, after) in seen.pooled.items():
        network.set_submodule(name, _fixed_pool(name, before, after))
    return network


def dense_as_convolution(layer: nn.Linear, chw: tuple[int, int, int]) -> nn.Conv2d:
    """The convolution that does to a map of (C, h, w) what the dense layer does to its flattened values.

    Raises:
        RecipeError: the layer takes another number of values.
    """
    channels, height, width = chw
    if layer.in_features != channels * height * width:
        raise RecipeError(f"a dense layer takes {layer.in_features} values, but its map has {chw}")
    made = nn.Conv2d(channels, layer.out_features, (height, width), bias=layer.bias is not None)
    made = made.to(layer.weight.device, layer.weight.dtype)
    with torch.no_grad():
        made.weight.copy_(layer.weight.view(layer.out_features, *chw))
        if made.bias is not None:
            made.bias.copy_(layer.bias)
    return made


def _watch(network: nn.Module, window: Tensor) -> Seen:
    """One pass, in which every module of interest tells its name and shapes."""
    seen = Seen()
    watched = {nn.Flatten: _saw_flatten, nn.Linear: _saw_dense, nn.AdaptiveAvgPool2d: _saw_pool}
    hooks = [
        module.register_forward_hook(partial(watched[type(module)], seen, name))
        for name, module in network.named_modules()
        if type(module) in watched
    ]
    try:
        with torch.no_grad():
            network(window)
    finally:
        for hook in hooks:
            hook.remove()
    return seen


def _chw(values: Tensor) -> tuple[int, int, int]:
    height, width = values.shape[2:] if values.ndim == 4 else (1, 1)
    return values.shape[1], height, width


def _saw_flatten(seen: Seen, name: str, _module: nn.Module, given: tuple[Tensor], _out: Tensor) -> None:
    seen.flattened_chw[name] = seen.pending = _chw(given[0])


def _saw_dense(seen: Seen, name: str, _module: nn.Module, given: tuple[Tensor], _out: Tensor) -> None:
    seen.dense[name] = seen.pending or _chw(given[0])
    seen.pending = None


def _saw_pool(seen: Seen, name: str, _module: nn.Module, given: tuple[Tensor], out: Tensor) -> None:
    seen.pooled[name] = _chw(given[0])[1:], _chw(out)[1:]


def _fixed_pool(name: str, before: tuple[int, int], after: tuple[int, int]) -> nn.Module:
    """What an average to a fixed size does to the map of a window: nothing, or an average over all of it."""
    if before == after:
        return nn.Identity()
    if after == (1, 1):
        return nn.AvgPool2d(before, stride=1)
    raise RecipeError(f"{name} averages a map of {before} to {after}; only all of it, or none, can slide")
