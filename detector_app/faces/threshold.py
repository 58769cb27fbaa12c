"""How far apart two pictures of one person may be, told from the user's own enrolments."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detector_app.errors import message
from detector_app.faces.distance import distances
from detector_app.faces.matching import GallerySnapshot
from detector_app.vision.detections import FloatArray

UNMEASURED = 0.5
"""For a model whose card names none, until there are enough enrolments: on the safe side for every embedder that we know."""
LEAST_PAIRS = 10
"""Of either kind; with fewer the card knows better."""
MOST_PICTURES = 2000
"""More are thinned out evenly: their pairs grow with the square."""

FROM_ENROLMENTS = message("from your own enrolments")
FROM_CARD = message("the model's own, because there are too few enrolments to tell")
FROM_NOBODY = message("a guess, because the model names none and there are too few enrolments to tell")


@dataclass(frozen=True, eq=False)
class Pairs:
    """Cosine distances of all pairs of enrolled pictures, each pair once.

    Attributes:
        genuine: (G,) float32, of two pictures of one person, ascending.
        impostor: (I,) float32, of pictures of two persons, ascending.
    """

    genuine: FloatArray
    impostor: FloatArray

    @property
    def enough(self) -> bool:
        """Whether a threshold can be told from them."""
        return min(len(self.genuine), len(self.impostor)) >= LEAST_PAIRS


@dataclass(frozen=True)
class Suggestion:
    """A threshold and where it comes from.

    Attributes:
        threshold: cosine distance.
        origin: one of the texts above, English, marked for translation.
        false_rejects: part of the genuine pairs beyond it; NaN without pairs.
        false_accepts: part of the impostor pairs within it; NaN without pairs.
    """

    threshold: float
    origin: str
    false_rejects: float
    false_accepts: float


@dataclass(frozen=True, eq=False)
class Histograms:
    """Two histograms over the same bins, to be drawn with the threshold between.

    Attributes:
        edges: (B + 1,) float64 distances.
        genuine: (B,) int64 counts.
        impostor: (B,) int64 counts.
    """

    edges: NDArray[np.float64]
    genuine: NDArray[np.int64]
    impostor: NDArray[np.int64]


def pairs_of(snapshot: GallerySnapshot) -> Pairs:
    """All pairs of the enrolled pictures; of more than :data:`MOST_PICTURES` those of every second, third, …"""
    step = -(-len(snapshot) // MOST_PICTURES) or 1
    vectors, ids = snapshot.embeddings[::step], snapshot.person_ids[::step]
    if not len(vectors):
        return Pairs(np.zeros(0, np.float32), np.zeros(0, np.float32))
    upper = np.triu_indices(len(vectors), 1)
    found, same = distances(vectors, vectors)[upper], (ids[:, None] == ids)[upper]
    return Pairs(np.sort(found[same]), np.sort(found[~same]))


def error_rates(pairs: Pairs, threshold: float) -> tuple[float, float]:
    """False rejects and false accepts at ``threshold``, each as a part of its pairs; NaN where there are none."""
    rejected = len(pairs.genuine) - np.searchsorted(pairs.genuine, np.float32(threshold), side="right")
    accepted = np.searchsorted(pairs.impostor, np.float32(threshold), side="right")
    return _part(int(rejected), len(pairs.genuine)), _part(int(accepted), len(pairs.impostor))


def best_threshold(pairs: Pairs) -> float:
    """Where the sum of both error rates is least; in the middle of the widest such gap between two distances that occur.

    Raises:
        ValueError: there are no genuine or no impostor pairs.
    """
    if not len(pairs.genuine) or not len(pairs.impostor):
        raise ValueError("both kinds of pairs are needed")
    occurring = np.unique(np.concatenate([[0], pairs.genuine, pairs.impostor, [2]]).astype(np.float64))
    # Between two that occur, and at the end of the scale, where everybody is the same person.
    middles, widths = np.append((occurring[1:] + occurring[:-1]) / 2, 2.0), np.append(np.diff(occurring), 0.0)
    rejects = 1 - np.searchsorted(pairs.genuine, middles, side="right") / len(pairs.genuine)
    accepts = np.searchsorted(pairs.impostor, middles, side="right") / len(pairs.impostor)
    errors = rejects + accepts
    best = np.flatnonzero(errors <= errors.min() + 1e-12)
    return float(middles[best[np.argmax(widths[best])]])


def suggest(snapshot: GallerySnapshot, own: float | None, pairs: Pairs | None = None) -> Suggestion:
    """The threshold to start from.

    Args:
        snapshot: who is enrolled.
        own: the model's threshold by its card, or None.
        pairs: of the snapshot, if they are known already.
    """
    pairs = pairs or pairs_of(snapshot)
    if pairs.enough:
        threshold, origin = best_threshold(pairs), FROM_ENROLMENTS
    else:
        threshold, origin = (UNMEASURED, FROM_NOBODY) if own is None else (own, FROM_CARD)
    return Suggestion(threshold, origin, *error_rates(pairs, threshold))


def threshold_of(snapshot: GallerySnapshot, own: float | None) -> float:
    """The threshold in force: the user's own choice, or the model's."""
    if snapshot.threshold is not None:
        return snapshot.threshold
    return UNMEASURED if own is None else own


def histograms(pairs: Pairs, bins: int = 40) -> Histograms:
    """Counts of both kinds in ``bins`` equal parts from 0 to the greatest distance that occurs."""
    most = max([0.1, *(float(found[-1]) for found in (pairs.genuine, pairs.impostor) if len(found))])
    edges = np.linspace(0, most, bins + 1)
    genuine, impostor = (np.histogram(np.clip(found, 0, most), edges)[0] for found in (pairs.genuine, pairs.impostor))
    return Histograms(edges, genuine.astype(np.int64), impostor.astype(np.int64))


def _part(count: int, of: int) -> float:
    return count / of if of else float("nan")
