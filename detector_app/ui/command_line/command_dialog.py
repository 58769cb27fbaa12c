"""Shows the command that gives the same results, and copies it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from detector_app.commands.run_line import Gap, posix_line, windows_line
from detector_app.ui.dialog_buttons import dialog_buttons
from detector_app.ui.translation import QT_TRANSLATE_NOOP, translate

CONTEXT = "CommandGaps"
GAPS = {
    Gap.LIVE: QT_TRANSLATE_NOOP(
        "CommandGaps", "A camera or stream shows other pictures when the command runs; every setting is the same."
    ),
    Gap.PASSWORD: QT_TRANSLATE_NOOP(
        "CommandGaps", "The password in the address is left out, because the line may be passed on. Put it in again."
    ),
    Gap.CARD: QT_TRANSLATE_NOOP(
        "CommandGaps",
        "How this model is read was corrected here. Save that first, in “How this model is read”; the command reads the saved file.",
    ),
    Gap.BLURRED_CHOICE: QT_TRANSLATE_NOOP(
        "CommandGaps",
        "Where strangers are blurred, the command writes every class and every detection; what is hidden here is in its results.",
    ),
}
"""What the line does not say → a sentence; source texts of the context "CommandGaps"."""
_TEXT_HEIGHT_PX = 112
_WIDTH_PX = 560


class CommandDialog(QDialog):
    """The line for the shell that a person uses, what it leaves open, and a button that copies. Not modal.

    Signals:
        copied: the line that is on the clipboard now.
    """

    copied = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, windows: bool = False) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._words: tuple[str, ...] = ()
        self._gaps: tuple[Gap, ...] = ()
        self._title = QLabel(wordWrap=True)
        self._shell_label = QLabel()
        self.shell = QComboBox()
        self.shell.addItems(["", ""])
        self.shell.setCurrentIndex(int(windows))
        self.text = QPlainTextEdit(readOnly=True)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(_TEXT_HEIGHT_PX)
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.notes, self._out = QLabel(wordWrap=True), QLabel(wordWrap=True)
        self._out.setProperty("role", "muted")
        self._buttons = dialog_buttons(QDialogButtonBox.StandardButton.Close)
        self.copy_button = self._buttons.addButton("", QDialogButtonBox.ButtonRole.ActionRole)
        self.copy_button.setProperty("primary", True)
        self.copy_button.setDefault(True)
        self.copy_button.clicked.connect(self.copy)
        self._buttons.rejected.connect(self.reject)
        self.shell.currentIndexChanged.connect(self._show)
        self._lay_out()
        self._retranslate()
        self.copy_button.setFocus()

    @property
    def line(self) -> str:
        """What is shown and copied."""
        return (windows_line if self.shell.currentIndex() else posix_line)(self._words)

    def show_words(self, words: tuple[str, ...], gaps: Sequence[Gap]) -> None:
        """Show the command made of ``words``, and what it does not say."""
        if (words, tuple(gaps)) != (self._words, self._gaps):
            self._words, self._gaps = words, tuple(gaps)
            self._show()

    def copy(self) -> None:
        """Put the line on the clipboard."""
        QGuiApplication.clipboard().setText(self.line)
        self.copied.emit(self.line)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._shell_label)
        row.addWidget(self.shell)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(12)
        for widget in (self._title, self.text, self.notes, self._out):
            widget.setMinimumWidth(_WIDTH_PX)
            column.addWidget(widget)
        column.addLayout(row)
        column.addSpacing(4)
        column.addWidget(self._buttons)

    def _show(self) -> None:
        self.text.setPlainText(self.line)
        self.notes.setText("\n".join(translate(CONTEXT, GAPS[gap]) for gap in self._gaps))
        self.notes.setVisible(bool(self._gaps))

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("Copy as command"))
        self._title.setText(
            self.tr("This command gives the results that you see, without a window, for the whole input:")
        )
        self._out.setText(
            self.tr(
                "It writes into the folder “detections” where it is run; --out and --save choose another folder and kinds."
            )
        )
        self._shell_label.setText(self.tr("Shell"))
        self.shell.setItemText(0, self.tr("Linux, macOS"))
        self.shell.setItemText(1, self.tr("Windows"))
        self.shell.setAccessibleName(self.tr("Shell"))
        self.text.setAccessibleName(self.tr("Command"))
        self.copy_button.setText(self.tr("Copy"))
        self._buttons.button(QDialogButtonBox.StandardButton.Close).setText(self.tr("Close"))
        self._show()
