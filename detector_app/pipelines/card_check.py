"""Does the graph fit its card? Asked once, when a model is opened, so that no frame fails later with a cryptic message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

from detector_app.errors import ModelMismatchError
from detector_app.graph import Graph, TensorInfo
from detector_app.model_card import InputSpec, ModelCard
from detector_app.pipelines.candidates import Outputs


def check_interface(
    card: ModelCard, graph: Graph, where: str, further: Mapping[str, NDArray[Any]] | None = None
) -> None:
    """Names, types and shapes of the inputs, and names of the outputs.

    Args:
        card: what the graph should be like.
        graph: what it is like.
        where: the file, for messages.
        further: inputs besides the picture by name, each with a value that it must take.

    Raises:
        ModelMismatchError: with what was found and what the card says.
    """
    further = further or {}
    inputs = {info.name: info for info in graph.inputs}
    if set(inputs) != {card.input.name, *further}:
        raise ModelMismatchError(where, field="inputs", found=list(inputs), expected=[card.input.name, *further])
    _check_input(where, inputs[card.input.name], card.input.dtype, _input_shape(card.input))
    for name, value in further.items():
        _check_input(where, inputs[name], str(value.dtype), value.shape)
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


def _check_input(where: str, info: TensorInfo, dtype: str, expected: tuple[int | str, ...]) -> None:
    if info.dtype != dtype:
        raise ModelMismatchError(where, field=f"type of {info.name}", found=info.dtype, expected=dtype)
    if len(info.shape) != len(expected) or not all(map(_axis_fits, info.shape, expected)):
        raise ModelMismatchError(where, field=f"shape of {info.name}", found=list(info.shape), expected=list(expected))


def _input_shape(spec: InputSpec) -> tuple[int | str, ...]:
    """The shape that the card tells: a number where the graph may be fixed to it, a name where it must be symbolic."""
    height, width = ("height", "width") if spec.dynamic else spec.size_hw
    batch = "batch" if spec.dynamic_batch else 1
    channels = spec.channels
    return (batch, channels, height, width) if spec.layout == "NCHW" else (batch, height, width, channels)


def _axis_fits(found: int | str | None, expected: int | str) -> bool:
    """A symbolic axis takes every size; a fixed one only its own."""
    return not isinstance(found, int) or found == expected
