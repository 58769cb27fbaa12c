"""Three kinds of suppression beside each other, on the same candidates and thresholds."""

from __future__ import annotations

import cv2
import numpy as np
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QHideEvent, QImage, QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from detector_app.ui.inspector.inspection import Inspection
from detector_app.ui.inspector.kind_card import THUMB, KindCard
from detector_app.ui.inspector.kinds import WORDS, boxes_under, compared, kind_of_model
from detector_app.ui.inspector.words import say
from detector_app.ui.theme import GRID_PX
from detector_app.ui.value_slider import Span, ValueSlider
from detector_app.vision.detections import Detections
from detector_app.vision.frame import BgrImage
from detector_app.vision.suppression import SIGMA, Kind
from detector_app.vision.trace import Trace

_SOFT = (Kind.SOFT_LINEAR, Kind.SOFT_GAUSSIAN)
_SIGMAS = Span(0.05, 1.0)


class KindsPage(QWidget):
    """Follows an :class:`Inspection` while it is seen.

    Signals:
        chosen: the ``Detections`` that are to be shown large, None for those of the model.
    """

    chosen = Signal(object)

    def __init__(self, inspection: Inspection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inspection = inspection
        self.note = QLabel()
        self.cards = (KindCard(), KindCard(), KindCard())
        self.method, self.sigma = QComboBox(), ValueSlider(span=_SIGMAS)
        self.sigma.default = SIGMA
        self.sigma.set_value(SIGMA)
        self._arrange()
        for card in self.cards:
            card.pressed.connect(lambda card=card: self._press(card))
        self.method.currentIndexChanged.connect(self._change_method)
        self.sigma.changed.connect(lambda _value: self.follow())
        self._say()

    @property
    def kinds(self) -> tuple[Kind, Kind, Kind]:
        """Which kinds the cards show."""
        return Kind.PER_CLASS, Kind.AGNOSTIC, _SOFT[max(0, self.method.currentIndex())]

    def follow(self) -> None:
        """Show what is inspected now."""
        if not self.isVisible():
            return
        result, trace = self._inspection.result, self._inspection.trace
        able = compared(trace)
        for card in self.cards:
            card.setVisible(able)
        self._show_note(trace, able=able)
        if result is None or trace is None or not able:
            self.chosen.emit(None)
            return
        image, scale = _small(result.frame.image_bgr, self.devicePixelRatioF())
        own = kind_of_model(trace)
        for kind, card in zip(self.kinds, self.cards, strict=True):
            boxes = boxes_under(kind, trace, self.sigma.value)
            card.show_boxes(image, scale, boxes, self._count(len(boxes), own=kind is own))
        self.chosen.emit(self._large())

    def _large(self) -> Detections | None:
        return next((card.boxes for card in self.cards if card.chosen), None)

    def _count(self, count: int, *, own: bool) -> str:
        text = self.tr("1 box") if count == 1 else self.tr("{count} boxes").format(count=count)
        return self.tr("{boxes} · as now").format(boxes=text) if own else text

    def _press(self, pressed: KindCard) -> None:
        for card in self.cards:
            card.set_chosen(card is pressed and not card.chosen)
        self.chosen.emit(self._large())

    def _change_method(self, method: int) -> None:
        self.sigma.setVisible(_SOFT[method] is Kind.SOFT_GAUSSIAN)
        self._name_cards()
        self.follow()

    def _show_note(self, trace: Trace | None, *, able: bool) -> None:
        text = ""
        if not able:
            text = self.tr("This model suppresses inside itself; its candidates are not known.")
        elif trace is not None and trace.last.rules.by_smaller_area:
            text = self.tr(
                "This model measures overlap by the smaller of two boxes; here it is measured by their union."
            )
        self.note.setText(text)
        self.note.setVisible(bool(text))

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened meanwhile."""
        super().showEvent(event)
        self.follow()

    def hideEvent(self, event: QHideEvent) -> None:
        """Whoever looks at something else sees the model's own boxes."""
        super().hideEvent(event)
        self.chosen.emit(None)

    def changeEvent(self, event: QEvent) -> None:
        """Speak the new language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
            self.follow()
        super().changeEvent(event)

    def _arrange(self) -> None:
        self.note.setWordWrap(True)
        self.note.setProperty("role", "muted")
        self.method.addItems([""] * len(_SOFT))
        self.sigma.setVisible(False)
        self.sigma.name.setMinimumWidth(0)
        body = QWidget()
        inner = QVBoxLayout(body)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(GRID_PX // 2)
        inner.addWidget(self.note)
        for card in self.cards:
            inner.addWidget(card)
        soft = QHBoxLayout()
        soft.setSpacing(GRID_PX)
        soft.addWidget(self.method)
        soft.addWidget(self.sigma, 1)
        inner.addLayout(soft)
        inner.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(body)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GRID_PX // 2, 0, 0)
        column.addWidget(scroll)

    def _say(self) -> None:
        for i, kind in enumerate(_SOFT):
            self.method.setItemText(i, say(WORDS[kind][0]))
        self.method.setAccessibleName(self.tr("Kind of soft suppression"))
        self.sigma.say("σ", self.tr("How gently the gaussian weakens neighbours; double-click for the paper's 0.50"))
        self._name_cards()

    def _name_cards(self) -> None:
        for kind, card in zip(self.kinds, self.cards, strict=True):
            card.say(*(say(text) for text in WORDS[kind]))


def _small(image_bgr: BgrImage, ratio: float) -> tuple[QImage, float]:
    """The frame as large as a card shows it, and how many times as large as the frame that is (in widget pixels)."""
    height, width = image_bgr.shape[:2]
    scale = min(THUMB.width() / width, THUMB.height() / height)
    size = (max(1, round(width * scale * ratio)), max(1, round(height * scale * ratio)))
    small = np.ascontiguousarray(cv2.resize(image_bgr, size, interpolation=cv2.INTER_AREA))
    image = QImage(small.data, size[0], size[1], 3 * size[0], QImage.Format.Format_BGR888).copy()
    image.setDevicePixelRatio(ratio)
    return image, scale
