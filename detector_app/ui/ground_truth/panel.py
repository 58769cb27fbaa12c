"""The panel of ground truth: what it is, how good the picture and the whole set are, the curve, and the errors to walk through."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QSpinBox, QTabWidget, QVBoxLayout, QWidget
from superqt import QElidingLabel

from detector_app.ui.ground_truth.curve_page import CurvePage
from detector_app.ui.ground_truth.error_lists import PictureErrors, WorstFrames
from detector_app.ui.ground_truth.legend import Legend
from detector_app.ui.ground_truth.progress_row import ProgressRow
from detector_app.ui.theme import GRID_PX, PADDING_PX
from detector_app.ui.value_slider import Span, ValueSlider

LEAST_IOU = Span(0.5, 0.95, 2)


class TruthPanel(QWidget):
    """Shows; see :class:`~detector_app.ui.ground_truth.desk.GroundTruthDesk` for what happens then.

    Attributes:
        curve: class, curve and figures.
        picture_errors, worst: lists of errors.
        overlap: from which IoU on a detection fits an object.
        progress: of an evaluation.
        foot: buttons and progress, to be placed below.
    """

    loadRequested = Signal()
    forgetRequested = Signal()
    evaluateRequested = Signal()
    firstNumberChanged = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.file, self.facts, self.classes, self.note = QElidingLabel(), QElidingLabel(), QElidingLabel(), QLabel()
        self.load_button, self.forget_button, self.evaluate_button = QPushButton(), QPushButton(), QPushButton()
        self.legend, self.overlap = Legend(), ValueSlider(span=LEAST_IOU)
        self.colours = self.legend.colours
        self.overlap.default = LEAST_IOU.least
        self.overlap.set_value(LEAST_IOU.least)
        self.picture_errors, self.curve, self.worst = PictureErrors(), CurvePage(), WorstFrames()
        self.numbering, self.number_name, self.first_number = QWidget(), QLabel(), QSpinBox(maximum=1_000_000)
        self.progress = ProgressRow()
        self.tabs, self.foot = QTabWidget(), QWidget()
        self._lay_out()
        for button, signal in (
            (self.load_button, self.loadRequested),
            (self.forget_button, self.forgetRequested),
            (self.evaluate_button, self.evaluateRequested),
        ):
            button.clicked.connect(signal)
        self.first_number.setKeyboardTracking(False)
        self.first_number.valueChanged.connect(self.firstNumberChanged)
        self._say()
        self.show_numbering(None)
        self.show_truth("", "", "", "", "")

    def show_truth(self, file: str, facts: str, hint: str, classes: str, path: str) -> None:
        """Say what is loaded, what it holds (and more of that as a hint), and which classes are not judged; empty for none."""
        for label, text, tip in (
            (self.file, file, path),
            (self.facts, facts, hint or facts),
            (self.classes, classes, classes),
        ):
            label.setText(text)
            label.setToolTip(tip)
            label.setVisible(bool(text))
        for widget in (self.forget_button, self.legend, self.overlap, self.tabs):
            widget.setVisible(bool(file))
        self.evaluate_button.setVisible(bool(file) and not self.progress.busy)

    def show_numbering(self, first_number: int | None) -> None:
        """Ask which number the first frame of a video has in the truth's names; None: that cannot be asked."""
        self.numbering.setVisible(first_number is not None)
        self.first_number.blockSignals(True)
        self.first_number.setValue(first_number or 0)
        self.first_number.blockSignals(False)

    def show_note(self, text: str, role: str = "muted") -> None:
        """What else there is to say; ``role`` is "muted" or "warning"."""
        self.note.setText(text)
        self.note.setVisible(bool(text))
        if self.note.property("role") != role:
            self.note.setProperty("role", role)
            self.note.style().unpolish(self.note)
            self.note.style().polish(self.note)

    def show_progress(self, done: int, total: int | None) -> None:
        """An evaluation goes on."""
        self.progress.show_progress(done, total)
        self.evaluate_button.hide()

    def end_progress(self) -> None:
        """It is over."""
        self.progress.end()
        self.evaluate_button.setVisible(self.tabs.isVisibleTo(self))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)

    def _lay_out(self) -> None:
        self.file.setProperty("role", "strong")
        for label in (self.facts, self.classes):
            label.setProperty("role", "muted")
        for label in (self.file, self.facts, self.classes):
            label.setElideMode(Qt.TextElideMode.ElideMiddle if label is self.file else Qt.TextElideMode.ElideRight)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.note.setWordWrap(True)
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.picture_errors, "")
        self.tabs.addTab(self.curve, "")
        self.tabs.addTab(self.worst, "")
        numbers = QHBoxLayout(self.numbering)
        numbers.setContentsMargins(0, 0, 0, 0)
        numbers.addWidget(self.number_name, 1)
        numbers.addWidget(self.first_number)
        column = QVBoxLayout(self)
        column.setContentsMargins(PADDING_PX, GRID_PX, PADDING_PX, 0)
        column.setSpacing(GRID_PX // 2)
        for widget in (self.file, self.facts, self.classes, self.note, self.numbering, self.legend, self.overlap):
            column.addWidget(widget)
        column.addWidget(self.tabs, 1)
        column.addStretch()
        foot = QHBoxLayout(self.foot)
        foot.setContentsMargins(PADDING_PX, GRID_PX, PADDING_PX, GRID_PX)
        foot.setSpacing(GRID_PX)
        foot.addWidget(self.progress, 1)
        foot.addWidget(self.evaluate_button, 1)
        foot.addWidget(self.load_button)
        foot.addWidget(self.forget_button)

    def _say(self) -> None:
        self.load_button.setText(self.tr("Load…"))
        self.load_button.setToolTip(self.tr("COCO .json, a folder of VOC .xml files, or YOLO labels"))
        self.forget_button.setText(self.tr("Forget"))
        self.evaluate_button.setText(self.tr("Evaluate all"))
        self.evaluate_button.setToolTip(self.tr("Run the model over every annotated picture, in the background"))
        self.number_name.setText(self.tr("Number of the first frame"))
        self.first_number.setAccessibleName(self.number_name.text())
        self.first_number.setToolTip(
            self.tr("Frames are matched by the numbers in the pictures' names; some tools count from 1")
        )
        self.overlap.say(
            self.tr("Fits from"), self.tr("Least overlap (IoU) of a detection with the object that it has found")
        )
        for i, text in enumerate((self.tr("Errors here"), self.tr("Curve"), self.tr("Worst pictures"))):
            self.tabs.setTabText(i, text)
