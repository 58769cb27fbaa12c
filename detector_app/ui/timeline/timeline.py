"""The strip: one row for each class, person or question, the playhead over all; a press goes there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from detector_app.ui.overlay import class_qcolor
from detector_app.ui.theme import GRID_PX, PADDING_PX, tabular, tokens_for
from detector_app.ui.time_text import clock
from detector_app.ui.timeline.strip_picture import HELD_S, held, held_visits, strip_picture
from detector_app.ui.timeline.strip_row import StripRow

ROWS, ROWS_OF_TALL, TALL_PX = 3, 6, 900
"""Rows in sight, in a window of some height twice as many; the wheel and the keys Up and Down bring the others."""
_MOST_WORDS = 8
ROW_PX = 16
NAME_PX = 88
REPAINT_MS = 67
_SCROLL_BAR_PX = 4
_NOTCH = 120


class Timeline(QWidget):
    """Rows of several owners, one under the other, in the order in which the owners came.

    Signals:
        seekRequested: seconds.
    """

    seekRequested = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._active = False
        self._duration_s, self._time_s = 1.0, 0.0
        self._owned: dict[str, tuple[StripRow, ...]] = {"found": ()}
        self._visited: NDArray[np.bool_] = np.zeros(1, np.bool_)
        self._first_row, self._in_sight = 0, ROWS
        self._turned, self._dragged = 0, False
        self._pictures: dict[str, QImage] = {}
        self._timer = QTimer(self, singleShot=True, interval=REPAINT_MS)
        self._timer.timeout.connect(self.update)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(self._in_sight * ROW_PX + GRID_PX)
        self._name()

    # --- what is shown ----------------------------------------------------------------------------------------------------

    def reset(self, duration_s: float | None) -> None:
        """Begin a file of ``duration_s`` seconds; None or 0: no file, nothing to show. All rows are gone."""
        self._active = bool(duration_s)
        self._duration_s, self._time_s = duration_s or 1.0, 0.0
        self._owned = {"found": ()}
        self._visited = np.zeros(1, np.bool_)
        self._first_row = 0
        self._forget_pictures()

    def set_rows(self, rows: Sequence[StripRow], visited: NDArray[np.bool_]) -> None:
        """Show what was found, and where frames were seen at all."""
        self._owned["found"] = tuple(rows)
        self._visited = visited
        self._forget_pictures()

    def set_extra_rows(self, owner: str, rows: Sequence[StripRow]) -> None:
        """Show rows of another ``owner`` below; none takes those of that owner away."""
        self._owned[owner] = tuple(rows)
        self._forget_pictures()

    def show_time(self, time_s: float) -> None:
        """Move the playhead."""
        self._time_s = time_s
        if not self._timer.isActive():
            self._timer.start()

    def fit_window(self, height_px: int) -> None:
        """Have more rows in sight where the window is tall; never because of what was found, so that nothing jumps."""
        in_sight = ROWS_OF_TALL if height_px >= TALL_PX else ROWS
        if in_sight != self._in_sight:
            self._in_sight = in_sight
            self.setFixedHeight(in_sight * ROW_PX + GRID_PX)
            self._forget_pictures()

    @property
    def rows(self) -> tuple[StripRow, ...]:
        """All rows, from top to bottom."""
        return tuple(row for rows in self._owned.values() for row in rows)

    @property
    def active(self) -> bool:
        """Whether there is a file."""
        return self._active

    @property
    def time_s(self) -> float:
        """Where the playhead is."""
        return self._time_s

    def event_from(self, time_s: float, direction: int) -> float | None:
        """The next event after ``time_s`` (direction 1) or the one before it (−1); None if there is none."""
        times = np.concatenate([row.event_times_s for row in self.rows] or [np.zeros(0)])
        near = 1e-3
        beyond = times[times > time_s + near] if direction > 0 else times[times < time_s - near]
        if not len(beyond):
            return None
        return float(beyond.min() if direction > 0 else beyond.max())

    def time_at(self, x: float) -> float:
        """Seconds at the widget's ``x`` in px, held within the file."""
        strip = self._strip()
        share = (x - strip.left()) / max(1, strip.width())
        return min(max(share, 0.0), 1.0) * self._duration_s

    def hint_at(self, x: float) -> str:
        """Time and what was found at the widget's ``x``, as the tooltip says them."""
        time_s = self.time_at(x)
        words = []
        for row in self.rows:
            at = min(len(row.values) - 1, int(time_s / self._duration_s * len(row.values)))
            if row.values[at] > 0:
                words.append(row.title if row.hint is None else f"{row.title} {row.hint[at]}")
        at = min(len(self._visited) - 1, int(time_s / self._duration_s * len(self._visited)))
        seen = held_visits(self._visited, self._bins_held(len(self._visited)))[at]
        if not words and not seen:
            words.append(self.tr("not seen yet"))
        more = ["…"] if len(words) > _MOST_WORDS else []
        return "  ".join([clock(time_s, like=self._duration_s), *words[:_MOST_WORDS], *more])

    def title_at(self, y: float) -> str:
        """What the row at the widget's ``y`` is called, without being cut off; empty where there is none."""
        number = self._first_row + int(y // ROW_PX)
        rows = self.rows
        return rows[number].title if 0 <= number < min(len(rows), self._first_row + self._in_sight) else ""

    # --- Qt's events ------------------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """The same height whatever was found."""
        return QSize(640, self._in_sight * ROW_PX + GRID_PX)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Paint the rows anew."""
        self._forget_pictures()
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Names, strips and playhead."""
        painter = QPainter(self)
        t = tokens_for(self.palette())
        painter.fillRect(event.rect(), QColor(t.surface1))
        if not self._active:
            return
        rows = self.rows
        for place in range(self._in_sight):
            number = self._first_row + place
            self._paint_row(painter, place, rows[number] if number < len(rows) else None)
        if len(rows) > self._in_sight:
            self._paint_scroll_bar(painter, len(rows))
        x = self._strip().left() + self._time_s / self._duration_s * self._strip().width()
        painter.fillRect(QRectF(x - 0.5, 0, 1, self.height() - GRID_PX / 2), QColor(t.accent))
        if self.hasFocus():
            painter.setPen(QColor(t.accent))
            painter.drawRect(self._strip().adjusted(-1, 0, 0, 0))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Bring other rows into sight."""
        self._turned += event.angleDelta().y()
        rows, self._turned = int(self._turned / _NOTCH), self._turned - int(self._turned / _NOTCH) * _NOTCH
        self._scroll_by(-rows)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down bring other rows into sight; all else is the window's."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self._scroll_by(step)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go there; beside the strip, with the names, nothing."""
        self._dragged = event.position().x() >= self._strip().left() - GRID_PX
        if self._active and self._dragged and event.button() == Qt.MouseButton.LeftButton:
            self.seekRequested.emit(self.time_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the playhead, or say what is under the pointer."""
        if not self._active:
            return
        if self._dragged and event.buttons() & Qt.MouseButton.LeftButton:
            self.seekRequested.emit(self.time_at(event.position().x()))
        if event.position().x() >= self._strip().left():
            corner = event.globalPosition().toPoint() - QPoint(36, 52)
            QToolTip.showText(corner, self.hint_at(event.position().x()), self)
        else:
            QToolTip.showText(event.globalPosition().toPoint(), self.title_at(event.position().y()), self)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus."""
        self.update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show the focus no more."""
        self.update()
        super().focusOutEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Speak the new language, and take the new colours."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._forget_pictures()
        super().changeEvent(event)

    # --- inside -----------------------------------------------------------------------------------------------------------

    def _name(self) -> None:
        self.setAccessibleName(self.tr("Timeline"))
        self.setAccessibleDescription(self.tr("What was found when; a press goes there, the wheel brings other rows"))

    def _forget_pictures(self) -> None:
        self._pictures = {}
        self._first_row = min(self._first_row, max(0, len(self.rows) - self._in_sight))
        if not self._timer.isActive():
            self._timer.start()

    def _scroll_by(self, rows: int) -> None:
        first = min(max(0, self._first_row + rows), max(0, len(self.rows) - self._in_sight))
        if first != self._first_row:
            self._first_row = first
            self.update()

    def _bins_held(self, bins: int) -> int:
        return max(1, round(HELD_S * bins / self._duration_s))

    def _strip(self) -> QRect:
        left = PADDING_PX + NAME_PX + GRID_PX
        return QRect(left, 0, max(1, self.width() - left - PADDING_PX), self._in_sight * ROW_PX)

    def _paint_row(self, painter: QPainter, place: int, row: StripRow | None) -> None:
        t = tokens_for(self.palette())
        strip = self._strip()
        area = QRect(strip.left(), place * ROW_PX + 2, strip.width(), ROW_PX - 4)
        painter.fillRect(area, QColor(t.surface2))
        painter.drawImage(area, self._picture(row, area.size() * painter.device().devicePixelRatio(), QColor(t.line)))
        if row is None:
            return
        font = tabular(self.font())
        painter.setFont(font)
        painter.setPen(QColor(t.muted))
        text = QFontMetrics(font).elidedText(row.title, Qt.TextElideMode.ElideRight, NAME_PX)
        box = QRect(PADDING_PX, place * ROW_PX, NAME_PX, ROW_PX)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)

    def _picture(self, row: StripRow | None, size: QSize, base: QColor) -> QImage:
        """The row's strip, made once until something changes."""
        key = "" if row is None else row.key
        if key not in self._pictures:
            visits = held_visits(self._visited, self._bins_held(len(self._visited)))
            values, colour = np.zeros(1, np.float32), base
            if row is not None:
                values, colour = row.values, class_qcolor(row.colour_name)
                if len(values) == len(self._visited):
                    values = held(values, self._visited, self._bins_held(len(values)))
            self._pictures[key] = strip_picture(values, visits, size, colour, base)
        return self._pictures[key]

    def _paint_scroll_bar(self, painter: QPainter, count: int) -> None:
        height = self._in_sight * ROW_PX
        top, length = height * self._first_row / count, height * self._in_sight / count
        left = self.width() - PADDING_PX / 2 - _SCROLL_BAR_PX / 2
        painter.fillRect(QRectF(left, top, _SCROLL_BAR_PX, length), QColor(tokens_for(self.palette()).muted))
