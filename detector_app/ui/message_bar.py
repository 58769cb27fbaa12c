"""One line under the toolbar: what happened, and the button that mends it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QToolButton, QWidget
from superqt import QElidingLabel

from detector_app.ui.icon_label import IconLabel
from detector_app.ui.icons import icon

INFO_SHOWN_MS = 12_000
"""Good news goes away by itself; what went wrong stays until it is read."""
_ICON_PX = 18


class Severity(Enum):
    """How bad it is; the value names the icon, and the style by the property ``severity``."""

    INFO = "info"
    WARNING = "warning"
    DANGER = "error"


_TOKENS = {Severity.INFO: "accent", Severity.WARNING: "warning", Severity.DANGER: "danger"}


@dataclass(frozen=True)
class Remedy:
    """A button of a message: its text in the present language, and what it does."""

    text: str
    run: Callable[[], object]


@dataclass(frozen=True)
class Message:
    """One message in the present language.

    Attributes:
        full: the text at full length, paths and all, as a tooltip; empty if ``text`` is that already.
        topic: what it is about ("source", "model", …), so that it can be cleared when that has changed; may be empty.
    """

    text: str
    severity: Severity = Severity.INFO
    remedies: tuple[Remedy, ...] = ()
    topic: str = ""
    full: str = ""


class MessageBar(QFrame):
    """Shows one message at a time, the newest; hidden while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("messageBar")
        self._message: Message | None = None
        self._icon = IconLabel("info", _ICON_PX)
        self._text = QElidingLabel()
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._buttons: list[QPushButton] = []
        self._close = QToolButton()
        self._close.setObjectName("messageClose")
        self._close.setIcon(icon("close"))
        self._close.setAutoRaise(True)
        self._close.clicked.connect(self.clear)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 4, 8, 4)
        self._row.setSpacing(8)
        for widget in (self._icon, self._text, self._close):
            self._row.addWidget(widget)
        self._timer = QTimer(self, singleShot=True, interval=INFO_SHOWN_MS)
        self._timer.timeout.connect(self.clear)
        self._retranslate()
        self.hide()

    @property
    def message(self) -> Message | None:
        """What is shown, or None."""
        return self._message

    @property
    def buttons(self) -> tuple[QPushButton, ...]:
        """The remedies' buttons as shown."""
        return tuple(self._buttons)

    def show_message(self, message: Message) -> None:
        """Replace what is shown."""
        self._message = message
        self._icon.show_icon(message.severity.value, _TOKENS[message.severity])
        self._text.setText(message.text)
        self._text.setToolTip(message.full or message.text)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._replace_buttons(message.remedies)
        self.setProperty("severity", message.severity.value)
        self.style().unpolish(self)
        self.style().polish(self)
        self._timer.start() if message.severity is Severity.INFO else self._timer.stop()
        self.show()

    def clear(self, topic: str | None = None) -> None:
        """Hide the message; with a ``topic``, only one about that."""
        # A clicked signal brings a bool: that is no topic.
        if isinstance(topic, str) and (self._message is None or self._message.topic != topic):
            return
        self._message = None
        self._timer.stop()
        self.hide()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _replace_buttons(self, remedies: tuple[Remedy, ...]) -> None:
        for old in self._buttons:
            self._row.removeWidget(old)
            old.deleteLater()
        self._buttons = [self._button(remedy) for remedy in remedies]

    def _button(self, remedy: Remedy) -> QPushButton:
        button = QPushButton(remedy.text)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: self._mend(remedy))
        self._row.insertWidget(self._row.count() - 1, button)
        return button

    def _mend(self, remedy: Remedy) -> None:
        self.clear()
        remedy.run()

    def _retranslate(self) -> None:
        self._close.setToolTip(self.tr("Close this message"))
        self._close.setAccessibleName(self.tr("Close this message"))
