"""The card beside a face: who is this? Type a name, done."""

from __future__ import annotations

from numpy.typing import ArrayLike
from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QStringListModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import (
    QCompleter,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from detector_app.errors import DetectorError
from detector_app.ui.faces.face_image import paint_image, qimage, square_of_box
from detector_app.ui.icons import icon
from detector_app.ui.theme import GRID_PX, PADDING_PX
from detector_app.ui.translation import describe_error
from detector_app.vision.frame import BgrImage
from detector_app.vision.frame_result import FrameResult

WIDTH_PX = 312
THUMB_PX = 64


class EnrolCard(QFrame):
    """Shows one face of one result and asks for a name. It keeps the result, so that a video may go on.

    Signals:
        named: the name that was typed.
        closed: it is not shown any more.
    """

    named = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._around = parent
        self._busy = False
        self.setObjectName("enrolCard")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(WIDTH_PX)
        self._result: FrameResult | None = None
        self._index = -1
        self._thumb = QLabel()
        self._thumb.setFixedSize(THUMB_PX, THUMB_PX)
        self.title = QLabel(wordWrap=True)
        self.title.setProperty("role", "strong")
        self.note = QLabel(wordWrap=True)
        self.note.setProperty("role", "muted")
        self.name = QLineEdit()
        self.name.setMaxLength(100)
        self._names = QStringListModel(self)
        completer = QCompleter(self._names, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.name.setCompleter(completer)
        self.enrol_button = QPushButton()
        self.enrol_button.setProperty("primary", True)
        self.close_button = QToolButton()
        self.close_button.setIcon(icon("close"))
        self.close_button.setAutoRaise(True)
        self.trouble = QLabel(wordWrap=True)
        self.trouble.setProperty("role", "danger")
        self._lay_out()
        self.name.returnPressed.connect(self._tell)
        self.name.textChanged.connect(self._follow)
        self.enrol_button.clicked.connect(self._tell)
        self.close_button.clicked.connect(self.dismiss)
        self._say()
        self.hide()

    @property
    def face(self) -> tuple[FrameResult, int] | None:
        """The result and the number of its face that the card is about; None while it is not shown."""
        return None if self._result is None else (self._result, self._index)

    def ask(self, result: FrameResult, i: int, known_names: tuple[str, ...], near: QRect) -> None:
        """Show the card for face ``i`` of ``result`` beside ``near``, the face's place in the parent."""
        self._result, self._index = result, i
        self._names.setStringList(list(known_names))
        self._thumb.setPixmap(
            thumbnail(result.frame.image_bgr, result.detections.xyxy[i], THUMB_PX, self.devicePixelRatioF())
        )
        identity = result.detections.identity(i)
        self.name.setText(identity.name if identity is not None and identity.known else "")
        self.name.selectAll()
        self.trouble.hide()
        self.set_busy(False)
        self._say()
        self._place(near)
        self.show()
        self.raise_()
        self.name.setFocus()

    def refuse(self, error: DetectorError) -> None:
        """Say why the face cannot be enrolled, and how to do better."""
        self.set_busy(False)
        self.trouble.setText(describe_error(error))
        self.trouble.show()
        self._fit()

    def set_busy(self, busy: bool) -> None:
        """Take no second order while one is carried out."""
        self.name.setEnabled(not busy)
        self._busy = busy
        self._follow()

    def dismiss(self) -> None:
        """Close the card and forget the face."""
        if self._result is None:
            return
        self._result, self._index = None, -1
        self.hide()
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes; nothing else leaves the card."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        event.accept()

    def event(self, event: QEvent) -> bool:
        """While the card has the focus, keys are for it and not for the window."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)

    def _tell(self) -> None:
        name = " ".join(self.name.text().split())
        if name and not self._busy and self._result is not None:
            self.trouble.hide()
            self.set_busy(True)
            self._fit()
            self.named.emit(name)

    def _follow(self) -> None:
        self.enrol_button.setEnabled(bool(self.name.text().strip()) and not self._busy)

    def _place(self, near: QRect) -> None:
        """To the right of the face, or where there is room."""
        self._fit()
        room = self._around.rect().adjusted(GRID_PX, GRID_PX, -GRID_PX, -GRID_PX)
        right = QPoint(near.right() + GRID_PX, near.top())
        left = QPoint(near.left() - GRID_PX - self.width(), near.top())
        corner = right if right.x() + self.width() <= room.right() or left.x() < room.left() else left
        x = max(room.left(), min(corner.x(), room.right() - self.width()))
        y = max(room.top(), min(corner.y(), room.bottom() - self.height()))
        self.move(x, y)

    def _fit(self) -> None:
        """As high as the texts want; moved up where that would leave the picture."""
        self._column.activate()
        self.resize(WIDTH_PX, self.heightForWidth(WIDTH_PX) if self.hasHeightForWidth() else self.sizeHint().height())
        bottom = self._around.height() - GRID_PX
        if self.y() + self.height() > bottom:
            self.move(self.x(), max(GRID_PX, bottom - self.height()))

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(GRID_PX // 2)
        words.addWidget(self.title)
        words.addWidget(self.note)
        words.addStretch(1)
        head = QHBoxLayout()
        head.setSpacing(PADDING_PX)
        head.addWidget(self._thumb, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        row = QHBoxLayout()
        row.setSpacing(GRID_PX)
        row.addWidget(self.name, 1)
        row.addWidget(self.enrol_button)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(PADDING_PX, PADDING_PX, PADDING_PX, PADDING_PX)
        column.setSpacing(GRID_PX)
        column.addLayout(head)
        column.addLayout(row)
        column.addWidget(self.trouble)

    def _say(self) -> None:
        self.setAccessibleName(self.tr("Enrol a face"))
        self.name.setPlaceholderText(self.tr("Name"))
        self.name.setAccessibleName(self.tr("Name"))
        self.close_button.setToolTip(self.tr("Close (Esc)"))
        self.close_button.setAccessibleName(self.tr("Close (Esc)"))
        self.note.setText(self.tr("It stays on this machine."))
        identity = None if self._result is None else self._result.detections.identity(self._index)
        if identity is not None and identity.known:
            self.title.setText(
                self.tr("{name}, {distance} apart").format(name=identity.name, distance=f"{identity.distance:.2f}")
            )
            self.enrol_button.setText(self.tr("Add picture"))
        else:
            self.title.setText(self.tr("Who is this?"))
            self.enrol_button.setText(self.tr("Enrol"))


def thumbnail(image_bgr: BgrImage, xyxy: ArrayLike, side_px: int, ratio: float) -> QPixmap:
    """The face in the box with a little around it, as a square with round corners; ``ratio`` is device pixels per pixel."""
    size = round(side_px * ratio)
    pixmap = QPixmap(size, size)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    paint_image(painter, QRectF(0, 0, side_px, side_px), qimage(square_of_box(image_bgr, xyxy, size)))
    painter.end()
    return pixmap
