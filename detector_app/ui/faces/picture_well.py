"""A place for one picture: drop it, paste it, or click and choose."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from detector_app.ui.faces.face_image import bgr, fitted, qimage
from detector_app.ui.icons import paint_icon
from detector_app.ui.theme import CORNER_PX, GRID_PX, tokens_for
from detector_app.vision.detections import FloatArray
from detector_app.vision.frame import BgrImage

_LEAST = QSize(240, 200)
_WANTED = QSize(352, 264)
_ICON_PX = 32
_MOST_PX = 1024
"""Of the copy that is shown."""


class PictureWell(QWidget):
    """Holds a picture, which others bring, and says what a person wants to put there.

    Signals:
        fileGiven: a ``Path`` that was dropped or pasted.
        imageGiven: a picture (H×W×3 uint8 BGR) that was dropped or pasted.
        choiceWanted: a file is to be chosen.
        cleared: the picture is to go.
    """

    fileGiven = Signal(object)
    imageGiven = Signal(object)
    choiceWanted = Signal()
    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture: BgrImage | None = None
        self.where = ""
        self._shown = QImage()
        self._face: FloatArray | None = None
        self._dragging = False
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMinimumSize(_LEAST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._retranslate()

    def show_picture(self, picture: BgrImage | None, where: str = "") -> None:
        """Hold ``picture``, which a person calls ``where``; None for nothing."""
        self.picture, self.where, self._face = picture, where, None
        self._shown = QImage() if picture is None else qimage(fitted(picture, _MOST_PX))
        self._retranslate()
        self.update()

    def show_face(self, xyxy: FloatArray | None) -> None:
        """Draw a frame around the face that was taken."""
        self._face = xyxy
        self.update()

    def take(self, paths: list[Path], image: QImage | None) -> None:
        """A person gives these: the first file counts, else the picture."""
        if paths:
            self.fileGiven.emit(paths[0])
        elif image is not None and not image.isNull():
            self.imageGiven.emit(bgr(image))

    def paste(self) -> None:
        """Take what the clipboard holds: a file or a picture."""
        data = QGuiApplication.clipboard().mimeData()
        paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        self.take(paths, QGuiApplication.clipboard().image() if data.hasImage() else None)

    # --- Qt's events ------------------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """Room for a picture of 4:3."""
        return _WANTED

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click chooses."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.choiceWanted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Space choose, Ctrl+V pastes, Delete clears."""
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.choiceWanted.emit()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.picture is not None:
            self.cleared.emit()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and pictures may be dropped."""
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()
            self._drag(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """It was not dropped here."""
        self._drag(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Take it."""
        data = event.mimeData()
        paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        image = data.imageData() if data.hasImage() else None
        event.acceptProposedAction()
        self._drag(False)
        self.take(paths, image if isinstance(image, QImage) else None)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture, or what to do; around it the focus ring."""
        del event
        t = tokens_for(self.palette())
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        active = self.hasFocus() or self._dragging
        style = Qt.PenStyle.DashLine if self.picture is None and not active else Qt.PenStyle.SolidLine
        painter.setPen(QPen(QColor(t.accent if active else t.line), 2 if active else 1, style))
        painter.setBrush(QColor(t.drop if self._dragging else t.surface0))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), CORNER_PX, CORNER_PX)
        if self.picture is None:
            self._paint_hint(painter, t.muted)
        else:
            self._paint_picture(painter, self.picture.shape, t.accent)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
            self.update()
        super().changeEvent(event)

    # --- inside -----------------------------------------------------------------------------------------------------------

    def _drag(self, over: bool) -> None:
        self._dragging = over
        self.update()

    def _paint_hint(self, painter: QPainter, muted: str) -> None:
        middle = QRectF(self.rect()).adjusted(2 * GRID_PX, 0, -2 * GRID_PX, 0)
        symbol = QRectF(middle.center().x() - _ICON_PX / 2, middle.center().y() - _ICON_PX - 4, _ICON_PX, _ICON_PX)
        paint_icon(painter, symbol, "image", QColor(muted))
        middle.setTop(symbol.bottom() + GRID_PX)
        painter.setPen(QColor(muted))
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(middle, int(flags), self.tr("Drop a picture, click to choose, or paste"))

    def _paint_picture(self, painter: QPainter, shape: tuple[int, ...], accent: str) -> None:
        room = QRectF(self.rect()).adjusted(GRID_PX, GRID_PX, -GRID_PX, -GRID_PX)
        scale = min(room.width() / shape[1], room.height() / shape[0])
        place = QRectF(0, 0, shape[1] * scale, shape[0] * scale)
        place.moveCenter(room.center())
        painter.drawImage(place, self._shown)
        if self._face is not None:
            left, top, right, bottom = (float(edge) * scale for edge in np.asarray(self._face))
            painter.setPen(QPen(QColor(accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(place.left() + left, place.top() + top, right - left, bottom - top))

    def _retranslate(self) -> None:
        name = self.tr("Picture: {name}").format(name=Path(self.where).name) if self.where else self.tr("No picture")
        self.setAccessibleName(name)
        self.setAccessibleDescription(self.tr("Drop a picture, click to choose, or paste"))
        self.setToolTip(self.where or self.tr("Enter chooses, Ctrl+V pastes, Del clears"))
