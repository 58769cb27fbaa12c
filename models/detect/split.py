"""Training and validation halves that never share a picture, and how often rare classes are shown."""

import hashlib
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.detect.records import PictureRecord
from models.errors import TrainingDataError


@dataclass(frozen=True)
class Split:
    """Two sides, and a hash that names the division: equal hashes mean equal validation pictures."""

    train: tuple[PictureRecord, ...]
    val: tuple[PictureRecord, ...]
    sha256: str


def split_by_content(records: Sequence[PictureRecord], classes: Sequence[str], val_fraction: float) -> Split:
    """Divides pictures by the hash of their bytes, each class in proportion.

    Copies of a picture, byte-identical or listed twice, fall on one side. Classes are served from the rarest on, each
    until its share of pictures is in validation; which pictures is decided by their hashes alone, so neither order nor
    names nor a seed can move a picture to the other side.

    Args:
        records: labelled pictures.
        classes: names in id order, for the message.
        val_fraction: share of each class's pictures for validation, above 0 and below 1.

    Raises:
        TrainingDataError: a class has fewer than two distinct pictures, so that one side would lack it.
    """
    copies: dict[str, list[PictureRecord]] = defaultdict(list)
    for record in records:
        copies[record.sha256].append(record)
    showing = [
        {digest for digest, own in copies.items() if any((r.labels == c).any() for r in own)}
        for c in range(len(classes))
    ]
    if scarce := [name for name, digests in zip(classes, showing, strict=True) if len(digests) < 2]:
        raise TrainingDataError(
            f"classes {scarce} have fewer than two distinct pictures; one each is needed to train and to validate"
        )
    chosen = _choose(showing, val_fraction)
    val = tuple(record for digest in sorted(chosen) for record in copies[digest])
    train = tuple(record for digest in sorted(set(copies) - chosen) for record in copies[digest])
    return Split(train, val, hashlib.sha256("\n".join(sorted(chosen)).encode()).hexdigest())


def _choose(showing: Sequence[set[str]], val_fraction: float) -> set[str]:
    """Hashes for validation; no class gives all its pictures."""
    chosen: set[str] = set()
    for digests in sorted(showing, key=lambda own: (len(own), min(own))):
        wanted = math.ceil(val_fraction * len(digests))
        for digest in sorted(digests - chosen):
            if len(digests & chosen) >= wanted:
                break
            if all(len(other - chosen) > 1 for other in showing if digest in other):
                chosen.add(digest)
    return chosen


def repeat_factors(records: Sequence[PictureRecord], classes: int, threshold: float) -> NDArray[np.float64]:
    """How often each picture is shown in an epoch: LVIS's repeat factor (Gupta et al., arXiv 1908.03195, appendix B.2).

    A class on a fraction f of the pictures asks for max(1, sqrt(threshold / f)); a picture gets the most that any of its
    classes asks for.

    Returns:
        (len(records),) float64, at least 1.
    """
    shown = np.array([[(record.labels == c).any() for c in range(classes)] for record in records])
    frequency = np.maximum(shown.mean(axis=0), 1 / len(records))
    asked = np.maximum(1.0, np.sqrt(threshold / frequency))
    factors: NDArray[np.float64] = np.where(shown, asked, 1.0).max(axis=1)
    return factors
