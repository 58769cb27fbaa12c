"""Lines and zones as a table with what they have counted; below each its classes."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from detector_app.ui.theme import CONTROL_PX, tabular
from detector_app.vision.zone_counting import Counts, LineCount, ZoneCount
from detector_app.vision.zones import Layout

NAME, INTO, OUT, NOW, STAY = range(5)
_WIDTHS_PX = {INTO: 44, OUT: 44, NOW: 44, STAY: 60}


class CountsTree(QTreeWidget):
    """One row for each shape, in their order; names can be edited.

    Signals:
        picked: number of the shape that a person has selected, -1 none.
        renamed: number of a shape and its new name.
    """

    picked = Signal(int)
    renamed = Signal(int, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setColumnCount(5)
        self.setFont(tabular(self.font()))
        self.setUniformRowHeights(True)
        self.setEditTriggers(QTreeWidget.EditTrigger.DoubleClicked | QTreeWidget.EditTrigger.EditKeyPressed)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        for column, width in _WIDTHS_PX.items():
            header.resizeSection(column, width)
        self.currentItemChanged.connect(lambda item, _before: self.picked.emit(self._number(item)))
        self.itemChanged.connect(self._tell_name)
        self._say()

    def show_layout(self, layout: Layout, selected: int) -> None:
        """One row for each of its shapes."""
        with QSignalBlocker(self):
            while self.topLevelItemCount() > len(layout.shapes):
                self.takeTopLevelItem(self.topLevelItemCount() - 1)
            for i, shape in enumerate(layout.shapes):
                item = self.topLevelItem(i) or QTreeWidgetItem(self)
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
                item.setText(NAME, shape.name)
                item.setSizeHint(NAME, QSize(0, CONTROL_PX - 4))
            current = self.topLevelItem(selected) if selected >= 0 else None
            if self._number(self.currentItem()) != selected:
                self.setCurrentItem(current)  # type: ignore[arg-type]

    def show_counts(self, layout: Layout, counts: Counts) -> None:
        """Fill in the numbers; those of shapes that are not counted yet are 0."""
        found: dict[str, LineCount | ZoneCount] = {one.name: one for one in counts.lines}
        found.update({one.name: one for one in counts.zones})
        with QSignalBlocker(self):
            for i, shape in enumerate(layout.shapes):
                item, one = self.topLevelItem(i), found.get(shape.name)
                if item is not None and one is not None:
                    _fill(item, one)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._say()

    def _say(self) -> None:
        self.setHeaderLabels([self.tr("Name"), self.tr("In"), self.tr("Out"), self.tr("Now"), self.tr("Stay")])
        item = self.headerItem()
        for column in range(1, 5):
            item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setToolTip(INTO, self.tr("Came in: over a line in the arrow's direction, or into a zone"))
        item.setToolTip(OUT, self.tr("Went out"))
        item.setToolTip(NOW, self.tr("Inside a zone now"))
        item.setToolTip(STAY, self.tr("Mean time of a stay in a zone"))
        self.setAccessibleName(self.tr("Lines and zones"))

    def _number(self, item: QTreeWidgetItem | None) -> int:
        while item is not None and item.parent() is not None:
            item = item.parent()
        return self.indexOfTopLevelItem(item) if item is not None else -1

    def _tell_name(self, item: QTreeWidgetItem, column: int) -> None:
        if column == NAME and item.parent() is None:
            self.renamed.emit(self._number(item), item.text(NAME))


def _fill(item: QTreeWidgetItem, one: LineCount | ZoneCount) -> None:
    line = isinstance(one, LineCount)
    into, out = (one.into, one.out) if isinstance(one, LineCount) else (one.entered, one.left)
    now: Mapping[str, int] = {} if isinstance(one, LineCount) else one.inside
    stay = "" if isinstance(one, LineCount) else f"{one.dwell_s:.1f} s"
    _write(item, [sum(into.values()), sum(out.values()), "" if line else sum(now.values()), stay])
    names = sorted({*into, *out, *now})
    while item.childCount() > len(names):
        item.takeChild(item.childCount() - 1)
    for i, name in enumerate(names):
        child = item.child(i) or QTreeWidgetItem(item)
        child.setText(NAME, name)
        _write(child, [into.get(name, 0), out.get(name, 0), "" if line else now.get(name, 0), ""])


def _write(item: QTreeWidgetItem, values: list[object]) -> None:
    item.setSizeHint(NAME, QSize(0, CONTROL_PX - 4))
    for column, value in enumerate(values, INTO):
        item.setText(column, str(value))
        item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
