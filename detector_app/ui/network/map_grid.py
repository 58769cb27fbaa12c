"""All maps of a layer side by side. Only those in sight are coloured and painted, however many there are."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from detector_app.ui.network.map_colours import map_pixmap
from detector_app.ui.network.probe import Probe
from detector_app.ui.theme import GRID_PX, tabular, tokens_for

TILE_PX = 72
"""Width of a map at least."""
_GAP_PX, _MARGIN_PX = 6, 3
_MOST_TALL = 1.6
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
    Qt.Key.Key_PageUp: (0, -4),
    Qt.Key.Key_PageDown: (0, 4),
}


class MapGrid(QAbstractScrollArea):
    """Follows a :class:`Probe`. A click chooses an activation, the arrow keys a unit.

    Signals:
        opened: Enter, or a double click: the chosen unit is to be looked at more closely.
    """

    opened = Signal()

    def __init__(self, probe: Probe, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._probe = probe
        self._chosen = ("", -1, False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.setMinimumHeight(TILE_PX + 2 * GRID_PX)
        probe.changed.connect(self._follow)
        probe.hoverChanged.connect(self.viewport().update)

    def sizeHint(self) -> QSize:
        """Some rows."""
        return QSize(4 * (TILE_PX + _GAP_PX), 4 * (TILE_PX + _GAP_PX))

    # --- where things are -------------------------------------------------------------------------------------------------

    @property
    def columns(self) -> int:
        """Maps beside each other."""
        return max(1, (self.viewport().width() - 2 * _MARGIN_PX) // (TILE_PX + _GAP_PX))

    def tile(self, place: int) -> QRect:
        """The map at ``place`` of the order, in the viewport."""
        size, columns = self._tile_size(), self.columns
        left = _MARGIN_PX + place % columns * (size.width() + _GAP_PX)
        top = _MARGIN_PX + place // columns * (size.height() + _GAP_PX) - self.verticalScrollBar().value()
        return QRect(left, top, size.width(), size.height())

    def unit_at(self, at: QPointF) -> tuple[int, float, float] | None:
        """The unit at a point of the viewport, and where in its map: parts of its height and width."""
        size, columns = self._tile_size(), self.columns
        column = int((at.x() - _MARGIN_PX) // (size.width() + _GAP_PX))
        row = int((at.y() - _MARGIN_PX + self.verticalScrollBar().value()) // (size.height() + _GAP_PX))
        place = row * columns + column
        if not (0 <= column < columns and 0 <= place < len(self._probe.order)):
            return None
        where = QRectF(self.tile(place))
        x, y = (at.x() - where.left()) / where.width(), (at.y() - where.top()) / where.height()
        return (self._probe.order[place], y, x) if 0 <= x < 1 and 0 <= y < 1 else None

    def _tile_size(self) -> QSize:
        columns = self.columns
        width = (self.viewport().width() - 2 * _MARGIN_PX - (columns - 1) * _GAP_PX) // columns
        maps = self._probe.maps
        aspect = 1.0 if maps is None else maps.layer.height / maps.layer.width
        return QSize(max(8, width), max(12, round(width * min(aspect, _MOST_TALL))))

    # --- following --------------------------------------------------------------------------------------------------------

    def _follow(self) -> None:
        self._fit_bar()
        maps, probe = self._probe.maps, self._probe
        chosen = (maps.layer.tensor if maps is not None else "", probe.unit, probe.by_strength)
        if chosen != self._chosen:
            self._chosen = chosen
            self.show_chosen()
        self.setAccessibleDescription(self.tr("Unit {number}").format(number=self._probe.unit))
        self.viewport().update()

    def _fit_bar(self) -> None:
        bar, step = self.verticalScrollBar(), self._tile_size().height() + _GAP_PX
        rows = -(-len(self._probe.order) // self.columns)
        bar.setRange(0, max(0, rows * step - _GAP_PX + 2 * _MARGIN_PX - self.viewport().height()))
        bar.setSingleStep(step)
        bar.setPageStep(self.viewport().height())

    def show_chosen(self) -> None:
        """Scroll to the chosen unit."""
        if self._probe.unit in self._probe.order:
            where, bar = self.tile(self._probe.order.index(self._probe.unit)), self.verticalScrollBar()
            if where.top() < 0:
                bar.setValue(bar.value() + where.top() - _MARGIN_PX)
            elif where.bottom() > self.viewport().height():
                bar.setValue(bar.value() + where.bottom() - self.viewport().height() + _MARGIN_PX)

    # --- painting ---------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """The maps in sight."""
        painter = QPainter(self.viewport())
        maps, probe, colours = self._probe.maps, self._probe, tokens_for(self.palette())
        if maps is None:
            return
        font = tabular(self.font())
        font.setPointSizeF(font.pointSizeF() * 0.8)
        painter.setFont(font)
        height = self.viewport().height()
        step, columns = self._tile_size().height() + _GAP_PX, self.columns
        first = self.verticalScrollBar().value() // step * columns
        for place in range(first, min(len(probe.order), first + (height // step + 2) * columns)):
            unit, where = probe.order[place], self.tile(place)
            painter.drawPixmap(where, map_pixmap(maps.values[unit], probe.bounds[unit], probe.scaling))
            self._paint_number(painter, where, str(unit))
            if unit == probe.unit:
                self._frame(painter, where, colours.accent, 3)
                if self.hasFocus():
                    painter.setPen(QPen(QColor(255, 255, 255), 1, Qt.PenStyle.DotLine))
                    painter.drawRect(where.adjusted(2, 2, -3, -3))
            elif unit == probe.hovered:
                self._frame(painter, where, colours.text, 1)

    @staticmethod
    def _paint_number(painter: QPainter, where: QRect, text: str) -> None:
        metrics = painter.fontMetrics()
        plate = QRect(where.left(), where.top(), metrics.horizontalAdvance(text) + 6, metrics.height())
        painter.fillRect(plate, QColor(0, 0, 0, 150))
        painter.setPen(QColor(255, 255, 255))
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)

    @staticmethod
    def _frame(painter: QPainter, where: QRect, colour: str, width_px: int) -> None:
        pen = QPen(QColor(colour), width_px)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.drawRect(QRectF(where).adjusted(-1.5, -1.5, 1.5, 1.5))

    # --- mouse and keys ---------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose what is under the pointer."""
        hit, maps = self.unit_at(event.position()), self._probe.maps
        if hit is not None and maps is not None and event.button() is Qt.MouseButton.LeftButton:
            unit, y, x = hit
            self._probe.choose(unit, int(y * maps.layer.height), int(x * maps.layer.width))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the unit."""
        if self.unit_at(event.position()) is not None:
            self.opened.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Lift what is under the pointer."""
        hit = self.unit_at(event.position())
        self._probe.hover(-1 if hit is None else hit[0])

    def viewportEvent(self, event: QEvent) -> bool:
        """Nothing is lifted when the pointer has left."""
        if event.type() == QEvent.Type.Leave:
            self._probe.hover(-1)
        return super().viewportEvent(event)

    def event(self, event: QEvent) -> bool:
        """Keep the arrows, which step through frames elsewhere."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _ARROWS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Another unit, or open this one."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        elif event.key() in _ARROWS:
            beside, below = _ARROWS[Qt.Key(event.key())]
            self._probe.choose_beside(beside + below * self.columns)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Other columns; the chosen map stays in sight."""
        super().resizeEvent(event)
        self._fit_bar()
        self.show_chosen()

    def focusInEvent(self, event: QEvent) -> None:
        """Show the focus."""
        self.viewport().update()

    def focusOutEvent(self, event: QEvent) -> None:
        """Show that it has left."""
        self.viewport().update()
