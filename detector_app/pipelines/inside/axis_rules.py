"""Footprints of what joins, cuts, turns and regroups axes, and of what adds all of one up."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detector_app.pipelines.inside.footprints import (
    Answer,
    Ask,
    Footprint,
    Mask,
    Rule,
    Shape,
    UnknownFootprintError,
    axis_of,
    everything,
    marked,
    narrowed,
)

Cells = NDArray[np.int64]


def concatenation(ask: Ask) -> Answer:
    """Each input has its part of the axis."""
    axis = axis_of(ask.node.whole("axis", 1), len(ask.needed))
    answer: Answer = {}
    first = 0
    # In eight bits: scale and zero point of the output, then each input with its own.
    joined = slice(2, None, 3) if ask.node.operator == "com.microsoft.QLinearConcat" else slice(None)
    for i in range(len(ask.node.inputs))[joined]:
        side = ask.shape(i)[axis]
        part = ask.needed[axis][first : first + side]
        first += side
        if i in ask.moving() and part.any():
            answer[i] = _replaced(ask.needed, axis, part)
    return answer


def splitting(ask: Ask) -> Answer:
    """The output is a part of the axis, behind those of the outputs before it."""
    shape = ask.shape()
    axis = axis_of(ask.node.whole("axis"), len(shape))
    before = [ask.shapes.get(name) for name in ask.node.outputs[: ask.output]]
    if any(other is None for other in before):
        raise UnknownFootprintError("split")
    first = sum(other[axis] for other in before if other is not None)
    mask = np.zeros(shape[axis], np.bool_)
    mask[first : first + len(ask.needed[axis])] = ask.needed[axis]
    return {0: _replaced(ask.needed, axis, mask)}


def transposition(ask: Ask) -> Answer:
    """Axes in another order."""
    order = ask.node.wholes("perm", tuple(range(len(ask.needed)))[::-1])
    back = sorted(range(len(order)), key=order.__getitem__)
    return {0: tuple(ask.needed[i] for i in back)}


def regrouping(ask: Ask) -> Answer:
    """Reshape and its kin: axes that stay by themselves keep their masks, those that are joined or cut up count whole."""
    old, new = ask.shape(), tuple(len(mask) for mask in ask.needed)
    masks: list[Mask] = []
    for of_old, of_new in _groups(old, new):
        long_old, long_new = ([i for i in axes if shape[i] != 1] for axes, shape in ((of_old, old), (of_new, new)))
        stays = len(long_old) == len(long_new) == 1  # beside axes of one cell
        masks += [ask.needed[long_new[0]] if stays and old[i] != 1 else np.ones(old[i], np.bool_) for i in of_old]
    return {0: tuple(masks)}


def slicing(ask: Ask) -> Answer:
    """Every so many cells of some axes."""
    shape = ask.shape()
    starts, ends = ask.wholes("starts", 1), ask.wholes("ends", 2)
    if starts is None or ends is None:
        raise UnknownFootprintError("slice")
    axes = ask.wholes("axes", 3) or tuple(range(len(starts)))
    steps = ask.wholes("steps", 4) or (1,) * len(starts)
    masks = list(ask.needed)
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        i = axis_of(axis, len(shape))
        if not step:
            raise UnknownFootprintError("step")
        least = -shape[i] - 1 if step < 0 else -shape[i]
        stop = None if step < 0 and end < least + 1 else end
        cells = np.arange(shape[i])[slice(start, stop, step)]
        masks[i] = marked(shape[i], cells[ask.needed[i][: len(cells)]])
    return {0: tuple(masks)}


def padding(ask: Ask) -> Answer:
    """Cells around it, which are constant or copies of cells inside."""
    shape, mode = ask.shape(), ask.node.text("mode", "constant")
    pads = ask.wholes("pads", 1)
    axes = ask.wholes("axes", 3) or tuple(range(len(shape)))
    if pads is None or mode not in ("constant", "reflect", "edge", "wrap") or len(pads) != 2 * len(axes):
        raise UnknownFootprintError("pads")
    masks = list(ask.needed)
    for before, axis in zip(pads, axes, strict=False):
        i = axis_of(axis, len(shape))
        masks[i] = marked(shape[i], _inside(np.flatnonzero(ask.needed[i]) - before, shape[i], mode))
    return {0: tuple(masks)}


def reduction(ask: Ask) -> Answer:
    """ReduceMean and its kin: all of some axes."""
    shape = ask.shape()
    chosen = ask.wholes("axes", 1)
    if not chosen:
        return {0: everything(shape)}
    axes = {axis_of(axis, len(shape)) for axis in chosen}
    left = iter(mask for i, mask in enumerate(ask.needed) if not (ask.node.whole("keepdims", 1) and i in axes))
    return {0: tuple(np.ones(side, np.bool_) if i in axes else next(left) for i, side in enumerate(shape))}


def along_axis(ask: Ask) -> Answer:
    """Softmax: all of one axis; before opset 13 all axes from that one on."""
    axis = axis_of(ask.node.whole("axis", 1 if ask.opset < 13 else -1), len(ask.needed))
    last = len(ask.needed) if ask.opset < 13 else axis + 1
    return {0: tuple(np.ones_like(m) if axis <= i < last else m for i, m in enumerate(ask.needed))}


def layer_normalisation(ask: Ask) -> Answer:
    """All axes from one on."""
    axis = axis_of(ask.node.whole("axis", -1), len(ask.needed))
    return {0: tuple(np.ones_like(m) if i >= axis else m for i, m in enumerate(ask.needed))}


def product(ask: Ask) -> Answer:
    """MatMul and Gemm: a row of the first by a column of the second; batches of them side by side."""
    answer: Answer = {}
    for i in ask.moving():
        shape = ask.shape(i)
        keeps_rows = ask.node.operator == "MatMul" and i == 0 and len(shape) == len(ask.needed)
        answer[i] = (
            (*narrowed(ask.needed[:-1], shape[:-1]), np.ones(shape[-1], np.bool_)) if keeps_rows else everything(shape)
        )
    return answer


def dynamic_quantisation(ask: Ask) -> Answer:
    """Each value by itself; that the range is the whole map's is not counted, for it says nothing about a place."""
    return {0: ask.needed} if ask.output == 0 else {}


def first_input_spread(ask: Ask) -> Answer:
    """Expand: the first input, spread over a larger size."""
    return {0: narrowed(ask.needed, ask.shape())}


def nothing(ask: Ask) -> Answer:
    """It depends on sizes, or on nothing at all."""
    del ask
    return {}


def _replaced(needed: Footprint, axis: int, mask: Mask) -> Footprint:
    return (*needed[:axis], mask, *needed[axis + 1 :])


def _inside(cells: Cells, size: int, mode: str) -> Cells:
    """Which cell inside a cell outside is a copy of."""
    if mode == "edge":
        cells = np.clip(cells, 0, size - 1)
    elif mode == "wrap":
        cells = cells % size
    elif mode == "reflect" and size > 1:
        turn = np.abs(cells) % (2 * size - 2)
        cells = np.minimum(turn, 2 * size - 2 - turn)
    return cells


def _groups(old: Shape, new: Shape) -> list[tuple[list[int], list[int]]]:
    """Runs of axes of both that hold the same values; axes of one cell go with whichever is near."""
    groups = []
    i = j = 0
    while i < len(old) or j < len(new):
        first, second = [i] if i < len(old) else [], [j] if j < len(new) else []
        i, j = i + len(first), j + len(second)
        left, right = _size(old, first), _size(new, second)
        while left != right:
            if (left < right and i == len(old)) or (left > right and j == len(new)):
                raise UnknownFootprintError("sizes")
            if left < right:
                first.append(i)
                left, i = left * old[i], i + 1
            else:
                second.append(j)
                right, j = right * new[j], j + 1
        groups.append((first, second))
    return groups


def _size(shape: Shape, axes: list[int]) -> int:
    return int(np.prod([shape[i] for i in axes], dtype=np.int64))


AXIS_RULES: dict[str, Rule] = {
    **dict.fromkeys(("Concat", "com.microsoft.QLinearConcat"), concatenation),
    **dict.fromkeys(("Reshape", "Flatten", "Squeeze", "Unsqueeze"), regrouping),
    **dict.fromkeys(("MatMul", "Gemm"), product),
    **dict.fromkeys(("Softmax", "LogSoftmax", "Hardmax"), along_axis),
    **dict.fromkeys(
        ("ReduceMean", "ReduceMax", "ReduceMin", "ReduceSum", "ReduceL1", "ReduceL2", "ReduceProd"), reduction
    ),
    **dict.fromkeys(("Shape", "Size", "Constant", "ConstantOfShape", "Range"), nothing),
    "Split": splitting,
    "Transpose": transposition,
    "Slice": slicing,
    "Pad": padding,
    "LayerNormalization": layer_normalisation,
    "Expand": first_input_spread,
    "DynamicQuantizeLinear": dynamic_quantisation,
}
