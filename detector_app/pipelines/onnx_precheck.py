"""A look at an ONNX file before onnxruntime sees it, which would believe everything in it."""

from __future__ import annotations

from pathlib import Path

from detector_app.errors import NotAnOnnxFileError, UnsafeModelError
from detector_app.onnx_outline import read_outline
from detector_app.onnx_safety import dangers
from detector_app.wire_format import WireError


def check_onnx(path: Path) -> None:
    """Nothing, unless the file at ``path`` should not be loaded.

    Raises:
        NotAnOnnxFileError: it is no ONNX file, empty, damaged or cut off.
        UnsafeModelError: it wants files outside its folder, or memory out of proportion to what it holds.
    """
    try:
        outline = read_outline(path)
    except WireError as error:
        raise NotAnOnnxFileError(str(path), detail=str(error)) from error
    except OSError as error:
        raise NotAnOnnxFileError(str(path), detail=error.strerror or str(error)) from error
    danger = next(dangers(outline, path), None)
    if danger is not None:
        raise UnsafeModelError(str(path), detail=danger)
