"""What was found when: one strip per class over the time of a file; of a classifier, which class was the best."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFontMetrics, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from detector_app.ui.overlay import class_qcolor
from detector_app.ui.theme import GRID_PX, PADDING_PX, tabular, tokens_for
from detector_app.ui.time_text import clock
from detector_app.vision.frame_result import FrameResult

ROWS = 3
ROW_PX = 16
NAME_PX = 88
MOST_BINS = 1200
BINS_A_SECOND = 10
HELD_S = 1.0
"""Frames further apart than this are a jump, not playback."""
REPAINT_MS = 67

CountArray = NDArray[np.int32]


class FoundOverTime:
    """Most detections of each class in each of the equal parts (bins) of a file's time, from the newest pass over it."""

    def __init__(self, duration_s: float, bins: int) -> None:
        self.duration_s = duration_s
        self.bins = bins
        self.visited = np.zeros(bins, np.bool_)
        self.counts: dict[str, CountArray] = {}
        self._last = -1

    def bin_at(self, time_s: float) -> int:
        """The bin that ``time_s`` lies in."""
        return int(np.clip(time_s / self.duration_s * self.bins, 0, self.bins - 1))

    def add(self, time_s: float, names: list[str]) -> None:
        """Count what was found at ``time_s``. Coming back to a bin from another one forgets what it held."""
        at = self.bin_at(time_s)
        self._hold_until(at)
        self.visited[at] = True
        for name in dict.fromkeys(names):
            counts = self.counts.setdefault(name, np.zeros(self.bins, np.int32))
            counts[at] = max(int(counts[at]), names.count(name))
        self._last = at

    def _hold_until(self, at: int) -> None:
        """Empty bin ``at`` unless we are still in it; what the last frame showed was on the screen in the bins skipped since then."""
        if at == self._last:
            return
        near = 0 <= self._last < at <= self._last + max(1, round(HELD_S * self.bins / self.duration_s))
        since = slice(self._last + 1, at) if near else slice(at, at)
        self.visited[since] = True
        for counts in self.counts.values():
            counts[since] = counts[self._last]
            counts[at] = 0

    def most_present(self, rows: int) -> list[str]:
        """The classes found in most bins, at most ``rows``, in the order in which they were first found."""
        present = {name: int(np.count_nonzero(counts)) for name, counts in self.counts.items()}
        best = sorted(present, key=lambda name: -present[name])[:rows]
        return [name for name in self.counts if name in best and present[name]]


class Timeline(QWidget):
    """Strips with the playhead; a press seeks, the pointer tells time and count.

    Signals:
        seekRequested: seconds.
    """

    seekRequested = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.found = FoundOverTime(1.0, 1)
        self._active = False
        self._classifies = False
        self._time_s = 0.0
        self._timer = QTimer(self, singleShot=True, interval=REPAINT_MS)
        self._timer.timeout.connect(self.update)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(ROWS * ROW_PX + GRID_PX)
        self._name()

    def reset(self, duration_s: float | None, frame_count: int | None = None) -> None:
        """Begin a file of ``duration_s`` seconds, nothing found yet; None or 0: no file, nothing to show."""
        self._active = bool(duration_s)
        length = duration_s or 1.0
        bins = min(MOST_BINS, frame_count or max(1, round(length * BINS_A_SECOND)))
        self.found = FoundOverTime(length, bins)
        self._time_s = 0.0
        self.update()

    def forget(self) -> None:
        """Nothing is found yet, as another model looks from now on; file and playhead stay."""
        self.found = FoundOverTime(self.found.duration_s, self.found.bins)
        self.update()

    def add(self, result: FrameResult) -> None:
        """Count what ``result`` found, and move the playhead to it."""
        if not self._active:
            return
        found, classification = result.detections, result.classification
        self._classifies = classification is not None
        names = [found.name(i) for i in range(len(found))] if classification is None else [classification.best.name]
        self.found.add(result.frame.time_s, names)
        self._time_s = result.frame.time_s
        if not self._timer.isActive():
            self._timer.start()

    def time_at(self, x: float) -> float:
        """Seconds at the widget's ``x`` in px, held within the file."""
        strip = self._strip()
        share = (x - strip.left()) / max(1, strip.width())
        return min(max(share, 0.0), 1.0) * self.found.duration_s

    # --- Qt's events ------------------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """Always the same height."""
        return QSize(640, ROWS * ROW_PX + GRID_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Names, strips and playhead."""
        painter = QPainter(self)
        t = tokens_for(self.palette())
        painter.fillRect(event.rect(), QColor(t.surface1))
        if not self._active:
            return
        names = self.found.most_present(ROWS)
        for row in range(ROWS):
            self._paint_row(painter, row, names[row] if row < len(names) else "")
        x = self._strip().left() + self._time_s / self.found.duration_s * self._strip().width()
        painter.fillRect(QRectF(x - 0.5, 0, 1, self.height() - GRID_PX / 2), QColor(t.accent))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go there."""
        if self._active and event.button() == Qt.MouseButton.LeftButton:
            self.seekRequested.emit(self.time_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the playhead, or say what is under the pointer."""
        if not self._active:
            return
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.seekRequested.emit(self.time_at(event.position().x()))
        if self._strip().contains(event.position().toPoint()):
            QToolTip.showText(
                event.globalPosition().toPoint() - QPoint(36, 52), self.hint_at(event.position().x()), self
            )
        else:
            QToolTip.hideText()

    def hint_at(self, x: float) -> str:
        """Time and counts, or the best classes, at the widget's ``x``, as the tooltip says them."""
        time_s = self.time_at(x)
        at = self.found.bin_at(time_s)
        counts = {name: self.found.counts[name][at] for name in self.found.most_present(ROWS)}
        shown = [name if self._classifies else f"{name} {n}" for name, n in counts.items() if n or not self._classifies]
        words = "  ".join(shown) if self.found.visited[at] else self.tr("not played yet")
        return f"{clock(time_s, like=self.found.duration_s)}  {words}"

    def changeEvent(self, event: QEvent) -> None:
        """Speak the new language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
        super().changeEvent(event)

    # --- inside -----------------------------------------------------------------------------------------------------------

    def _name(self) -> None:
        self.setAccessibleName(self.tr("Timeline"))

    def _strip(self) -> QRect:
        left = PADDING_PX + NAME_PX + GRID_PX
        return QRect(left, 0, max(1, self.width() - left - PADDING_PX), ROWS * ROW_PX)

    def _paint_row(self, painter: QPainter, row: int, name: str) -> None:
        t = tokens_for(self.palette())
        strip = self._strip()
        area = QRect(strip.left(), row * ROW_PX + 2, strip.width(), ROW_PX - 4)
        painter.fillRect(area, QColor(t.surface2))
        painter.drawImage(
            area, _strip_image(self.found, name, area.size() * painter.device().devicePixelRatio(), t.line)
        )
        font = tabular(self.font())
        painter.setFont(font)
        painter.setPen(QColor(t.muted))
        text = QFontMetrics(font).elidedText(name, Qt.TextElideMode.ElideRight, NAME_PX)
        place = QRect(PADDING_PX, row * ROW_PX, NAME_PX, ROW_PX)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)


def _strip_image(found: FoundOverTime, name: str, size: QSize, base: str) -> QImage:
    """Bars of class ``name`` ("" none) on a transparent ground; a line in ``base`` at the bottom where the file was played."""
    width, height = max(1, size.width()), max(1, size.height())
    at = np.arange(width) * found.bins // width
    pixels = np.zeros((height, width), np.uint32)
    pixels[-1, found.visited[at]] = QColor(base).rgba()
    counts = found.counts.get(name)
    if counts is not None and counts.max() > 0:
        bars = np.ceil(counts[at] / counts.max() * height)
        pixels[np.arange(height)[::-1, None] < bars[None, :]] = class_qcolor(name).rgba()
    image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32)
    return image.copy()
