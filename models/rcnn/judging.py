"""What is learnt from features once the network stands: machines, their sigmoids, and the regression of boxes, class by class."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from models.rcnn.box_coding import ANCHOR_WEIGHTS, encode
from models.rcnn.box_regression import NEAR, BoxRegression, fit_boxes
from models.rcnn.crop_features import DescribedPicture
from models.rcnn.crop_network import CropNetwork
from models.rcnn.platt import Sigmoid, fit_sigmoid
from models.rcnn.rcnn import RegionClassifier, compose
from models.rcnn.rcnn_settings import RcnnSettings
from models.rcnn.svm import Machine, SvmSettings, folds, norm_factor, train_machine

FAR = 0.3
"""Regions that overlap an object of the class by less are its negatives; those between this and the object's own box teach nothing."""
SHOWN = 0.5
"""For the sigmoid, a region shows an object that it overlaps by as much."""
FOLDS = 3
Features = NDArray[np.float32]


@dataclass(frozen=True)
class Learnt:
    """What was learnt of one class."""

    machine: Machine
    sigmoid: Sigmoid
    regression: BoxRegression
    positives: int
    negatives: int
    regressed: int


def judge_from(
    network: CropNetwork,
    pictures: Sequence[DescribedPicture],
    settings: RcnnSettings,
    tell: Callable[[str, Learnt], None],
) -> RegionClassifier:
    """The whole judge, from the features of training pictures.

    Args:
        network: that made the features.
        pictures: with their features.
        settings: costs.
        tell: is called with each class's name and what was learnt of it.
    """
    hidden_factor = norm_factor(np.concatenate([one.hidden for one in pictures]))
    pooled_factor = norm_factor(np.concatenate([one.pooled for one in pictures]))
    machines, regressions = [], []
    for label, name in enumerate(network.spec.classes):
        learnt = _learn(label, pictures, hidden_factor, pooled_factor, settings)
        machines.append((learnt.machine, learnt.sigmoid, hidden_factor))
        regressions.append((learnt.regression, pooled_factor))
        tell(name, learnt)
    return compose(network, machines, regressions)


def _learn(
    label: int, pictures: Sequence[DescribedPicture], hidden: float, pooled: float, settings: RcnnSettings
) -> Learnt:
    positives = [one.hidden[: len(one.labels)][one.labels == label] * np.float32(hidden) for one in pictures]
    negatives = [one.hidden[one.overlaps.best[:, label] < FAR] * np.float32(hidden) for one in pictures]
    given = SvmSettings(cost=settings.svm_cost)
    machine = _machine(positives, negatives, range(len(pictures)), given, settings.seed)
    margins, shown = [np.zeros(0)], [np.zeros(0, bool)]
    # Margins of what a machine was trained on are too good to be true: the sigmoid is fitted to those of pictures left out.
    for part in folds(len(pictures), FOLDS, settings.seed):
        others = sorted(set(range(len(pictures))) - set(part.tolist()))
        partial = _machine(positives, negatives, others, given, settings.seed)
        for index in part:
            one = pictures[index]
            rows = slice(len(one.labels), None)
            margins.append(partial.margins(one.hidden[rows] * np.float32(hidden)))
            shown.append(one.overlaps.best[rows, label] >= SHOWN)
    sigmoid = fit_sigmoid(np.concatenate(margins), np.concatenate(shown))
    features, deltas = _near(label, pictures)
    regression = fit_boxes(features * np.float32(pooled), deltas, settings.ridge)
    return Learnt(machine, sigmoid, regression, sum(map(len, positives)), sum(map(len, negatives)), len(features))


def _machine(
    positives: Sequence[Features], negatives: Sequence[Features], chosen: Sequence[int], given: SvmSettings, seed: int
) -> Machine:
    none = np.zeros((0, positives[0].shape[1]), np.float32)
    objects, others = (np.concatenate([none, *(side[index] for index in chosen)]) for side in (positives, negatives))
    return train_machine(objects, others, given, np.random.default_rng(seed))


def _near(label: int, pictures: Sequence[DescribedPicture]) -> tuple[Features, Features]:
    """Features of all regions near an object of the class, and the steps that lead to it."""
    features, deltas = [pictures[0].pooled[:0]], [np.zeros((0, 4), np.float32)]
    for one in pictures:
        rows = len(one.labels) + np.flatnonzero(one.overlaps.best[len(one.labels) :, label] > NEAR)
        objects = one.boxes_xyxy[one.overlaps.which[rows, label]]
        features.append(one.pooled[rows])
        steps = encode(torch.from_numpy(objects), torch.from_numpy(one.boxes_xyxy[rows]), ANCHOR_WEIGHTS)
        deltas.append(steps.numpy())
    return np.concatenate(features), np.concatenate(deltas)
