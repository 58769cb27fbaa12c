"""Following things: the part of the controller that passes on whether and what is followed."""

from __future__ import annotations

import threading

from detector_app.engine.stages import SelectStage
from detector_app.engine.tracking import Tracker, TrackOptions


class TrackingOrders:
    """Every method returns at once and may be called at any time."""

    _lock: threading.Lock
    _select: SelectStage
    _tracking: TrackOptions | None

    def set_tracker(self, options: TrackOptions | None) -> None:
        """Follow things and count them as ``options`` say, the shown result's at once; None for no more.

        Who is followed stays so when only lines and zones change. Another source or model begins anew.
        """
        with self._lock:
            present = self._select.tracker
            if options is not None and present is not None:
                present.set_layout(options.layout)
            else:
                self._select.set_tracker(None if options is None else Tracker(options))
            self._tracking = options

    @property
    def tracker(self) -> Tracker | None:
        """What follows now: knows trails and counts."""
        return self._select.tracker

    @property
    def tracking(self) -> TrackOptions | None:
        """What is followed and counted; None for nothing."""
        with self._lock:
            return self._tracking
