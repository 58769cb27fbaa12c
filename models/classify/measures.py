"""How good a classifier is: accuracy, accuracy per class, and which classes are taken for which."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Answers:
    """What a classifier said of some pictures.

    Attributes:
        logits: (n, classes) float32.
        labels: (n,) int64, the truth.
    """

    logits: NDArray[np.float32]
    labels: NDArray[np.int64]


def confusion(answers: Answers) -> NDArray[np.int64]:
    """(classes, classes) counts: row = the truth, column = the answer."""
    classes = answers.logits.shape[1]
    counts = np.zeros((classes, classes), np.int64)
    np.add.at(counts, (answers.labels, answers.logits.argmax(1)), 1)
    return counts


def top_k(answers: Answers, k: int) -> float:
    """Part of the pictures whose class is among the k best answers; a tie counts against the truth. 0 for no pictures."""
    if not len(answers.labels):
        return 0.0
    own = np.take_along_axis(answers.logits, answers.labels[:, None], 1)
    rank = (answers.logits >= own).sum(1) - 1
    return float((rank < k).mean())


def measure(answers: Answers, classes: Sequence[str]) -> dict[str, float]:
    """`accuracy`, `top5` where there are more than five classes, and `accuracy/CLASS`, NaN for a class without pictures."""
    counts = confusion(answers)
    shown = counts.sum(1)
    each = np.divide(counts.diagonal(), shown, out=np.full(len(classes), np.nan), where=shown > 0)
    figures = {"accuracy": float(counts.trace() / max(len(answers.labels), 1))}
    if len(classes) > 5:
        figures["top5"] = top_k(answers, 5)
    return {**figures, **{f"accuracy/{name}": float(value) for name, value in zip(classes, each, strict=True)}}
