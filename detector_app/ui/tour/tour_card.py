"""The card of the tour, and the ring around what it points at. Neither takes the window from anybody."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from detector_app.ui.theme import CORNER_PX, GRID_PX, tokens_for

WIDTH_PX = 336
GAP_PX = 12
RING_PX = 4
"""How far outside its target the ring lies."""


class TourCard(QFrame):
    """A title, a few words, and three buttons. Arrow keys turn, Escape ends.

    Signals:
        nextAsked, backAsked, skipAsked: what a person wants.
        languageChanged: the card speaks another language now; :meth:`say` it again.
    """

    nextAsked = Signal()
    backAsked = Signal()
    skipAsked = Signal()
    languageChanged = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedWidth(WIDTH_PX)
        self.title, self.text, self.count = QLabel(wordWrap=True), QLabel(wordWrap=True), QLabel()
        self.title.setProperty("role", "strong")
        self.count.setProperty("role", "muted")
        self.skip, self.back, self.next = QPushButton(flat=True), QPushButton(), QPushButton()
        self.next.setProperty("primary", True)
        row = QHBoxLayout()
        row.setSpacing(GRID_PX)
        row.addWidget(self.count)
        row.addStretch(1)
        for button in (self.skip, self.back, self.next):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 12)
        column.setSpacing(GRID_PX)
        column.addWidget(self.title)
        column.addWidget(self.text)
        column.addLayout(row)
        self.next.clicked.connect(self.nextAsked)
        self.back.clicked.connect(self.backAsked)
        self.skip.clicked.connect(self.skipAsked)
        keys = {Qt.Key.Key_Right: self.next, Qt.Key.Key_Left: self.back, Qt.Key.Key_Escape: self.skip}
        self._keys = {int(key): button for key, button in keys.items()}
        for button in (self.skip, self.back, self.next):
            button.installEventFilter(self)
        self.hide()

    def say(self, title: str, text: str, number: int, total: int) -> None:
        """Show stop ``number`` (from 1) of ``total``; a screen reader speaks it with the button that has the focus."""
        self.title.setText(title)
        self.text.setText(text)
        self.count.setText(f"{number} / {total}")
        self.skip.setText(self.tr("Skip"))
        self.back.setText(self.tr("Back"))
        self.next.setText(self.tr("Next") if number < total else self.tr("Done"))
        self.skip.setVisible(number < total)
        self.back.setVisible(number > 1)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        spoken = self.tr("Tour, {number} of {total}: {title}. {text}").format(
            number=number, total=total, title=title, text=text
        )
        self.next.setAccessibleDescription(spoken)
        self.text.setMinimumHeight(self.text.heightForWidth(WIDTH_PX - 32))
        self.layout().activate()  # type: ignore[union-attr]  # the card has one
        self.resize(WIDTH_PX, self.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        """Ask for the words in the new language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.languageChanged.emit()

    def event(self, event: QEvent) -> bool:
        """Keep the keys that mean something here from the window's shortcuts."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in self._keys:
            event.accept()
            return True
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Turn, or end: buttons would take the arrow keys to move the focus."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in self._keys:
            self._keys[event.key()].click()
            return True
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A raised surface with an edge in the accent."""
        del event
        colours = tokens_for(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colours.accent), 1.5))
        painter.setBrush(QColor(colours.surface1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), CORNER_PX, CORNER_PX)


class Ring(QWidget):
    """A line around what is pointed at. The mouse goes through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens_for(self.palette()).accent), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), CORNER_PX + 2, CORNER_PX + 2)


def place_beside(target: QRect, card: QSize, within: QRect, *, inside: bool = False) -> QPoint:
    """Where the corner of a card goes: below, above, left or right of its target, wherever it fits; else inside, at the lower left.

    Args:
        target: what it points at.
        card: its size.
        within: the window.
        inside: it has to stand inside the target.
    """
    room = within.adjusted(GAP_PX, GAP_PX, -GAP_PX, -GAP_PX)
    middle = target.center()
    left = min(max(middle.x() - card.width() // 2, room.left()), room.right() - card.width())
    top = min(max(middle.y() - card.height() // 2, room.top()), room.bottom() - card.height())
    places = (
        QPoint(left, target.bottom() + GAP_PX),
        QPoint(left, target.top() - GAP_PX - card.height()),
        QPoint(target.left() - GAP_PX - card.width(), top),
        QPoint(target.right() + GAP_PX, top),
    )
    for corner in () if inside else places:
        if room.contains(QRect(corner, card)):
            return corner
    low = target.bottom() - 2 * GAP_PX - card.height()
    return QPoint(
        min(max(target.left() + 2 * GAP_PX, room.left()), room.right() - card.width()),
        min(max(low, room.top()), room.bottom() - card.height()),
    )
