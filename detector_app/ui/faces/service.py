"""People in the window: opens what knows them when it is first needed, and keeps the engine in step with what a person wants."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from detector_app.engine.controller import Controller
from detector_app.errors import DetectorError
from detector_app.faces.blurring import hidden
from detector_app.faces.face_choice import FaceChoice
from detector_app.faces.people import Person
from detector_app.settings import Settings
from detector_app.ui.background import Background
from detector_app.ui.preferences import processor_choice
from detector_app.vision.frame_result import FrameResult

if TYPE_CHECKING:
    from detector_app.faces.attendant import FaceAttendant

log = logging.getLogger(__name__)
T = TypeVar("T")


class FaceService(QObject):
    """One attendant for the window and its dialogs, opened in the background. Everything slow runs there, too.

    Signals:
        changed: people, pictures or the threshold are others now.
        enrolled: the ``Person`` who was just enrolled, or got one more picture.
        failed: a ``DetectorError``.
    """

    changed = Signal()
    enrolled = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        controller: Controller,
        background: Background,
        parent: QObject | None = None,
        gallery: Path | None = None,
    ) -> None:
        """Open nothing yet; ``gallery`` is the file of the people, None for the user's own."""
        super().__init__(parent)
        self._gallery = gallery
        self._controller, self._background = controller, background
        self._settings = Settings()
        self._attendant: FaceAttendant | None = None
        self._opening = False
        self._closed = False
        self._waiting: list[Callable[[FaceAttendant], object]] = []

    @property
    def attendant(self) -> FaceAttendant | None:
        """What knows the people; None until it has been opened."""
        return self._attendant

    @property
    def keep_crops(self) -> bool:
        """Whether pictures of enrolled faces are kept."""
        return self._settings.keep_faces

    def follow(self, settings: Settings) -> None:
        """Do as the settings say: name, blur, and with which embedder."""
        before, self._settings = self._settings, settings
        if settings.embedder != before.embedder:
            self._drop()
        self._apply()

    def with_attendant(self, then: Callable[[FaceAttendant], object]) -> None:
        """Call ``then`` with the attendant: now, or when it has been opened. Not at all if that fails, which :attr:`failed` tells."""
        if self._attendant is not None:
            then(self._attendant)
            return
        self._waiting.append(then)
        self._open()

    def do(
        self,
        work: Callable[[FaceAttendant], T],
        then: Callable[[T], object],
        *,
        changes: bool = False,
        otherwise: Callable[[], object] = lambda: None,
    ) -> None:
        """Run ``work`` in the background, then ``then`` here. ``changes`` says that the people are others afterwards.

        An error of ``work`` goes to :attr:`failed`, and then ``otherwise`` is called.
        """

        def done(result: T) -> None:
            if changes:
                self._controller.set_finish(self._finish())  # the shown frame is looked at again
                self.changed.emit()
            then(result)

        def start(attendant: FaceAttendant) -> None:
            def run() -> T:
                result = work(attendant)
                if changes:
                    attendant.reload()
                return result

            self._background.call(run, done, fail)

        def fail(error: Exception) -> None:
            self._fail(error)
            otherwise()

        self.with_attendant(start)

    def enrol(
        self,
        name: str,
        result: FrameResult,
        i: int,
        then: Callable[[], object],
        refused: Callable[[DetectorError], object],
    ) -> None:
        """Enrol face ``i`` of ``result`` as ``name``; ``then`` when it is done, ``refused`` with the reason when it is not."""
        keep = self.keep_crops

        def done(person: Person) -> None:
            self._controller.set_finish(self._finish())
            self.changed.emit()
            self.enrolled.emit(person)
            then()

        def fail(error: Exception) -> None:
            refused(error) if isinstance(error, DetectorError) else self._fail(error)

        self.with_attendant(
            lambda attendant: self._background.call(
                lambda: attendant.enrol(name, result, i, keep_crop=keep), done, fail
            )
        )

    def close(self) -> None:
        """Release the models, after the engine has ended."""
        self._closed = True
        self._drop()

    def _open(self) -> None:
        if self._opening or self._closed:
            return
        self._opening = True
        processor = processor_choice(self._settings)
        choice = FaceChoice(
            self._settings.embedder,
            self._gallery,
            providers=processor.providers,
            strict=processor.strict,
            threads=processor.threads,
        )
        self._background.call(lambda: open_attendant(choice), self._accept, self._not_opened)

    def _accept(self, attendant: FaceAttendant) -> None:
        self._opening = False
        if self._closed:
            attendant.close()
            return
        self._attendant = attendant
        if attendant.gallery.notice is not None:
            self.failed.emit(attendant.gallery.notice)
        self._apply()
        waiting, self._waiting = self._waiting, []
        for then in waiting:
            then(attendant)
        self.changed.emit()

    def _not_opened(self, error: Exception) -> None:
        self._opening = False
        self._waiting.clear()
        self._fail(error)

    def _apply(self) -> None:
        """Give the engine its last step: names, blurring, or nothing; and open what that needs."""
        wanted = self._settings.face_names or self._settings.blur_strangers
        if self._attendant is not None:
            self._attendant.recogniser.change(blur_unknown=self._settings.blur_strangers)
        elif wanted:
            self._open()
        self._controller.set_finish(self._finish())

    def _finish(self) -> Callable[[FrameResult], FrameResult] | None:
        if not (self._settings.face_names or self._settings.blur_strangers):
            return None
        if self._attendant is not None:
            return self._attendant.recogniser
        # Until it is known whose face is whose, nobody's is shown.
        return hidden if self._settings.blur_strangers else None

    def _drop(self) -> None:
        attendant, self._attendant = self._attendant, None
        if attendant is not None:
            self._controller.set_finish(hidden if self._settings.blur_strangers else None)
            attendant.close()

    def _fail(self, error: Exception) -> None:
        log.warning("%s", error)
        told = error if isinstance(error, DetectorError) else DetectorError(detail=str(error))
        self.failed.emit(told)


def open_attendant(choice: FaceChoice) -> FaceAttendant:
    """On a background thread: it imports onnxruntime, a second that must not hold up a window.

    Raises:
        DetectorError: see :meth:`~detector_app.faces.attendant.FaceAttendant.open`.
    """
    from detector_app.faces.attendant import FaceAttendant

    return FaceAttendant.open(choice)
