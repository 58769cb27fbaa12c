"""Verification, "are these two pictures of one person?": ROC, equal error rate, TAR at a FAR, and accuracy at a threshold chosen elsewhere.

Pairs are balanced: an accuracy is the mean of the shares of genuine and of impostor pairs that are judged right, however many there are
of each.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.faces.pairs import Array, Pairs


@dataclass(frozen=True)
class Roc:
    """Shares of pairs that are accepted at each threshold, "distance ≤ threshold", ascending; the first threshold accepts none.

    Attributes:
        thresholds: (T,) the distances that occur, after −inf.
        true_accepts: (T,) of genuine pairs, TAR.
        false_accepts: (T,) of impostor pairs, FAR.
    """

    thresholds: Array
    true_accepts: Array
    false_accepts: Array


def roc(pairs: Pairs) -> Roc:
    """The curve.

    Raises:
        ValueError: there is no genuine or no impostor pair.
    """
    genuine, impostor = np.sort(pairs.distances[pairs.same]), np.sort(pairs.distances[~pairs.same])
    if not len(genuine) or not len(impostor):
        raise ValueError("a ROC needs pairs of one person and pairs of two")
    thresholds = np.concatenate([[-np.inf], np.unique(pairs.distances)])
    shares = [np.searchsorted(part, thresholds, "right") / len(part) for part in (genuine, impostor)]
    return Roc(thresholds, *shares)


def equal_error_rate(curve: Roc) -> float:
    """The error where as many genuine pairs are refused as impostors accepted, on the line between the two nearest points."""
    gap = (1 - curve.true_accepts) - curve.false_accepts
    after = int(np.argmax(gap <= 0))
    if after == 0 or gap[after] == 0:
        return float(curve.false_accepts[after])
    part = gap[after - 1] / (gap[after - 1] - gap[after])
    far = curve.false_accepts
    return float(far[after - 1] + part * (far[after] - far[after - 1]))


def true_accepts_at(curve: Roc, most_false: float) -> float:
    """TAR at the largest threshold whose FAR is at most a given one."""
    return float(curve.true_accepts[np.searchsorted(curve.false_accepts, most_false, "right") - 1])


def area_under(curve: Roc) -> float:
    """Chance that a genuine pair is nearer than an impostor pair; ties count half."""
    rises = np.diff(curve.false_accepts)
    return float((rises * (curve.true_accepts[1:] + curve.true_accepts[:-1]) / 2).sum())


def best_threshold(curve: Roc) -> float:
    """The threshold of the best balanced accuracy, in the middle of the gap to the next distance; of several the first."""
    balanced = curve.true_accepts[1:] - curve.false_accepts[1:]  # not the one that accepts nobody
    best = 1 + int(np.argmax(balanced))
    here = float(curve.thresholds[best])
    return here if best + 1 == len(curve.thresholds) else (here + float(curve.thresholds[best + 1])) / 2


def balanced_accuracy(pairs: Pairs, threshold: float) -> float:
    """Mean of TAR and 1 − FAR at a threshold; NaN where genuine or impostor pairs are missing."""
    accepted, same = pairs.distances <= threshold, pairs.same
    if not same.any() or same.all():
        return float("nan")
    return float((accepted[same].mean() + (~accepted[~same]).mean()) / 2)


@dataclass(frozen=True)
class CrossValidated:
    """What thresholds reach on people whom they were not chosen on.

    Attributes:
        accuracy: mean over the groups, each with its own threshold.
        spread: standard deviation over them.
        thresholds: of the groups.
    """

    accuracy: float
    spread: float
    thresholds: tuple[float, ...]


def cross_validated(pairs: Pairs, groups: Sequence[NDArray[np.int64]]) -> CrossValidated:
    """For each group of people a threshold is chosen on the pairs without any of them, and judged on the pairs among them.

    (The protocol of Labelled Faces in the Wild: Huang et al. 2007, section 3, with people in place of lists of pairs.)

    Args:
        pairs: of all people.
        groups: people, disjoint; at least two groups of at least two people.
    """
    scores, thresholds = [], []
    for group in groups:
        inside, beside = np.isin(pairs.first, group), np.isin(pairs.second, group)
        threshold = best_threshold(roc(pairs.where(~inside & ~beside)))
        scores.append(balanced_accuracy(pairs.where(inside & beside), threshold))
        thresholds.append(threshold)
    return CrossValidated(float(np.nanmean(scores)), float(np.nanstd(scores)), tuple(thresholds))
