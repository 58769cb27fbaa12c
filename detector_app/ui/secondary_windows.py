"""The windows beside the main one. None is modal; each kind is there at most once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtWidgets import QDialog

D = TypeVar("D", bound=QDialog)


class SecondaryWindows:
    """Opens a dialog of a kind, or brings the one to the front that is open already. A dialog deletes itself when it is closed."""

    def __init__(self) -> None:
        self._open: dict[type[QDialog], QDialog] = {}

    def show(self, kind: type[D], make: Callable[[], D]) -> D:
        """The dialog of ``kind``, made by ``make`` if there is none; shown and active."""
        found = self.get(kind)
        if found is None:
            found = make()
            self._open[kind] = found
            found.finished.connect(lambda: self._open.pop(kind, None))
        found.show()
        found.raise_()
        found.activateWindow()
        return found

    def get(self, kind: type[D]) -> D | None:
        """The dialog of ``kind`` if it is open."""
        found = self._open.get(kind)
        return found if isinstance(found, kind) else None

    def close(self) -> None:
        """Close all."""
        for dialog in list(self._open.values()):
            dialog.close()
