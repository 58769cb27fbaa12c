"""The steps as a funnel: a row each, how many came through, and a bar as long as the logarithm of that."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from detector_app.ui.inspector.steps import Step
from detector_app.ui.inspector.words import look_hint, look_name, stage_hint, stage_name
from detector_app.ui.theme import GRID_PX, Tokens, tabular, tokens_for

Index = QModelIndex | QPersistentModelIndex
ROW_PX = 22
BAR_PX = 3
MOST_ROWS = 10
"""More rows than these are scrolled, until a person makes room for them."""
_LEAST_ROWS = 4
RowRole = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class FunnelRow:
    """One line: the heading of a look, or a step.

    Attributes:
        name: what it says.
        hint: the tooltip.
        count: candidates left; of a heading how many its look began with.
        lost: how many the step took away.
        share: length of the bar, 0 to 1.
        step: number of the step; −1 for a heading.
    """

    name: str
    hint: str
    count: int = 0
    lost: int = 0
    share: float = 0.0
    step: int = -1


def funnel_rows(steps: tuple[Step, ...]) -> tuple[FunnelRow, ...]:
    """The rows for ``steps``; looks have headings where there are several."""
    several = len({step.key[:2] for step in steps}) > 1
    most = max((step.stage.count for step in steps), default=0)
    rows: list[FunnelRow] = []
    left = 0
    for number, step in enumerate(steps):
        if step.first and several:
            rows.append(FunnelRow(look_name(step.look.name), look_hint(step.look.name)))
        count = step.stage.count
        began = left if not step.first else len(step.look) if step.stage.fate is not None else count
        lost = began - count
        share = math.log1p(count) / math.log1p(most) if most else 0.0
        rows.append(FunnelRow(stage_name(step.stage.name), stage_hint(step.stage.name), count, lost, share, number))
        left = count
    return tuple(rows)


class FunnelModel(QAbstractListModel):
    """The rows; while only counts change, nothing else does."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[FunnelRow, ...] = ()

    def show(self, rows: tuple[FunnelRow, ...]) -> None:
        """Show these."""
        if [(row.name, row.step) for row in rows] != [(row.name, row.step) for row in self.rows]:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()
        elif rows != self.rows:
            self.rows = rows
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's signature)
        """Steps and headings."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Name, explanation, and the row itself for the delegate."""
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.hint
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.name if row.step < 0 else f"{row.name}, {row.count:,}"
        return row if role == RowRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Headings cannot be selected."""
        step = self.rows[index.row()].step
        return super().flags(index) if step >= 0 else Qt.ItemFlag.NoItemFlags


class Funnel(QListView):
    """The steps to stand at; the arrow keys walk.

    Signals:
        stepChosen: number of the step that a person has chosen.
        rowsChanged: there are more rows than before, or fewer.
    """

    stepChosen = Signal(int)
    rowsChanged = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.found = FunnelModel(self)
        self.setModel(self.found)
        self.setItemDelegate(_FunnelDelegate(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._quiet = False
        self.selectionModel().currentChanged.connect(self._tell)
        self._fit()

    def show_steps(self, steps: tuple[Step, ...], step: Step | None) -> None:
        """Show ``steps`` with ``step`` selected."""
        self._quiet = True
        before = len(self.found.rows)
        self.found.show(funnel_rows(steps))
        if before != len(self.found.rows):
            self._fit()
        number = -1 if step is None else steps.index(step)
        row = next((i for i, each in enumerate(self.found.rows) if number >= 0 and each.step == number), -1)
        if row != self.currentIndex().row():
            self.setCurrentIndex(self.found.index(row))
            if row <= 1:
                self.scrollToTop()  # the heading, too
        self._quiet = False

    @property
    def chosen(self) -> int:
        """Number of the step that is selected, −1 none."""
        row = self.currentIndex().row()
        return self.found.rows[row].step if row >= 0 else -1

    def _tell(self, current: QModelIndex) -> None:
        if not self._quiet and current.isValid() and self.found.rows[current.row()].step >= 0:
            self.stepChosen.emit(self.found.rows[current.row()].step)

    def sizeHint(self) -> QSize:
        """As many rows as there are, at most :data:`MOST_ROWS`."""
        return QSize(300, self._height_of(min(len(self.found.rows), MOST_ROWS)))

    def _fit(self) -> None:
        self.setMinimumHeight(self._height_of(min(len(self.found.rows), _LEAST_ROWS)))
        self.setMaximumHeight(self._height_of(len(self.found.rows)))
        self.updateGeometry()
        self.rowsChanged.emit()

    def _height_of(self, rows: int) -> int:
        return max(rows, 1) * ROW_PX + 2 * self.frameWidth() + 2


class _FunnelDelegate(QStyledItemDelegate):
    """Paints a row: name, what was lost, what is left; under them the bar."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(80, ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: FunnelRow = index.data(RowRole)
        t = tokens_for(option.palette)
        painter.save()
        painter.setFont(tabular(painter.font()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row.step < 0:
            painter.setPen(QColor(t.muted))
            painter.drawText(option.rect.adjusted(GRID_PX // 2, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, row.name)
        else:
            self._paint_back(painter, option, t)
            self._paint_row(painter, option.rect.adjusted(GRID_PX, 0, -GRID_PX, 0), row, t)
        painter.restore()

    @staticmethod
    def _paint_back(painter: QPainter, option: QStyleOptionViewItem, t: Tokens) -> None:
        chosen = option.state & QStyle.StateFlag.State_Selected
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(t.selection if chosen else t.surface2))
            painter.drawRoundedRect(option.rect.adjusted(1, 0, -1, 0), 4, 4)

    @staticmethod
    def _paint_row(painter: QPainter, rect: QRect, row: FunnelRow, t: Tokens) -> None:
        metrics = QFontMetrics(painter.font())
        words = rect.adjusted(0, 0, 0, -BAR_PX)
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        number_px = metrics.horizontalAdvance("000,000")
        painter.setPen(QColor(t.text))
        painter.drawText(words, right, f"{row.count:,}")
        lost = words.adjusted(0, 0, -number_px - GRID_PX, 0)
        lost_px = 0
        if row.lost > 0:
            text = f"−{row.lost:,}"
            lost_px = metrics.horizontalAdvance(text)
            painter.setPen(QColor(t.muted))
            painter.drawText(lost, right, text)
        name = lost.adjusted(0, 0, -lost_px - GRID_PX, 0)
        painter.setPen(QColor(t.text))
        text = metrics.elidedText(row.name, Qt.TextElideMode.ElideRight, name.width())
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter, text)
        groove = QRect(rect.left(), rect.bottom() - BAR_PX, rect.width(), BAR_PX - 1)
        painter.fillRect(groove, QColor(t.line))
        groove.setWidth(round(rect.width() * row.share))
        painter.fillRect(groove, QColor(t.accent))
