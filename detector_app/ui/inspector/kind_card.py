"""A small picture of the frame under one kind of suppression; pressed it is shown large."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from detector_app.ui.inspector.brushwork import casing, rects
from detector_app.ui.overlay import class_qcolor
from detector_app.ui.theme import CORNER_PX, GRID_PX, tabular, tokens_for
from detector_app.vision.detections import Detections

THUMB = QSize(132, 84)


class _Thumb(QWidget):
    """The frame, small, with boxes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._scale = 1.0
        self._boxes: Detections | None = None
        self.setFixedSize(THUMB)

    def show_boxes(self, image: QImage, scale: float, boxes: Detections) -> None:
        """Show ``boxes`` over ``image``, which is the frame made ``scale`` times as large."""
        self._image, self._scale, self._boxes = image, scale, boxes
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Frame and boxes, in the middle."""
        painter = QPainter(self)
        left = (self.width() - self._image.deviceIndependentSize().width()) / 2
        top = (self.height() - self._image.deviceIndependentSize().height()) / 2
        painter.translate(left, top)
        painter.drawImage(0, 0, self._image)
        if self._boxes is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for i, box in enumerate(rects(self._boxes.xyxy * self._scale)):
            colour = class_qcolor(self._boxes.name(i))
            for pen in (QPen(casing(colour), 3.5), QPen(colour, 1.5)):
                pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
                painter.setPen(pen)
                painter.drawRect(box)


class KindCard(QWidget):
    """Picture, name, count and what the kind does.

    Signals:
        pressed: a person wants it large, or small again.
    """

    pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.thumb, self.name, self.count, self.hint = _Thumb(), QLabel(), QLabel(), QLabel()
        self._chosen = False
        self.boxes: Detections | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.name.setProperty("role", "strong")
        self.count.setFont(tabular(self.font()))
        self.hint.setProperty("role", "muted")
        for label in (self.name, self.hint):
            label.setWordWrap(True)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        grid = QGridLayout(self)
        grid.setContentsMargins(GRID_PX // 2, GRID_PX // 2, GRID_PX // 2, GRID_PX // 2)
        grid.setHorizontalSpacing(GRID_PX)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(3, 1)
        grid.addWidget(self.thumb, 0, 0, 4, 1)
        for row, label in enumerate((self.name, self.count, self.hint)):
            grid.addWidget(label, row, 1)

    def show_boxes(self, image: QImage, scale: float, boxes: Detections, count: str) -> None:
        """Show what is left under this kind."""
        self.boxes = boxes
        self.thumb.show_boxes(image, scale, boxes)
        self.count.setText(count)
        self.setAccessibleDescription(count)

    def say(self, name: str, hint: str) -> None:
        """Set its words."""
        self.name.setText(name)
        self.hint.setText(hint)
        self.setAccessibleName(name)

    @property
    def chosen(self) -> bool:
        """Whether it is shown large."""
        return self._chosen

    def set_chosen(self, chosen: bool) -> None:
        """Look as if shown large, or not."""
        self._chosen = chosen
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click is a press."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.pressed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """So are Enter and Space."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pressed.emit()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Space presses here; it does not play."""
        asked = event.type() == QEvent.Type.ShortcutOverride
        if asked and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space:
            event.accept()
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the ring."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A plate under what is chosen or under the pointer, a ring around what has the focus."""
        t = tokens_for(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(t.accent) if self.hasFocus() else Qt.PenStyle.NoPen)
        back = t.selection if self._chosen else t.surface2 if self.underMouse() else ""
        painter.setBrush(QColor(back) if back else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), CORNER_PX, CORNER_PX)
