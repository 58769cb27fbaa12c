"""P-Net, R-Net and O-Net after each other on one picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector_app.model_card import Stage
from detector_app.pipelines.mtcnn.proposals import Maps, scan_levels, suppressed
from detector_app.pipelines.mtcnn.pyramid import pyramid
from detector_app.pipelines.mtcnn.summed_area import SummedArea
from detector_app.pipelines.mtcnn.windows import Windows, best_first, pixel_edges, regressed, squared
from detector_app.pipelines.mtcnn.workers import Workers, shares
from detector_app.pipelines.pipeline import CascadeSettings
from detector_app.vision.detections import FloatArray, IntArray

Run = Callable[[NDArray[Any]], Mapping[str, NDArray[Any]]]
"""Input tensor of a stage → its outputs by role."""
REFINE_IOU = 0.7
POINTS = 5
MOST_CROPS = 256
"""Crops that go through a network at a time, so that a crowd does not fill the memory."""


SEEN_FLOOR = 0.1
"""P-Net's windows from this score on are kept for a trace, below the least score, too."""
MOST_BELOW = 5000
"""So many of those below the least score at most, the best ones: a large picture has a hundred thousand."""


@dataclass(frozen=True, eq=False)
class Seen:
    """What the first two stages saw of a picture, for a trace.

    Attributes:
        by_level: P-Net's windows of each level of the pyramid, from :data:`SEEN_FLOOR` on, but at most
            :data:`MOST_BELOW` below the least score.
        places: how many windows it looked at.
        squares: (P, 4) what of them went on to R-Net, best first.
        visible: (P,) which of them have a pixel of the picture in them.
        refine_scores, refine_regression: what R-Net said of the visible ones.
        finals: (Q, 4) the squares that went on to O-Net.
        finals_visible: (Q,) which of them have a pixel of the picture in them.
    """

    by_level: tuple[Windows, ...]
    places: int
    squares: FloatArray
    visible: NDArray[np.bool_]
    refine_scores: FloatArray
    refine_regression: FloatArray
    finals: FloatArray
    finals_visible: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Verdicts:
    """What O-Net said of the N windows that reached it, whatever its score: nothing of them is thrown away yet.

    Attributes:
        xyxy: (N, 4) float32 boxes as O-Net corrected them, in pixels of the picture, not clipped.
        scores: (N,) float32 of O-Net.
        refine_scores: (N,) float32 of R-Net; 1 for a face that was followed and not looked for.
        landmarks_xy: (N, 5, 2) float32 in pixels of the picture.
        proposed, refined: how many windows P-Net proposed, and how many of them R-Net let through.
        scanned: whether the picture was searched, rather than the faces of the one before followed.
        seen: what P-Net and R-Net saw; None unless the run was asked to keep it.
    """

    xyxy: FloatArray
    scores: FloatArray
    refine_scores: FloatArray
    landmarks_xy: FloatArray
    proposed: int = 0
    refined: int = 0
    scanned: bool = True
    seen: Seen | None = None


class Cascade:
    """The three networks. One picture at a time.

    Args:
        stages: of the card, in order.
        runs: what runs each; called by several workers at a time.
        workers: share the strips and the crops of a frame.
    """

    def __init__(self, stages: tuple[Stage, ...], runs: tuple[Run, Run, Run], workers: Workers) -> None:
        self._stages, self._runs, self._workers = stages, runs, workers

    def search(self, picture: SummedArea, settings: CascadeSettings, *, keep: bool = False) -> Verdicts:
        """Look for faces in the whole picture; ``keep`` what the earlier stages saw."""
        levels = pyramid(picture.height_px, picture.width_px, settings.min_face_px, settings.scale_factor)
        least = min(settings.proposal_score, SEEN_FLOOR) if keep else settings.proposal_score
        scanned = scan_levels(picture, levels, least, self._maps, self._workers)
        proposed = suppressed([found.reaching(settings.proposal_score) for found in scanned] if keep else scanned)
        squares = squared(regressed(proposed).xyxy)
        visible, scores, regression = self._ask(picture, squares)
        refined = self._refine(Windows(squares[visible], scores, regression), settings.refine_score)
        verdicts = self._judge(picture, refined, proposed=len(proposed))
        if not keep:
            return verdicts
        places = sum(level.places for level in levels)
        scanned = bounded(scanned, settings.proposal_score)
        inside = not_empty(pixel_edges(refined.xyxy, picture.width_px, picture.height_px))
        seen = Seen(tuple(scanned), places, squares, visible, scores, regression, refined.xyxy, inside)
        return replace(verdicts, seen=seen)

    def follow(self, picture: SummedArea, xyxy: FloatArray) -> Verdicts:
        """Look only where faces were in the picture before: (N, 4) boxes as O-Net gave them."""
        known = Windows(squared(xyxy), np.ones(len(xyxy), np.float32), np.zeros_like(xyxy))
        return self._judge(picture, known, scanned=False)

    def _maps(self, tensor: NDArray[Any]) -> Maps:
        outputs = self._runs[0](tensor)
        return outputs["scores"][0], outputs["boxes"][0]

    def _ask(self, picture: SummedArea, xyxy: FloatArray) -> tuple[NDArray[np.bool_], FloatArray, FloatArray]:
        """R-Net: which squares have a pixel of the picture in them, and its scores and regression of those."""
        visible, outputs = self._look(1, picture, xyxy)
        return visible, outputs["scores"][:, 1], outputs["boxes"]

    def _refine(self, asked: Windows, score: float) -> Windows:
        """Squares as R-Net judged them → fewer, better squares."""
        moved = regressed(best_first(asked.reaching(score), REFINE_IOU), extent=1)
        return Windows(squared(moved.xyxy), moved.scores, moved.regression)

    def _judge(self, picture: SummedArea, found: Windows, *, proposed: int = 0, scanned: bool = True) -> Verdicts:
        """O-Net: squares → boxes, landmarks and the last scores."""
        seen, outputs = self._look(2, picture, found.xyxy)
        found, scores = found.take(seen), outputs["scores"][:, 1]
        boxes = regressed(Windows(found.xyxy, scores, outputs["boxes"]), extent=1)
        corners, sides = found.xyxy[:, None, :2], found.xyxy[:, None, 2:] - found.xyxy[:, None, :2] + np.float32(1)
        parts = outputs["landmarks"].reshape(-1, 2, POINTS).transpose(0, 2, 1)
        points = (parts * sides + corners - np.float32(1)).astype(np.float32, copy=False)
        return Verdicts(boxes.xyxy, scores, found.scores, points, proposed, len(found), scanned)

    def _look(
        self, stage: int, picture: SummedArea, xyxy: FloatArray
    ) -> tuple[NDArray[np.bool_], dict[str, NDArray[Any]]]:
        """Which of the boxes have a pixel of the picture in them, and what the stage says of each of those, by role."""
        edges = pixel_edges(xyxy, picture.width_px, picture.height_px)
        seen = not_empty(edges)
        edges, spec = edges[seen], self._stages[stage].input

        def look(share: tuple[int, int]) -> Mapping[str, NDArray[Any]]:
            return self._runs[stage](picture.crops(edges[slice(*share)], spec.size_hw[0]))

        parts = self._workers.map(look, shares(len(edges), self._workers.count, MOST_CROPS))
        roles = [output.role for output in self._stages[stage].outputs]
        return seen, {
            role: np.concatenate([part[role] for part in parts]) if parts else _nothing(role) for role in roles
        }


def bounded(by_level: list[Windows], score: float, most: int = MOST_BELOW) -> list[Windows]:
    """The windows that reach ``score``, and the ``most`` best of the others (more where the last ones are equally good)."""
    scores = np.concatenate([found.scores for found in by_level]) if by_level else np.zeros(0, np.float32)
    below = scores[scores < np.float32(score)]
    if len(below) <= most:
        return by_level
    return [found.reaching(float(np.partition(below, -most)[-most])) for found in by_level]


def not_empty(edges: IntArray) -> NDArray[np.bool_]:
    """Which of (N, 4) edges have a pixel between them."""
    found: NDArray[np.bool_] = (edges[:, 2] > edges[:, 0]) & (edges[:, 3] > edges[:, 1])
    return found


_WIDTHS = {"scores": 2, "boxes": 4, "landmarks": 2 * POINTS}


def _nothing(role: str) -> NDArray[np.float32]:
    """What a stage says of no crops, without running it."""
    return np.zeros((0, _WIDTHS[role]), np.float32)
