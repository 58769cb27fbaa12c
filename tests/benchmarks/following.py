"""Faces followed between full scans on a real video: what it saves, and what it costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detector_app.pipelines.mtcnn.pipeline import CascadeInference, MtcnnPipeline
from detector_app.pipelines.pipeline import CascadeSettings, DetectSettings, default_settings, infer
from detector_app.vision.boxes import iou_matrix
from detector_app.vision.detections import Detections
from detector_app.vision.frame import Frame
from tests.benchmarks.faces import THREADS, load_mtcnn
from tests.benchmarks.interleaved import compared, turns
from tests.benchmarks.overhead import frames_of
from tests.benchmarks.report import Chapter, Table

EVERY = (1, 3, 5, 10)
SAME_IOU = 0.5
TITLE = "Faces: followed between full scans"


@dataclass(frozen=True)
class Pass:
    """One way through the clip: the faces of each frame, and in which frames they were followed."""

    found: list[Detections]
    followed: list[bool]


def followed(clip: Path, rounds: int, most_frames: int | None = None) -> Chapter:
    """Frames a second, recall and precision for each of :data:`EVERY`."""
    if not clip.is_file():
        return Chapter(TITLE, f"Not measured: the clip {clip.name} does not come with the repository.")
    frames = frames_of(clip)[:most_frames]
    pipeline = load_mtcnn()
    settings = {every: _scanning(pipeline, every) for every in EVERY}
    try:
        passes = {every: once_through(pipeline, frames, chosen) for every, chosen in settings.items()}
        candidates = {str(every): partial(once_through, pipeline, frames, chosen) for every, chosen in settings.items()}
        times = turns(candidates, rounds, warm_up=0)
    finally:
        pipeline.close()
    rows = compared(times, str(EVERY[0]))
    lines = [
        _line(every, 1000 * len(frames) / row.median_ms, 1 / row.ratio, passes[every], passes[EVERY[0]])
        for every, row in zip(EVERY, rows, strict=True)
    ]
    size = f"{frames[0].width_px}×{frames[0].height_px}"
    text = (
        f"{len(frames)} frames of facenet-pytorch's example video ({size}, people walking towards the camera), decoded before, CPU, "
        f"{THREADS} threads, {rounds} rounds. Between the searched frames only O-Net looks, where the faces were; once a face is "
        f"lost, the next search comes halfway to when it was due. "
        f"Recall and precision are those of the boxes against the ones of searching each frame "
        f"(IoU ≥ {SAME_IOU:g}), in all frames and in those alone where faces were followed: a newcomer is seen at the next search."
    )
    head = ("every n-th frame searched", "frames/s", "× each searched", "frames followed")
    return Chapter(
        TITLE,
        text,
        tables=(Table((*head, "recall, precision", "… in followed frames"), tuple(lines)),),
    )


def once_through(pipeline: MtcnnPipeline, frames: Sequence[Frame], settings: DetectSettings) -> Pass:
    """Frame by frame, as live; the first one is always searched."""
    found, followed = [], []
    for frame in frames:
        inference = infer(pipeline, [frame], settings)
        if not isinstance(inference, CascadeInference):
            raise TypeError("not a cascade's")
        found += pipeline.select(inference, settings)
        followed.append(not inference.verdicts[0].scanned)
    return Pass(found, followed)


def recall_precision(
    found: Sequence[Detections], expected: Sequence[Detections], where: NDArray[np.bool_]
) -> tuple[float, float]:
    """Of ``expected`` the part that was found, of ``found`` the part that was expected, in the frames ``where``; 1 of nothing."""
    hits = sum(matches(f, e) for f, e, counts in zip(found, expected, where, strict=True) if counts)
    wanted = sum(len(e) for e, counts in zip(expected, where, strict=True) if counts)
    given = sum(len(f) for f, counts in zip(found, where, strict=True) if counts)
    return hits / wanted if wanted else 1.0, hits / given if given else 1.0


def matches(found: Detections, expected: Detections) -> int:
    """How many pairs there are, each box in one at most, the best overlap first."""
    overlap = iou_matrix(found.xyxy, expected.xyxy)
    count = 0
    while overlap.size and overlap.max() >= SAME_IOU:
        i, j = np.unravel_index(overlap.argmax(), overlap.shape)
        overlap[i, :], overlap[:, j] = 0, 0
        count += 1
    return count


def _scanning(pipeline: MtcnnPipeline, every: int) -> DetectSettings:
    settings = default_settings(pipeline.card)
    return replace(settings, cascade=replace(settings.cascade or CascadeSettings(), scan_every=every))


def _line(every: int, per_second: float, gain: float, one: Pass, all_searched: Pass) -> tuple[str, ...]:
    followed = np.array(one.followed)
    everywhere = recall_precision(one.found, all_searched.found, np.ones_like(followed))
    there = recall_precision(one.found, all_searched.found, followed)
    return (
        str(every),
        f"{per_second:.1f}",
        f"{gain:.2f}",
        f"{int(followed.sum())} of {len(followed)}",
        "{:.3f}, {:.3f}".format(*everywhere),
        "{:.3f}, {:.3f}".format(*there) if followed.any() else "–",
    )
