"""Small pictures that are fetched when they are first seen, so that a gallery of thousands opens as fast as one of three."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from detector_app.ui.faces.errand import while_alive

Images = dict[int, QImage | None]
Fetch = Callable[[tuple[int, ...], Callable[[Images], object]], object]
"""Gets the pictures of these numbers in the background and hands them on; None for those that there are not."""
MOST_KEPT = 400


class LazyImages(QObject):
    """Pictures by number.

    Signals:
        arrived: numbers whose picture is there now, or another one.
    """

    arrived = Signal(object)

    def __init__(self, fetch: Fetch, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._fetch = fetch
        self._kept: OrderedDict[int, QImage | None] = OrderedDict()
        self._stale: set[int] = set()
        self._wanted: dict[int, None] = {}
        self._asked: set[int] = set()
        # One request for all that is painted in one go.
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._ask)

    def get(self, number: int) -> QImage | None:
        """The picture, if it is there; else it is fetched, and :attr:`arrived` will tell."""
        if (number not in self._kept or number in self._stale) and number not in self._asked:
            self._wanted[number] = None
            self._timer.start()
        return self._kept.get(number)

    def renew(self) -> None:
        """Fetch all again when they are next seen; until then the old ones are shown."""
        self._stale = set(self._kept)
        self._asked.clear()

    def forget(self) -> None:
        """Keep none."""
        self._kept.clear()
        self._stale.clear()

    def _ask(self) -> None:
        numbers, self._wanted = tuple(self._wanted), {}
        self._asked |= set(numbers)
        self._fetch(numbers, while_alive(self, self._take))

    def _take(self, images: Images) -> None:
        for number, image in images.items():
            self._kept[number] = image
            self._kept.move_to_end(number)
        self._stale -= set(images)
        self._asked -= set(images)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        self.arrived.emit(tuple(images))
