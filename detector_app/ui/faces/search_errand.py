"""A search in the background that tells what it finds as it finds it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from detector_app.errors import DetectorError
from detector_app.faces.attendant import FaceAttendant
from detector_app.faces.recognition import Recogniser
from detector_app.faces.search import Watch, search
from detector_app.ui.faces.errand import Errand
from detector_app.ui.faces.face_image import qimage, square_of_box
from detector_app.ui.faces.sighting_table import FACE_PX
from detector_app.vision.frame import BgrImage, Frame

_DENSITY = 2


@dataclass(frozen=True)
class Question:
    """What is looked for.

    Attributes:
        where: a folder, a video or a picture.
        name: whose face; None for everybody who is enrolled.
        every: of videos each such frame.
    """

    where: str
    name: str | None
    every: int


class SearchErrand(Errand):
    """One search.

    Signals:
        found: a ``Hit``, and its face as a small QImage.
        looking: the name of the file that is looked at now.
        skipped: a ``DetectorError`` about what could not be read.
    """

    found = Signal(object, object)
    looking = Signal(str)
    skipped = Signal(object)

    def __init__(self, question: Question, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.question = question
        self._file = ""
        self._image: BgrImage | None = None

    def run(self, attendant: FaceAttendant) -> None:
        """Search, on a thread of the caller's.

        The people are compared by a recogniser of its own: the window's one may blur, and looks at other frames.

        Raises:
            SourceError: nothing can be opened.
            ModelError: a model cannot be used, or failed.
            GalleryError: the gallery cannot be read.
        """
        embedder, question = attendant.embedder, self.question
        snapshot = attendant.gallery.snapshot(embedder.model_hash)
        recogniser = Recogniser(embedder, snapshot, attendant.recogniser.threshold)
        watch = Watch(self.tell, self._look, self._skip, self.cancelled)
        hits = search(
            question.where, attendant.finder, recogniser, name=question.name, every=question.every, watch=watch
        )
        for hit in hits:
            if self.cancelled() or self._image is None:
                return
            self.found.emit(hit, qimage(square_of_box(self._image, hit.xyxy, _DENSITY * FACE_PX)))

    def _look(self, frame: Frame) -> None:
        self._image = frame.image_bgr
        if frame.source != self._file and not self.cancelled():
            self._file = frame.source
            self.looking.emit(Path(frame.source).name)

    def _skip(self, error: DetectorError) -> None:
        if not self.cancelled():
            self.skipped.emit(error)
