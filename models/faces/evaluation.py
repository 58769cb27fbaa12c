"""How good an embedder is, measured on people whom its network has never seen: cross-validation over people."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.faces.crops import Faces
from models.faces.identification import Growth, distances_between, growth, halves, rank_one
from models.faces.pair_classifier import FORMS, fit_pair_classifier
from models.faces.pairs import Pairs, all_pairs, joined
from models.faces.people import parts_of
from models.faces.verification import (
    CrossValidated,
    Roc,
    area_under,
    best_threshold,
    cross_validated,
    equal_error_rate,
    roc,
    true_accepts_at,
)

FOLDS = 10
SIZES = (2, 3, 5, 10, 15, 20, 25, 29)
LOW_FAR = 0.01


@dataclass(frozen=True)
class Trial:
    """One network and what it makes of everybody's pictures.

    Attributes:
        unseen: people it was not trained on.
        embeddings: (N, D) unit vectors of all faces.
        features: (N, F) of its trunk, not negative.
    """

    unseen: tuple[int, ...]
    embeddings: NDArray[np.float32]
    features: NDArray[np.float32]


@dataclass(frozen=True)
class Evaluation:
    """What was measured on unseen people.

    Attributes:
        pairs: of all trials, each among its own unseen people.
        curve: their ROC.
        floor: the ROC of raw pixels on everybody's pictures.
        threshold: the best for all these pairs: what the model file says.
        crossed: accuracy at thresholds chosen on other people.
        rank_one: five gallery and five probe pictures of each unseen person, mean over the trials.
        floor_rank_one: the same of raw pixels, among everybody.
        classifiers: cross-validated accuracy of the pair classifiers by form.
        growth: 1:K, mean over the trials.
    """

    pairs: Pairs
    curve: Roc
    floor: Roc
    threshold: float
    crossed: CrossValidated
    rank_one: float
    floor_rank_one: float
    classifiers: Mapping[str, float]
    growth: tuple[Growth, ...]

    def metrics(self) -> dict[str, float]:
        """The figures that go into the weights file and the card; fractions in 0 to 1."""
        return {
            "pair_accuracy": self.crossed.accuracy,
            "EER": equal_error_rate(self.curve),
            "TAR@FAR1e-2": true_accepts_at(self.curve, LOW_FAR),
            "AUC": area_under(self.curve),
            "rank1": self.rank_one,
        }


def evaluate(trials: Sequence[Trial], faces: Faces) -> Evaluation:
    """Measures all of it; see `Evaluation`.

    Args:
        trials: one for each part of the people.
        faces: of everybody, in the order of the trials' rows.
    """
    labels = faces.labels
    own = [(trial, np.isin(labels, trial.unseen)) for trial in trials]
    pairs = joined([all_pairs(trial.embeddings[rows], labels[rows]) for trial, rows in own])
    curve = roc(pairs)
    threshold = best_threshold(curve)
    crossed = cross_validated(pairs, [group for trial in trials for group in _groups(trial, faces, len(trials))])
    floor, floor_rank_one = pixel_floor(faces)
    return Evaluation(
        pairs,
        curve,
        floor,
        threshold,
        crossed,
        float(np.mean([_rank_one(trial.embeddings[rows], labels[rows]) for trial, rows in own])),
        floor_rank_one,
        {form: float(np.mean([_classifier_accuracy(form, trial, faces) for trial in trials])) for form in FORMS},
        _growth(trials, labels, threshold),
    )


def _groups(trial: Trial, faces: Faces, trials: int) -> list[NDArray[np.int64]]:
    """The unseen people of a trial in groups, ten of all trials together at most; none has fewer than two."""
    people = list(trial.unseen)
    count = max(1, min(FOLDS // trials, len(people) // 2))
    if count == 1:
        return [np.array(people)]
    return [np.array([people[i] for i in part]) for part in parts_of([faces.names[p] for p in people], count, 0)]


def _rank_one(embeddings: NDArray[np.float32], labels: NDArray[np.int64]) -> float:
    gallery, probes = halves(labels)
    distances = distances_between(embeddings[probes], embeddings[gallery])
    return rank_one(distances, labels[gallery], labels[probes])


def pixel_floor(faces: Faces) -> tuple[Roc, float]:
    """What comparing pixels reaches, without any learning: ROC of all pairs and rank-1, by the distance of whole grey pictures."""
    pixels = faces.pixels.astype(np.float64) / 255
    squares = (pixels**2).sum(1)
    distances = np.sqrt(np.maximum(squares[:, None] + squares[None] - 2 * pixels @ pixels.T, 0))
    i, j = np.triu_indices(len(pixels), 1)
    gallery, probes = halves(faces.labels)
    nearest = rank_one(distances[np.ix_(probes, gallery)], faces.labels[gallery], faces.labels[probes])
    return roc(Pairs(distances[i, j], faces.labels[i], faces.labels[j])), nearest


def _classifier_accuracy(form: str, trial: Trial, faces: Faces) -> float:
    """Balanced accuracy on one half of a trial's unseen people of what is learnt on the other half; NaN where they are too few."""
    if len(trial.unseen) < 4:
        return float("nan")
    chosen = trial.embeddings if form == "difference" else trial.features
    scores = []
    for held in (trial.unseen[::2], trial.unseen[1::2]):
        learnt = np.isin(faces.labels, [person for person in trial.unseen if person not in held])
        judged = np.isin(faces.labels, held)
        classifier = fit_pair_classifier(form, chosen[learnt], faces.labels[learnt])
        rows, people = chosen[judged], faces.labels[judged]
        i, j = np.triu_indices(len(people), 1)
        right = (classifier.probability(rows[i], rows[j]) >= 0.5) == (people[i] == people[j])
        scores += [right[people[i] == people[j]].mean(), right[people[i] != people[j]].mean()]
    return float(np.mean(scores))


def _growth(trials: Sequence[Trial], labels: NDArray[np.int64], threshold: float) -> tuple[Growth, ...]:
    parts = [growth(trial.embeddings, labels, np.array(trial.unseen), threshold, SIZES) for trial in trials]
    means = [np.mean([list(asdict(one).values()) for one in same], axis=0) for same in zip(*parts, strict=True)]
    return tuple(Growth(round(row[0]), float(row[1]), float(row[2]), float(row[3])) for row in means)


def to_json(evaluation: Evaluation, people: int, pictures: int) -> dict[str, Any]:
    """Everything but the curves' points, as JSON values."""
    same = evaluation.pairs.same
    return {
        "people": people,
        "pictures": pictures,
        "genuine_pairs": int(same.sum()),
        "impostor_pairs": int((~same).sum()),
        "threshold": evaluation.threshold,
        **evaluation.metrics(),
        "pair_accuracy_spread": evaluation.crossed.spread,
        "thresholds_of_folds": list(evaluation.crossed.thresholds),
        "pair_classifiers": dict(evaluation.classifiers),
        "one_to_many": [asdict(one) for one in evaluation.growth],
        "floor_of_raw_pixels": {
            "rank1": evaluation.floor_rank_one,
            "EER": equal_error_rate(evaluation.floor),
            "TAR@FAR1e-2": true_accepts_at(evaluation.floor, LOW_FAR),
        },
    }
