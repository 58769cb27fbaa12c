"""Boxes compared: thresholds from the network's own scores that let many, few and none pass, and what each side keeps of them.

A box may exist by a hair. Its score lies on the threshold, it overlaps a better one by just as much as is allowed, or two scores
are alike up to the last digit; then rounding decides, in PyTorch as in ONNX Runtime. So a box without a partner is held against the graph
unless PyTorch itself gains or loses it when everything changes by less than its numbers can carry: such boxes are counted, told in the
report, and may be no more than a few.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector_app.parity import BoxRow
from export.candidates import Candidates
from export.errors import ExportError
from export.proof import Allowed
from export.selection import Matching, match, select
from export.twins import TODO

Array = NDArray[Any]
FEW, MANY = (1, 8), (150, 300)
"""How many candidates pass."""
HAIR = 1e-7
"""A gap between scores below this is none."""
JITTERS = 12
JITTER_SCORE, JITTER_PX = 1e-5, 1e-3
"""Relative of scores, absolute of boxes."""


@dataclass(frozen=True)
class Level:
    """A score threshold and what it lets pass: "many", "few" or "none"."""

    title: str
    score: float


@dataclass(frozen=True)
class Compared:
    """A row of the report and its evidence; see Proof."""

    row: BoxRow
    scores: Array
    box_px: Array


def levels(scores: Array) -> tuple[Level, ...]:
    """Thresholds in the widest gaps between scores, such that many, few and none of them pass; fewer where they do not tell apart."""
    ordered = np.sort(scores)[::-1]
    if not len(ordered):
        return (Level("none", 0.5),)
    many = min(MANY[0], max(len(ordered) // 2, 1)), min(MANY[1], len(ordered))
    found = [("many", _in_a_gap(ordered, *many)), ("few", _in_a_gap(ordered, FEW[0], min(FEW[1], len(ordered))))]
    top = float(ordered[0])
    highest = (top + 1) / 2 if top < 1 - HAIR else float(np.nextafter(np.float32(max(top, 1)), np.float32(2)))
    return (*(Level(title, score) for title, score in found if score is not None), Level("none", highest))


def _in_a_gap(ordered: Array, least: int, most: int) -> float | None:
    """A threshold that ``least`` to ``most`` scores pass, or up to five times as many if those are all alike; None if there is none."""
    lower = np.append(ordered, 0.0)
    for first, last in ((least, most), (most, min(5 * most, len(ordered)))):
        counts = np.arange(first, last + 1)
        gaps = lower[counts - 1] - lower[counts]
        best = int(gaps.argmax())
        if gaps[best] > HAIR * lower[0]:
            return float((lower[counts[best] - 1] + lower[counts[best]]) / 2)
    return None


@dataclass(frozen=True)
class Question:
    """What both sides are asked.

    Attributes:
        where: names the model for messages.
        outputs: names of the outputs that boxes are made of, for messages.
        title: of the input.
        shape: of the input.
        level: the score threshold.
        iou: the overlap threshold.
        most: boxes of a picture and class.
        allowed: how far the answers may lie apart.
    """

    where: str
    outputs: tuple[str, ...]
    title: str
    shape: tuple[int, ...]
    level: Level
    iou: float
    most: int
    allowed: Allowed


def compare_boxes(
    question: Question,
    expected: Candidates,
    found: Candidates,
    shaken: Callable[[], Iterable[Candidates]],
) -> Compared:
    """Compare the boxes that are left of PyTorch's candidates with those that the graph finds.

    Args:
        question: what is asked.
        expected: all candidates of PyTorch.
        found: the graph's answer, selected.
        shaken: further candidates of PyTorch, of inputs that are hardly others; asked for only if there is doubt.

    Raises:
        ExportError: the answers differ by more than allowed.
    """
    allowed = question.allowed
    ours = _answer(question, expected)
    matching = match(ours, found, allowed.box_px, allowed.score)
    good = matching.within(allowed.box_px, allowed.score)
    lost, gained = good.alone
    borderline = len(lost) + len(gained)
    if borderline:
        answers = [_answer(question, one) for one in _jittered(shaken())]
        firm_lost = lost[~_missing_in_one(question, ours.at(lost), answers)]
        firm_gained = gained[~_present_in_one(question, found.at(gained), answers)]
        if len(firm_lost) or len(firm_gained) or borderline > max(4, (len(ours) + len(found)) // 10):
            raise _disagreement(question, ours, found, matching, (firm_lost, firm_gained))
    pairs = good.pairs
    row = BoxRow(
        input=f"{question.title}, {question.level.title}",
        input_shape=question.shape,
        score_threshold=question.level.score,
        iou_threshold=question.iou,
        detections=len(ours),
        max_box_px=float(good.box_px.max(initial=0.0)),
        max_score=float(good.score.max(initial=0.0)),
        borderline=borderline,
    )
    scores = np.stack((ours.scores[pairs[:, 0]], found.scores[pairs[:, 1]]), axis=1)
    return Compared(row, scores, good.box_px)


def _answer(question: Question, candidates: Candidates) -> Candidates:
    return select(candidates, question.level.score, question.iou, question.most)


def _jittered(candidates: Iterable[Candidates]) -> Iterator[Candidates]:
    """Each several times, with scores and boxes as another order of the same sums might leave them."""
    generator = np.random.default_rng(0)
    for one in candidates:
        for _ in range(JITTERS):
            scores = one.scores * (1 + generator.uniform(-JITTER_SCORE, JITTER_SCORE, one.scores.shape))
            boxes = one.boxes_xyxy + generator.uniform(-JITTER_PX, JITTER_PX, one.boxes_xyxy.shape)
            yield Candidates(one.pictures, boxes, scores, one.labels)


def _missing_in_one(question: Question, boxes: Candidates, answers: list[Candidates]) -> Array:
    """(n,) whether each box is missing in at least one of the answers."""
    return np.asarray(~np.all([_present(question, boxes, answer) for answer in answers], axis=0))


def _present_in_one(question: Question, boxes: Candidates, answers: list[Candidates]) -> Array:
    """(n,) whether each box is in at least one of the answers."""
    return np.asarray(np.any([_present(question, boxes, answer) for answer in answers], axis=0))


def _present(question: Question, boxes: Candidates, answer: Candidates) -> Array:
    limits = question.allowed.box_px, question.allowed.score
    present = np.zeros(len(boxes), bool)
    present[match(boxes, answer, *limits).within(*limits).pairs[:, 0]] = True
    return present


def _disagreement(
    question: Question, ours: Candidates, found: Candidates, matching: Matching, firm: tuple[Array, Array]
) -> ExportError:
    """Which box differs, where, by how much."""
    allowed = question.allowed
    what = (
        f"the boxes that the card makes of {', '.join(question.outputs)} differ from PyTorch's on {question.title} "
        f"{list(question.shape)}, {question.level.title}: {len(ours)} boxes there, {len(found)} in the graph"
    )
    far = np.flatnonzero((matching.box_px > allowed.box_px) | (matching.score > allowed.score))
    if len(far):
        worst = far[np.maximum(matching.box_px[far] / allowed.box_px, matching.score[far] / allowed.score).argmax()]
        what += (
            f"; {_spoken(ours, matching.pairs[worst, 0])} by {matching.box_px[worst]:.3g} px and {matching.score[worst]:.3g} in score, "
            f"{allowed.box_px:g} px and {allowed.score:g} are allowed"
        )
    elif len(firm[0]):
        what += f"; the graph lacks {_spoken(ours, firm[0][0])}"
    elif len(firm[1]):
        what += f"; PyTorch lacks {_spoken(found, firm[1][0])}"
    else:
        what += "; more of them than a few exist by a hair"
    return ExportError(question.where, what=what, todo=f"{TODO} Check that the card describes the network.")


def _spoken(boxes: Candidates, place: int) -> str:
    """One box for people."""
    sides = ", ".join(f"{side:.1f}" for side in boxes.boxes_xyxy[place])
    picture, label, score = boxes.pictures[place], boxes.labels[place], boxes.scores[place]
    return f"the box [{sides}] of class {label} in picture {picture} with score {score:.3f}"
