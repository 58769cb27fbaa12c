"""The one way from the engine's threads to the window: callbacks become queued signals."""

from __future__ import annotations

from threading import Lock

from PySide6.QtCore import QObject, Signal

from detector_app.engine.state import EngineState
from detector_app.errors import DetectorError


class Bridge(QObject):
    """The engine's listener. Results wake the window at most once: while a wake-up is pending, newer ones join it.

    Signals arrive on the thread of the receiver's event loop:
        resultReady: a newer result can be fetched; the receiver calls :meth:`accept` first.
        stateChanged: an ``EngineState``.
        failed: a ``DetectorError``.
    """

    resultReady = Signal()
    stateChanged = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = Lock()
        self._pending = False

    def on_result(self) -> None:
        """Called on an engine thread: ask for one wake-up unless one is on its way."""
        with self._lock:
            if self._pending:
                return
            self._pending = True
        self.resultReady.emit()

    def accept(self) -> None:
        """Called by the window when it is awake, before it fetches the result, so that a newer one wakes it again."""
        with self._lock:
            self._pending = False

    def on_state(self, state: EngineState) -> None:
        """Called on an engine thread: pass the state on, in order."""
        self.stateChanged.emit(state)

    def on_error(self, error: DetectorError) -> None:
        """Called on an engine thread: pass the error on."""
        self.failed.emit(error)
