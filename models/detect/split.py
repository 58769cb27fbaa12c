"""Training and validation halves that never share a picture, and how often rare classes are shown."""

import hashlib
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.detect.own_division import VAL
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
    copies = _copies(records)
    showing = _showing(copies, len(classes))
    if scarce := [name for name, digests in zip(classes, showing, strict=True) if len(digests) < 2]:
        raise TrainingDataError(
            f"classes {scarce} have fewer than two distinct pictures; one each is needed to train and to validate"
        )
    return _split(copies, _choose(showing, val_fraction))


def split_as_given(records: Sequence[PictureRecord], classes: Sequence[str], val_fraction: float) -> Split:
    """Divides pictures as their owners did; those of sets that come undivided by `split_by_content`.

    A picture of which a copy is for validation is validated with, whatever else its owner says.

    Args:
        records: labelled pictures, with their `part`.
        classes: names in id order, for the messages.
        val_fraction: of the undivided sets.

    Raises:
        TrainingDataError: a class has no picture to train on, or validation has no box at all.
    """
    divided = [record for record in records if record.part]
    if not divided:
        return split_by_content(records, classes, val_fraction)
    copies = _copies(records)
    chosen = {record.sha256 for record in divided if record.part == VAL}
    # A class with a single undivided picture is for the owners' divisions to show elsewhere, or else refused below.
    loose = _copies([record for record in records if not record.part and record.sha256 not in chosen])
    chosen |= _choose([own for own in _showing(loose, len(classes)) if own], val_fraction)
    showing = _showing(copies, len(classes))
    if unseen := [name for name, digests in zip(classes, showing, strict=True) if digests <= chosen]:
        raise TrainingDataError(
            f"classes {unseen} have no picture to train on, for the sets keep all of theirs for validation; "
            "leave them out by --classes or move pictures"
        )
    if not any(digests & chosen for digests in showing):
        raise TrainingDataError(
            "the sets' own validation pictures have no box of the classes; move some pictures to them"
        )
    return _split(copies, chosen)


def _copies(records: Sequence[PictureRecord]) -> dict[str, list[PictureRecord]]:
    """Records by the hash of their picture."""
    copies: dict[str, list[PictureRecord]] = defaultdict(list)
    for record in records:
        copies[record.sha256].append(record)
    return copies


def _showing(copies: Mapping[str, Sequence[PictureRecord]], classes: int) -> list[set[str]]:
    """By class the hashes of the pictures that show it."""
    return [
        {digest for digest, own in copies.items() if any((r.labels == c).any() for r in own)} for c in range(classes)
    ]


def _split(copies: Mapping[str, Sequence[PictureRecord]], chosen: set[str]) -> Split:
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
