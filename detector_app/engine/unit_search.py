"""The patches of a folder or video that most excite one unit of a network, as in Zeiler and Fergus (2014), section 4.

Of every picture only its strongest activation counts, and of a video only the strongest of each second, for neighbouring frames show
the same. Memory does not grow with the number of frames: what is kept are the best patches, shrunk.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import cv2
import numpy as np

from detector_app.engine.threads import ErrorHandler, start_thread
from detector_app.errors import InferenceError, SourceError, message
from detector_app.model_card import ModelCard
from detector_app.pipelines.inside.receptive_field import Box
from detector_app.pipelines.inside.sight import Anatomy, Maps, Sight
from detector_app.sources.opener import open_source
from detector_app.sources.source import Source
from detector_app.vision.frame import BgrImage, Frame

if TYPE_CHECKING:
    from detector_app.pipelines.inside.network import Inside

PATCHES = 9
APART_S = 1.0
PATCH_PX = 224
"""Longer side of a kept patch at most."""
ENDLESS = message("it has no end to search for; choose a file or a folder")
TOLD_EVERY_S = 0.25


@dataclass(frozen=True)
class UnitQuery:
    """What is looked for.

    Attributes:
        model: name or path.
        card: how to read it, or None.
        layer: name of the layer's tensor.
        unit: number of the channel, from 0.
        source: a video, a picture, or a folder of pictures.
        stage: which network of a cascade.
        sight: what a stage of a cascade is shown.
        count: how many patches.
        apart_s: of a video, one patch for each span of so many seconds; 0 for one a frame.
    """

    model: str
    card: ModelCard | None
    layer: str
    unit: int
    source: str
    stage: int = 0
    sight: Sight = field(default_factory=Sight)
    count: int = PATCHES
    apart_s: float = APART_S


@dataclass(frozen=True, eq=False)
class Patch:
    """What a unit saw where it was excited.

    Attributes:
        value: of the activation.
        row, column: where in the map.
        index, time_s, source: of the frame; of a folder ``source`` is the file.
        box: the receptive field in pixels of the frame, clipped to it.
        image_bgr: that part of the frame, its longer side at most :data:`PATCH_PX`.
    """

    value: float
    row: int
    column: int
    index: int
    time_s: float
    source: str
    box: Box
    image_bgr: BgrImage


@dataclass(frozen=True, eq=False)
class SearchProgress:
    """How far it is.

    Attributes:
        patches: the best so far, best first.
        done, total: frames; the total None if nobody knows.
        remaining_s: at the rate so far; None at the beginning.
        skipped: pictures of a folder that could not be read.
        running: False once it has ended.
        complete: every frame has been looked at.
    """

    patches: tuple[Patch, ...] = ()
    done: int = 0
    total: int | None = None
    remaining_s: float | None = None
    skipped: int = 0
    running: bool = True
    complete: bool = False


class BestPatches:
    """The best ``count`` patches, at most one of each span; of equal ones the earlier. Exact in any order of spans."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._by_span: dict[int, Patch] = {}

    def wants(self, span: int, value: float) -> bool:
        """Whether a patch with this value would be kept."""
        if span in self._by_span:
            return value > self._by_span[span].value
        return len(self._by_span) < self._count or value > self._least[1].value

    def keep(self, span: int, patch: Patch) -> None:
        """Keep a patch that is wanted."""
        if span not in self._by_span and len(self._by_span) == self._count:
            del self._by_span[self._least[0]]
        self._by_span[span] = patch

    @property
    def patches(self) -> tuple[Patch, ...]:
        """Best first."""
        return tuple(sorted(self._by_span.values(), key=lambda patch: (-patch.value, patch.index)))

    @property
    def _least(self) -> tuple[int, Patch]:
        return min(self._by_span.items(), key=lambda item: (item[1].value, -item[1].index))


class UnitSearch:
    """Looks through all frames once, on the caller's thread: :meth:`run`. :class:`UnitSearchJob` does so on one of its own.

    Args:
        query: what.
        on_progress: called now and then, and at the end.
        threads: of the session.
    """

    def __init__(
        self, query: UnitQuery, on_progress: Callable[[SearchProgress], None] = lambda _: None, *, threads: int = 1
    ) -> None:
        self._query, self._on_progress, self._threads = query, on_progress, threads
        self._stopped = threading.Event()
        self._best = BestPatches(query.count)
        self._done = self._skipped = 0
        self._started_s = self._told_s = 0.0
        self._total: int | None = None

    def stop(self) -> None:
        """End soon, with what was found. Any thread."""
        self._stopped.set()

    def run(self) -> SearchProgress:
        """Look at all frames.

        Raises:
            ModelError, InferenceError: the model, its layer or the unit cannot be looked at.
            SourceError: the source cannot be read, or never ends.
        """
        from detector_app.pipelines.inside.network import Inside, networks_of  # brings onnxruntime with it

        query, complete = self._query, False
        self._started_s = time.monotonic()
        try:
            networks = networks_of(query.model, query.card)
            inside = Inside(networks[min(query.stage, len(networks) - 1)], threads=self._threads)
            source = open_source(query.source, cancelled=self._stopped.is_set)
            try:
                if source.info.live:
                    raise SourceError(query.source, detail=ENDLESS)
                self._total = source.info.frame_count
                complete = self._look_at_all(inside, source)
            finally:
                source.close()
        finally:
            last = self._progress(running=False, complete=complete)
            self._on_progress(last)
        return last

    def _look_at_all(self, inside: Inside, source: Source) -> bool:
        pictures = source.info.kind == "pictures"
        while not self._stopped.is_set():
            try:
                frame = source.read()
            except SourceError:
                if not pictures:
                    raise
                self._skipped += 1
                continue
            if frame is None:
                return not self._stopped.is_set()
            self._look_at(inside, frame, pictures)
            self._done += 1
            self._tell()
        return False

    def _look_at(self, inside: Inside, frame: Frame, pictures: bool) -> None:
        query = self._query
        tensor, letterbox = inside.see(frame, query.sight)
        maps = inside.look(tensor, letterbox, query.layer)
        if maps is None or not 0 <= query.unit < maps.layer.channels:
            where = f"{query.layer} [{query.unit}]"
            raise InferenceError(query.model, detail=f"the network has no such layer or unit: {where}")
        peak = peak_of(maps, query.unit)
        span = frame.index if pictures or query.apart_s <= 0 else int(frame.time_s // query.apart_s)
        if peak is not None and self._best.wants(span, peak[0]):
            patch = cut(frame, maps, inside.anatomy(tensor.shape), query.unit, peak)
            if patch is not None:
                self._best.keep(span, patch)

    def _progress(self, *, running: bool = True, complete: bool = False) -> SearchProgress:
        elapsed_s, seen = time.monotonic() - self._started_s, self._done + self._skipped
        remaining_s = (self._total - seen) * elapsed_s / seen if self._total is not None and seen else None
        return SearchProgress(
            self._best.patches, self._done, self._total, remaining_s, self._skipped, running, complete
        )

    def _tell(self) -> None:
        if time.monotonic() - self._told_s >= TOLD_EVERY_S:
            self._told_s = time.monotonic()
            self._on_progress(self._progress())


class UnitSearchJob:
    """A :class:`UnitSearch` on a thread of its own, begun at once."""

    def __init__(self, query: UnitQuery, on_progress: Callable[[SearchProgress], None], on_error: ErrorHandler) -> None:
        self.query = query
        self._search = UnitSearch(query, on_progress)
        self.thread = start_thread("unit-search", self._main, on_error)

    def stop(self) -> None:
        """End soon."""
        self._search.stop()

    def _main(self) -> None:
        self._search.run()


def peak_of(maps: Maps, unit: int) -> tuple[float, int, int] | None:
    """Value, row and column of a unit's strongest activation, the first of equal ones; None if none is a finite number."""
    values = maps.values[unit]
    finite = np.where(np.isfinite(values), values, -np.inf)
    row, column = (int(i) for i in np.unravel_index(int(finite.argmax()), finite.shape))
    return (float(values[row, column]), row, column) if np.isfinite(values[row, column]) else None


def cut(frame: Frame, maps: Maps, anatomy: Anatomy, unit: int, peak: tuple[float, int, int]) -> Patch | None:
    """What the unit saw there; None if it saw only padding."""
    value, row, column = peak
    box = anatomy.field(maps.layer, row, column, unit).in_source(maps.letterbox)
    if box is None:
        return None
    left, top = (int(np.floor(side)) for side in box[:2])
    right, bottom = (int(np.ceil(side)) for side in box[2:])
    part = frame.image_bgr[top:bottom, left:right]
    factor = min(1.0, PATCH_PX / max(part.shape[:2]))
    size = tuple(max(1, round(side * factor)) for side in part.shape[1::-1])
    kept = cv2.resize(part, size, interpolation=cv2.INTER_AREA) if factor < 1 else part.copy()
    return Patch(value, row, column, frame.index, frame.time_s, frame.source, box, np.asarray(kept, np.uint8))
