"""What speaks against a picture without forbidding its use: a line for each reason, never more lines than there is room for."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from superqt import QElidingLabel

_LINES = 3
_LINE_PX = 20
"""Chinese is higher than the font says whose Latin letters it stands among."""


class DoubtLines(QWidget):
    """One reason may take all lines; what is too long ends with "…", and the tooltip has everything."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines = [QElidingLabel() for _ in range(_LINES)]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for line in self.lines:
            line.setElideMode(Qt.TextElideMode.ElideRight)
            line.setProperty("role", "warning")
            line.setFixedHeight(_LINE_PX)
            line.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
            column.addWidget(line)
        column.addStretch(1)

    def show_texts(self, texts: Sequence[str]) -> None:
        """Show these, each once; of too many the first ones, and how many more there are."""
        texts = list(dict.fromkeys(texts))
        shown = texts if len(texts) <= _LINES else [*texts[: _LINES - 1], f"… +{len(texts) - _LINES + 1}"]
        alone = len(shown) == 1
        first = self.lines[0]
        first.setWordWrap(alone)
        first.setFixedHeight(_LINE_PX * (_LINES if alone else 1))
        for i, line in enumerate(self.lines):
            line.setText(shown[i] if i < len(shown) else "")
            line.setVisible(i == 0 or not alone)
        self.setToolTip("\n".join(texts))
