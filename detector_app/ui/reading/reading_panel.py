"""The panel beside the picture: how the model is read, to be looked at and corrected."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QToolButton, QVBoxLayout, QWidget
from superqt import QElidingLabel

from detector_app.pipelines.reading.reading import Field
from detector_app.ui.icons import icon
from detector_app.ui.reading.choice_editors import ClassesEditor
from detector_app.ui.reading.reading_row import ReadingRow
from detector_app.ui.reading.session import Session
from detector_app.ui.theme import GRID_PX, PADDING_PX

WIDTH_PX = 432


class ReadingPanel(QWidget):
    """Shows a reading; see :class:`~detector_app.ui.reading.reading_desk.ReadingDesk` for what happens then.

    Signals:
        chosen: question and answer that a person gives.
        correctRequested, resetRequested, saveRequested, copyRequested, namesRequested, closed: the buttons.
    """

    chosen = Signal(object, object)
    correctRequested = Signal()
    resetRequested = Signal()
    saveRequested = Signal()
    copyRequested = Signal()
    namesRequested = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("readingPanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(WIDTH_PX)
        self.title, self.file, self.note = QLabel(), QElidingLabel(), QLabel()
        self.close_button = QToolButton()
        self.rows = {question: ReadingRow(question) for question in Field}
        self.correct_button, self.reset_button = QPushButton(), QPushButton()
        self.copy_button, self.save_button = QPushButton(), QPushButton()
        self._session: Session | None = None
        self._lay_out()
        self._connect()
        self._say()

    def show_session(self, session: Session) -> None:
        """Show how a file is read: facts, or fields while it is corrected."""
        self._session = session
        reading, correcting = session.reading, session.correcting
        self.file.setText(session.file.path.name)
        for question, row in self.rows.items():
            fact = reading.facts.get(question)
            row.setVisible(fact is not None)
            if fact is not None:
                row.show_fact(fact, correctable=correcting)
        self.correct_button.setVisible(not correcting and session.correctable)
        for button in (self.reset_button, self.copy_button, self.save_button):
            button.setVisible(correcting)
        complete, card_inside = not reading.missing, session.file.card_inside
        self.save_button.setEnabled(complete and not card_inside)
        self.copy_button.setEnabled(complete)
        self._say_saving(complete=complete, card_inside=card_inside)

    def show_note(self, text: str, role: str = "muted") -> None:
        """Say how it went; ``role`` is "muted", "warning" or "danger"."""
        self.note.setText(text)
        self.note.setProperty("role", role)
        self.note.setVisible(bool(text))
        self.note.style().unpolish(self.note)
        self.note.style().polish(self.note)

    def take_focus(self) -> None:
        """Put the focus where a person is asked first."""
        asked = self._session.reading.missing if self._session is not None else ()
        row = self.rows[asked[0]] if asked else None
        (row.editor.first if row is not None and row.correctable else self.close_button).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
            self.show_note("")
            if self._session is not None:
                self.show_session(self._session)
        super().changeEvent(event)

    def _say(self) -> None:
        self.title.setText(self.tr("How this model is read"))
        self.close_button.setToolTip(self.tr("Close (Esc)"))
        self.close_button.setAccessibleName(self.tr("Close (Esc)"))
        self.correct_button.setText(self.tr("Correct…"))
        self.reset_button.setText(self.tr("Reset"))
        self.copy_button.setText(self.tr("Save a copy…"))
        self.save_button.setText(self.tr("Save card"))
        self.copy_button.setToolTip(self.tr("A copy of the model with the card inside"))

    def _say_saving(self, *, complete: bool, card_inside: bool) -> None:
        beside = self.tr("Beside the model; it is read so from then on")
        inside = self.tr("The file has a card inside, which counts before one beside it: save a copy")
        asked = self.tr("Something is still asked for")
        self.save_button.setToolTip(asked if not complete else inside if card_inside else beside)

    def _connect(self) -> None:
        for question, row in self.rows.items():
            row.chosen.connect(lambda value, asked=question: self.chosen.emit(asked, value))
            if isinstance(row.editor, ClassesEditor):
                row.editor.fileWanted.connect(self.namesRequested)
        self.close_button.clicked.connect(self.closed)
        self.correct_button.clicked.connect(self.correctRequested)
        self.reset_button.clicked.connect(self.resetRequested)
        self.copy_button.clicked.connect(self.copyRequested)
        self.save_button.clicked.connect(self.saveRequested)

    def _lay_out(self) -> None:
        self.title.setProperty("role", "strong")
        self.file.setProperty("role", "muted")
        self.file.setElideMode(Qt.TextElideMode.ElideMiddle)
        self.close_button.setIcon(icon("close"))
        self.close_button.setAutoRaise(True)
        self.save_button.setProperty("primary", "true")
        self.note.setWordWrap(True)
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(PADDING_PX, GRID_PX, 0, PADDING_PX)
        column.setSpacing(GRID_PX)
        column.addLayout(_row(self.title, None, self.close_button, right=GRID_PX))
        column.addLayout(_row(self.file, right=PADDING_PX))
        column.addWidget(self._page(), 1)
        column.addLayout(_row(self.note, right=PADDING_PX))
        column.addLayout(
            _row(self.reset_button, None, self.copy_button, self.save_button, self.correct_button, right=PADDING_PX)
        )

    def _page(self) -> QScrollArea:
        page = QWidget()
        page.setObjectName("page")
        rows = QVBoxLayout(page)
        rows.setContentsMargins(0, GRID_PX, PADDING_PX, GRID_PX)
        rows.setSpacing(PADDING_PX)
        for row in self.rows.values():
            rows.addWidget(row)
        rows.addStretch()
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(page)
        return scroll


def _row(*widgets: QWidget | None, right: int) -> QHBoxLayout:
    """Widgets beside each other; None is what gives way."""
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, right, 0)
    row.setSpacing(GRID_PX)
    for widget in widgets:
        if widget is None:
            row.addStretch()
        else:
            row.addWidget(widget)
    return row
