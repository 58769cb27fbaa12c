"""Does the graph fit its card? Asked once, when a model is opened, so that no frame fails later with a cryptic message."""

from __future__ import annotations

from collections.abc import Mapping

from detector_app.errors import ModelMismatchError
from detector_app.model_card import InputSpec, ModelCard
from detector_app.pipelines.candidates import Outputs
from detector_app.pipelines.graph import Graph


def check_interface(card: ModelCard, graph: Graph, where: str) -> None:
    """Names, type and shape of the input, and names of the outputs.

    Raises:
        ModelMismatchError: with what was found and what the card says.
    """
    names = [info.name for info in graph.inputs]
    _same(where, "inputs", names, [card.input.name])
    info = graph.inputs[0]
    _same(where, f"type of {info.name}", info.dtype, card.input.dtype)
    expected = _input_shape(card.input)
    fits = len(info.shape) == len(expected) and all(map(_axis_fits, info.shape, expected))
    if not fits:
        raise ModelMismatchError(where, field=f"shape of {info.name}", found=list(info.shape), expected=list(expected))
    present = [output.name for output in graph.outputs]
    missing = [output.name for output in card.outputs if output.name not in present]
    if missing:
        raise ModelMismatchError(where, field="outputs", found=present, expected=missing)


def check_outputs(axes: Mapping[str, tuple[int, ...]], outputs: Outputs, where: str) -> None:
    """Sizes of the outputs of a first run against ``axes`` (0 is any size), by output name.

    Raises:
        ModelMismatchError: with the shape found and the one expected.
    """
    for name, expected in axes.items():
        shape = outputs[name].shape
        if len(shape) != len(expected) or any(e not in (0, found) for found, e in zip(shape, expected, strict=True)):
            wanted = ["any" if size == 0 else size for size in expected]
            raise ModelMismatchError(where, field=f"shape of {name}", found=list(shape), expected=wanted)


def _input_shape(spec: InputSpec) -> tuple[int | str, ...]:
    """The shape that the card tells: a number where the graph may be fixed to it, a name where it must be symbolic."""
    height, width = ("height", "width") if spec.dynamic else spec.size_hw
    batch = "batch" if spec.dynamic_batch else 1
    channels = spec.channels
    return (batch, channels, height, width) if spec.layout == "NCHW" else (batch, height, width, channels)


def _axis_fits(found: int | str | None, expected: int | str) -> bool:
    """A symbolic axis takes every size; a fixed one only its own."""
    return not isinstance(found, int) or found == expected


def _same(where: str, field: str, found: object, expected: object) -> None:
    if found != expected:
        raise ModelMismatchError(where, field=field, found=found, expected=expected)
