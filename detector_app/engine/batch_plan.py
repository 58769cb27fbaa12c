"""Which frames of a source a run takes, and what it does with them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from detector_app.card_rules import HOST_SOURCES
from detector_app.errors import DetectorError, SourceError, TruncatedError
from detector_app.model_card import ModelCard
from detector_app.pipelines.pipeline import DetectSettings
from detector_app.sources.source import Source, SourceInfo
from detector_app.vision.frame import Frame

FILE_BATCH = 4
"""A network keeps the processor busier with a few frames at a time: about a tenth less time per frame on two cores."""


@dataclass(frozen=True)
class BatchPlan:
    """What is to be done with each frame, and with which.

    Attributes:
        settings: thresholds, for all frames.
        batch: frames that go through the network together; None for :data:`FILE_BATCH`, and one where frames come live or cost much.
        every: only each such frame, beginning with the first.
        start_s, end_s: part of the source, in its presentation time; the end is not included, None is the source's own.
    """

    settings: DetectSettings
    batch: int | None = None
    every: int = 1
    start_s: float = 0.0
    end_s: float | None = None

    def batch_for(self, info: SourceInfo, card: ModelCard | None = None) -> int:
        """How many frames of this source go through the network together: one where the host must search each for regions first."""
        searches = card is not None and card.regions is not None and card.regions.source in HOST_SOURCES
        return self.batch or (1 if info.live or searches else FILE_BATCH)

    def total(self, info: SourceInfo) -> int | None:
        """How many frames that makes; about right for a part of a file, None when nobody knows."""
        if info.frame_count is None or info.live:
            return None
        count: float = info.frame_count
        if info.duration_s and (self.start_s or self.end_s is not None):
            end_s = info.duration_s if self.end_s is None else min(self.end_s, info.duration_s)
            count *= max(0.0, end_s - self.start_s) / info.duration_s
        return -(-round(count) // self.every)


@dataclass(frozen=True)
class DecodedFrame:
    """A frame and the milliseconds that it took to get it."""

    frame: Frame
    decode_ms: float


def planned_frames(
    source: Source, plan: BatchPlan, stopped: Callable[[], bool], on_skipped: Callable[[DetectorError], None]
) -> Iterator[DecodedFrame]:
    """The frames that ``plan`` takes of ``source``, until ``stopped``. Broken pictures of a folder are told and left out.

    Raises:
        SourceError: the source cannot be read further.
    """
    if plan.start_s > 0 and source.info.seekable:
        source.seek(plan.start_s)
        if source.info.duration_s is not None and plan.start_s >= source.info.duration_s:
            return  # the seek has led to the last frame, which is shown no more by then
    for number, decoded in enumerate(_part(_readable(source, stopped, on_skipped), source.info, plan)):
        if number % plan.every == 0:
            yield decoded


def _part(frames: Iterator[DecodedFrame], info: SourceInfo, plan: BatchPlan) -> Iterator[DecodedFrame]:
    """Frames from the start to the end of the plan. A seek already leads to the frame that is shown at the start."""
    for decoded in frames:
        if plan.end_s is not None and decoded.frame.time_s >= plan.end_s:
            return
        if info.seekable or decoded.frame.time_s >= plan.start_s:
            yield decoded


def _readable(
    source: Source, stopped: Callable[[], bool], on_skipped: Callable[[DetectorError], None]
) -> Iterator[DecodedFrame]:
    while not stopped():
        started = time.perf_counter()
        try:
            frame = source.read()
        except TruncatedError:
            raise
        except SourceError as error:
            if source.info.kind != "pictures":
                raise
            on_skipped(error)
            continue
        if frame is None:
            return
        yield DecodedFrame(frame, 1000 * (time.perf_counter() - started))
