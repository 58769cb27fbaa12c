import numpy as np
import pytest

from models.faces.identification import distances_between, growth, halves, rank_one


def crowd(people: int, pictures: int, spread: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    labels = np.repeat(np.arange(people), pictures)
    vectors = generator.normal(size=(people, 16))[labels] + spread * generator.normal(size=(len(labels), 16))
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True), labels


def test_half_of_everybodys_pictures_are_the_gallery():
    people = np.array([3, 3, 3, 3, 1, 3, 1, 1])
    gallery, probes = halves(people)
    assert gallery.tolist() == [0, 1, 4]
    assert probes.tolist() == [2, 3, 5, 6, 7]


def test_rank_one_is_counting():
    vectors, people = crowd(6, 4, 0.7)
    gallery, probes = halves(people)
    distances = distances_between(vectors[probes], vectors[gallery])
    right = 0
    for row, probe in enumerate(probes):
        nearest = min(range(len(gallery)), key=lambda i, row=row: distances[row, i])  # type: ignore[misc]
        right += people[gallery[nearest]] == people[probe]
    assert rank_one(distances, people[gallery], people[probes]) == pytest.approx(right / len(probes))


def test_a_perfect_embedding_makes_no_error_and_one_of_noise_makes_many():
    vectors, people = crowd(12, 4, 0.0)
    for one in growth(vectors, people, np.arange(12), 1e-9, (2, 5, 11)):
        assert (one.missed, one.accepted, one.predicted) == (0, 0, 0)
    vectors, people = crowd(12, 4, 30.0)
    errors = growth(vectors, people, np.arange(12), 1.0, (2, 5, 11))
    assert [one.people for one in errors] == [2, 5, 11]
    assert errors[0].missed == pytest.approx(1 / 2, abs=0.1)
    assert errors[2].missed == pytest.approx(10 / 11, abs=0.1)
    for one in errors:  # comparisons with random vectors have nearly nothing to do with each other
        assert one.accepted == pytest.approx(one.predicted, abs=0.1)


def test_galleries_larger_than_the_crowd_are_left_out():
    vectors, people = crowd(5, 3, 0.5)
    assert [one.people for one in growth(vectors, people, np.arange(2), 0.5, (2, 4, 5, 99))] == [2, 4]
