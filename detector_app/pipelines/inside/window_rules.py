"""Footprints of what slides a window: convolution, pooling, transposed convolution, and resizing, which is one of them, too."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from detector_app.pipelines.inside.footprints import (
    Answer,
    Ask,
    Footprint,
    Mask,
    Rule,
    UnknownFootprintError,
    everything,
    marked,
    narrowed,
)

Places = NDArray[np.float64]


def convolution(ask: Ask) -> Answer:
    """Conv: a cell counts ``kernel`` cells, ``dilation`` apart, from ``cell · stride − padding`` on; of its own group of channels."""
    weights = ask.shape(3 if ask.node.operator == "QLinearConv" else 1)
    kernel = ask.node.wholes("kernel_shape", weights[2:])
    groups = max(1, ask.node.whole("group", 1))
    found = ask.shape()
    channels = _channels(ask.needed[1], weights[0], found[1], groups)
    return {0: (ask.needed[0], channels, *_slid(ask, kernel))}


def pooling(ask: Ask) -> Answer:
    """MaxPool, AveragePool: the same, channel by channel."""
    return {0: (*ask.needed[:2], *_slid(ask, ask.node.wholes("kernel_shape")))}


def whole_map(ask: Ask) -> Answer:
    """GlobalAveragePool and what normalises whole maps: each value counts all of its map."""
    return {0: (*ask.needed[:2], *everything(ask.shape()[2:]))}


def transposed_convolution(ask: Ask) -> Answer:
    """ConvTranspose: input cell i reaches output cells ``i · stride − padding + k · dilation`` (see the operator's text on its padding)."""
    shape, weights = ask.shape(), ask.shape(1)
    rank = len(shape) - 2
    kernel = ask.node.wholes("kernel_shape", weights[2:])
    strides, dilations, extra = (
        ask.node.wholes(name, (default,) * rank)
        for name, default in (("strides", 1), ("dilations", 1), ("output_padding", 0))
    )
    sides = []
    for axis in range(rank):
        out, size = ask.needed[2 + axis], shape[2 + axis]
        k, stride, dilation = kernel[axis], strides[axis], dilations[axis]
        full = stride * (size - 1) + extra[axis] + (k - 1) * dilation + 1
        before = _transposed_padding(ask, axis, rank, full - len(out))
        reached = np.arange(size)[:, None] * stride - before + np.arange(k) * dilation
        valid = (reached >= 0) & (reached < len(out))
        sides.append((valid & out[np.clip(reached, 0, len(out) - 1)]).any(axis=1))
    groups = max(1, ask.node.whole("group", 1))
    channels = _channels(ask.needed[1], weights[1] * groups, shape[1], groups)
    return {0: (ask.needed[0], channels, *sides)}


def resizing(ask: Ask) -> Answer:
    """Resize and Upsample: nearest, linear and cubic, with the operator's ways to place the cells."""
    node, shape = ask.node, ask.shape()
    mode = node.text("mode", "nearest")
    place = node.text("coordinate_transformation_mode", "half_pixel")
    old = node.operator == "Upsample" or len(node.inputs) == 2
    if old:
        place = "asymmetric"
    if (
        node.whole("antialias")
        or node.attributes.get("axes")
        or place not in _PLACES
        or mode not in ("nearest", "linear", "cubic")
    ):
        raise UnknownFootprintError(f"{mode} {place}")
    scales = _scales(ask, old)
    rounding = "floor" if old else node.text("nearest_mode", "round_prefer_floor")
    masks = []
    for axis, size in enumerate(shape):
        mask = ask.needed[axis]
        scale = scales[axis] if scales else len(mask) / size
        if scale == 1 and len(mask) == size:
            masks.append(mask)
            continue
        at = _PLACES[place](np.flatnonzero(mask).astype(np.float64), scale, size, len(mask))
        masks.append(marked(size, np.clip(_taps(at, mode, rounding), 0, size - 1)))
    return {0: tuple(masks)}


def same_place(ask: Ask) -> Answer:
    """One cell for one cell; inputs that are spread over others count once for many."""
    return {i: narrowed(ask.needed, ask.shape(i)) for i in ask.moving()}


def across_channels(ask: Ask) -> Answer:
    """LRN: the same place in all channels."""
    return {0: (ask.needed[0], np.ones_like(ask.needed[1]), *ask.needed[2:])}


def depth_to_space(ask: Ask) -> Answer:
    """Each cell has been spread over a block."""
    block = ask.node.whole("blocksize", 1)
    shape = ask.shape()
    sides = tuple(
        marked(size, np.flatnonzero(mask) // block) for mask, size in zip(ask.needed[2:], shape[2:], strict=True)
    )
    return {0: (ask.needed[0], np.ones(shape[1], np.bool_), *sides)}


def space_to_depth(ask: Ask) -> Answer:
    """Each block has become a cell."""
    block = ask.node.whole("blocksize", 1)
    shape = ask.shape()
    sides = tuple(
        marked(size, (np.flatnonzero(mask)[:, None] * block + np.arange(block)).ravel())
        for mask, size in zip(ask.needed[2:], shape[2:], strict=True)
    )
    return {0: (ask.needed[0], np.ones(shape[1], np.bool_), *sides)}


def _slid(ask: Ask, kernel: tuple[int, ...]) -> Footprint:
    shape = ask.shape()
    rank = len(shape) - 2
    strides, dilations = (ask.node.wholes(name, (1,) * rank) for name in ("strides", "dilations"))
    if not len(kernel) == len(strides) == len(dilations) == rank:
        raise UnknownFootprintError("kernel")
    sides = []
    for axis in range(rank):
        size, span = shape[2 + axis], (kernel[axis] - 1) * dilations[axis] + 1
        first = np.flatnonzero(ask.needed[2 + axis]) * strides[axis] - _padding(
            ask, axis, rank, size, span, strides[axis]
        )
        sides.append(marked(size, (first[:, None] + np.arange(kernel[axis]) * dilations[axis]).ravel()))
    return tuple(sides)


def _padding(ask: Ask, axis: int, rank: int, size: int, span: int, stride: int) -> int:
    """Cells before the first one."""
    auto = ask.node.text("auto_pad", "NOTSET")
    if auto == "VALID":
        return 0
    if auto in ("SAME_UPPER", "SAME_LOWER"):
        total = max(0, (-(-size // stride) - 1) * stride + span - size)
        return total // 2 if auto == "SAME_UPPER" else total - total // 2
    return ask.node.wholes("pads", (0,) * 2 * rank)[axis]


def _transposed_padding(ask: Ask, axis: int, rank: int, total: int) -> int:
    """Cells that are cut off at the beginning, of ``total`` at both ends."""
    auto = ask.node.text("auto_pad", "NOTSET")
    if auto == "NOTSET" and "output_shape" not in ask.node.attributes:
        return ask.node.wholes("pads", (0,) * 2 * rank)[axis]
    if auto == "VALID":
        return 0
    return total // 2 if auto == "SAME_UPPER" else total - total // 2


def _channels(needed: Mask, outputs: int, inputs: int, groups: int) -> Mask:
    """Input channels of the groups that the needed output channels are of."""
    if outputs % groups or inputs % groups or len(needed) != outputs:
        return np.ones(inputs, np.bool_)
    wanted = needed.reshape(groups, -1).any(axis=1)
    return np.repeat(wanted, inputs // groups)


def _scales(ask: Ask, old: bool) -> tuple[float, ...] | None:
    """As the file says them; None where it says sizes, or what nobody can tell without running it."""
    if "scales" in ask.node.attributes:
        found = ask.node.attributes["scales"]
        return found if isinstance(found, tuple) else None
    try:
        values = ask.numbers(1 if old else 2)
    except UnknownFootprintError:
        return None
    return values or None


_PLACES: dict[str, Callable[[Places, float, int, int], Places]] = {
    "half_pixel": lambda x, scale, size, out: (x + 0.5) / scale - 0.5,
    "asymmetric": lambda x, scale, size, out: x / scale,
    "pytorch_half_pixel": lambda x, scale, size, out: (x + 0.5) / scale - 0.5 if out > 1 else x * 0,
    "align_corners": lambda x, scale, size, out: x * (size - 1) / (out - 1) if out > 1 else x * 0,
}
_ROUNDINGS: dict[str, Callable[[Places], Places]] = {
    "round_prefer_floor": lambda x: np.ceil(x - 0.5),
    "round_prefer_ceil": lambda x: np.floor(x + 0.5),
    "floor": np.floor,
    "ceil": np.ceil,
}


def _taps(at: Places, mode: str, rounding: str) -> NDArray[np.int64]:
    """The cells that a value at ``at`` is made of."""
    if mode == "nearest":
        return _ROUNDINGS.get(rounding, np.floor)(at).astype(np.int64)
    low = np.floor(at).astype(np.int64)
    exact = at == low
    reach = (0, 1) if mode == "linear" else (-1, 0, 1, 2)
    return np.concatenate([low[~exact] + step for step in reach] + [low[exact]])


WINDOW_RULES: dict[str, Rule] = {
    **dict.fromkeys(("Conv", "ConvInteger", "QLinearConv", "com.microsoft.FusedConv"), convolution),
    **dict.fromkeys(("MaxPool", "AveragePool", "LpPool", "com.microsoft.QLinearAveragePool"), pooling),
    **dict.fromkeys(("GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool", "InstanceNormalization"), whole_map),
    **dict.fromkeys(("Resize", "Upsample"), resizing),
    "ConvTranspose": transposed_convolution,
    "LRN": across_channels,
    "DepthToSpace": depth_to_space,
    "SpaceToDepth": space_to_depth,
}
