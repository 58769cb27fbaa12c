"""One linear support vector machine for each class, with hard negatives (Girshick et al. 2014, section 2.3 and appendix B).

Positives are the objects' own boxes; negatives are regions that overlap no object of the class by 0.3 or more. There are far too many
negatives, and most of them teach nothing: the machine is trained on some, those of the others that it gets wrong or nearly
wrong are added, those that it has got well right are dropped, and so on until no new ones appear. What it ends with is then
the machine of all negatives, for a negative beyond the margin does not pull at it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.svm import LinearSVC

Features = NDArray[np.float32]

NORM = 20.0
"""Mean length that features are brought to, for which the paper chose its cost of 0.001."""
MARGIN, WELL_RIGHT = -1.0, -1.2
TOLERANCE = 1e-4


@dataclass(frozen=True)
class SvmSettings:
    """How machines are trained.

    Attributes:
        cost: C.
        positive_weight: how much more an error on an object costs.
        first: negatives to start from.
        most_added: hard negatives that join in one round; the hardest.
        most_rounds: after so many, what is there is taken.
    """

    cost: float = 1e-3
    positive_weight: float = 2.0
    first: int = 3000
    most_added: int = 10000
    most_rounds: int = 8


@dataclass(frozen=True)
class Machine:
    """A hyperplane: the margin of features x is w · x + b, positive on the side of the class.

    Attributes:
        weight: (D,) float64.
        bias: a number.
        rounds: in how many rounds it was found; 0 where there was nothing to learn from.
        negatives: how many of them it was last trained on.
    """

    weight: NDArray[np.float64]
    bias: float
    rounds: int = 0
    negatives: int = 0

    def margins(self, features: Features) -> NDArray[np.float64]:
        """(N,) of (N, D)."""
        found: NDArray[np.float64] = features @ self.weight + self.bias
        return found


def norm_factor(features: Features) -> float:
    """What brings (N, D) features to a mean length of `NORM`; 1 of none, or of nothing but zeros."""
    mean = float(np.linalg.norm(features, axis=1).mean()) if len(features) else 0.0
    return NORM / mean if mean > 0 else 1.0


def train_machine(positives: Features, negatives: Features, settings: SvmSettings, rng: np.random.Generator) -> Machine:
    """The machine of one class.

    Args:
        positives: (P, D) of objects.
        negatives: (N, D) of regions without.
        settings: how.
        rng: chooses the negatives to start from.

    Returns:
        Where either side is empty, a machine that puts everything a margin away, on the side that there is: without objects to the
        outside.
    """
    if not len(positives) or not len(negatives):
        return Machine(np.zeros(positives.shape[1]), 1.0 if len(positives) else MARGIN)
    held = np.zeros(len(negatives), bool)
    held[rng.permutation(len(negatives))[: settings.first]] = True
    machine = _fit(positives, negatives[held], settings)
    for rounds in range(1, settings.most_rounds + 1):
        margins = machine.margins(negatives)
        hard = np.flatnonzero(~held & (margins > MARGIN + TOLERANCE))
        machine = Machine(machine.weight, machine.bias, rounds, int(held.sum()))
        if not len(hard):
            break
        held &= margins >= WELL_RIGHT
        held[hard[np.argsort(-margins[hard], kind="stable")[: settings.most_added]]] = True
        machine = _fit(positives, negatives[held], settings)
    return machine


def _fit(positives: Features, negatives: Features, settings: SvmSettings) -> Machine:
    """Squared hinge loss in the primal, by Newton's method: without chance, and exact enough for mining to end."""
    solver = LinearSVC(
        C=settings.cost,
        loss="squared_hinge",
        dual=False,
        tol=1e-6,
        class_weight={1: settings.positive_weight},
        intercept_scaling=10.0,  # the bias is penalised hardly at all
        max_iter=10000,
    )
    truth = np.repeat((1, 0), (len(positives), len(negatives)))
    solver.fit(np.concatenate((positives, negatives)), truth)
    return Machine(np.asarray(solver.coef_[0], np.float64), float(solver.intercept_[0]), negatives=len(negatives))


def folds(pictures: int, count: int, seed: int) -> Sequence[NDArray[np.int64]]:
    """Pictures dealt into `count` parts, at most one more in one than in another; empty parts are left out."""
    order = np.random.default_rng(seed).permutation(pictures)
    return [np.sort(part) for part in np.array_split(order, count) if len(part)]
