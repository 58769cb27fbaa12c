import json

import numpy as np
import pytest

from models.faces.crops import Faces
from models.faces.evaluation import Trial, evaluate, pixel_floor, to_json
from models.faces.people import parts_of


def made_up(spread: float, people: int = 12, pictures: int = 6) -> tuple[list[Trial], Faces]:
    """Three trials whose embeddings are people's centres with noise."""
    generator = np.random.default_rng(0)
    labels = np.repeat(np.arange(people), pictures)
    names = tuple(f"p{i}" for i in range(people))
    pixels = (100 + 20 * generator.normal(size=(people, 30))[labels] + generator.normal(size=(len(labels), 30))).clip(
        0, 255
    )
    empty = np.zeros((len(labels), 1, 1, 1), np.uint8)
    faces = Faces(names, labels, empty, empty, pixels.astype(np.uint8))
    trials = []
    for part in parts_of(names, 3, 0):
        vectors = generator.normal(size=(people, 16))[labels] + spread * generator.normal(size=(len(labels), 16))
        unit = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
        trials.append(Trial(tuple(part), unit, np.maximum(vectors, 0).astype(np.float32)))
    return trials, faces


def test_a_perfect_embedding_has_perfect_figures():
    trials, faces = made_up(0.01)
    found = evaluate(trials, faces)
    assert found.metrics() == {"pair_accuracy": 1, "EER": 0, "TAR@FAR1e-2": 1, "AUC": 1, "rank1": 1}
    assert pixel_floor(faces)[1] == found.floor_rank_one == 1
    assert all(one.missed == one.accepted == 0 for one in found.growth)
    assert all(score > 0.9 for score in found.classifiers.values())


def test_noise_is_as_good_as_chance():
    found = evaluate(*made_up(50.0))
    assert found.metrics()["pair_accuracy"] == pytest.approx(0.5, abs=0.12)
    assert found.metrics()["EER"] == pytest.approx(0.5, abs=0.05)
    assert found.metrics()["rank1"] == pytest.approx(1 / 4, abs=0.15)


def test_only_pairs_of_unseen_people_count():
    trials, faces = made_up(0.5)
    found = evaluate(trials, faces)
    parts = {person: number for number, trial in enumerate(trials) for person in trial.unseen}
    assert all(
        parts[a] == parts[b] for a, b in zip(found.pairs.first.tolist(), found.pairs.second.tolist(), strict=True)
    )
    content = json.loads(json.dumps(to_json(found, 12, 72)))
    assert content["genuine_pairs"] == 12 * 15
    assert content["impostor_pairs"] == 3 * 6 * 36
    assert content["threshold"] == found.threshold
