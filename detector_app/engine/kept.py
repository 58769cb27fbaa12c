"""What results are kept of, and what is known of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from detector_app.engine.kept_settings import KeptSettings
from detector_app.model_card import ModelCard
from detector_app.result_store.levels import Levels
from detector_app.result_store.place import Keep
from detector_app.result_store.store import ScorePage
from detector_app.vision.detections import IntArray


@dataclass(frozen=True)
class Subject:
    """What results are kept of: one video, seen by one model under certain settings.

    Attributes:
        video: the file.
        source: the same as it was opened, by which its frames call themselves.
        duration_s, frame_count: of the video; the count None if unknown.
        model_name: the name or path that the model was loaded by.
        card: how it is read.
        settings: see :func:`~detector_app.engine.kept_settings.kept_settings`.
        keep: where results go.
        folder: the app's folder for results; None for the usual one.
        bins: parts of the time on the strip.
    """

    video: Path
    source: str
    duration_s: float
    frame_count: int | None
    model_name: str
    card: ModelCard
    settings: KeptSettings
    keep: Keep = Keep.BESIDE
    folder: Path | None = None
    bins: int = 1200


@dataclass(eq=False)
class Kept:
    """What is known of the present subject; others read it by ``ResultKeeper.look`` only, under its lock.

    Attributes:
        levels: what was found when, classes by name.
        people: the same of people who were recognised while playing; never written.
        covered: whether each frame was looked at.
        path: the sidecar; None if there is none.
        run: number of the run in it.
        loaded: all that the sidecar held has been counted.
        whole: somebody went through all that can be read of the video.
        failed: writing failed on the way, as on a full disk, and somebody was told; opening the subject anew tries again.
    """

    subject: Subject
    levels: Levels
    people: Levels
    covered: np.ndarray = field(default_factory=lambda: np.zeros(0, np.bool_))
    path: Path | None = None
    run: int = 0
    loaded: bool = False
    whole: bool = False
    failed: bool = False

    def add(self, page: ScorePage) -> None:
        """Count frames of the run."""
        self.levels.add_many(page.times_s, page.counts, page.class_ids, page.scores, self.subject.card.classes)
        self.cover(page.indices)

    def cover(self, indices: IntArray) -> None:
        """Note that frames were looked at."""
        needed = int(indices.max(initial=-1)) + 1
        if needed > len(self.covered):  # a file that does not say how many frames it has
            more = np.zeros(2 * needed + 64 - len(self.covered), np.bool_)
            self.covered = np.concatenate([self.covered, more])
        self.covered[indices] = True

    def forget(self) -> None:
        """Nothing of the run is known."""
        self.levels = Levels(self.subject.duration_s, self.subject.bins)
        self.covered = np.zeros_like(self.covered)

    @property
    def frame_total(self) -> int:
        """How many frames were looked at."""
        return int(np.count_nonzero(self.covered))

    @property
    def complete(self) -> bool:
        """Every frame was looked at, or every one that can be read."""
        if self.whole:
            return True
        count = self.subject.frame_count
        return count is not None and count > 0 and int(np.count_nonzero(self.covered[:count])) == count
