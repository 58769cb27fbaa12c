"""A look at an ONNX file before onnxruntime sees it, which would believe everything in it."""

from __future__ import annotations

from pathlib import Path

from detector_app.errors import ModelError, NotAnOnnxFileError, UnsafeModelError, message
from detector_app.onnx_outline import read_outline
from detector_app.onnx_safety import dangers
from detector_app.wire_format import WireError

MOST_OUTPUTS = 1000
"""Of a graph. The time that onnxruntime takes to open one grows with their square: two minutes for ten thousand."""
TOO_MANY_OUTPUTS = message("it has thousands of outputs, and would take minutes to open")


def check_onnx(path: Path) -> None:
    """Nothing, unless the file at ``path`` should not be loaded.

    Raises:
        NotAnOnnxFileError: it is no ONNX file, empty, damaged or cut off.
        ModelError: it has more than :data:`MOST_OUTPUTS`.
        UnsafeModelError: it wants files outside its folder, or memory out of proportion to what it holds.
    """
    try:
        outline = read_outline(path)
    except WireError as error:
        raise NotAnOnnxFileError(str(path), detail=str(error)) from error
    except OSError as error:
        raise NotAnOnnxFileError(str(path), detail=error.strerror or str(error)) from error
    if len(outline.outputs) > MOST_OUTPUTS:
        raise ModelError(str(path), detail=TOO_MANY_OUTPUTS)
    danger = next(dangers(outline, path), None)
    if danger is not None:
        raise UnsafeModelError(str(path), detail=danger)
