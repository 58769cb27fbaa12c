"""What a recogniser says of outputs, and how the authors of each family feed their models."""

from __future__ import annotations

from dataclasses import dataclass, field

from detector_app.model_card import Thresholds
from detector_app.pipelines.reading.reading import AnchorTable, Evidence, Fitting, HeadLayout, Scaling


@dataclass(frozen=True)
class Habit:
    """How the authors of a family feed it; None is what differs from file to file.

    Attributes:
        whose: name for evidence.
        order: of colours.
        size_hw: for graphs that take any.
        multiple: of the sides of such graphs.
    """

    whose: str
    order: str | None = None
    scaling: Scaling | None = None
    fitting: Fitting | None = None
    size_hw: tuple[int, int] = (640, 640)
    multiple: int = 32
    thresholds: Thresholds = field(default_factory=Thresholds)


@dataclass(frozen=True)
class Recognition:
    """What the outputs look like.

    Attributes:
        evidence: what speaks for this family.
        layouts: what the outputs may hold, the likeliest first.
        layout_evidence: what speaks for the first of them.
        classes: how many there are.
        anchors: of anchor heads; None where they are not known.
        anchor_evidence: what speaks for them.
        heads: of anchor heads the outputs with their strides.
        habit: how such files are fed, if that differs from the family's.
    """

    evidence: Evidence
    layouts: tuple[HeadLayout, ...]
    layout_evidence: Evidence
    classes: int
    anchors: AnchorTable | None = None
    anchor_evidence: Evidence | None = None
    heads: tuple[tuple[str, int], ...] = ()
    habit: Habit | None = None


YUNET = Habit("YuNet", "BGR", Scaling(1.0), Fitting("letterbox", 0), thresholds=Thresholds(0.6, 0.3))
ULTRAFACE = Habit(
    "UltraFace", "RGB", Scaling(1.0, (127.0,) * 3, (128.0,) * 3), Fitting("stretch"), thresholds=Thresholds(0.7, 0.3)
)
NANODET = Habit(
    "NanoDet",
    "BGR",
    Scaling(1.0, (103.53, 116.28, 123.675), (57.375, 57.12, 58.395)),
    Fitting("letterbox", 0),
    (416, 416),
    thresholds=Thresholds(0.35, 0.6),
)
YOLOX = Habit("YOLOX", "BGR", Scaling(1.0), Fitting("letterbox", 114), thresholds=Thresholds(0.35, 0.5))
ULTRALYTICS = Habit("Ultralytics", "RGB", Scaling(), Fitting("letterbox", 114), thresholds=Thresholds(0.25, 0.7))
DARKNET = Habit("Darknet", "RGB", Scaling(), Fitting("letterbox", 127), (416, 416), thresholds=Thresholds(0.3, 0.45))
CLASSIFIER = Habit("", size_hw=(224, 224), multiple=1)
