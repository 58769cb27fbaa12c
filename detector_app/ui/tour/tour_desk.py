"""Leads through the window: at the first start, and from the menu Help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QRect, QSettings, QTimer

from detector_app.ui.inputs import demo_clip
from detector_app.ui.tour.stops import CONTEXT, STOPS
from detector_app.ui.tour.tour_card import RING_PX, Ring, TourCard, place_beside
from detector_app.ui.translation import translate

if TYPE_CHECKING:
    from detector_app.ui.main_window import MainWindow

SEEN = "tour/seen"
FOLLOW_MS = 100
"""Panels open, bars come and go, windows are resized: so often the card looks where its target is, while the tour runs."""


class TourDesk(QObject):
    """Shows one stop after the other beside what it tells of; the window can be used all the while.

    Attributes:
        card: of the present stop; hidden while there is no tour.
    """

    def __init__(self, window: MainWindow, store: QSettings) -> None:
        super().__init__(window)
        self._window, self._store = window, store
        self._at = 0
        self.card, self._ring = TourCard(window), Ring(window)
        self._follow = QTimer(self, interval=FOLLOW_MS)
        self._follow.timeout.connect(self._place)
        self.card.nextAsked.connect(lambda: self._go(1))
        self.card.backAsked.connect(lambda: self._go(-1))
        self.card.skipAsked.connect(self.stop)
        window.actions_table["tour"].triggered.connect(lambda _=False: self.start())
        self.card.languageChanged.connect(self._say)

    @property
    def stop_name(self) -> str:
        """The present stop; empty while there is no tour."""
        return STOPS[self._at].name if self._follow.isActive() else ""

    def start_once(self) -> bool:
        """Start the tour if this user has never seen it; says whether it does."""
        if self._store.value(SEEN) is not None or demo_clip() is None:
            return False
        self.start()
        return True

    def start(self) -> None:
        """Start at the first stop, on the demo clip if nothing else is shown."""
        self._store.setValue(SEEN, 1)
        window = self._window
        if not window.area.showing_picture and demo_clip() is not None:
            window.inputs.open_demo()
        window.actions_table["full_screen"].setChecked(False)
        window.actions_table["panel"].setChecked(True)
        self._at = 0
        self._follow.start()
        self._show()

    def stop(self) -> None:
        """End the tour; the focus goes back to the picture."""
        if not self._follow.isActive():
            return
        self._follow.stop()
        self.card.hide()
        self._ring.hide()
        self._window.area.view.setFocus()

    def _go(self, by: int) -> None:
        self._at = max(0, self._at + by)
        if self._at >= len(STOPS):
            self._at = 0
            self.stop()
            return
        self._show()

    def _show(self) -> None:
        self._say()
        self._place()
        self.card.show()
        self.card.raise_()
        self.card.next.setFocus()

    def _say(self) -> None:
        if self._follow.isActive():
            stop = STOPS[self._at]
            self.card.say(translate(CONTEXT, stop.title), translate(CONTEXT, stop.text), self._at + 1, len(STOPS))

    def _place(self) -> None:
        """Put card and ring where the target is now; without a visible target the card stands in the picture."""
        stop, area = STOPS[self._at], self._window.area
        target = stop.target(self._window)
        shown = target.isVisible()
        if not shown:
            target = area
        around = QRect(target.mapTo(self._window, QPoint(0, 0)), target.size())
        self._ring.setVisible(shown and not stop.inside)
        self._ring.setGeometry(around.adjusted(-RING_PX, -RING_PX, RING_PX, RING_PX))
        self._ring.raise_()
        inside = stop.inside or not shown
        corner = place_beside(around, self.card.size(), self._window.rect(), inside=inside)
        if corner != self.card.pos():
            self.card.move(corner)
        self.card.raise_()
