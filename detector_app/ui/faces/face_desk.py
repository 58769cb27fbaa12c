"""What the menu "Faces" does: find faces, name them, blur strangers, enrol the one that was clicked on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Slot

from detector_app.engine.state import EngineState
from detector_app.faces.people import Person
from detector_app.pipelines.embedded import FACE_MODEL, SIGN
from detector_app.ui.faces.enrol_card import EnrolCard
from detector_app.ui.faces.service import FaceService
from detector_app.ui.message_bar import Message, Remedy
from detector_app.vision.frame_result import FrameResult

if TYPE_CHECKING:
    from detector_app.faces.attendant import FaceAttendant
    from detector_app.ui.main_window import MainWindow


class FaceDesk(QObject):
    """Connects the window's actions, its picture and the people.

    Attributes:
        service: knows the people.
        card: asks for a name.
    """

    def __init__(self, window: MainWindow, gallery: Path | None) -> None:
        super().__init__(window)
        self._window = window
        self._asked_for = ""
        self._told_of = ""
        self._wanted: tuple[str, float | None] = ("", None)
        self.service = FaceService(window.controller, window.background, self, gallery)
        self.card = EnrolCard(window.area.view)
        table = window.actions_table
        table["face_names"].triggered.connect(lambda on=False: window.preferences.set(face_names=on))
        table["blur_strangers"].triggered.connect(lambda on=False: window.preferences.set(blur_strangers=on))
        table["find_faces"].triggered.connect(lambda on=False: self._find_faces(on))
        table["enrol"].triggered.connect(lambda _=False: self.ask())
        table["people"].triggered.connect(lambda _=False: self._show_people())
        table["compare"].triggered.connect(lambda _=False: self._show_comparison())
        table["search_person"].triggered.connect(lambda _=False: self._show_search())
        window.area.view.detectionClicked.connect(self._clicked)
        self.card.named.connect(self._enrol)
        self.card.closed.connect(window.area.view.setFocus)
        self.service.failed.connect(window.show_error)
        self.service.enrolled.connect(self._say_enrolled)

    def follow(self) -> None:
        """Do as the settings say, and see to a model that finds faces if they need one."""
        settings, table = self._window.preferences.settings, self._window.actions_table
        table["face_names"].setChecked(settings.face_names)
        table["blur_strangers"].setChecked(settings.blur_strangers)
        self.service.follow(settings)
        self._see_to_faces(self._window.state, asked=True)

    def show_state(self, state: EngineState) -> None:
        """Follow the engine."""
        table = self._window.actions_table
        table["find_faces"].setChecked(finds_faces(state))
        table["find_faces"].setEnabled(state.model is not None and state.model.task != "faces")
        if state.source is None:
            self.card.dismiss()
        self._go_there(state)
        self._see_to_faces(state, asked=False)

    def ask(self, i: int = -1) -> None:
        """Ask who face ``i`` of the shown picture is; by default the selected one, or the only one."""
        view = self._window.area.view
        result = view.shown
        if result is None:
            return
        faces = faces_of(result)
        chosen = i if i >= 0 else view.selected
        if chosen not in faces:
            chosen = faces[0] if len(faces) == 1 else -1
        if chosen < 0:
            self._say(self.tr("Click the face that is to be enrolled."))
        elif self._window.preferences.settings.blur_strangers and not known(result, chosen):
            stop = Remedy(self.tr("Stop blurring"), lambda: self._window.preferences.set(blur_strangers=False))
            self._say(self.tr("A blurred face cannot be enrolled."), stop)
        else:
            self._open_card(result, chosen)

    def close(self) -> None:
        """Release the models, after the engine has ended."""
        self.service.close()

    def _clicked(self, i: int) -> None:
        result = self._window.area.view.shown
        if self._window.preferences.settings.face_names and result is not None and i in faces_of(result):
            self.ask(i)
        else:
            self.card.dismiss()

    def _open_card(self, result: FrameResult, i: int) -> None:
        """Names are read in the background: another program may hold the gallery for a moment."""
        view = self._window.area.view
        left, top, right, bottom = (float(edge) for edge in result.detections.xyxy[i])
        place = view.transform.rect_to_view(QRectF(QPointF(left, top), QPointF(right, bottom))).toRect()
        self.service.do(
            lambda opened: tuple(person.name for person in opened.gallery.people()),
            lambda names: self.card.ask(result, i, names, place),
        )

    def _enrol(self, name: str) -> None:
        face = self.card.face
        if face is not None:
            self.service.enrol(name, *face, self.card.dismiss, self.card.refuse)

    def _say_enrolled(self, person: Person) -> None:
        if not self._window.preferences.settings.face_names:
            self._window.preferences.set(face_names=True)
        text = self.tr("{name} is enrolled. Pictures so far: {count}.").format(name=person.name, count=person.pictures)
        self._say(text, Remedy(self.tr("Undo"), lambda: self._undo(person)))

    def _undo(self, person: Person) -> None:
        def forget(attendant: FaceAttendant) -> None:
            pictures = attendant.gallery.pictures(person.id)
            if pictures:
                attendant.gallery.forget_picture(pictures[-1].id)

        self.service.do(forget, lambda _: None, changes=True)

    def _find_faces(self, on: bool) -> None:
        base, _, _ = self._window.state.model_name.rpartition(SIGN)
        if on:
            self._asked_for = ""
            self._load_companion(self._window.state)
        elif base:
            self._window.preferences.set(face_names=False, blur_strangers=False)
            self._window.controller.load_model(base, self._window.state.given_card)

    def _see_to_faces(self, state: EngineState, *, asked: bool) -> None:
        """Load what finds faces, if they are wanted; in place of a classifier only when a person has just ``asked`` for faces."""
        settings = self._window.preferences.settings
        if not (settings.face_names or settings.blur_strangers) or state.model is None or finds_faces(state):
            return
        if state.model.task == "detect" or asked:
            self._load_companion(state)
        elif settings.blur_strangers and self._told_of != state.model_name:
            self._told_of = state.model_name
            stop = Remedy(self.tr("Stop blurring"), lambda: self._window.preferences.set(blur_strangers=False))
            self._say(self.tr("This model finds no faces: the whole picture is blurred."), stop)

    def _load_companion(self, state: EngineState) -> None:
        """The present model with a face detector beside it, or that alone; asked for once for each model."""
        model = state.model
        if model is None or state.model_loading or self._asked_for == state.model_name:
            return
        self._asked_for = state.model_name
        together = model.task == "detect"
        if together:
            self._window.controller.load_model(f"{state.model_name}{SIGN}{FACE_MODEL}", state.given_card)
        else:
            self._window.controller.load_model(FACE_MODEL)

    # The dialogs bring onnxruntime, which takes a while: not before the window is there.

    def _show_people(self) -> None:
        from detector_app.ui.faces.people_dialog import PeopleDialog

        window = self._window
        window.windows.show(PeopleDialog, lambda: PeopleDialog(self.service, window))

    def _show_comparison(self) -> None:
        from detector_app.ui.faces.compare_dialog import CompareDialog

        window = self._window
        window.windows.show(CompareDialog, lambda: CompareDialog(self.service, window))

    def _show_search(self) -> None:
        from detector_app.ui.faces.search_dialog import SearchDialog

        window = self._window
        source = window.state.source
        present = window.state.spec if source is not None and not source.live else ""
        dialog = window.windows.show(
            SearchDialog, lambda: SearchDialog(self.service, window.background, present, window)
        )
        dialog.openRequested.connect(self._open_at, Qt.ConnectionType.UniqueConnection)

    @Slot(str, object)
    def _open_at(self, spec: str, time_s: float | None) -> None:
        """Show what was found, and hold it there."""
        self._wanted = (spec, time_s)
        if spec != self._window.state.spec:
            self._window.inputs.open(spec)
        self._go_there(self._window.state)

    def _go_there(self, state: EngineState) -> None:
        """Hold what was asked for at its time, once it is open: inputs are looked at in the background first."""
        spec, time_s = self._wanted
        if time_s is None or state.source is None or state.spec != spec:
            return
        self._wanted = ("", None)
        self._window.controller.pause()
        self._window.controller.seek(time_s)

    def _say(self, text: str, *remedies: Remedy) -> None:
        self._window.area.messages.show_message(Message(text, remedies=remedies, topic="faces"))


def finds_faces(state: EngineState) -> bool:
    """Whether the running model finds faces."""
    return state.model is not None and (state.model.task == "faces" or state.model.cascade is not None)


def faces_of(result: FrameResult) -> list[int]:
    """The detections that have landmarks."""
    points = result.detections.landmarks_xy
    return [] if points is None else np.flatnonzero(np.isfinite(points).all(axis=(1, 2))).tolist()


def known(result: FrameResult, i: int) -> bool:
    """Whether face ``i`` is somebody's who is enrolled."""
    identity = result.detections.identity(i)
    return identity is not None and identity.known
