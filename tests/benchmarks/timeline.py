"""An hour of video on the timeline: what analysing it takes, whether memory grows, and how fast kept results answer."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from pathlib import Path
from statistics import median

import av
import numpy as np

from detector_app.engine.analysis import Analysis, AnalysisJob, AnalysisProgress
from detector_app.engine.kept import Kept, Subject
from detector_app.engine.kept_export import export_kept
from detector_app.engine.kept_settings import kept_settings
from detector_app.engine.model_loader import ProcessorChoice
from detector_app.engine.result_keeper import ResultKeeper
from detector_app.model_card import ModelCard
from detector_app.pipelines.pipeline import default_settings
from detector_app.result_store.keys import RunKey
from detector_app.result_store.levels import Levels
from detector_app.result_store.store import ResultStore, StoredFrame
from detector_app.sources.opener import open_source
from detector_app.sources.source import SourceInfo
from detector_app.vision.detections import Detections
from tests.benchmarks.report import Chapter, Table
from tests.onnx_files import picture_with_squares, tiny_anchor_model, tiny_card

TITLE = "Timeline: an hour of video"
FPS, HOUR_S, BINS = 30, 3600, 1200
SIZE_WH = (64, 48)
BOXES, CLASSES = 10, 20
SCORES = (0.1, 0.25, 0.4, 0.6, 0.9)
_STATM = Path("/proc/self/statm")
_PAGE_BYTES = 4096


def an_hour(folder: Path, seconds: int = HOUR_S) -> Chapter:
    """Analyse a clip of ``seconds``, then fill a sidecar with ten boxes in each frame of as long a one."""
    if not _STATM.is_file():
        return Chapter(TITLE, "Not measured: the memory in use is read from /proc.")
    minutes = seconds / 60
    text = (
        f"A clip of {minutes:g} minutes ({seconds * FPS:,} frames, {SIZE_WH[0]}×{SIZE_WH[1]}) goes through “Analyse all” with a network "
        f"that costs next to nothing, so that all else is measured; then a sidecar of as many frames with {BOXES} boxes of {CLASSES} "
        "classes each, beside a table with a line for each box, which is how results could be kept instead. "
        "To filter is to make all rows of the strip and their events at another score."
    )
    tables = (_analysed(folder, seconds), *_kept(folder, seconds))
    bound = "memory at the end is that at a tenth of the way, but for some megabytes; the strip follows a score within 16 ms"
    return Chapter(TITLE, text, bound, tables)


# --- analysing ------------------------------------------------------------------------------------------------------------


@dataclass
class _Watch:
    """Memory in use at shares of the way, and when it is done."""

    total: int
    at_mb: dict[int, float] = field(default_factory=dict)
    peak_mb: float = 0.0
    done: threading.Event = field(default_factory=threading.Event)
    errors: list[Exception] = field(default_factory=list)

    def see(self, progress: AnalysisProgress) -> None:
        now_mb = rss_mb()
        self.peak_mb = max(self.peak_mb, now_mb)
        for percent in (10, 50, 100):
            if progress.done * 100 >= percent * self.total:
                self.at_mb.setdefault(percent, now_mb)
        if not progress.running:
            self.done.set()


def _analysed(folder: Path, seconds: int) -> Table:
    video, model = film(folder / "hour.mp4", seconds), folder / "squares.onnx"
    card = tiny_card(size_hw=(64, 64), dynamic=False)
    tiny_anchor_model(model, card=card)
    subject, watch = _subject(video, model, card), _Watch(seconds * FPS)
    with _keeper(watch) as keeper:
        _open(keeper, subject)
        started_s = time.perf_counter()
        job = AnalysisJob(
            Analysis(subject, None, np.zeros(seconds * FPS, np.bool_)),
            keeper,
            ProcessorChoice(("cpu",), threads=1),
            watch.see,
            watch.errors.append,
        )
        job.thread.join()
        spent_s = time.perf_counter() - started_s
        counted = _look(keeper, lambda kept: kept.complete)
        keeper.open(None)
        started_s = time.perf_counter()
        _open(keeper, subject)
        open_s = time.perf_counter() - started_s
    if watch.errors or not counted:
        raise RuntimeError(f"not analysed: {watch.errors}")
    sidecar = video.with_name(video.name + ".detections.sqlite")
    lines = (
        ("frames/s through “Analyse all”", f"{seconds * FPS / spent_s:,.0f}"),
        ("memory in use at 10 % of the way", f"{watch.at_mb[10]:.1f} MB"),
        ("… at 50 %", f"{watch.at_mb[50]:.1f} MB"),
        ("… at 100 %", f"{watch.at_mb[100]:.1f} MB"),
        ("… at most", f"{watch.peak_mb:.1f} MB"),
        ("sidecar", f"{sidecar.stat().st_size / 1e6:.1f} MB"),
        ("the strip full after opening again", f"{open_s:.2f} s"),
    )
    return Table(("", "analysed"), lines, "Analysing:")


def film(path: Path, seconds: int) -> Path:
    """A red square that comes and goes each ten seconds."""
    empty = np.full((SIZE_WH[1], SIZE_WH[0], 3), 128, np.uint8)
    with_square = picture_with_squares([(16, 16, "red")], (SIZE_WH[1], SIZE_WH[0]))
    pictures = [av.VideoFrame.from_ndarray(p, format="bgr24").reformat(format="yuv420p") for p in (empty, with_square)]
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS, options={"preset": "ultrafast", "g": "250", "threads": "1"})
        stream.width, stream.height = SIZE_WH
        stream.pix_fmt = "yuv420p"
        stream.codec_context.time_base = Fraction(1, FPS)
        for number in range(seconds * FPS):
            frame = pictures[number // (10 * FPS) % 2]
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def _subject(video: Path, model: Path, card: ModelCard) -> Subject:
    source = open_source(str(video))
    info = source.info
    source.close()
    settings = kept_settings(card, default_settings(card))
    return Subject(video, str(video), info.duration_s or 1.0, info.frame_count, str(model), card, settings, bins=BINS)


@contextmanager
def _keeper(watch: _Watch) -> Iterator[ResultKeeper]:
    keeper = ResultKeeper(lambda: None, watch.errors.append)
    try:
        yield keeper
    finally:
        keeper.close()
        keeper.thread.join()


def _open(keeper: ResultKeeper, subject: Subject) -> None:
    keeper.open(subject)
    if not keeper.flush(timeout_s=600) or not _look(keeper, lambda kept: kept.loaded):
        raise RuntimeError("not opened")


def _look(keeper: ResultKeeper, ask: Callable[[Kept], bool]) -> bool:
    answers: list[bool] = []
    keeper.look(lambda kept: answers.append(ask(kept)))
    return bool(answers and answers[0])


def rss_mb() -> float:
    """Memory that this process has in use."""
    return int(_STATM.read_text().split()[1]) * _PAGE_BYTES / 1e6


# --- what is kept ---------------------------------------------------------------------------------------------------------


def _kept(folder: Path, seconds: int) -> tuple[Table, ...]:
    path = folder / "kept.sqlite"
    names = tuple(f"class {number}" for number in range(CLASSES))
    with ResultStore(path, "video") as store:
        run = store.run(RunKey("model", "card", "{}"), "model", names)
        write_s = _timed(lambda: _write(store, run, names, seconds))
        levels = Levels(seconds, BINS)
        count_s = _timed(lambda: _count(store, run, names, levels))
        filter_ms = [1000 * _timed(partial(_rows, levels, score)) for score in SCORES]
        card = tiny_card(size_hw=(64, 64), dynamic=False)
        settings, info = default_settings(card), _info(folder / "hour.mp4")
        export_s = _timed(
            lambda: export_kept(store.frames(run), settings, ("jsonl",), folder / "tables", info, "hour.mp4")
        )
    table_bytes, table_ms = _line_for_each_box(folder, path, seconds)
    lines = (
        ("file", f"{path.stat().st_size / 1e6:.1f} MB", f"{table_bytes / 1e6:.1f} MB"),
        ("written", f"{write_s:.1f} s", ""),
        ("counted for the strip, once", f"{count_s:.2f} s", ""),
        ("filter by another score", f"{median(filter_ms):.2f} ms", f"{table_ms:.0f} ms, one class, no events"),
        ("counts in memory", f"{levels.nbytes / 1e6:.1f} MB", ""),
        ("exported as JSONL", f"{export_s:.1f} s", ""),
    )
    return (Table(("", "packed by frame", "a line for each box"), lines, f"Kept, {BOXES} boxes in each frame:"),)


def _info(video: Path) -> SourceInfo:
    source = open_source(str(video))
    source.close()
    return source.info


def _timed(work: Callable[[], object]) -> float:
    started_s = time.perf_counter()
    work()
    return time.perf_counter() - started_s


def _write(store: ResultStore, run: int, names: tuple[str, ...], seconds: int) -> None:
    rng = np.random.default_rng(0)
    for first in range(0, seconds * FPS, 1000):
        store.add(run, [_frame(rng, i, names) for i in range(first, min(first + 1000, seconds * FPS))])


def _frame(rng: np.random.Generator, index: int, names: tuple[str, ...]) -> StoredFrame:
    scores = -np.sort(-rng.uniform(0.05, 1, BOXES)).astype(np.float32)
    found = Detections(
        rng.uniform(0, 500, (BOXES, 4)).astype(np.float32), scores, rng.integers(0, CLASSES, BOXES), names
    )
    return StoredFrame(index, index / FPS, 640, 360, found)


def _count(store: ResultStore, run: int, names: tuple[str, ...], levels: Levels) -> None:
    for page in store.score_pages(run):
        levels.add_many(page.times_s, page.counts, page.class_ids, page.scores, names)


def _rows(levels: Levels, score: float) -> None:
    for name in levels.rows(score):
        levels.counts(name, score)
        levels.events(name, score)


def _line_for_each_box(folder: Path, packed: Path, seconds: int) -> tuple[int, float]:
    """Bytes of a table with a line for each box, and milliseconds to ask it for one class's strip."""
    path = folder / "lines.sqlite"
    with ResultStore(packed, "video") as store, closing(sqlite3.connect(path)) as db:
        db.execute(
            "CREATE TABLE box (idx INTEGER, x1 REAL, y1 REAL, x2 REAL, y2 REAL, score REAL, class INTEGER, time_s REAL)"
        )
        db.executemany(
            "INSERT INTO box VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (frame.index, *map(float, corners), float(score), int(number), frame.time_s)
                for frame in store.frames(1)
                for corners, score, number in zip(
                    frame.detections.xyxy, frame.detections.scores, frame.detections.class_ids, strict=True
                )
            ),
        )
        db.execute("CREATE INDEX by_class ON box (class, score)")
        db.commit()
        bin_s = seconds / BINS
        ask = (
            "SELECT bin, max(n) FROM (SELECT CAST(time_s / ? AS INTEGER) AS bin, count(*) AS n FROM box"
            " WHERE class = ? AND score >= ? GROUP BY idx) GROUP BY bin"
        )
        spent_s = [_timed(partial(_ask, db, ask, (bin_s, 3, score))) for score in SCORES]
    return path.stat().st_size, 1000 * median(spent_s)


def _ask(db: sqlite3.Connection, question: str, values: tuple[float, int, float]) -> None:
    db.execute(question, values).fetchall()
