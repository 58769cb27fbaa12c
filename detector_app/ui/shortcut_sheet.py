"""All shortcuts on one sheet, made from the action table."""

from __future__ import annotations

from itertools import groupby

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from detector_app.ui.actions import ACTIONS, CONTEXT, ActionSpec, key_text
from detector_app.ui.translation import translate

_COLUMNS = 2
_KEY_PX = 34


def listed() -> list[tuple[str, list[ActionSpec]]]:
    """Headings with the actions that have a shortcut, in the table's order."""
    rows = [spec for spec in ACTIONS if spec.group and spec.keys]
    order = list(dict.fromkeys(spec.group for spec in rows))
    grouped = groupby(sorted(rows, key=lambda spec: order.index(spec.group)), key=lambda spec: spec.group)
    return [(group, list(specs)) for group, specs in grouped]


class ShortcutSheet(QDialog):
    """Two columns of groups. Not modal; Escape closes it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(24, 24, 24, 24)
        self._row.setSpacing(48)
        self._fill()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._fill()
        super().changeEvent(event)

    def _fill(self) -> None:
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        while (item := self._row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for groups in _balanced(listed()):
            column = QWidget()
            lines = QVBoxLayout(column)
            lines.setContentsMargins(0, 0, 0, 0)
            lines.setSpacing(24)
            for group, specs in groups:
                lines.addWidget(_section(translate(CONTEXT, group), specs))
            lines.addStretch()
            self._row.addWidget(column)


def _balanced(groups: list[tuple[str, list[ActionSpec]]]) -> list[list[tuple[str, list[ActionSpec]]]]:
    """Split into columns of about the same height, in order."""
    half = sum(len(specs) + 2 for _, specs in groups) / _COLUMNS
    columns: list[list[tuple[str, list[ActionSpec]]]] = [[] for _ in range(_COLUMNS)]
    used = 0.0
    for group, specs in groups:
        height = len(specs) + 2
        columns[min(_COLUMNS - 1, int((used + height / 2) / half))].append((group, specs))
        used += height
    return columns


def _section(title: str, specs: list[ActionSpec]) -> QWidget:
    section = QWidget()
    grid = QGridLayout(section)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(32)
    grid.setVerticalSpacing(8)
    heading = QLabel(title)
    heading.setProperty("role", "heading")
    grid.addWidget(heading, 0, 0, 1, 2)
    for row, spec in enumerate(specs, start=1):
        key = QLabel(key_text(spec))
        key.setProperty("role", "key")
        key.setAlignment(Qt.AlignmentFlag.AlignCenter)
        # Not by the style sheet: its min-width would replace the width of the text where the screen is small.
        key.setMinimumWidth(max(_KEY_PX, key.sizeHint().width()))
        grid.addWidget(QLabel(translate(CONTEXT, spec.text).rstrip("…")), row, 0)
        grid.addWidget(key, row, 1, alignment=Qt.AlignmentFlag.AlignRight)
    grid.setColumnStretch(0, 1)
    return section
