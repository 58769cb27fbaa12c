"""One map, large: the chosen unit's, or for a moment that of the unit under the pointer. The arrow keys move the activation."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from detector_app.ui.network.map_colours import map_pixmap
from detector_app.ui.network.probe import Probe
from detector_app.ui.theme import tokens_for

_WIDEST_PX, _TALLEST_PX = 168, 128
_ARROWS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class UnitMap(QWidget):
    """Follows a :class:`Probe`."""

    def __init__(self, probe: Probe, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._probe = probe
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.CrossCursor)
        probe.changed.connect(self._follow)
        probe.hoverChanged.connect(self.update)

    def sizeHint(self) -> QSize:
        """Of the map's aspect."""
        maps = self._probe.maps
        if maps is None:
            return QSize(_WIDEST_PX, _TALLEST_PX)
        factor = min(_WIDEST_PX / maps.layer.width, _TALLEST_PX / maps.layer.height)
        return QSize(max(24, round(maps.layer.width * factor)), max(24, round(maps.layer.height * factor)))

    def _follow(self) -> None:
        self.updateGeometry()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The map; the chosen cell has a frame."""
        maps, probe = self._probe.maps, self._probe
        painter, colours = QPainter(self), tokens_for(self.palette())
        whole = QRectF(self.rect())
        if maps is None:
            painter.fillRect(whole, QColor(colours.surface2))
            return
        unit = probe.hovered if probe.hovered >= 0 else probe.unit
        painter.drawPixmap(self.rect(), map_pixmap(maps.values[unit], probe.bounds[unit], probe.scaling))
        if unit == probe.unit:
            high, wide = whole.height() / maps.layer.height, whole.width() / maps.layer.width
            cell = QRectF(probe.column * wide, probe.row * high, wide, high).adjusted(-1, -1, 1, 1)
            for colour, width_px in ((QColor(0, 0, 0), 4), (QColor(255, 255, 255), 2)):
                painter.setPen(
                    QPen(colour, width_px, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.MiterJoin)
                )
                painter.drawRect(cell)
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours.accent), 2))
            painter.drawRect(whole.adjusted(1, 1, -1, -1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the activation under the pointer."""
        self._choose(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag it."""
        self._choose(event.position())

    def _choose(self, at: QPointF) -> None:
        maps = self._probe.maps
        if maps is not None:
            row = int(at.y() * maps.layer.height / self.height())
            self._probe.choose(self._probe.unit, row, int(at.x() * maps.layer.width / self.width()))

    def event(self, event: QEvent) -> bool:
        """Keep the arrows, which step through frames elsewhere."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _ARROWS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the activation."""
        step = _ARROWS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self._probe.move(*step)
