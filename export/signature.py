"""Names, axes and types of what goes into a graph and comes out: as declared, and as found in the file and at run time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import onnx

from detector_app.model_card import ModelCard
from export.errors import ExportError
from export.recipe import Recipe, TensorSpec, picture_tensor

TODO = "Nothing was written."
TYPES = {
    "float32": onnx.TensorProto.FLOAT,
    "float16": onnx.TensorProto.FLOAT16,
    "uint8": onnx.TensorProto.UINT8,
    "int64": onnx.TensorProto.INT64,
}


def inputs_of(recipe: Recipe, card: ModelCard) -> tuple[TensorSpec, ...]:
    """The inputs of a recipe's graph as ``card`` describes it now."""
    thresholds: tuple[TensorSpec, ...] = ()
    if card.inside is not None:
        thresholds = (TensorSpec(card.inside.score_input, (1,)), TensorSpec(card.inside.iou_input, (1,)))
    return (picture_tensor(card.input), *(one.tensor for one in recipe.companions), *thresholds)


def outputs_of(recipe: Recipe, card: ModelCard) -> tuple[TensorSpec, ...]:
    """The same of its outputs."""
    if card.inside is None:
        return recipe.outputs
    axes = {"boxes": (4,)}
    types = {"class_ids": "int64", "picture_ids": "int64"}
    return tuple(
        TensorSpec(output.name, ("detections", *axes.get(output.role, ())), types.get(output.role, "float32"))
        for output in card.outputs
    )


def check_signature(model: onnx.ModelProto, recipe: Recipe, card: ModelCard) -> None:
    """Raise ExportError unless inputs and outputs are those of the declaration and of the card, in order, with axes and types."""
    where = recipe.card.name
    declared = outputs_of(recipe, card)
    _check_names(where, "outputs of the card", [one.name for one in card.outputs], declared)
    halves = card.input.dtype == "float16"
    for kind, found, expected in (
        ("inputs", model.graph.input, inputs_of(recipe, card)),
        ("outputs", model.graph.output, declared),
    ):
        _check_names(where, f"{kind} of the graph", [value.name for value in found], expected)
        for value, tensor in zip(found, expected, strict=True):
            _check_tensor(where, value, tensor, halves=halves)


def name_axes(model: onnx.ModelProto, recipe: Recipe, card: ModelCard) -> None:
    """Call the symbolic axes of inputs and outputs as the declaration does."""
    tensors = {one.name: one for one in (*inputs_of(recipe, card), *outputs_of(recipe, card))}
    for value in (*model.graph.input, *model.graph.output):
        dimensions = value.type.tensor_type.shape.dim
        for dimension, axis in zip(dimensions, tensors[value.name].axes, strict=True):
            if isinstance(axis, str):
                dimension.dim_param = axis


def check_shapes(where: str, tensors: Sequence[TensorSpec], shapes: Sequence[tuple[int, ...]], on: str) -> None:
    """Raise ExportError unless shapes at run time fit the declaration; a name means the same length everywhere.

    Args:
        where: names the model for messages.
        tensors: inputs first.
        shapes: of the same tensors.
        on: names the input for messages.
    """
    bound: dict[str, int] = {}
    for tensor, shape in zip(tensors, shapes, strict=True):
        fits = len(shape) == len(tensor.axes)
        if not fits or not all(_fits(axis, side, bound) for axis, side in zip(tensor.axes, shape, strict=True)):
            expected = " × ".join(map(str, tensor.axes))
            what = f"{tensor.name} has shape {list(shape)} on input {on}, {expected} was declared"
            raise ExportError(where, what=what, todo=TODO)


def _fits(axis: int | str, side: int, bound: dict[str, int]) -> bool:
    """Whether a length is what was declared, after "height/8" rounded down; binds a name that is not bound yet."""
    if isinstance(axis, int):
        return axis == side
    name, _, divisor = axis.partition("/")
    if not divisor:
        return bound.setdefault(name, side) == side
    return name not in bound or bound[name] // int(divisor) == side


def _check_names(where: str, subject: str, found: Sequence[str], expected: Iterable[TensorSpec]) -> None:
    names = [tensor.name for tensor in expected]
    if list(found) != names:
        raise ExportError(where, what=f"{subject}: found {list(found)}, expected {names}", todo=TODO)


def _check_tensor(where: str, value: onnx.ValueInfoProto, tensor: TensorSpec, *, halves: bool) -> None:
    found = value.type.tensor_type
    allowed = {TYPES[tensor.dtype]} | ({TYPES["float16"]} if halves and tensor.dtype == "float32" else set())
    if found.elem_type not in allowed:
        name = onnx.TensorProto.DataType.Name(found.elem_type).lower()
        raise ExportError(where, what=f"{tensor.name} is {name}, {tensor.dtype} was declared", todo=TODO)
    dimensions = list(found.shape.dim)
    sides = [one.dim_value if one.HasField("dim_value") else one.dim_param or "?" for one in dimensions]
    fits = len(sides) == len(tensor.axes) and all(
        isinstance(axis, str) if isinstance(side, str) else axis == side
        for side, axis in zip(sides, tensor.axes, strict=True)
    )
    if not fits:
        what = f"{tensor.name} has axes {_text(sides)}, {_text(tensor.axes)} was declared"
        raise ExportError(where, what=what, todo=TODO)


def _text(axes: Sequence[int | str] | Mapping[str, int]) -> str:
    return " × ".join(map(str, axes))
