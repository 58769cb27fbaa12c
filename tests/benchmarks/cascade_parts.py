"""Where MTCNN's time goes."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from detector_app.model_card import InputSpec
from detector_app.pipelines.loader import read_card, resolve
from detector_app.pipelines.mtcnn.opening import open_cascade
from detector_app.pipelines.mtcnn.pipeline import MtcnnPipeline
from detector_app.pipelines.mtcnn.summed_area import Bins, SummedArea
from detector_app.pipelines.pipeline import default_settings
from detector_app.pipelines.session import OnnxSession
from detector_app.vision.detections import FloatArray, IntArray
from detector_app.vision.frame import BgrImage, Frame
from tests.benchmarks.faces import frame_of
from tests.benchmarks.report import Chapter, Table

TABLES, PYRAMID, CROPS = "summed-area tables", "pyramid from the tables", "crops from the tables"
NETWORKS = ("P-Net", "R-Net", "O-Net")
REST = "rest (windows, suppression)"
ALL = (TABLES, PYRAMID, NETWORKS[0], CROPS, *NETWORKS[1:], REST)
WARM_UP = 2
T = TypeVar("T")


class Clock:
    """Milliseconds of each part since the last :meth:`reset`."""

    def __init__(self) -> None:
        self.spent_ms: dict[str, float] = {}
        self.reset()

    def reset(self) -> None:
        """Start again at 0."""
        self.spent_ms = dict.fromkeys(ALL, 0.0)

    def run(self, part: str, work: Callable[[], T]) -> T:
        """Do ``work`` and count its time for ``part``."""
        started = time.perf_counter()
        try:
            return work()
        finally:
            self.spent_ms[part] += 1000 * (time.perf_counter() - started)


class TimedSession(OnnxSession):
    """A session that counts its runs for one of the networks."""

    def __init__(self, path: Path, part: str, clock: Clock) -> None:
        super().__init__(path, providers=("cpu",), threads=1)
        self._part, self._clock = part, clock

    def run(self, feed: Any) -> dict[str, NDArray[Any]]:
        return self._clock.run(self._part, lambda: super(TimedSession, self).run(feed))


class TimedArea(SummedArea):
    """Summed-area tables that count how long they take, and what is taken from them."""

    def __init__(self, spec: InputSpec, clock: Clock) -> None:
        super().__init__(spec)
        self._clock = clock

    def fill(self, image_bgr: BgrImage) -> SummedArea:
        return self._clock.run(TABLES, lambda: super(TimedArea, self).fill(image_bgr))

    def window(self, rows: Bins, columns: Bins) -> FloatArray:
        return self._clock.run(PYRAMID, lambda: super(TimedArea, self).window(rows, columns))

    def crops(self, edges_px: IntArray, side_px: int) -> FloatArray:
        return self._clock.run(CROPS, lambda: super(TimedArea, self).crops(edges_px, side_px))


def parts(rounds: int, seen_rgb: Mapping[str, NDArray[np.uint8]]) -> Chapter:
    """The parts of one search, for each of the pictures (size → H×W×3)."""
    clock = Clock()
    pipeline = _timed_mtcnn(clock)
    area = TimedArea(pipeline.card.stages[0].input, clock)
    columns: dict[str, dict[str, float]] = {}
    try:
        for size, picture in seen_rgb.items():
            frame = frame_of(picture)
            found = [_once(pipeline, area, frame, clock) for _ in range(WARM_UP + rounds)][WARM_UP:]
            columns[size] = {part: statistics.median(one[part] for one in found) for part in ALL}
    finally:
        pipeline.close()
    totals = {size: sum(column.values()) for size, column in columns.items()}
    lines = [
        (part, *(f"{column[part]:.2f} ms ({column[part] / totals[size]:.0%})" for size, column in columns.items()))
        for part in ALL
    ]
    lines.append(("together", *(f"{total:.2f} ms" for total in totals.values())))
    text = (
        f"The pictures of the chapter before, CPU, one thread, medians of {rounds} rounds; the app shares strips and crops between "
        "as many threads as there are cores. The tables are made once for a "
        "picture; what the networks see is averaged out of them, the levels of the pyramid for P-Net and the crops for the others."
    )
    return Chapter("Faces: where MTCNN's time goes", text, tables=(Table(("", *columns), tuple(lines)),))


def _timed_mtcnn(clock: Clock) -> MtcnnPipeline:
    first = resolve("mtcnn")
    by_file = dict(zip(("pnet.onnx", "rnet.onnx", "onet.onnx"), NETWORKS, strict=True))

    def open_session(path: Path, threads: int | None) -> TimedSession:
        del threads
        return TimedSession(path, by_file[path.name], clock)

    session = OnnxSession(first, providers=("cpu",))
    card = read_card(session, first)
    session.close()
    return open_cascade(card, first, open_session, 1)


def _once(pipeline: MtcnnPipeline, area: TimedArea, frame: Frame, clock: Clock) -> dict[str, float]:
    settings = default_settings(pipeline.card)
    prepared = pipeline.prepare([frame], settings)
    clock.reset()
    started = time.perf_counter()
    areas = (area.fill(frame.image_bgr),)
    pipeline.select(pipeline.run(replace(prepared, areas=areas)), settings)
    whole_ms = 1000 * (time.perf_counter() - started)
    return {**clock.spent_ms, REST: whole_ms - sum(clock.spent_ms.values())}
