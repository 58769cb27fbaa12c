"""What is painted of a judged picture: one mark for each detection, and for each object that was missed or does not count."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from detector_app.evaluation.matching import Matching, Verdict
from detector_app.evaluation.misses import Miss, Stopped
from detector_app.ui.identity_text import chip_text
from detector_app.ui.translation import QT_TRANSLATE_NOOP, translate
from detector_app.vision.detections import Detections
from detector_app.vision.palette import CASING_OPACITY, COLORS, text_color

CONTEXT = "GroundTruth"
LINE_PX, RING_PX, CROSS_PX = 2.0, 1.0, 11.0
Box = tuple[float, float, float, float]


class Kind(Enum):
    """What a mark says. Told apart by line and sign, and by colours that colour-blind eyes tell apart (the palette's first three)."""

    RIGHT = "right"
    """A solid box: a true positive."""
    WRONG = "wrong"
    """A solid box with a cross in its corner: a false positive."""
    MISSED = "missed"
    """A dashed box: a false negative."""
    OTHER = "other"
    """A thin dotted box: it does not count."""


_COLOURS = {Kind.RIGHT: COLORS[0], Kind.WRONG: COLORS[1], Kind.MISSED: COLORS[2], Kind.OTHER: (0x9A, 0xA4, 0xAF)}
_NAMES = {
    Kind.RIGHT: QT_TRANSLATE_NOOP("GroundTruth", "Right"),
    Kind.WRONG: QT_TRANSLATE_NOOP("GroundTruth", "Wrong"),
    Kind.MISSED: QT_TRANSLATE_NOOP("GroundTruth", "Missed"),
    Kind.OTHER: QT_TRANSLATE_NOOP("GroundTruth", "Not counted"),
}
_REASONS = {
    Stopped.NOTHING_THERE: QT_TRANSLATE_NOOP("GroundTruth", "no box comes near it"),
    Stopped.BELOW_SCORE: QT_TRANSLATE_NOOP("GroundTruth", "below the least score"),
    Stopped.TOO_LITTLE_OVERLAP: QT_TRANSLATE_NOOP("GroundTruth", "it overlaps too little"),
    Stopped.OTHER_CLASS: QT_TRANSLATE_NOOP("GroundTruth", "another class"),
    Stopped.TAKEN: QT_TRANSLATE_NOOP("GroundTruth", "it belongs to another object"),
    Stopped.SUPPRESSED: QT_TRANSLATE_NOOP("GroundTruth", "suppressed by a better box"),
    Stopped.NOT_CONSIDERED: QT_TRANSLATE_NOOP("GroundTruth", "too many better ones"),
}


@dataclass(frozen=True)
class Mark:
    """One box of a judged picture.

    Attributes:
        kind: what it says.
        xyxy: in pixels of the source frame.
        chip: its label; empty for none.
        story: what is to be said of it in one line.
        detection: index of the detection; −1 for an object.
        partner: the object that a detection has found; None without.
    """

    kind: Kind
    xyxy: Box
    chip: str
    story: str
    detection: int = -1
    partner: Box | None = None


def kind_name(kind: Kind) -> str:
    """In the present language."""
    return translate(CONTEXT, _NAMES[kind])


def kind_colour(kind: Kind) -> QColor:
    """The colour of boxes and swatches."""
    return QColor(*_COLOURS[kind])


def marks_of(
    detections: Detections, matching: Matching, misses: dict[int, Miss], truth_names: tuple[str, ...]
) -> tuple[Mark, ...]:
    """All marks of a picture.

    Args:
        detections: that were judged.
        matching: the judgement.
        misses: why an object was missed, by its row.
        truth_names: what each object is called by the truth.
    """
    found = [_of_detection(detections, i, matching) for i in range(len(detections))]
    missed = [_of_miss(row, miss, matching, truth_names, detections.class_names) for row, miss in misses.items()]
    others = [
        Mark(Kind.OTHER, _box(matching.truth_xyxy[row]), "", _not_counted(truth_names[row]))
        for row in range(len(truth_names))
        if not matching.counts[row]
    ]
    return (*found, *missed, *others)


def _of_detection(detections: Detections, i: int, matching: Matching) -> Mark:
    box, text, row = _box(detections.xyxy[i]), chip_text(detections, i), int(matching.truth_of[i])
    verdict = Verdict(int(matching.verdicts[i]))
    if verdict is Verdict.RIGHT:
        story = translate(CONTEXT, QT_TRANSLATE_NOOP("GroundTruth", "Right: {box}, IoU {iou} with the marked object"))
        story = story.format(box=text, iou=f"{matching.overlaps[i]:.2f}")
        return Mark(Kind.RIGHT, box, text, story, i, _box(matching.truth_xyxy[row]))
    if verdict is Verdict.WRONG:
        story = translate(CONTEXT, QT_TRANSLATE_NOOP("GroundTruth", "Wrong: {box}, no marked object fits it"))
        return Mark(Kind.WRONG, box, f"× {text}", story.format(box=text), i)
    return Mark(Kind.OTHER, box, text, _not_counted(text), i)


def _of_miss(row: int, miss: Miss, matching: Matching, truth_names: tuple[str, ...], classes: tuple[str, ...]) -> Mark:
    name, reason = truth_names[row], translate(CONTEXT, _REASONS[miss.stopped])
    chip = translate(CONTEXT, QT_TRANSLATE_NOOP("GroundTruth", "missed: {name}")).format(name=name)
    if miss.class_id < 0:
        story = translate(CONTEXT, QT_TRANSLATE_NOOP("GroundTruth", "Missed {name}: {reason}"))
        return Mark(Kind.MISSED, _box(matching.truth_xyxy[row]), chip, story.format(name=name, reason=reason))
    best = classes[miss.class_id] if miss.class_id < len(classes) else str(miss.class_id)
    story = translate(
        CONTEXT, QT_TRANSLATE_NOOP("GroundTruth", "Missed {name} — best box: {best} {score}, IoU {iou}: {reason}")
    )
    filled = story.format(name=name, best=best, score=_cut(miss.score), iou=_cut(miss.iou), reason=reason)
    return Mark(Kind.MISSED, _box(matching.truth_xyxy[row]), chip, filled)


def _cut(share: float) -> str:
    """Two decimals, not rounded up: what lies below a threshold must not look as if it reached it."""
    return f"{int(100 * share + 1e-6) / 100:.2f}"


def _not_counted(name: str) -> str:
    return translate(CONTEXT, QT_TRANSLATE_NOOP("GroundTruth", "{name}: does not count")).format(name=name)


def _box(row: object) -> Box:
    left, top, right, bottom = (float(edge) for edge in row)  # type: ignore[attr-defined]
    return left, top, right, bottom


def paint_mark(painter: QPainter, rect: QRectF, kind: Kind) -> None:
    """Paint the box of a mark around ``rect``; also in a legend."""
    colour = kind_colour(kind)
    casing = QColor(*text_color(_COLOURS[kind]))
    casing.setAlphaF(CASING_OPACITY)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    thin = kind is Kind.OTHER
    width = RING_PX if thin else LINE_PX
    if not thin:
        painter.setPen(sharp_pen(casing, width + 2 * RING_PX))
        painter.drawRect(rect)
    painter.setPen(_line_of(kind, colour, width))
    painter.drawRect(rect)
    if kind is Kind.WRONG:
        _paint_cross(painter, rect, colour, casing)


def sharp_pen(colour: QColor, width_px: float) -> QPen:
    """A pen whose corners are not rounded."""
    pen = QPen(colour, width_px)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    return pen


def _line_of(kind: Kind, colour: QColor, width: float) -> QPen:
    pen = sharp_pen(colour, width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if kind is Kind.MISSED:
        pen.setDashPattern([3.0, 2.0])
    elif kind is Kind.OTHER:
        pen.setDashPattern([2.0, 2.0])
    return pen


def _paint_cross(painter: QPainter, rect: QRectF, colour: QColor, casing: QColor) -> None:
    """A square with a cross in the right upper corner, never larger than the box."""
    side = min(CROSS_PX, rect.width(), rect.height())
    corner = QRectF(rect.right() - side, rect.top(), side, side)
    painter.fillRect(corner, colour)
    casing.setAlphaF(1.0)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(QPen(casing, 1.5))
    inner = corner.adjusted(side / 4, side / 4, -side / 4, -side / 4)
    painter.drawLine(inner.topLeft(), inner.bottomRight())
    painter.drawLine(inner.topRight(), inner.bottomLeft())
