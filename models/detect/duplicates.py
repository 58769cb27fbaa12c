"""Pictures that are there more than once, byte for byte or nearly."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from models.detect.picture_facts import bits_apart
from models.detect.records import PictureRecord

NEAR_BITS = 26
"""Of 256. Scaled, compressed and brightened copies of photographs measured 6 to 24 bits apart, other photographs 80 and more."""
ROWS_AT_ONCE = 2000


@dataclass(frozen=True)
class NearPair:
    """A picture for training and one for validation that look alike; file names."""

    train: str
    val: str
    bits: int


def exact_copies(records: Sequence[PictureRecord]) -> tuple[tuple[str, int], ...]:
    """File name and number of appearances of each picture that is listed more than once; most often first."""
    counts = Counter(record.sha256 for record in records)
    names = {record.sha256: record.path.name for record in reversed(records)}
    return tuple((names[digest], count) for digest, count in counts.most_common() if count > 1)


def near_pairs(train: Sequence[PictureRecord], val: Sequence[PictureRecord]) -> tuple[NearPair, ...]:
    """For each validation picture that a training picture resembles, the most similar one; closest pair first.

    Records without a fingerprint are left out.
    """
    own = [record for record in val if record.fingerprint]
    others = [record for record in train if record.fingerprint]
    pairs = []
    for start in range(0, len(own) if others else 0, ROWS_AT_ONCE):
        part = own[start : start + ROWS_AT_ONCE]
        apart = bits_apart([record.fingerprint for record in part], [record.fingerprint for record in others])
        closest = apart.argmin(axis=1)
        for row, record in enumerate(part):
            pairs.append(NearPair(others[closest[row]].path.name, record.path.name, int(apart[row, closest[row]])))
    return tuple(sorted((pair for pair in pairs if pair.bits <= NEAR_BITS), key=lambda pair: pair.bits))
