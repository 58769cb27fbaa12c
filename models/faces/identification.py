"""Identification, "who of K people is this?": rank-1, and how its errors grow with K."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.faces.pairs import Array

DRAWS = 200


def rank_one(distances: Array, gallery: NDArray[np.int64], probes: NDArray[np.int64]) -> float:
    """Share of probes whose nearest gallery picture is of the same person.

    Args:
        distances: (probes, gallery).
        gallery: the person of each gallery picture.
        probes: the person of each probe.
    """
    return float((gallery[distances.argmin(1)] == probes).mean())


def halves(people: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Places of everybody's first pictures, the gallery, and of the others, the probes: five of ten each."""
    order = np.array([int((people[:place] == person).sum()) for place, person in enumerate(people)])
    first = order < np.array([(people == person).sum() // 2 for person in people])
    return np.flatnonzero(first), np.flatnonzero(~first)


def distances_between(ones: NDArray[np.floating], others: NDArray[np.floating]) -> Array:
    """(N, M) cosine distances of unit vectors."""
    return np.clip(1 - ones.astype(np.float64) @ others.astype(np.float64).T, 0, 2)


@dataclass(frozen=True)
class Growth:
    """Errors of a gallery of K people with one picture each.

    Attributes:
        people: K.
        missed: closed set: share of probes of enrolled people whose nearest picture is another person's.
        accepted: open set: share of probes of strangers who lie within the threshold of somebody.
        predicted: 1 − (1 − FAR)^K, which would be so if the K comparisons had nothing to do with each other.
    """

    people: int
    missed: float
    accepted: float
    predicted: float


def growth(
    embeddings: NDArray[np.floating],
    people: NDArray[np.int64],
    unseen: NDArray[np.int64],
    threshold: float,
    sizes: tuple[int, ...],
    seed: int = 0,
) -> list[Growth]:
    """Measures 1:K for galleries drawn at random, with one picture of each person.

    Probes are of people whom training has not seen. The gallery is drawn from everybody: where it is larger than the unseen, the rest of
    it are people of the training set.

    Args:
        embeddings: (N, D) unit vectors.
        people: (N,).
        unseen: people who may be probes.
        threshold: cosine distance up to which somebody is accepted.
        sizes: the K to measure; one that needs more people than there are is left out.
        seed: of the draws.
    """
    generator, everybody = np.random.default_rng(seed), np.unique(people)
    distances = distances_between(embeddings, embeddings)
    strange = np.isin(people, unseen)[:, None] & (people[:, None] != people[None])
    far = float((distances[strange] <= threshold).mean())
    found = []
    for size in sizes:
        if size + 1 > len(everybody):
            continue
        errors = np.array(
            [_draw(generator, distances, people, unseen, everybody, threshold, size) for _ in range(DRAWS)]
        )
        missed, accepted = errors.mean(0)
        found.append(Growth(size, float(missed), float(accepted), 1 - (1 - far) ** size))
    return found


def _draw(
    generator: np.random.Generator,
    distances: Array,
    people: NDArray[np.int64],
    unseen: NDArray[np.int64],
    everybody: NDArray[np.int64],
    threshold: float,
    size: int,
) -> tuple[float, float]:
    """One gallery: an unseen person and K − 1 others are enrolled; another unseen person comes as a stranger."""
    known, stranger = generator.choice(unseen, 2, replace=False)
    rest = generator.permutation(everybody[(everybody != known) & (everybody != stranger)])
    near_first = np.concatenate([rest[np.isin(rest, unseen)], rest[~np.isin(rest, unseen)]])
    enrolled = np.array([known, *near_first[: size - 1]])
    gallery = np.array([generator.choice(np.flatnonzero(people == person)) for person in enrolled])
    probes = np.setdiff1d(np.flatnonzero(people == known), gallery)
    missed = people[gallery][distances[np.ix_(probes, gallery)].argmin(1)] != known
    accepted = distances[np.ix_(np.flatnonzero(people == stranger), gallery)].min(1) <= threshold
    return float(missed.mean()), float(accepted.mean())
