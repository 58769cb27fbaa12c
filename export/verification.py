"""The proof that a graph says what its network says: both run on inputs and batch sizes that the tracer never saw."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import cv2
import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray

from detector_app.model_card import InputSpec
from detector_app.parity import ParityReport, ParityRow
from export.errors import DisagreementError, ExportError
from export.recipe import OPSET, Recipe, Tolerance, input_shapes

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Difference:
    """A row of the report, and where in the output the largest difference lies."""

    row: ParityRow
    index: tuple[int, ...]


def verify(model: bytes, recipe: Recipe, seed: int = 0) -> ParityReport:
    """Compare a serialized graph under ONNX Runtime (CPU) with the recipe's network under PyTorch.

    Raises:
        DisagreementError: an output differs by more than the recipe's tolerance.
        ExportError: the graph does not run, an output has another shape, or the network puts out values that are not finite.
    """
    session = _session(model, recipe.card.name)
    generator = np.random.default_rng(seed)
    differences: list[Difference] = []
    shapes = (*input_shapes(recipe.card.input).verified, *recipe.further_shapes)
    for number, shape in enumerate(shapes):
        pixels = _picture(shape, generator) if number % 2 == 0 else _noise(shape, generator)
        differences += _compare(session, recipe, _normalized(pixels, recipe.card.input))
    for difference in differences:
        if not difference.row.passed:
            row = difference.row
            where = f"{recipe.card.name} on input {list(row.input_shape)}"
            raise DisagreementError(
                where, output=row.output, index=difference.index, difference=row.max_abs, tolerance=row.tolerance
            )
    return ParityReport(
        rows=tuple(difference.row for difference in differences),
        passed=True,
        opset=OPSET,
        torch_version=torch.__version__,
        onnxruntime_version=onnxruntime.__version__,
        created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        notes=(f"pictures and noise by seed {seed}; ONNX Runtime on the CPU",),
    )


def difference_of(name: str, found: Array, expected: Array, shape: tuple[int, ...], tolerance: Tolerance) -> Difference:
    """Compare one output; ``shape`` is that of the input. Values that are not finite differ infinitely; no values do not differ."""
    gap = np.abs(found.astype(np.float64) - expected.astype(np.float64))
    gap = np.where(np.isfinite(gap), gap, np.inf)
    allowed = tolerance.absolute + tolerance.relative * float(np.abs(expected).max(initial=0.0))
    if gap.size == 0:
        return Difference(ParityRow(name, shape, 0.0, 0.0, allowed, passed=True), ())
    worst = np.unravel_index(int(gap.argmax()), gap.shape)
    largest = float(gap.max())
    row = ParityRow(name, shape, largest, float(gap.mean()), allowed, largest <= allowed)
    return Difference(row, tuple(int(i) for i in worst))


def _session(model: bytes, name: str) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime's errors have no common root of their own
        raise ExportError(
            name, what=f"ONNX Runtime refuses the graph: {_sentence(error)}", todo="Nothing was written."
        ) from error


def _sentence(error: Exception) -> str:
    """What ONNX Runtime says over several lines, on one and without its full stop."""
    return " ".join(str(error).split()).rstrip(".")


def _compare(session: onnxruntime.InferenceSession, recipe: Recipe, pictures: Array) -> list[Difference]:
    card, shape = recipe.card, tuple(pictures.shape)
    names = [output.name for output in card.outputs]
    with torch.no_grad():
        expected = [output.numpy() for output in recipe.network(torch.from_numpy(pictures))]
    try:
        found = session.run(names, {card.input.name: pictures})
    except Exception as error:  # see _session
        raise ExportError(
            card.name, what=f"the graph does not run on {shape}: {_sentence(error)}", todo="Nothing was written."
        ) from error
    for name, ours, theirs in zip(names, found, expected, strict=True):
        if ours.shape != theirs.shape:
            detail = f"output {name} has shape {ours.shape} on input {shape}, PyTorch gives {theirs.shape}"
            raise ExportError(card.name, what=detail, todo="Nothing was written.")
        if not np.isfinite(theirs).all():
            raise ExportError(
                card.name, what=f"the network puts out values that are not finite in {name}", todo="Train it again."
            )
    pairs = zip(names, found, expected, strict=True)
    return [difference_of(name, ours, theirs, shape, recipe.tolerance) for name, ours, theirs in pairs]


def _noise(shape: tuple[int, int, int, int], generator: np.random.Generator) -> NDArray[np.uint8]:
    """(N, C, H, W) uint8, every value independent."""
    return generator.integers(0, 256, shape, dtype=np.uint8)


def _picture(shape: tuple[int, int, int, int], generator: np.random.Generator) -> NDArray[np.uint8]:
    """(N, C, H, W) uint8: smooth colours with sharp-edged rectangles on them, as in photographs."""
    _, channels, height, width = shape
    pictures = np.empty(shape, np.uint8)
    for place in range(len(pictures)):
        coarse = generator.integers(0, 256, (6, 6, channels), dtype=np.uint8)
        picture = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC).reshape(height, width, channels)
        for _ in range(8):
            (top, bottom), (left, right) = (np.sort(generator.integers(0, side, 2)) for side in (height, width))
            picture[top : bottom + 1, left : right + 1] = generator.integers(0, 256, channels)
        pictures[place] = picture.transpose(2, 0, 1)
    return pictures


def _normalized(pixels: NDArray[np.uint8], spec: InputSpec) -> Array:
    """What the card says the app does to pixels: (pixel · scale − mean) / std."""
    mean, std = (np.asarray(values, np.float32).reshape(3, 1, 1)[: spec.channels] for values in (spec.mean, spec.std))
    return ((pixels.astype(np.float32) * np.float32(spec.scale) - mean) / std).astype(np.float32)
