"""The same number for the same thing in every frame, and what crosses lines: a step on results, in the order of their frames.

ByteTrack (Zhang et al., ECCV 2022, https://arxiv.org/abs/2110.06864) of the library ``trackers`` follows boxes by motion and overlap, one
tracker for each class. It goes by presentation times, so frames that were left out are only longer steps. It also wants boxes that are too
weak to be shown: they are selected with a lower least score, keep a track alive, and are taken away again (:func:`sought`).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector_app.engine.tracked_frames import SeenFrame, SeenFrames, borrowed_ids
from detector_app.pipelines.pipeline import DetectSettings
from detector_app.vision.detections import Detections, IntArray
from detector_app.vision.frame import Frame
from detector_app.vision.frame_result import FrameResult
from detector_app.vision.zone_counting import MEMORY_S, Counting, Counts
from detector_app.vision.zones import FloatArray, Layout

RATE_HZ = 30.0
"""Steps a second that the motion model counts in; the frames' own times say how many lie between two frames."""
WEAK_PART, WEAKEST = 0.5, 0.1
"""Boxes of this part of the least score keep a track alive, but none of less than the other."""
TRAIL_S = 2.0


@dataclass(frozen=True)
class TrackOptions:
    """What is followed and counted.

    Attributes:
        layout: lines and zones.
    """

    layout: Layout = field(default_factory=Layout)


@dataclass(frozen=True, eq=False)
class Trail:
    """Where one thing was lately.

    Attributes:
        track_id, class_name: what it is.
        points_xy: (M, 2) float64 anchors of its boxes in pixels of the source frame, oldest first.
        ages_s: (M,) float64 how long ago.
    """

    track_id: int
    class_name: str
    points_xy: FloatArray
    ages_s: FloatArray


def sought(settings: DetectSettings) -> DetectSettings:
    """What to select with, so that weak boxes are there, too. Suppression goes from the best down, so the others stay the same.

    A cascade has scores of its own for each stage; it is left as it is.
    """
    if settings.cascade is not None:
        return settings
    return replace(settings, score=min(settings.score, max(WEAKEST, WEAK_PART * settings.score)))


class Tracker:
    """Gives ids from 1 up. The second frame that shows a thing gives it its id; the same frame again shows the same ids.

    A frame later than all before is new: things are followed to it, or, after more than a second without any, begin anew with higher ids.
    A frame that was seen before shows what it showed. One that was left out between such frames borrows their ids. Any other one is where
    following goes on from the frames before it, if there are any. Every frame counts once for lines and zones.
    """

    def __init__(self, options: TrackOptions | None = None) -> None:
        self._lock = threading.Lock()
        self._counting = Counting((options or TrackOptions()).layout)
        self._seen = SeenFrames()
        self._classes: dict[int, Any] = {}
        self._ids: dict[tuple[int, int], int] = {}
        self._next = 1
        self._last: tuple[int, float] | None = None

    # --- on the thread of results -------------------------------------------------------------------------------------------

    def restart(self) -> None:
        """Forget everything: another source or model. Ids begin with 1, counts with 0."""
        with self._lock:
            self._seen = SeenFrames()
            self._end_tracks()
            self._next, self._last = 1, None
            self._counting.reset()

    def step(self, result: FrameResult, settings: DetectSettings) -> FrameResult:
        """The result with ids, without the boxes that :func:`sought` added to those of ``settings``."""
        if result.classification is not None:
            return result
        with self._lock:
            found = replace(result.detections, track_ids=self._ids_of(result, settings))
            shown = found if settings.cascade is not None else found.take(found.scores >= np.float32(settings.score))
            return replace(result, detections=shown)

    def _ids_of(self, result: FrameResult, settings: DetectSettings) -> IntArray:
        frame, found = result.frame, result.detections
        known = self._seen.like(frame.index, frame.time_s, MEMORY_S)
        if known is not None:
            return borrowed_ids(known, found)
        self._go_to(frame)
        least = 0.0 if settings.cascade is not None else settings.score
        ids = self._advance(found, frame.time_s, least)
        self._last = (frame.index, frame.time_s)
        self._seen.add(SeenFrame(frame.index, frame.time_s, least, found.xyxy, found.scores, found.class_ids, ids))
        strong = replace(found, track_ids=ids).take(found.scores >= np.float32(least))
        self._counting.step(frame.index, frame.time_s, strong, (frame.width_px, frame.height_px))
        return ids

    def _go_to(self, frame: Frame) -> None:
        """Begin anew where ``frame`` does not follow on the last one; frames seen just before it are gone through again."""
        last = self._last
        if last is not None and frame.index > last[0] and 0 < frame.time_s - last[1] <= MEMORY_S:
            return
        self._end_tracks()
        for seen in self._seen.before(frame.index, frame.time_s - MEMORY_S):
            found = Detections(seen.xyxy, seen.scores, seen.class_ids)
            self._advance(found, seen.time_s, seen.least, seen.ids)

    def _advance(self, found: Detections, time_s: float, score: float, known: IntArray | None = None) -> IntArray:
        """Let every class's tracker go to ``time_s``. ``known`` are the ids that are to come out."""
        ids = np.full(len(found), -1, np.int64)
        for class_id in sorted({*self._classes, *found.class_ids.tolist()}):
            rows = np.flatnonzero(found.class_ids == class_id)
            tracker = self._classes.setdefault(class_id, None) or _byte_track()
            self._classes[class_id] = tracker
            tracker.track_activation_threshold = tracker.high_conf_det_threshold = np.float32(score)
            for row, local in _followed(tracker, found, rows, time_s):
                if known is None:
                    ids[row] = self._id_of(class_id, local, found.scores[row] >= np.float32(score))
                elif known[row] > 0:
                    self._ids[class_id, local] = int(known[row])
            if not tracker.tracks:
                self._end_tracks(class_id)
        return ids

    def _id_of(self, class_id: int, local: int, strong: bool) -> int:
        """Its id; a new one only where it can be seen, so that the ids that are seen have no gaps."""
        if (class_id, local) not in self._ids and strong:
            self._ids[class_id, local] = self._next
            self._next += 1
        return self._ids.get((class_id, local), -1)

    def _end_tracks(self, class_id: int | None = None) -> None:
        """Of one class, or of all."""
        if class_id is None:
            self._classes, self._ids = {}, {}
            return
        del self._classes[class_id]
        self._ids = {key: value for key, value in self._ids.items() if key[0] != class_id}

    # --- from any thread ----------------------------------------------------------------------------------------------------

    def set_layout(self, layout: Layout) -> None:
        """Count these lines and zones from now on; those that stay keep their counts."""
        with self._lock:
            self._counting.set_layout(layout)

    def reset_counts(self) -> None:
        """Begin counting at 0; ids go on."""
        with self._lock:
            self._counting.reset()

    def counts(self) -> Counts:
        """What was counted so far."""
        with self._lock:
            return self._counting.counts()

    def trails(self, result: FrameResult) -> tuple[Trail, ...]:
        """Where the things of ``result`` were in the last :data:`TRAIL_S` seconds."""
        ids = result.detections.track_ids
        if ids is None:
            return ()
        now_s = result.frame.time_s
        with self._lock:
            lately, anchor = [*self._seen.before(result.frame.index + 1, now_s - TRAIL_S)], self._counting.layout.anchor
        if not lately:
            return ()
        points = np.concatenate([anchor.points_xy(seen.xyxy) for seen in lately])
        ages = np.concatenate([np.full(len(seen.ids), now_s - seen.time_s) for seen in lately])
        whose = np.concatenate([seen.ids for seen in lately])
        return tuple(
            Trail(int(ids[i]), result.detections.name(int(i)), points[rows], ages[rows])
            for i in np.flatnonzero(ids > 0)
            if len(rows := np.flatnonzero(whose == ids[i]))
        )


class _Boxes:
    """What a tracker of the library asks of detections."""

    def __init__(self, xyxy: NDArray[np.float32], confidence: NDArray[np.float32], rows: IntArray) -> None:
        self.xyxy, self.confidence, self.rows = xyxy, confidence, rows
        self.tracker_id: IntArray = np.full(len(rows), -1, np.int64)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: IntArray) -> _Boxes:
        return _Boxes(self.xyxy[index], self.confidence[index], self.rows[index])


def _byte_track() -> Any:
    from trackers import ByteTrackTracker  # takes a while to import: only who follows pays for it

    return ByteTrackTracker(frame_rate=RATE_HZ, lost_track_buffer=round(MEMORY_S * 30))


def _followed(tracker: Any, found: Detections, rows: IntArray, time_s: float) -> Iterator[tuple[int, int]]:
    """Row and number, within its class, of everything that ``tracker`` follows to ``time_s``."""
    done = tracker.update(_Boxes(found.xyxy[rows], found.scores[rows], rows), timestamp=time_s)
    if len(rows):
        pairs = zip(done.rows.tolist(), done.tracker_id.tolist(), strict=True)
        yield from sorted((row, local) for row, local in pairs if local >= 0)
