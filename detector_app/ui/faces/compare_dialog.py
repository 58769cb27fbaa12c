"""The window that says whether two pictures show the same person."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QToolButton, QVBoxLayout, QWidget
from superqt import QElidingLabel

from detector_app.errors import DetectorError
from detector_app.faces.attendant import FaceAttendant
from detector_app.faces.errors import FaceError, SeveralFacesError
from detector_app.faces.verify import Named, Verification, verify
from detector_app.sources.picture_file import read_picture
from detector_app.ui.faces.comparison_view import ComparisonView
from detector_app.ui.faces.errand import while_alive
from detector_app.ui.faces.face_image import qimage
from detector_app.ui.faces.file_choice import ask_file, picture_patterns
from detector_app.ui.faces.picture_well import PictureWell
from detector_app.ui.faces.private_line import PrivateLine
from detector_app.ui.faces.service import FaceService
from detector_app.ui.icons import icon
from detector_app.ui.theme import GRID_PX
from detector_app.vision.frame import BgrImage

_SIZE = (800, 616)
_LEAST = (680, 520)


@dataclass(frozen=True, eq=False)
class Compared:
    """An answer, and the two faces as the embedder sees them."""

    found: Verification
    faces: tuple[QImage, QImage]


class CompareDialog(QDialog):
    """Two places for pictures, and the answer as soon as both are there. Nothing is kept. Not modal."""

    def __init__(self, service: FaceService, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._service = service
        self._asked = 0
        self._error: DetectorError | None = None
        self.wells = (PictureWell(), PictureWell())
        self._names = [QElidingLabel() for _ in self.wells]
        self._clear_buttons = [QToolButton() for _ in self.wells]
        self.largest = QCheckBox()
        self.view = ComparisonView()
        self.private = PrivateLine()
        self._lay_out()
        for i in range(len(self.wells)):
            self._connect_well(i)
        self.largest.toggled.connect(self.compare)
        self.view.largestWanted.connect(lambda: self.largest.setChecked(True))
        service.changed.connect(self.compare)
        service.failed.connect(self._fail)
        self._retranslate()
        self.setMinimumSize(*_LEAST)
        self.resize(*_SIZE)

    def open_file(self, i: int, path: Path) -> None:
        """Read the picture at ``path`` into place ``i`` (0 or 1)."""
        self._service.do(
            lambda _: read_picture(path),
            while_alive(self, lambda picture: self.show_picture(i, picture, str(path))),
            otherwise=while_alive(self, self._refuse),
        )

    def show_picture(self, i: int, picture: BgrImage | None, where: str = "") -> None:
        """Put ``picture`` into place ``i``, or nothing, and compare."""
        self.wells[i].show_picture(picture, where)
        self._names[i].setText(Path(where).name)
        self._names[i].setToolTip(where)
        self._clear_buttons[i].setVisible(picture is not None)
        self.compare()

    def compare(self) -> None:
        """Compare what is there; an answer to an older question is not shown any more."""
        self._asked += 1
        asked, pictures = self._asked, self._pictures()
        for well in self.wells:
            well.show_face(None)
        if len(pictures) < len(self.wells):
            self.view.wait_for_pictures()
            return
        self.view.wait_for_answer()
        largest = self.largest.isChecked()

        def show(answer: Compared | FaceError) -> None:
            if asked == self._asked:
                self._show(answer)

        self._service.do(
            lambda attendant: _compare(attendant, pictures, largest),
            while_alive(self, show),
            otherwise=while_alive(self, self._refuse),
        )

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _pictures(self) -> list[Named]:
        numbers = ("1", "2")
        return [
            (well.picture, Path(well.where).name or self.tr("picture {number}").format(number=number))
            for well, number in zip(self.wells, numbers, strict=True)
            if well.picture is not None
        ]

    def _show(self, answer: Compared | FaceError) -> None:
        if isinstance(answer, FaceError):
            self.view.refuse(answer, several=isinstance(answer, SeveralFacesError))
            return
        self.view.show_answer(answer.found, answer.faces)
        for well, face in zip(self.wells, answer.found.faces, strict=True):
            well.show_face(face.xyxy)

    def _fail(self, error: DetectorError) -> None:
        """Remember what failed, here or elsewhere; if nothing could be opened, it concerns this window in any case."""
        self._error = error
        if self._service.attendant is None:
            self._refuse()

    def _refuse(self) -> None:
        """A file is no picture, or a model does not run; the answer that was there before is gone."""
        self._asked += 1
        if self._error is not None:
            self.view.refuse(self._error)

    def _connect_well(self, i: int) -> None:
        well = self.wells[i]
        well.fileGiven.connect(lambda path: self.open_file(i, path))
        well.imageGiven.connect(lambda picture: self.show_picture(i, picture))
        well.choiceWanted.connect(lambda: self._choose(i))
        well.cleared.connect(lambda: self.show_picture(i, None))
        self._clear_buttons[i].clicked.connect(lambda: self.show_picture(i, None))

    def _choose(self, i: int) -> None:
        pattern = self.tr("Pictures ({patterns})").format(patterns=picture_patterns())
        ask_file(self, self.tr("Picture to compare"), pattern, lambda path: self.open_file(i, path))

    def _lay_out(self) -> None:
        wells = QHBoxLayout()
        wells.setSpacing(2 * GRID_PX)
        for well, name, clear in zip(self.wells, self._names, self._clear_buttons, strict=True):
            name.setElideMode(Qt.TextElideMode.ElideMiddle)
            name.setProperty("role", "muted")
            clear.setIcon(icon("close"))
            clear.setAutoRaise(True)
            _keep_place(clear)
            clear.hide()
            foot = QHBoxLayout()
            foot.addWidget(name, 1)
            foot.addWidget(clear)
            column = QVBoxLayout()
            column.setSpacing(GRID_PX // 2)
            column.addWidget(well, 1)
            column.addLayout(foot)
            wells.addLayout(column, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID_PX, 2 * GRID_PX, 2 * GRID_PX, GRID_PX)
        column.setSpacing(GRID_PX)
        column.addLayout(wells, 1)
        column.addWidget(self.view)
        column.addWidget(self.largest)
        column.addWidget(self.private)

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("Compare two faces"))
        self.largest.setText(self.tr("Of several faces take the largest"))
        for clear in self._clear_buttons:
            clear.setToolTip(self.tr("Take this picture away"))
            clear.setAccessibleName(self.tr("Take this picture away"))


def _keep_place(widget: QWidget) -> None:
    """Its room stays when it is hidden, so that nothing jumps."""
    policy = widget.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    widget.setSizePolicy(policy)


def _compare(attendant: FaceAttendant, pictures: list[Named], largest: bool) -> Compared | FaceError:
    """What speaks against a picture is an answer, too, and nothing that the rest of the window should hear of."""
    embedder, threshold = attendant.embedder, attendant.recogniser.threshold
    first, second = pictures
    try:
        found = verify(first, second, attendant.finder, embedder, threshold=threshold, largest=largest)
    except FaceError as error:
        return error
    one, two = (qimage(embedder.align(face.image_bgr, face.landmarks_xy, face.where)) for face in found.faces)
    return Compared(found, (one, two))
