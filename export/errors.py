"""Failures of an export: what went wrong, where, and what to do about it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from detector_app.errors import DetectorError, message
from models.errors import ModelsError


class ExportError(DetectorError):
    """An export that ends without a file; an older file of the same name stays as it was."""

    summary = message("{where}: {what}.")
    remedy = message("{todo}")

    def __init__(self, where: str, *, what: str, todo: str) -> None:
        super().__init__(where, what=what, todo=todo)


class DisagreementError(ExportError):
    """The ONNX graph does not say what the PyTorch network says."""

    def __init__(self, where: str, *, output: str, index: tuple[int, ...], difference: float, tolerance: float) -> None:
        super().__init__(
            where,
            what=f"output {output} differs from PyTorch at {list(index)} by {difference:.3g}; {tolerance:.3g} is allowed",
            todo="Nothing was written. Try another version of torch, onnx or onnxruntime, and report the model.",
        )


@contextmanager
def reading(path: Path, todo: str) -> Iterator[None]:
    """Turn what `models` says about ``path`` inside the block into an ExportError about it, with the remedy ``todo``."""
    try:
        yield
    except ModelsError as error:
        what = str(error).removeprefix(f"{path}: ").removeprefix(f"{path.name}, ")
        raise ExportError(str(path), what=what, todo=todo) from error
