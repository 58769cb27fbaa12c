"""The three losses of MTCNN and their sum (Zhang et al. 2016, arXiv 1604.02878, section II.C)."""

import math
from enum import IntEnum
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from models.mtcnn.networks import Predictions


class Kind(IntEnum):
    """What a training square shows; each kind teaches only some of the three tasks."""

    NEGATIVE = 0  # no face: overlaps every face by less than 0.3
    POSITIVE = 1  # a face: overlaps one by more than 0.65
    PART = 2  # a part of one: overlaps it by 0.4 to 0.65
    LANDMARK = 3  # a face with five landmarks


class TaskWeights(NamedTuple):
    """α of each task in the sum (equation 4)."""

    detection: float
    boxes: float
    landmarks: float


TASK_WEIGHTS = {
    "pnet": TaskWeights(1.0, 0.5, 0.5),
    "rnet": TaskWeights(1.0, 0.5, 0.5),
    "onet": TaskWeights(1.0, 0.5, 1.0),
}


class Truth(NamedTuple):
    """What a batch of squares shows.

    Attributes:
        kinds: (N,) int64, values of `Kind`.
        boxes: (N, 4) float, as `Predictions.boxes`; read of POSITIVE and PART only.
        landmarks: (N, 10) float, as `Predictions.landmarks`; read of LANDMARK only.
    """

    kinds: Tensor
    boxes: Tensor
    landmarks: Tensor


class Losses(NamedTuple):
    """Each loss, a scalar: the weighted sum, and the three means that it is made of."""

    total: Tensor
    detection: Tensor
    boxes: Tensor
    landmarks: Tensor


def joint_loss(predictions: Predictions, truth: Truth, weights: TaskWeights, hard_share: float) -> Losses:
    """The weighted sum of the three losses, each a mean over the squares that teach its task (the paper's β); 0 where there is none.

    The paper adds up over all squares. Means keep the weights' meaning where a batch has few squares of a kind.

    Args:
        predictions: (N, ·) each; without landmarks their loss is 0.
        truth: of the same squares.
        weights: of the tasks.
        hard_share: part of the squares with the largest classification losses that counts (online hard sample mining); 1: all.
    """
    kinds = truth.kinds
    judged = (kinds == Kind.NEGATIVE) | (kinds == Kind.POSITIVE)
    detection = hard_mean(detection_losses(predictions.logits[judged], kinds[judged] == Kind.POSITIVE), hard_share)
    boxed = (kinds == Kind.POSITIVE) | (kinds == Kind.PART)
    boxes = hard_mean(squared_distances(predictions.boxes[boxed], truth.boxes[boxed]), 1.0)
    landmarks = torch.zeros_like(detection)
    if predictions.landmarks is not None:
        marked = kinds == Kind.LANDMARK
        landmarks = hard_mean(squared_distances(predictions.landmarks[marked], truth.landmarks[marked]), 1.0)
    total = weights.detection * detection + weights.boxes * boxes + weights.landmarks * landmarks
    return Losses(total, detection, boxes, landmarks)


def detection_losses(logits: Tensor, faces: Tensor) -> Tensor:
    """Cross entropy of each square (equation 1).

    Args:
        logits: (N, 2): background, face.
        faces: (N,) bool.

    Returns:
        (N,)
    """
    return functional.cross_entropy(logits, faces.long(), reduction="none")


def squared_distances(found: Tensor, wanted: Tensor) -> Tensor:
    """Squared Euclidean distance of each row (equations 2 and 3): (N, D) and (N, D) to (N,)."""
    return (found - wanted).square().sum(dim=1)


def hard_mean(losses: Tensor, share: float) -> Tensor:
    """The mean of the largest losses, through which alone gradients flow: online hard sample mining.

    Args:
        losses: (N,)
        share: part of them that counts, above 0 to 1, rounded up.

    Returns:
        A scalar; 0 for no losses.
    """
    if not len(losses):
        return losses.sum()
    kept = math.ceil(share * len(losses) - 1e-9)  # 0.7 · 10 is a little more than 7 in binary
    return losses.topk(kept).values.mean()
