"""The answer to the question whether two faces are of one person: in words, as a number on its scale, with what speaks against it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from detector_app.errors import DetectorError
from detector_app.faces.verify import Verification
from detector_app.ui.faces.distance_bar import DistanceBar
from detector_app.ui.faces.doubt_lines import DoubtLines
from detector_app.ui.faces.face_image import paint_image
from detector_app.ui.theme import CORNER_PX, GRID_PX, tokens_for
from detector_app.ui.translation import describe_error

_FACE_PX = 112
_HEIGHT_PX = 200
"""Of the whole, whatever is said, so that the pictures above do not jump."""


class FaceView(QWidget):
    """A face as the embedder sees it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self.setFixedSize(_FACE_PX, _FACE_PX)

    def show_image(self, image: QImage) -> None:
        """Show ``image``, a square."""
        self._image = image
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The face, or an empty frame."""
        del event
        painter, place = QPainter(self), QRectF(self.rect())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens_for(self.palette()).surface2))
        painter.drawRoundedRect(place, CORNER_PX, CORNER_PX)
        if not self._image.isNull():
            paint_image(painter, place, self._image)


class ComparisonView(QStackedWidget):
    """Either one sentence, or an answer.

    Signals:
        largestWanted: of several faces the largest is to be taken.
    """

    largestWanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found: Verification | None = None
        self._error: DetectorError | None = None
        self._waiting = False
        self.sentence = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self.largest_button = QPushButton()
        self.largest_button.setAutoDefault(False)
        self.largest_button.clicked.connect(self.largestWanted)
        self.largest_button.hide()
        self._faces = (FaceView(), FaceView())
        self.verdict, self.figures = QLabel(), QLabel()
        self.verdict.setProperty("role", "title")
        self.figures.setProperty("role", "muted")
        self.bar = DistanceBar()
        self.doubts = DoubtLines()
        self.addWidget(self._make_sentence())
        self.addWidget(self._make_answer())
        self.setFixedHeight(_HEIGHT_PX)
        self._retranslate()

    @property
    def answered(self) -> bool:
        """Whether an answer is shown."""
        return self.currentIndex() == 1

    def wait_for_pictures(self) -> None:
        """Say that two pictures are needed."""
        self._set(None, None, waiting=False)

    def wait_for_answer(self) -> None:
        """Say that they are being compared."""
        self._set(None, None, waiting=True)

    def refuse(self, error: DetectorError, *, several: bool = False) -> None:
        """Say why there is no answer; with ``several`` offer to take the largest face."""
        self._set(None, error, waiting=False)
        self.largest_button.setVisible(several)

    def show_answer(self, found: Verification, faces: tuple[QImage, QImage]) -> None:
        """Show the answer with both faces."""
        for view, image in zip(self._faces, faces, strict=True):
            view.show_image(image)
        self.bar.show_distance(found.distance, found.threshold)
        self._set(found, None, waiting=False)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _set(self, found: Verification | None, error: DetectorError | None, *, waiting: bool) -> None:
        self._found, self._error, self._waiting = found, error, waiting
        self.largest_button.hide()
        self.sentence.setProperty("role", "muted" if error is None else "danger")
        self.sentence.style().unpolish(self.sentence)
        self.sentence.style().polish(self.sentence)
        self._retranslate()
        self.setCurrentIndex(0 if found is None else 1)

    def _retranslate(self) -> None:
        self.largest_button.setText(self.tr("Take the largest face"))
        if self._error is not None:
            self.sentence.setText(describe_error(self._error))
        elif self._waiting:
            self.sentence.setText(self.tr("Comparing…"))
        else:
            self.sentence.setText(self.tr("Two pictures, each with a face: are they of one person?"))
        found = self._found
        if found is None:
            return
        self.verdict.setText(self.tr("Same person") if found.same else self.tr("Different people"))
        template = self.tr("Distance {distance}, threshold {threshold}")
        text = template.format(distance=f"{found.distance:.3f}", threshold=f"{found.threshold:.3f}")
        self.figures.setText(text)
        self.bar.setAccessibleName(text)
        self.doubts.show_texts([describe_error(doubt) for doubt in found.doubts])

    def _make_sentence(self) -> QWidget:
        page = QWidget()
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.largest_button)
        row.addStretch(1)
        column = QVBoxLayout(page)
        column.setSpacing(2 * GRID_PX)
        column.addStretch(1)
        column.addWidget(self.sentence)
        column.addLayout(row)
        column.addStretch(1)
        return page

    def _make_answer(self) -> QWidget:
        page = QWidget()
        words = QVBoxLayout()
        words.setSpacing(GRID_PX // 2)
        for widget in (self.verdict, self.figures, self.bar):
            words.addWidget(widget)
        words.addWidget(self.doubts, 1)
        row = QHBoxLayout(page)
        row.setContentsMargins(0, GRID_PX, 0, GRID_PX)
        row.setSpacing(GRID_PX)
        for face in self._faces:
            row.addWidget(face, 0, Qt.AlignmentFlag.AlignTop)
        row.addSpacing(GRID_PX)
        row.addLayout(words, 1)
        return page
