"""The panel of a comparison: thresholds of the second model, agreement by class, and looking at all frames."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget
from superqt import QElidingLabel

from detector_app.engine.comparison import OwnThresholds
from detector_app.ui.ground_truth.progress_row import ProgressRow
from detector_app.ui.report_table import ReportTable
from detector_app.ui.theme import GRID_PX, PADDING_PX
from detector_app.ui.value_slider import ValueSlider
from detector_app.vision.agreement import Tally

Apart = tuple[dict[str, int], dict[str, int]]
"""Boxes of classes that only the first model knows, and only the second."""


class ComparisonPanel(QWidget):
    """Shows; what a person does is told.

    Signals:
        ownChosen: ``OwnThresholds`` or None for those of the first model.
        scopeChanged: the table is to show something else.
        analyseRequested, chooseRequested: the buttons.
    """

    ownChosen = Signal(object)
    scopeChanged = Signal()
    analyseRequested = Signal()
    chooseRequested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.names = QElidingLabel(), QElidingLabel()
        self.note, self.apart = QLabel(), QLabel()
        self.same = QCheckBox()
        self.score, self.overlap = ValueSlider(), ValueSlider()
        self.scope = QComboBox()
        self.table = ReportTable(1)
        self.progress = ProgressRow()
        self.choose_button, self.analyse_button = QPushButton(), QPushButton()
        self._names, self._frames = ("", ""), 0
        self._counts: tuple[dict[str, Tally], Apart] = ({}, ({}, {}))
        self._lay_out()
        self.same.toggled.connect(self._choose_own)
        self.score.changed.connect(self._choose_own)
        self.overlap.changed.connect(self._choose_own)
        self.scope.currentIndexChanged.connect(self.scopeChanged)
        self.choose_button.clicked.connect(self.chooseRequested)
        self.analyse_button.clicked.connect(self.analyseRequested)
        self._say()

    @property
    def over_all(self) -> bool:
        """Whether the table is of all frames that both have seen."""
        return self.scope.currentIndex() == 1

    def show_models(self, first: str, second: str) -> None:
        """Name the models; an empty second: nothing is compared."""
        self._names = first, second
        self._say()

    def show_own(self, own: OwnThresholds | None, first: OwnThresholds, default: OwnThresholds) -> None:
        """Show the second model's thresholds, or that it has those of the ``first``; ``default`` are those of its card."""
        with QSignalBlocker(self.same):
            self.same.setChecked(own is None)
        shown = first if own is None else own
        for slider, value, start in (
            (self.score, shown.score, default.score),
            (self.overlap, shown.iou, default.iou),
        ):
            slider.default = start
            slider.set_value(value)
            slider.setEnabled(own is not None)

    def show_counts(self, by_class: dict[str, Tally], apart: Apart, frames: int) -> None:
        """Fill the table: agreement by class, what is not compared, and how many frames both have seen."""
        self._counts, self._frames = (by_class, apart), frames
        self._fill()

    def show_analysable(self, possible: bool) -> None:
        """Whether all frames can be looked at."""
        self.analyse_button.setEnabled(possible)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)

    def _lay_out(self) -> None:
        for label in self.names:
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            label.setElideMode(Qt.TextElideMode.ElideMiddle)
            label.setProperty("role", "strong")
        for text in (self.note, self.apart):
            text.setWordWrap(True)
            text.setProperty("role", "muted")
            text.setTextFormat(Qt.TextFormat.PlainText)
        self.scope.addItems(["", ""])
        column = QVBoxLayout(self)
        column.setContentsMargins(PADDING_PX, GRID_PX, PADDING_PX, GRID_PX)
        column.setSpacing(GRID_PX // 2)
        for widget in (*self.names, self.note, self.same, self.score, self.overlap, self.scope):
            column.addWidget(widget)
        column.addWidget(self.table, 1)
        column.addWidget(self.apart)
        column.addWidget(self.progress)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID_PX)
        buttons.addWidget(self.analyse_button, 1)
        buttons.addWidget(self.choose_button)
        column.addLayout(buttons)

    def _choose_own(self) -> None:
        own = None if self.same.isChecked() else OwnThresholds(self.score.value, self.overlap.value)
        self.ownChosen.emit(own)

    def _say(self) -> None:
        comparing = bool(self._names[1])
        for label, letter, name in zip(self.names, "AB", self._names, strict=True):
            label.setText(f"{letter}   {name}")
            label.setToolTip(name)
            label.setVisible(comparing)
        self.note.setText(
            self.tr("Choose a second model. Both look at the same frames, and you see where they differ.")
        )
        self.note.setVisible(not comparing)
        for widget in (self.same, self.score, self.overlap, self.scope, self.table, self.analyse_button):
            widget.setVisible(comparing)
        self.same.setText(self.tr("B has the thresholds of A"))
        self.score.say(self.tr("Score"), self.tr("Least score of the second model"))
        self.overlap.say(self.tr("Overlap"), self.tr("Boxes of a class that overlap more are one object"))
        self.scope.setItemText(0, self.tr("This picture"))
        self.scope.setAccessibleName(self.tr("What is counted"))
        self.choose_button.setText(self.tr("Another model…") if comparing else self.tr("Choose a model…"))
        self.analyse_button.setText(self.tr("Compare all frames"))
        self.analyse_button.setToolTip(self.tr("Run both models over the whole video, in the background"))
        self._fill()

    def _fill(self) -> None:
        by_class, apart = self._counts
        self.scope.setItemText(1, self.tr("All frames seen ({count})").format(count=self._frames))
        heads = [self.tr("Class"), self.tr("Both"), self.tr("Only A"), self.tr("Only B"), self.tr("Agree")]
        self.table.show_heads(heads)
        self.table.setAccessibleName(self.tr("Agreement by class"))
        total = sum(by_class.values(), Tally())
        rows = [(name, tally) for name, tally in by_class.items()]
        if len(rows) > 1:
            rows.append((self.tr("Together"), total))
        self.table.show_rows([_row(name, tally) for name, tally in rows])
        for column in range(1, len(heads)):  # the panel is narrow, and names need the room
            width = max(self.table.sizeHintForColumn(column), self.table.horizontalHeader().sectionSizeHint(column))
            self.table.setColumnWidth(column, width)
        words = [
            f"{letter}: {name} {count}"
            for letter, found in zip("AB", apart, strict=True)
            for name, count in found.items()
        ]
        self.apart.setText(self.tr("Only one knows these classes: {classes}").format(classes=", ".join(words)))
        self.apart.setVisible(bool(words) and bool(self._names[1]))


def _row(name: str, tally: Tally) -> tuple[str, ...]:
    return name, str(tally.both), str(tally.only_first), str(tally.only_second), f"{100 * tally.share:.0f} %"
