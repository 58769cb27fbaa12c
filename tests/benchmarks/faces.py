"""MTCNN beside other packages that have the same weights: one picture, the same settings, and the same face found."""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage import data

from detector_app.pipelines.loader import load_pipeline
from detector_app.pipelines.mtcnn.pipeline import MtcnnPipeline
from detector_app.pipelines.pipeline import CascadeSettings, DetectSettings, default_settings, infer
from detector_app.vision.frame import Frame
from tests.benchmarks.interleaved import Row, SelfTimed, compared, turns
from tests.benchmarks.peer_process import Child
from tests.benchmarks.peers import HERE, Peer, PeerAbsentError, environment
from tests.benchmarks.report import Chapter, Table

THREADS = 2
OURS = "Detector App"
SETTLE_S = 0.02
"""After a peer's turn, which it does not count, so that its threads have come to rest when the next one begins."""
FACENET = Peer(
    "facenet-pytorch 2.6.0",
    "peer_facenet.py",
    (
        ("torch==2.13.0", "numpy==2.4.6", "pillow==13.0.0", "requests==2.34.2", "tqdm==4.70.1"),
        ("opencv-python-headless==5.0.0.93",),
        # It asks for a torch and a numpy of years ago, but runs with those of today.
        ("--no-deps", "torchvision==0.28.0", "facenet-pytorch==2.6.0"),
    ),
)
SPINNING = replace(FACENET, name=f"{FACENET.name} (spinning)", spins=True)
MTCNN = Peer(
    "mtcnn 1.0.0", "peer_mtcnn.py", (("tensorflow-cpu==2.21.0", "mtcnn==1.0.0", "joblib==1.6.0", "lz4==4.4.5"),)
)
APART: dict[Peer, float] = {FACENET: 0.01, SPINNING: 0.01, MTCNN: 0.05}
"""How far the sides of a peer's box may lie from ours, as a part of the box's longer side; mtcnn scales the picture in another way."""
BOUNDS: dict[Peer, float] = {FACENET: 0.45, SPINNING: 0.45, MTCNN: 0.2}
TITLE = "Faces: MTCNN beside other packages"
TEXT = (
    "One picture of one face (skimage's astronaut; 720p and 1080p are its upper 16:9 part, enlarged by cubic interpolation) from the "
    "pixels in memory to boxes and landmarks, CPU, {threads} threads each, {rounds} rounds; least face {face:g} pixels, scale factor "
    "{factor:g}, scores {scores}. All have the same published weights, and the run fails unless all find the same face. Each peer "
    "runs in an environment and a process of its own, measures itself there, and sleeps while the others have their turn. "
    "Waiting threads of OpenMP sleep at once (OMP_WAIT_POLICY=PASSIVE); facenet-pytorch is also measured with threads that spin for a "
    "while, as is their way (“spinning”), which is faster or slower by what else the machine does."
)


def pictures() -> dict[str, NDArray[np.uint8]]:
    """Size → H×W×3 red-green-blue."""
    portrait = np.ascontiguousarray(data.astronaut())
    upper = portrait[:288]
    return {
        "512×512": portrait,
        "1280×720": cv2.resize(upper, (1280, 720), interpolation=cv2.INTER_CUBIC).astype(np.uint8),
        "1920×1080": cv2.resize(upper, (1920, 1080), interpolation=cv2.INTER_CUBIC).astype(np.uint8),
    }


def frame_of(picture_rgb: NDArray[np.uint8], index: int = 0) -> Frame:
    """The picture as a source would deliver it."""
    return Frame(np.ascontiguousarray(picture_rgb[..., ::-1]), index, 0.0, 0.0, "benchmark")


def load_mtcnn() -> MtcnnPipeline:
    """The embedded cascade on the CPU."""
    pipeline = load_pipeline("mtcnn", providers=("cpu",), threads=THREADS)
    if not isinstance(pipeline, MtcnnPipeline):
        raise TypeError(f"mtcnn is a {type(pipeline).__name__}")
    return pipeline


def beside_peers(folder: Path, rounds: int, peers: tuple[Peer, ...] = (FACENET, SPINNING, MTCNN)) -> Chapter:
    """All sizes, ours and those peers that can be run here; ``folder`` takes the pictures."""
    with ExitStack() as stack:
        pipeline = load_mtcnn()
        stack.callback(pipeline.close)
        settings = default_settings(pipeline.card)
        children, notes = started(peers, stack)
        tables = tuple(
            _measured(size, picture, folder, rounds, pipeline, settings, children)
            for size, picture in pictures().items()
        )
    cascade = settings.cascade or CascadeSettings()
    scores = ", ".join(f"{x:g}" for x in (cascade.proposal_score, cascade.refine_score, settings.score))
    text = TEXT.format(
        threads=THREADS, rounds=rounds, face=cascade.min_face_px, factor=cascade.scale_factor, scores=scores
    )
    bound = f"{OURS} " + ", ".join(f"≤ {BOUNDS[peer]:g} × {peer.name}" for peer in peers)
    return Chapter(TITLE, "\n\n".join([text, *notes]), f"{bound}, at each size", tables)


def started(
    peers: tuple[Peer, ...], stack: ExitStack, cache: Path | None = None
) -> tuple[dict[Peer, Child], list[str]]:
    """Those peers that run here, and a sentence on each: what it runs on, or why it is left out.

    Args:
        peers: that are wanted.
        stack: closes them.
        cache: of their environments; the user's if None.
    """
    children: dict[Peer, Child] = {}
    notes = []
    for peer in peers:
        try:
            child = stack.enter_context(
                Child(peer.name, environment(peer, cache), HERE / peer.script, THREADS, spins=peer.spins)
            )
        except PeerAbsentError as error:
            notes.append(f"{peer.name} is left out: {error}")
            print(notes[-1], file=sys.stderr, flush=True)
        else:
            children[peer] = child
            if not peer.spins:
                notes.append(f"{peer.name} runs on {child.versions}.")
    return children, notes


def _measured(
    size: str,
    picture: NDArray[np.uint8],
    folder: Path,
    rounds: int,
    pipeline: MtcnnPipeline,
    settings: DetectSettings,
    children: dict[Peer, Child],
) -> Table:
    """One picture: equal results first, then the times."""
    path, frame = folder / f"{size}.npy", frame_of(picture)
    np.save(path, picture)
    request = _request(settings)
    (ours,) = pipeline.select(infer(pipeline, [frame], settings), settings)
    counts = [f"{OURS} {len(ours)}"]
    for peer, child in children.items():
        found = child.find(path, request).xyxy
        check_same_face(peer.name, size, ours.xyxy.astype(np.float64), np.array(found).reshape(-1, 4), APART[peer])
        counts.append(f"{peer.name} {len(found)}")

    def look() -> None:
        pipeline.select(infer(pipeline, [frame], settings), settings)

    def ask(child: Child) -> SelfTimed:
        answer = child.find(path, request)
        time.sleep(SETTLE_S)
        return SelfTimed(answer.spent_ms)

    times = turns(
        {OURS: look, **{peer.name: partial(ask, child) for peer, child in children.items()}}, rounds, warm_up=2
    )
    return side_by_side(times, [peer.name for peer in children], f"{size}; boxes found: {', '.join(counts)}.")


def _request(settings: DetectSettings) -> dict[str, object]:
    cascade = settings.cascade or CascadeSettings()
    return {
        "min_face_px": cascade.min_face_px,
        "scale_factor": cascade.scale_factor,
        "scores": [cascade.proposal_score, cascade.refine_score, settings.score],
    }


def check_same_face(name: str, size: str, ours: NDArray[np.float64], theirs: NDArray[np.float64], apart: float) -> None:
    """Fail unless we found one face, and one of their boxes lies on it; what else a peer takes for a face is its own affair.

    Args:
        name: of the peer.
        size: of the picture.
        ours: (N, 4) boxes.
        theirs: (M, 4) boxes.
        apart: how far a side may lie from ours, as a part of our box's longer side.

    Raises:
        RuntimeError: the results differ, so that times say nothing.
    """
    if len(ours) != 1:
        raise RuntimeError(f"{size}: {len(ours)} faces found where there is one")
    allowed_px = apart * max(ours[0, 2:] - ours[0, :2])
    off_px = np.abs(theirs - ours[0]).max(axis=1, initial=0).min(initial=np.inf)
    if off_px > allowed_px:
        raise RuntimeError(
            f"{size}: {name} is {off_px:.1f} pixels off, more than {allowed_px:.1f}: {theirs} for {ours}"
        )


def side_by_side(times: dict[str, list[float]], bases: list[str], caption: str) -> Table:
    """A line for each candidate, with its ratios to each of ``bases``."""
    ratios: list[list[Row]] = [compared(times, base) for base in bases]
    rows = compared(times, next(iter(times)))
    lines = []
    for number, row in enumerate(rows):
        own = (row.name, f"{row.median_ms:.1f} ms", f"{row.low_ms:.1f} – {row.high_ms:.1f}")
        lines.append((*own, *(f"{column[number].ratio:.3f}" for column in ratios)))
    return Table(("", "median", "quartiles", *(f"× {base}" for base in bases)), tuple(lines), caption)
