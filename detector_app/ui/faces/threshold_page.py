"""How alike is the same? The user's own enrolments as a picture, the threshold in it, and what it costs, in words."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QLocale, Qt, QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from detector_app.faces.attendant import FaceAttendant
from detector_app.faces.threshold import (
    UNMEASURED,
    Histograms,
    Pairs,
    Suggestion,
    error_rates,
    histograms,
    pairs_of,
    suggest,
)
from detector_app.ui.faces.errand import while_alive
from detector_app.ui.faces.pair_style import GENUINE, IMPOSTOR, Swatch
from detector_app.ui.faces.service import FaceService
from detector_app.ui.faces.threshold_plot import ThresholdPlot
from detector_app.ui.theme import GRID_PX, PADDING_PX, tabular
from detector_app.ui.translation import translate

STORE_AFTER_MS = 400
"""After the last change by the keyboard; the line is stored when it is let go."""


@dataclass(frozen=True, eq=False)
class Known:
    """What the page shows.

    Attributes:
        pairs: of the enrolled pictures.
        bars: their histograms.
        suggestion: from them, or the model's own.
        own: the model's threshold by its card, or None.
        used: the threshold in force.
        chosen: whether a person has set it.
        embedder: the model's name.
    """

    pairs: Pairs
    bars: Histograms
    suggestion: Suggestion
    own: float | None
    used: float
    chosen: bool
    embedder: str


class ThresholdPage(QWidget):
    """The plot with its legend, the threshold as a field and two buttons. A change counts at once."""

    def __init__(self, service: FaceService, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._service = service
        self._known: Known | None = None
        self._threshold = 0.0
        self._intro = QLabel(wordWrap=True)
        self._intro.setProperty("role", "muted")
        self._legend = [QLabel(), QLabel()]
        self.plot = ThresholdPlot()
        self.words = QLabel(wordWrap=True)
        self._caption = QLabel()
        self.field = _field()
        self._caption.setBuddy(self.field)
        self.suggested_button, self.own_button = QPushButton(), QPushButton()
        self._origin = QLabel()
        self._origin.setProperty("role", "muted")
        self._timer = QTimer(self, singleShot=True, interval=STORE_AFTER_MS)
        self._lay_out()
        self._connect()
        self._retranslate()
        self._load()

    @property
    def known(self) -> Known | None:
        """What is shown, once it is there."""
        return self._known

    def hideEvent(self, event: QHideEvent) -> None:
        """A change that waits is stored at once."""
        if self._timer.isActive():
            self._timer.stop()
            self._store(self.field.value())
        super().hideEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _load(self) -> None:
        self._service.do(_look, while_alive(self, self._show))

    def _show(self, known: Known) -> None:
        before, self._known = self._known, known
        if before is None or not _equal(before.pairs, known.pairs):
            self.plot.show_bars(known.bars)
        if not self._timer.isActive() and not self.plot.dragging:
            self._show_threshold(known.used)
        self._retranslate()

    def _show_threshold(self, threshold: float) -> None:
        self.plot.show_threshold(threshold)
        self.field.blockSignals(True)
        self.field.setValue(threshold)
        self.field.blockSignals(False)
        self._say(threshold)

    def _store(self, threshold: float | None) -> None:
        self._service.do(lambda attendant: attendant.set_threshold(threshold), lambda _: None, changes=True)

    def _follow_line(self, threshold: float) -> None:
        self.field.blockSignals(True)
        self.field.setValue(threshold)
        self.field.blockSignals(False)
        self._say(threshold)

    def _follow_field(self, threshold: float) -> None:
        self.plot.show_threshold(threshold)
        self._say(threshold)
        self._timer.start()

    def _take(self, threshold: float | None, shown: float) -> None:
        self._timer.stop()
        self._show_threshold(shown)
        self._store(threshold)

    def _take_suggested(self) -> None:
        if self._known is not None:
            found = round(self._known.suggestion.threshold, 3)
            self._take(found, found)

    def _take_own(self) -> None:
        if self._known is not None:
            self._take(None, _own(self._known))

    # --- words ------------------------------------------------------------------------------------------------------------

    def _say(self, threshold: float) -> None:
        """What the threshold costs, counted in the pairs that there are. The field may show fewer figures than it has."""
        self._threshold = threshold
        pairs = self._known.pairs if self._known is not None else None
        if pairs is None or not (len(pairs.genuine) or len(pairs.impostor)):
            text = self.tr("Enrol two people, each with several pictures, to see how far apart they are.")
        else:
            parts = error_rates(pairs, threshold)
            missed, confused = (
                0 if math.isnan(part) else round(part * len(found))
                for part, found in zip(parts, (pairs.genuine, pairs.impostor), strict=True)
            )
            text = self.tr(
                "{missed} of {genuine} pairs of one person would be missed, "
                "{confused} of {impostor} pairs of two people confused."
            ).format(missed=missed, genuine=len(pairs.genuine), confused=confused, impostor=len(pairs.impostor))
        self.words.setText(text)
        self.plot.setAccessibleDescription(text)

    def _retranslate(self) -> None:
        self._intro.setText(
            self.tr(
                "Left of the line, two faces count as one person. Where both hills overlap, mistakes happen: "
                "further left more faces stay unknown, further right more are taken for somebody else."
            )
        )
        self._caption.setText(self.tr("Threshold"))
        for widget in (self.field, self.plot):
            widget.setAccessibleName(self.tr("Threshold"))
        self.plot.setToolTip(self.tr("Drag the line"))
        self.plot.say(self.tr("Distance"))
        known = self._known
        if known is None:
            return
        self._legend[0].setText(self.tr("Two pictures of one person: {count}").format(count=len(known.pairs.genuine)))
        self._legend[1].setText(self.tr("Pictures of two people: {count}").format(count=len(known.pairs.impostor)))
        self.suggested_button.setText(self.tr("Suggested: {value}").format(value=f"{known.suggestion.threshold:.2f}"))
        self.suggested_button.setEnabled(known.pairs.enough)
        origin = translate("errors", known.suggestion.origin)
        self.suggested_button.setToolTip(origin)
        self._origin.setText("" if known.pairs.enough else self.tr("Suggested: {origin}").format(origin=origin))
        self.own_button.setText(self.tr("Model's own: {value}").format(value=f"{_own(known):.2f}"))
        self.own_button.setToolTip(self.tr("As {name} says of itself").format(name=known.embedder))
        self.own_button.setEnabled(known.chosen)
        self._say(self._threshold)

    # --- inside -----------------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        self.plot.moved.connect(self._follow_line)
        self.plot.released.connect(lambda threshold: self._take(threshold, threshold))
        self.field.valueChanged.connect(self._follow_field)
        self._timer.timeout.connect(lambda: self._store(self.field.value()))
        self.suggested_button.clicked.connect(self._take_suggested)
        self.own_button.clicked.connect(self._take_own)
        self._service.changed.connect(self._load)

    def _lay_out(self) -> None:
        legend = QHBoxLayout()
        legend.setSpacing(GRID_PX)
        for style, label in zip((GENUINE, IMPOSTOR), self._legend, strict=True):
            label.setFont(tabular(label.font()))
            legend.addWidget(Swatch(style))
            legend.addWidget(label)
            legend.addSpacing(2 * GRID_PX)
        legend.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(GRID_PX)
        for button in (self.suggested_button, self.own_button):
            button.setAutoDefault(False)
        for widget in (self._caption, self.field, self.suggested_button, self.own_button):
            row.addWidget(widget)
        row.addWidget(self._origin, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, PADDING_PX, 0, 0)
        column.setSpacing(PADDING_PX)
        column.addWidget(self._intro)
        column.addLayout(legend)
        column.addWidget(self.plot, 1)
        column.addWidget(self.words)
        column.addLayout(row)


def _look(attendant: FaceAttendant) -> Known:
    """Pairs grow with the square of the pictures, so they are counted in the background."""
    snapshot, own = attendant.recogniser.snapshot, attendant.embedder.threshold
    pairs = pairs_of(snapshot)
    return Known(
        pairs,
        histograms(pairs),
        suggest(snapshot, own, pairs),
        own,
        attendant.recogniser.threshold,
        snapshot.threshold is not None,
        attendant.embedder.name,
    )


def _own(known: Known) -> float:
    return UNMEASURED if known.own is None else known.own


def _equal(first: Pairs, second: Pairs) -> bool:
    return all(
        a.shape == b.shape and bool((a == b).all())
        for a, b in ((first.genuine, second.genuine), (first.impostor, second.impostor))
    )


def _field() -> QDoubleSpinBox:
    field = QDoubleSpinBox(minimum=0.0, maximum=2.0, decimals=3, singleStep=0.01)
    field.setLocale(QLocale.c())  # as all distances are written
    field.setKeyboardTracking(False)
    field.setAlignment(Qt.AlignmentFlag.AlignRight)
    field.setFont(tabular(field.font()))
    field.setFixedWidth(96)
    return field
