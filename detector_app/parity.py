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
class BoxRow:
    """One comparison of the boxes that graph and torch original find on the same input, after filter and suppression.

    Attributes:
        input: what was seen and how many boxes were asked for: "pictures, many", "black, none".
        input_shape: of the pictures.
        score_threshold, iou_threshold: that both were selected with.
        detections: so many the torch original finds.
        max_box_px: largest difference of a side of a box, in pixels of the input.
        max_score: largest difference of a score.
        borderline: boxes that one of the two has and the other has not, and that the torch original itself gains or loses when its
            input changes by a hundred-thousandth; they are in none of the differences.
    """

    input: str
    input_shape: tuple[int, ...]
    score_threshold: float
    iou_threshold: float
    detections: int
    max_box_px: float
    max_score: float
    borderline: int = 0
    passed: bool = True


@dataclass(frozen=True)
class ParityReport:
    """The proof that the ONNX file says what the torch network said, made before the file was written.

    ``boxes`` is empty for models that find none, and in files from before boxes were compared.
    """

    rows: tuple[ParityRow, ...]
    passed: bool
    opset: int
    torch_version: str
    onnxruntime_version: str
    created: str = ""
    notes: tuple[str, ...] = ()
    boxes: tuple[BoxRow, ...] = ()
