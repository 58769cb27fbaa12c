"""The proof that an exported graph says what its torch original said; a part of the model card."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ParityRow:
    """One comparison of the exported graph with its torch original.

    Attributes:
        output: name of the output compared.
        input_shape: shape of the input used, one that the tracer never saw.
        max_abs: largest absolute difference; ``tolerance`` is what was allowed.
    """

    output: str
    input_shape: tuple[int, ...]
    max_abs: float
    mean_abs: float
    tolerance: float
    passed: bool


@dataclass(frozen=True)
class ParityReport:
    """The proof that the ONNX file says what the torch network said, made before the file was written."""

    rows: tuple[ParityRow, ...]
    passed: bool
    opset: int
    torch_version: str
    onnxruntime_version: str
    created: str = ""
    notes: tuple[str, ...] = ()
