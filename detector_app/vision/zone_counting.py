"""Who crosses a line and who is in a zone, from the boxes of followed things, frame by frame."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from detector_app.vision.detections import Detections
from detector_app.vision.zones import (
    CountingLine,
    FloatArray,
    Layout,
    Shape,
    Zone,
    crossing,
    distance_to_edge,
    inside,
    side_of,
)

MARGIN = 0.005
"""Part of the picture's diagonal that a point must lie beyond a line or edge before that counts: boxes tremble."""
MEMORY_S = 1.0
"""What is not seen for longer is gone."""
MOST_EVENTS = 100_000
"""Events kept; of more the oldest are forgotten, the counts are not."""

IN, OUT = "in", "out"
ENTER, LEAVE = "enter", "leave"
APPEAR, VANISH = "appear", "vanish"
"""Seen inside the first time, and seen inside the last time."""


@dataclass(frozen=True)
class ZoneEvent:
    """One thing that was counted.

    Attributes:
        index, time_s: the frame.
        shape: name of the line or zone.
        track_id, class_name: who.
        what: :data:`IN` or :data:`OUT` of a line; :data:`ENTER`, :data:`LEAVE`, :data:`APPEAR` or :data:`VANISH` of a zone.
        line: it is of a line.
    """

    index: int
    time_s: float
    shape: str
    track_id: int
    class_name: str
    what: str
    line: bool


@dataclass(frozen=True)
class LineCount:
    """What crossed one line, by class."""

    name: str
    into: Mapping[str, int] = field(default_factory=dict)
    out: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class ZoneCount:
    """What one zone has seen.

    Attributes:
        inside: by class, now; what is hidden for a moment counts.
        entered, left: by class; ``inside`` is what entered and has not left. Appearing and vanishing inside count, too.
        dwell_s: mean time of a visit, those that last included; 0 without any.
    """

    name: str
    inside: Mapping[str, int] = field(default_factory=dict)
    entered: Mapping[str, int] = field(default_factory=dict)
    left: Mapping[str, int] = field(default_factory=dict)
    dwell_s: float = 0.0


@dataclass(frozen=True)
class Counts:
    """A snapshot, in the order of the layout's shapes."""

    lines: tuple[LineCount, ...] = ()
    zones: tuple[ZoneCount, ...] = ()
    events: tuple[ZoneEvent, ...] = ()


@dataclass(frozen=True)
class _Sight:
    """One box of one frame."""

    index: int
    time_s: float
    track_id: int
    class_name: str
    point: FloatArray


class _Watch:
    """The place that is watched, and under which name."""

    shape: Shape
    _points_xy: FloatArray

    def place(self, size: FloatArray) -> None:
        """Be in a picture of ``size`` pixels."""
        self._points_xy = np.array(self.shape.points) * size

    def counts_for(self, shape: Shape) -> bool:
        """Whether what was counted here is what ``shape`` would have counted."""
        return type(shape) is type(self.shape) and shape.points == self.shape.points

    def rename(self, name: str) -> None:
        self.shape = replace(self.shape, name=name)


class _LineWatch(_Watch):
    """The tracks at one line: the side where each surely was, and how often it has crossed since."""

    shape: CountingLine

    def __init__(self, line: CountingLine) -> None:
        self.shape = line
        self.into: Counter[str] = Counter()
        self.out: Counter[str] = Counter()
        self._tracks: dict[int, tuple[int, int, FloatArray]] = {}

    def see(self, sight: _Sight, margin_px: float) -> ZoneEvent | None:
        start, end = self._points_xy
        off = side_of(start, end, sight.point)
        surely = 0 if abs(off) <= margin_px else (1 if off > 0 else -1)
        side, net, before = self._tracks.get(sight.track_id, (0, 0, sight.point))
        net += crossing(start, end, before, sight.point)
        event = None
        if surely and side and surely != side and net:
            event = self._count(sight, IN if surely > 0 else OUT)
        if surely:
            net = 0
        self._tracks[sight.track_id] = (surely or side, net, sight.point)
        return event

    def forget(self, track_id: int) -> ZoneEvent | None:
        self._tracks.pop(track_id, None)
        return None

    def _count(self, sight: _Sight, what: str) -> ZoneEvent:
        (self.into if what == IN else self.out)[sight.class_name] += 1
        return ZoneEvent(sight.index, sight.time_s, self.shape.name, sight.track_id, sight.class_name, what, line=True)

    def count(self) -> LineCount:
        return LineCount(self.shape.name, dict(self.into), dict(self.out))


class _ZoneWatch(_Watch):
    """The tracks in one zone, and since when."""

    shape: Zone

    def __init__(self, zone: Zone) -> None:
        self.shape = zone
        self.entered: Counter[str] = Counter()
        self.left: Counter[str] = Counter()
        self._outside: set[int] = set()
        self._since_s: dict[int, tuple[float, str]] = {}
        self._last: dict[int, _Sight] = {}
        self._stayed_s = 0.0

    def see(self, sight: _Sight, margin_px: float) -> ZoneEvent | None:
        corners, who = self._points_xy, sight.track_id
        within = inside(corners, sight.point)
        was_in, known = who in self._since_s, who in self._since_s or who in self._outside
        if known and within != was_in and distance_to_edge(corners, sight.point) <= margin_px:
            within = was_in
        event = None
        if within and not was_in:
            self._outside.discard(who)
            self._since_s[who] = (sight.time_s, sight.class_name)
            self.entered[sight.class_name] += 1
            event = self._event(sight, ENTER if known else APPEAR)
        elif was_in and not within:
            event = self._end(sight, LEAVE)
        if within:
            self._last[who] = sight
        else:
            self._outside.add(who)
        return event

    def forget(self, track_id: int) -> ZoneEvent | None:
        self._outside.discard(track_id)
        return self._end(self._last[track_id], VANISH) if track_id in self._since_s else None

    def _end(self, sight: _Sight, what: str) -> ZoneEvent:
        since_s, name = self._since_s.pop(sight.track_id)
        self._last.pop(sight.track_id, None)
        self._stayed_s += sight.time_s - since_s
        self.left[name] += 1
        return self._event(sight, what)

    def _event(self, sight: _Sight, what: str) -> ZoneEvent:
        return ZoneEvent(sight.index, sight.time_s, self.shape.name, sight.track_id, sight.class_name, what, line=False)

    def count(self) -> ZoneCount:
        now = Counter(name for _, name in self._since_s.values())
        stay_s = self._stayed_s + sum(self._last[who].time_s - since for who, (since, _) in self._since_s.items())
        visits = self.entered.total()
        return ZoneCount(
            self.shape.name, dict(now), dict(self.entered), dict(self.left), stay_s / visits if visits else 0.0
        )


class Counting:
    """Counts for one layout. Frames come in the order of time; after a jump what was followed before is gone. Not thread-safe."""

    def __init__(self, layout: Layout) -> None:
        self._layout = Layout((), layout.anchor)
        self._watches: list[_LineWatch | _ZoneWatch] = []
        self._seen_s: dict[int, float] = {}
        self._last_s = -np.inf
        self._events: list[ZoneEvent] = []
        self.set_layout(layout)

    @property
    def layout(self) -> Layout:
        """What is counted."""
        return self._layout

    def set_layout(self, layout: Layout) -> None:
        """Count ``layout`` from now on; shapes that did not change keep their counts, also under another name, unless the anchor did."""
        before = list(self._watches) if layout.anchor is self._layout.anchor else []
        renamed: dict[str, str] = {}
        self._watches = []
        for shape in layout.shapes:
            same = next((watch for watch in before if watch.counts_for(shape)), None)
            if same is None:
                self._watches.append(_watch(shape))
                continue
            before.remove(same)
            renamed[same.shape.name] = shape.name
            same.rename(shape.name)
            self._watches.append(same)
        self._events = [replace(one, shape=renamed[one.shape]) for one in self._events if one.shape in renamed]
        self._layout = layout

    def reset(self) -> None:
        """Forget all counts."""
        self._watches = [_watch(shape) for shape in self._layout.shapes]
        self._events, self._seen_s, self._last_s = [], {}, -np.inf

    def step(self, index: int, time_s: float, detections: Detections, size_wh: tuple[int, int]) -> list[ZoneEvent]:
        """Count one more frame; what it adds, in the order of shapes and detections.

        Args:
            index: of the frame.
            time_s: of the frame.
            detections: with ``track_ids``; those without an id do not count.
            size_wh: of the frame in pixels.
        """
        if not self._watches or detections.track_ids is None:
            return []
        jumped = not 0 <= time_s - self._last_s <= MEMORY_S and self._last_s > -np.inf
        self._last_s = time_s
        size = np.array(size_wh, np.float64)
        events = self._forget_lost(time_s, everyone=jumped)
        for watch in self._watches:
            watch.place(size)
        margin_px = MARGIN * float(np.hypot(*size))
        points = self._layout.anchor.points_xy(detections.xyxy)
        for i in np.flatnonzero(detections.track_ids > 0):
            sight = _Sight(index, time_s, int(detections.track_ids[i]), detections.name(int(i)), points[i])
            self._seen_s[sight.track_id] = time_s
            events += [e for watch in self._watches if (e := watch.see(sight, margin_px)) is not None]
        self._keep(events)
        return events

    def finish(self) -> list[ZoneEvent]:
        """The end: nobody is inside any more."""
        events = self._forget_lost(self._last_s, everyone=True)
        self._keep(events)
        return events

    def counts(self) -> Counts:
        """What was counted so far."""
        found = [watch.count() for watch in self._watches]
        return Counts(
            tuple(one for one in found if isinstance(one, LineCount)),
            tuple(one for one in found if isinstance(one, ZoneCount)),
            tuple(self._events),
        )

    def _forget_lost(self, time_s: float, *, everyone: bool) -> list[ZoneEvent]:
        lost = [who for who, seen_s in self._seen_s.items() if everyone or time_s - seen_s > MEMORY_S]
        events: list[ZoneEvent] = []
        for who in lost:
            del self._seen_s[who]
            events += [e for watch in self._watches if (e := watch.forget(who)) is not None]
        return events

    def _keep(self, events: list[ZoneEvent]) -> None:
        self._events += events
        if len(self._events) > MOST_EVENTS:
            del self._events[: -MOST_EVENTS // 2]


def _watch(shape: Shape) -> _LineWatch | _ZoneWatch:
    return _LineWatch(shape) if isinstance(shape, CountingLine) else _ZoneWatch(shape)
