"""What happens with files that say nothing of how they are read: guessing, asking, correcting before the picture, saving."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QFileDialog

from detector_app.engine.state import EngineState
from detector_app.errors import CardInvalidError, CardMissingError, DetectorError, ModelError
from detector_app.model_card import ModelCard
from detector_app.pipelines.reading.reading import Field
from detector_app.ui.message_bar import Message, Remedy, Severity
from detector_app.ui.reading.reading_panel import ReadingPanel
from detector_app.ui.reading.session import Session, model_file
from detector_app.ui.reading.texts import fault_text
from detector_app.ui.remedies import message_for

if TYPE_CHECKING:
    from detector_app.pipelines.reading.file_reading import FileReading
    from detector_app.ui.main_window import MainWindow

DEBOUNCE_MS = 250
"""Changes that follow each other faster are taken together."""
_TOPIC = "model"


class ReadingDesk(QObject):
    """Connects the panel, the engine and the files.

    Attributes:
        panel: beside the picture; hidden until it is opened.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._session: Session | None = None
        self._tell_of: ModelCard | None = None
        self._opening = False
        self._state = EngineState()
        self.panel = ReadingPanel()
        self._debounce = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._debounce.timeout.connect(self._apply)
        window.area.add_side_panel(self.panel)
        window.actions_table["model_reading"].triggered.connect(lambda _=False: self.toggle())
        panel = self.panel
        panel.chosen.connect(self._choose)
        panel.correctRequested.connect(self._correct)
        panel.resetRequested.connect(self._reset)
        panel.saveRequested.connect(self._save)
        panel.copyRequested.connect(self._ask_copy)
        panel.namesRequested.connect(self._ask_names)
        panel.closed.connect(self.hide)

    # --- what the window tells --------------------------------------------------------------------------------------------

    def takes(self, error: DetectorError) -> bool:
        """Whether this desk deals with ``error``: a missing card, one that cannot be used, or a correction that failed."""
        if isinstance(error, CardMissingError):
            self._read(Path(error.where), error)
            return True
        session, file = self._session, model_file(error)
        if session is not None and session.concerns(error):
            if self.panel.isVisible():
                self.panel.show_note(f"{fault_text(error)} {self._last_runs()}", "danger")
            else:
                self._tell(error, self._open)
            return True
        if file is not None:
            self._tell(error, lambda: self._read(file, error, look=True))
        return file is not None

    def show_state(self, state: EngineState) -> None:
        """Follow the engine: another model closes the panel, a guess that runs is told of."""
        before, self._state = self._state, state
        if state.model is before.model:
            return
        given = state.given_card
        if given is not None and given is self._tell_of:
            self._tell_of = None
            self._tell_guess()
        session = self._session
        if session is None:
            return
        if session.runs_in(state):
            self._end_opening()
        elif before.model_name == session.model or self.panel.isVisible():
            self._leave(keep=self._tell_of is not None)

    # --- opening and closing ----------------------------------------------------------------------------------------------

    def toggle(self) -> None:
        """Open the panel for the running model, or close it."""
        if self.panel.isVisible():
            self.hide()
        elif self._session is not None and self._session.model == self._state.model_name:
            self._open()
        elif self._state.model_name:
            self._read_running()

    def _leave(self, *, keep: bool) -> None:
        """Another model runs: what is read belongs to one that is gone, unless it is being opened."""
        self._debounce.stop()
        if self.panel.isVisible():
            self.hide()
        if not keep:
            self._session = None

    def _end_opening(self) -> None:
        if self._opening:
            self._opening = False
            self.panel.show_note("")

    def hide(self) -> None:
        """Close the panel; what was corrected goes on."""
        if self._debounce.isActive():
            self._debounce.stop()
            self._apply()
        self._window.area.show_side_panel(None)
        self._window.area.view.setFocus()

    def _open(self) -> None:
        self._window.area.messages.clear(_TOPIC)
        self._show()
        self._window.area.show_side_panel(self.panel)
        self.panel.take_focus()

    def _show(self) -> None:
        if self._session is not None:
            self.panel.show_session(self._session)

    # --- reading files ----------------------------------------------------------------------------------------------------

    def _read(self, path: Path, error: DetectorError, *, look: bool = False) -> None:
        """Read a file as if it had no card, because of ``error``; ``look``: a person wants to see how, before it runs."""
        from detector_app.pipelines.reading.file_reading import read_file

        def then(file: FileReading) -> None:
            session = Session(file, str(path), correcting=True)
            if not session.takes_a_picture:
                self._window.area.messages.show_message(message_for(error, self._window.actions_table))
                return
            self._session = session
            self.panel.show_note("")
            if look or session.reading.missing:
                self._ask()
            else:
                self._tell_of = file.card_for()
                self._window.controller.load_model(str(path), self._tell_of)

        self._window.background.call(lambda: read_file(path, guess=True), then, self._fail)

    def _read_running(self) -> None:
        """Read the file of the running model; without a card of its own, it runs with one that was guessed or chosen before."""
        from detector_app.pipelines.loader import files_of
        from detector_app.pipelines.reading.file_reading import read_file

        model = self._state.model_name

        def then(file: FileReading) -> None:
            self._session = Session(file, model, correcting=file.card is None)
            self.panel.show_note("")
            self._open()

        self._window.background.call(lambda: read_file(files_of(model)[0]), then, self._fail)

    def _ask(self) -> None:
        """Open the panel with what is asked for; what is complete runs."""
        self._open()
        session = self._session
        if session is not None and session.reading.missing:
            self.panel.show_note(self._asked(), "warning")
        elif session is not None and self._state.model_name != session.model:
            self._apply()

    def _tell_guess(self) -> None:
        session = self._session
        if session is None or not session.reading.guessed:
            return
        text = self.tr("{name} has no card; how it is read is partly guessed").format(name=session.file.path.name)
        look = Remedy(self.tr("Look"), self._open)
        self._window.area.messages.show_message(Message(text, Severity.WARNING, (look,), _TOPIC, text))

    def _fail(self, error: Exception) -> None:
        shown = error if isinstance(error, DetectorError) else ModelError("", detail=str(error))
        self._window.area.messages.show_message(message_for(shown, self._window.actions_table))

    def _tell(self, error: DetectorError, look: Callable[[], object]) -> None:
        """An error of a card, with the button that leads to how the model is read."""
        shown = message_for(error, self._window.actions_table)
        remedies = (Remedy(self.tr("Look"), look), *shown.remedies)
        self._window.area.messages.show_message(replace(shown, remedies=remedies))

    # --- corrections ------------------------------------------------------------------------------------------------------

    def _choose(self, question: Field, answer: Any) -> None:
        if self._session is None:
            return
        self._session = self._session.choosing(question, answer)
        self._show()
        self._debounce.start()

    def _correct(self) -> None:
        if self._session is not None:
            self._session = self._session.corrected()
            self._show()

    def _reset(self) -> None:
        if self._session is not None:
            self._session = self._session.reset()
            self._show()
            self._debounce.start()

    def _apply(self) -> None:
        """Run the model as it is read now; while something is missing, say so and let the last reading run."""
        session = self._session
        if session is None:
            return
        try:
            card = session.card()
        except DetectorError as error:
            if isinstance(error, CardInvalidError):
                self.panel.show_note(f"{fault_text(error)} {self._last_runs()}", "danger")
            else:
                self.panel.show_note(self._asked(), "warning")
            return
        self._opening = True
        self.panel.show_note(self.tr("Opening…"))
        self._window.controller.load_model(session.model, card)

    def _last_runs(self) -> str:
        return self.tr("What runs is the last reading that worked.") if self._runs() else ""

    def _runs(self) -> bool:
        return self._session is not None and self._session.runs_in(self._state)

    def _asked(self) -> str:
        return self.tr("Answer what is asked for; then the model runs.")

    # --- saving -----------------------------------------------------------------------------------------------------------

    def _save(self) -> None:
        from detector_app.pipelines.reading.copying import saved_sidecar

        session = self._session
        if session is None:
            return

        def then(target: Path) -> None:
            self.panel.show_note(self.tr("Saved as {name}; the model is read so from now on.").format(name=target.name))
            self._window.controller.load_model(session.model)
            self._reread(session)

        self._window.background.call(lambda: saved_sidecar(session.file.path, session.card()), then, self._note_failure)

    def _reread(self, session: Session) -> None:
        """Show what was saved as what is stated."""
        from detector_app.pipelines.reading.file_reading import read_file

        def then(file: FileReading) -> None:
            self._session = Session(file, session.model, correcting=True)
            self._show()

        self._window.background.call(lambda: read_file(session.file.path), then, self._note_failure)

    def _ask_copy(self) -> None:
        session = self._session
        if session is None:
            return
        path = session.file.path
        start = path.with_name(f"{path.stem}-with-card.onnx")
        dialog = self._dialog(self.tr("Save a copy with the card inside"), str(start.parent), self._save_copy)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("onnx")
        dialog.setNameFilters([self.tr("Models (*.onnx)")])
        dialog.selectFile(start.name)
        dialog.open()

    def _save_copy(self, chosen: str) -> None:
        from detector_app.pipelines.reading.copying import saved_copy

        session = self._session
        if session is None:
            return

        def then(target: Path) -> None:
            self.panel.show_note("")
            text = self.tr("Saved {name} with its card inside.").format(name=target.name)
            opening = Remedy(self.tr("Open it"), lambda: self._window.inputs.modelChosen.emit(str(target)))
            self._window.area.messages.show_message(Message(text, remedies=(opening,), full=str(target)))

        self._window.background.call(
            lambda: saved_copy(session.file.path, Path(chosen), session.card()), then, self._note_failure
        )

    def _ask_names(self) -> None:
        self._show()
        if self._session is not None:
            folder = str(self._session.file.path.parent)
            dialog = self._dialog(self.tr("Names of the classes, one in each line"), folder, self._take_names)
            dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
            dialog.open()

    def _take_names(self, chosen: str) -> None:
        from detector_app.pipelines.reading.names_file import names_in

        def then(names: tuple[str, ...]) -> None:
            self._choose(Field.CLASSES, names)

        self._window.background.call(lambda: names_in(Path(chosen)), then, self._note_failure)

    def _dialog(self, title: str, folder: str, then: Callable[[str], None]) -> QFileDialog:
        dialog = QFileDialog(self._window, title, folder)
        dialog.fileSelected.connect(then)
        dialog.finished.connect(dialog.deleteLater)
        return dialog

    def _note_failure(self, error: Exception) -> None:
        text = fault_text(error) if isinstance(error, DetectorError) else str(error)
        self.panel.show_note(text, "danger")
