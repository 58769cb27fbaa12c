"""A keeper with what it tells, and an analysis of a film."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np

from detector_app.engine.analysis import Analysis, AnalysisJob, AnalysisProgress
from detector_app.engine.kept import Kept, Subject
from detector_app.engine.kept_settings import kept_settings
from detector_app.engine.model_loader import ProcessorChoice
from detector_app.engine.result_keeper import ResultKeeper
from detector_app.errors import DetectorError
from detector_app.pipelines.loader import load_pipeline
from detector_app.pipelines.pipeline import DetectSettings, Pipeline, default_settings
from detector_app.sources.opener import open_source
from tests.engine.witness import DEADLINE_S

DEMO = Path(__file__).parents[2] / "assets" / "demo.mp4"
CHOICE = ProcessorChoice(providers=("cpu",))


class Desk:
    """A keeper with what it tells."""

    def __init__(self) -> None:
        self.errors: list[DetectorError] = []
        self._changed = threading.Condition()
        self.keeper = ResultKeeper(self._wake, self.errors.append)

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def wait(self, condition) -> None:  # type: ignore[no-untyped-def]
        with self._changed:
            assert self._changed.wait_for(lambda: condition(self.kept()), DEADLINE_S)

    def kept(self) -> Kept | None:
        seen: list[Kept] = []
        self.keeper.look(seen.append)
        return seen[0] if seen else None

    def open(self, subject: Subject) -> Kept:
        self.keeper.open(subject)
        self.wait(lambda kept: kept is not None and kept.loaded)
        kept = self.kept()
        assert kept is not None
        return kept


def subject_of(video: Path, pipeline: Pipeline, model: Path | str, settings: DetectSettings | None = None) -> Subject:
    chosen = kept_settings(pipeline.card, settings or default_settings(pipeline.card))
    source = open_source(str(video))
    info = source.info
    source.close()
    return Subject(video, str(video), info.duration_s or 1.0, info.frame_count, str(model), pipeline.card, chosen)


def analyse(desk: Desk, subject: Subject, stop_after: int | None = None) -> AnalysisProgress:
    told: list[AnalysisProgress] = []
    kept = desk.kept()
    assert kept is not None
    job = AnalysisJob(
        Analysis(subject, None, kept.covered.copy()), desk.keeper, CHOICE, told.append, desk.errors.append
    )
    if stop_after is not None:
        desk.wait(lambda kept: np.count_nonzero(kept.covered) >= stop_after)
        job.stop()
    job.thread.join(DEADLINE_S)
    return told[-1]


class load_closing:  # noqa: N801
    def __init__(self, path: Path) -> None:
        self.pipeline = load_pipeline(path)

    def __enter__(self) -> Pipeline:
        return self.pipeline

    def __exit__(self, *_: object) -> None:
        self.pipeline.close()
