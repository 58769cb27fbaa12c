"""The run of ``detector-app compare``: two models that take turns on each frame."""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Any

from detector_app.engine.comparison import own_at_first, second_settings
from detector_app.pipelines.pipeline import DetectSettings, Pipeline, default_settings, infer
from detector_app.sources.source import Source
from detector_app.vision.agreement import agree
from detector_app.vision.detections import Detections
from detector_app.vision.differences import Differences
from detector_app.vision.frame import Frame
from detector_app.vision.frame_result import FrameResult, Timings

_TAKEN_ROUND = 6


@dataclass(eq=False)
class Contender:
    """One of the models: how it selects, and what it has cost so far."""

    pipeline: Pipeline
    settings: DetectSettings
    timings: list[Timings] = field(default_factory=list)
    detections: int = 0

    def look_at(self, frame: Frame) -> Detections:
        """What it finds in ``frame``."""
        inference = infer(self.pipeline, [frame], self.settings)
        started = time.perf_counter()
        found = FrameResult.of(frame, self.pipeline.select(inference, self.settings)[0], Timings()).detections
        select_ms = 1000 * (time.perf_counter() - started)
        timings = Timings(prepare_ms=inference.prepare_ms, run_ms=inference.run_ms, select_ms=select_ms)
        self.timings.append(timings)
        self.detections += len(found)
        return found

    def record(self, file: str) -> dict[str, Any]:
        """For the report; times are medians."""
        parts = ("prepare_ms", "run_ms", "select_ms", "total_ms")
        costs = {part: round(median([getattr(one, part) for one in self.timings] or [0.0]), 3) for part in parts}
        card, settings = self.pipeline.card, self.settings
        told = {"name": card.name, "file": file, "score": settings.score, "iou": settings.iou}
        return {**told, "detections": self.detections, **costs}


@dataclass(eq=False)
class ComparedFrames:
    """Looks at frames with both.

    Attributes:
        sources: of each frame that differs, where it comes from.
    """

    first: Contender
    second: Contender
    differences: Differences = field(default_factory=Differences)
    sources: dict[int, str] = field(default_factory=dict)
    _overlap: float = 0.0
    _pairs: int = 0

    @classmethod
    def of(cls, first: Pipeline, second: Pipeline, args: argparse.Namespace) -> ComparedFrames:
        """Both with the thresholds that the command line asks for."""
        one = _chosen(default_settings(first.card), args.score, args.iou)
        other = second_settings(second.card, first.card, one, own_at_first(second.card, first.card))
        score_b = args.score if args.score_b is None else args.score_b
        return cls(Contender(first, one), Contender(second, _chosen(other, score_b, args.iou)))

    @property
    def mean_iou(self) -> float | None:
        """Of partners; None without any."""
        return round(self._overlap / self._pairs, _TAKEN_ROUND) if self._pairs else None

    def run(self, source: Source, every: int, limit: int | None) -> None:
        """Look at every ``every``-th frame, at most ``limit`` of them, with a progress bar on standard error."""
        from tqdm import tqdm

        count = source.info.frame_count
        known = [one for one in (limit, None if count is None else -(-count // every)) if one is not None]
        with tqdm(total=min(known, default=None), unit="frame", disable=None) as bar:
            taken, number = 0, 0
            while limit is None or taken < limit:
                frame = source.read()
                if frame is None:
                    return
                if number % every == 0:
                    self.look_at(frame)
                    taken += 1
                    bar.update()
                number += 1

    def look_at(self, frame: Frame) -> None:
        """Let both look; they take turns in going first, for the second finds the frame in the cache."""
        turned = len(self.first.timings) % 2 == 1
        order = (self.second, self.first) if turned else (self.first, self.second)
        found = [one.look_at(frame) for one in order]
        first, second = reversed(found) if turned else found
        agreement = agree(first, second)
        self.differences.add(frame.index, frame.time_s, agreement)
        if agreement.total.differing:
            self.sources[frame.index] = frame.source
        paired = agreement.partner_of_first >= 0
        self._overlap += float(agreement.overlaps[paired].sum())
        self._pairs += int(paired.sum())


def _chosen(settings: DetectSettings, score: float | None, iou: float | None) -> DetectSettings:
    """The settings with what was asked for instead."""
    return replace(settings, score=settings.score if score is None else score, iou=settings.iou if iou is None else iou)
