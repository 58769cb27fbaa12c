"""Losses, distances and mining beside their definitions, written out with loops in float64; gradients by differences."""

import math
from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from models.errors import RecipeError
from models.faces.distances import cosine_distances, pair_distances, squared_distances
from models.faces.losses.choosing import make_loss
from models.faces.losses.contrastive import ContrastiveLoss, contrastive_losses
from models.faces.losses.large_margin import LargeMarginLoss, falling_cosine, multiple_angle
from models.faces.losses.softmax import AngularLoss, SoftmaxLoss, with_additive_angle, with_additive_cosine
from models.faces.losses.triplet import TripletLoss, triplet_losses
from models.faces.mining import MINERS, Triplets, batch_hard, miner, random_triplets, semi_hard
from models.faces.settings import LOSSES, FacesSettings

LABELS = torch.tensor([0, 0, 0, 1, 1, 2, 2, 2, 3])
batches = st.integers(0, 10_000)


def vectors(seed: int, count: int = len(LABELS), width: int = 5) -> torch.Tensor:
    return torch.from_numpy(np.random.default_rng(seed).normal(size=(count, width)))


def squared(embeddings: torch.Tensor) -> torch.Tensor:
    return squared_distances(*(functional.normalize(embeddings),) * 2)


@given(batches)
def test_distances_are_what_they_are_called(seed: int):
    ones, others = (functional.normalize(vectors(seed + i)) for i in (0, 1))
    for i, a in enumerate(ones.tolist()):
        for j, b in enumerate(others.tolist()):
            assert squared_distances(ones, others)[i, j].item() == pytest.approx(math.dist(a, b) ** 2, abs=1e-12)
            cosine = 1 - sum(x * y for x, y in zip(a, b, strict=True))
            assert cosine_distances(ones, others)[i, j].item() == pytest.approx(cosine, abs=1e-12)
    found, first, second = pair_distances(ones)
    assert len(found) == len(ones) * (len(ones) - 1) // 2
    assert torch.equal(found, cosine_distances(ones, ones)[first, second])


def test_equal_embeddings_are_exactly_nothing_apart():
    same = functional.normalize(torch.rand(3, 128))
    assert torch.equal(cosine_distances(same, same).diagonal(), torch.zeros(3))


@given(batches, st.sampled_from([0.1, 0.5, 1.5]))
def test_mining_chooses_what_loops_choose(seed: int, margin: float):
    distances = squared(vectors(seed))
    d, labels, n = distances.tolist(), LABELS.tolist(), len(LABELS)
    hard, semi = [], []
    for a in range(n):
        positives = [p for p in range(n) if p != a and labels[p] == labels[a]]
        negatives = [q for q in range(n) if labels[q] != labels[a]]
        if positives and negatives:
            hard.append((a, max(positives, key=lambda p: d[a][p]), min(negatives, key=lambda q: d[a][q])))
        for p in positives:
            between = [q for q in negatives if d[a][p] < d[a][q] < d[a][p] + margin]
            if between:
                semi.append((a, p, min(between, key=lambda q: d[a][q])))
    assert list(zip(*(part.tolist() for part in batch_hard(distances, LABELS, margin)), strict=True)) == hard
    assert sorted(zip(*(part.tolist() for part in semi_hard(distances, LABELS, margin)), strict=True)) == semi
    drawn = random_triplets(distances, LABELS, margin)
    assert all(labels[a] == labels[p] and a != p for a, p in zip(*map(torch.Tensor.tolist, drawn[:2]), strict=True))
    assert all(labels[a] != labels[q] for a, q in zip(*map(torch.Tensor.tolist, drawn[::2]), strict=True))
    assert len(drawn.anchors) == 3 * 2 + 2 + 3 * 2


@pytest.mark.parametrize("name", MINERS)
@pytest.mark.parametrize("labels", [[0, 0, 0], [0, 1, 2], [0]])
def test_without_a_triplet_the_loss_is_nothing_and_has_a_gradient(name: str, labels: list[int]):
    embeddings = vectors(0, len(labels)).requires_grad_()
    lesson = TripletLoss(0.2, name)(embeddings, torch.tensor(labels))
    lesson.loss.backward()
    assert lesson.loss.item() == 0
    assert lesson.figures["idle"].item() == 1
    assert embeddings.grad is not None
    assert not embeddings.grad.any()


@given(batches)
def test_the_triplet_loss_is_equation_3(seed: int):
    given_vectors = vectors(seed)
    unit = functional.normalize(given_vectors).tolist()
    lesson = TripletLoss(0.4, "batch-hard")(given_vectors, LABELS)
    chosen = batch_hard(squared(given_vectors), LABELS, 0.4)
    expected = [
        max(0.0, math.dist(unit[a], unit[p]) ** 2 - math.dist(unit[a], unit[q]) ** 2 + 0.4)
        for a, p, q in zip(*(part.tolist() for part in chosen), strict=True)
    ]
    assert lesson.loss.item() == pytest.approx(sum(expected) / len(expected), abs=1e-12)
    assert lesson.figures["idle"].item() == pytest.approx(sum(x == 0 for x in expected) / len(expected))


def test_random_triplets_idle_where_hard_ones_teach():
    """People well apart, with one near pair of them: most random triplets have nothing left to say."""
    centres = functional.normalize(vectors(5, 4, 16))
    centres[3] = functional.normalize(centres[2] + 0.3 * centres[1], dim=0)
    labels = torch.arange(4).repeat_interleave(5)
    embeddings = centres[labels] + 0.05 * vectors(6, 20, 16)
    torch.manual_seed(0)
    idle = {name: TripletLoss(0.2, name)(embeddings, labels).figures["idle"].item() for name in MINERS}
    assert idle["random"] > 0.6
    assert idle["batch-hard"] < 0.6
    assert idle["semi-hard"] == 0


@given(batches)
def test_the_contrastive_loss_is_the_papers(seed: int):
    unit = functional.normalize(vectors(seed))
    same, other = contrastive_losses(unit, LABELS, 1.2)
    rows, labels = unit.tolist(), LABELS.tolist()
    pairs = [(i, j, math.dist(rows[i], rows[j])) for i in range(len(rows)) for j in range(i + 1, len(rows))]
    near = [d**2 / 2 for i, j, d in pairs if labels[i] == labels[j]]
    far = [max(0.0, 1.2 - d) ** 2 / 2 for i, j, d in pairs if labels[i] != labels[j]]
    np.testing.assert_allclose(same.numpy(), near, atol=1e-12)
    np.testing.assert_allclose(other.numpy(), far, atol=1e-12)
    loss = ContrastiveLoss(1.2)(vectors(seed), LABELS).loss.item()
    assert loss == pytest.approx(np.mean(near) + np.mean(far), abs=1e-12)


def by_hand(weight: torch.Tensor, embeddings: torch.Tensor, label_of: list[int], own_logit: object) -> float:
    """Cross-entropy with each picture's own logit replaced: `own_logit(cos θ, ‖W‖, ‖x‖)`; other logits by the same function of None."""
    total = 0.0
    for x, label in zip(embeddings.tolist(), label_of, strict=True):
        logits = []
        for person, w in enumerate(weight.tolist()):
            lengths = math.hypot(*w), math.hypot(*x)
            cosine = sum(a * b for a, b in zip(w, x, strict=True)) / (lengths[0] * lengths[1])
            logits.append(own_logit(cosine, *lengths, person == label))  # type: ignore[operator]
        top = max(logits)
        total += top + math.log(sum(math.exp(value - top) for value in logits)) - logits[label]
    return total / len(label_of)


@given(batches)
def test_cosface_and_arcface_are_their_equations(seed: int):
    embeddings, labels = vectors(seed, 6), [0, 1, 2, 3, 0, 1]
    for angle in (False, True):
        loss = AngularLoss(5, 4, 0.4, 8.0, angle=angle).double()

        def logit(cosine: float, _w: float, _x: float, own: bool, turn: bool = angle) -> float:
            if not own:
                return 8 * cosine
            if not turn:
                return 8 * (cosine - 0.4)
            theta = math.acos(cosine)
            return 8 * (math.cos(theta + 0.4) if theta < math.pi - 0.4 else cosine - 0.4 * math.sin(0.4))

        found = loss(embeddings, torch.tensor(labels)).loss.item()
        assert found == pytest.approx(by_hand(loss.weight, embeddings, labels, logit), abs=1e-9)


@given(batches, st.integers(1, 4))
def test_l_softmax_is_its_equation(seed: int, margin: int):
    embeddings, labels = vectors(seed, 6), [0, 1, 2, 3, 0, 1]
    loss = LargeMarginLoss(5, 4, margin, begin=3.0, end=3.0).double().eval()

    def logit(cosine: float, w: float, x: float, own: bool) -> float:
        theta = math.acos(cosine)
        k = min(int(theta * margin / math.pi), margin - 1)
        psi = (-1) ** k * math.cos(margin * theta) - 2 * k
        return w * x * ((3 * cosine + psi) / 4 if own else cosine)

    found = loss(embeddings, torch.tensor(labels)).loss.item()
    assert found == pytest.approx(by_hand(loss.weight, embeddings, labels, logit), abs=1e-9)


@pytest.mark.parametrize("margin", [1, 2, 3, 4])
def test_psi_falls_without_a_step_from_1_to_1_minus_2m(margin: int):
    angles = torch.linspace(0, math.pi, 4001, dtype=torch.float64)
    values = falling_cosine(torch.cos(angles), margin)
    steps = values[1:] - values[:-1]
    assert (steps <= 1e-9).all()
    assert steps.abs().max() < 0.01
    assert values[0].item() == pytest.approx(1)
    assert values[-1].item() == pytest.approx(1 - 2 * margin)
    np.testing.assert_allclose(multiple_angle(torch.cos(angles), margin), torch.cos(margin * angles), atol=1e-9)


@pytest.mark.parametrize("margin", [0.2, 0.5, 1.0])
def test_arcface_falls_all_the_way(margin: float):
    angles = torch.linspace(0, math.pi, 2001, dtype=torch.float64)
    cosines = torch.cos(angles)[:, None]
    values = with_additive_angle(cosines, torch.zeros(2001, dtype=torch.long), margin)[:, 0].tolist()
    assert all(later < earlier + 1e-5 for earlier, later in pairwise(values))


def test_plain_softmax_is_cross_entropy_and_names_what_is_known():
    loss = SoftmaxLoss(5, 4)
    embeddings, labels = vectors(1, 6).float(), torch.tensor([0, 1, 2, 3, 0, 1])
    logits = loss.classifier(embeddings)
    lesson = loss(embeddings, labels)
    assert torch.equal(lesson.loss, functional.cross_entropy(logits, labels))
    assert lesson.figures["known"].item() == pytest.approx((logits.argmax(1) == labels).float().mean().item())


def test_the_plain_logit_fades_while_l_softmax_trains():
    loss = LargeMarginLoss(5, 4, 2, begin=10.0, end=2.0, factor=0.5)
    seen = []
    for _ in range(4):
        seen.append(loss.mixing())
        loss(vectors(1, 6).float(), torch.tensor([0, 1, 2, 3, 0, 1]))
    assert seen == [10, 5, 2.5, 2]


LESSONS = {
    "triplet": lambda e: triplet_losses(squared(e), Triplets(*torch.tensor([[0, 3], [1, 4], [5, 8]])), 1.5),
    "contrastive": lambda e: torch.cat(contrastive_losses(functional.normalize(e), LABELS, 1.3)),
    "cosface": lambda e: with_additive_cosine(functional.normalize(e)[:, :4], LABELS, 0.35),
    "arcface": lambda e: with_additive_angle(functional.normalize(e)[:, :4], LABELS, 0.5),
    "psi": lambda e: falling_cosine(functional.normalize(e)[:, :1], 3),
}


@pytest.mark.parametrize("name", LESSONS)
def test_gradients_are_the_slopes(name: str):
    assert torch.autograd.gradcheck(LESSONS[name], (vectors(3).requires_grad_(),))


@pytest.mark.parametrize("name", LOSSES)
def test_the_gradient_of_every_loss_of_the_settings_reaches_embeddings_and_people(name: str):
    torch.manual_seed(0)
    loss = make_loss(FacesSettings(loss=name), 5, 4).double().eval()
    embeddings = vectors(4).requires_grad_()

    def value(e: torch.Tensor) -> torch.Tensor:
        return loss(e, LABELS).loss

    assert torch.autograd.gradcheck(value, (embeddings,))
    loss.zero_grad()
    value(embeddings).backward()
    assert all(parameter.grad is not None and parameter.grad.any() for parameter in loss.parameters())


def test_impossible_choices_are_refused():
    with pytest.raises(RecipeError, match="whole number"):
        make_loss(FacesSettings(loss="l-softmax", margin=2.5), 5, 4)
    with pytest.raises(RecipeError, match="one of triplet"):
        FacesSettings(loss="hinge")
    with pytest.raises(RecipeError, match="semi-hard"):
        miner("hardest")
    with pytest.raises(RecipeError, match="at least 1"):
        LargeMarginLoss(5, 4, 0)
