"""One candidate near the point: what it is, what stopped it, and the button that shows it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QWidget

from detector_app.pipelines.pipeline import DetectSettings
from detector_app.ui.inspector.answers import Answer, change_text, reason_text, score_text
from detector_app.ui.inspector.inspection import Inspection
from detector_app.ui.swatch import SWATCH_PX, swatch
from detector_app.ui.theme import CORNER_PX, GRID_PX, tabular, tokens_for


class AnswerRow(QWidget):
    """Hovered or focused it lifts its box in the picture; Enter, or its button, makes the smallest change.

    Signals:
        changeRequested: the ``Answer`` that is shown.
    """

    changeRequested = Signal(object)

    def __init__(self, inspection: Inspection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inspection = inspection
        self.answer: Answer | None = None
        self._swatch, self.name, self.reason, self.change = QLabel(), QLabel(), QLabel(), QLabel()
        self.button = QPushButton()
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.button.clicked.connect(self._request)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._arrange()
        self._say()
        inspection.focusChanged.connect(self.update)

    def show_answer(self, answer: Answer | None, settings: DetectSettings) -> None:
        """Show ``answer``; None shows nothing."""
        self.answer = answer
        self.setVisible(answer is not None)
        if answer is None:
            return
        reason, change = reason_text(answer), change_text(answer, settings)
        self._swatch.setPixmap(swatch(answer.name).pixmap(QSize(SWATCH_PX, SWATCH_PX)))
        self.name.setText(f"#{answer.reason.row} {answer.name} {score_text(answer.score)}")
        self.reason.setText(reason)
        self.change.setText(change)
        self.change.setVisible(bool(change))
        self.button.setVisible(answer.reason.change is not None)
        self.button.setToolTip(change)
        self.setAccessibleName(f"{self.name.text()}: {reason}. {change}")

    def _request(self) -> None:
        if self.answer is not None and self.answer.reason.change is not None:
            self.changeRequested.emit(self.answer)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Lift its box."""
        self._inspection.hover(None if self.answer is None else self.answer.mark)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Let go."""
        self._inspection.hover(None)
        super().leaveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Lift its box, by keyboard."""
        self._inspection.hover(None if self.answer is None else self.answer.mark)
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Let go."""
        self._inspection.hover(None)
        super().focusOutEvent(event)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select its box."""
        if event.button() == Qt.MouseButton.LeftButton and self.answer is not None:
            self._inspection.pin(self.answer.mark)
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter makes the change."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._request()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A plate under what is lifted, a ring around what has the focus."""
        t = tokens_for(self.palette())
        mark = None if self.answer is None else self.answer.mark
        lifted = mark is not None and mark == self._inspection.focus
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(t.accent) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(
            QColor(t.selection if mark == self._inspection.pinned else t.surface2) if lifted else Qt.BrushStyle.NoBrush
        )
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), CORNER_PX, CORNER_PX)

    def changeEvent(self, event: QEvent) -> None:
        """Speak the new language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)

    def _arrange(self) -> None:
        self.name.setFont(tabular(self.font()))
        self.name.setProperty("role", "strong")
        for label in (self.reason, self.change):
            label.setWordWrap(True)
            label.setFont(tabular(self.font()))
        self.reason.setProperty("role", "muted")
        grid = QGridLayout(self)
        grid.setContentsMargins(GRID_PX, GRID_PX // 2, GRID_PX // 2, GRID_PX // 2)
        grid.setHorizontalSpacing(GRID_PX)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self._swatch, 0, 0)
        grid.addWidget(self.name, 0, 1)
        grid.addWidget(self.button, 0, 2)
        grid.addWidget(self.reason, 1, 1, 1, 2)
        grid.addWidget(self.change, 2, 1, 1, 2)

    def _say(self) -> None:
        self.button.setText(self.tr("Show it"))
