import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from models.mtcnn.losses import TASK_WEIGHTS, Kind, TaskWeights, Truth, hard_mean, joint_loss
from models.mtcnn.networks import Predictions

KINDS = [Kind.NEGATIVE, Kind.POSITIVE, Kind.PART, Kind.LANDMARK]


def batch(kinds: list[Kind], seed: int, *, landmarks: bool = True) -> tuple[Predictions, Truth]:
    """Random predictions and truth, float64."""
    generator = torch.Generator().manual_seed(seed)

    def some(columns: int) -> torch.Tensor:
        return torch.randn(len(kinds), columns, dtype=torch.float64, generator=generator)

    predictions = Predictions(some(2), some(4), some(10) if landmarks else None)
    return predictions, Truth(torch.tensor([int(kind) for kind in kinds]), some(4), some(10))


def by_hand(predictions: Predictions, truth: Truth, weights: TaskWeights, share: float) -> float:
    """The paper's equations, one square after the other."""
    detection, boxes, landmarks = [], [], []
    for i, kind in enumerate(truth.kinds.tolist()):
        background, face = (float(value) for value in predictions.logits[i])
        if kind in (Kind.NEGATIVE, Kind.POSITIVE):
            p = math.exp(face) / (math.exp(face) + math.exp(background))
            y = 1.0 if kind == Kind.POSITIVE else 0.0
            detection.append(-(y * math.log(p) + (1 - y) * math.log(1 - p)))
        if kind in (Kind.POSITIVE, Kind.PART):
            boxes.append(sum(float(a - b) ** 2 for a, b in zip(predictions.boxes[i], truth.boxes[i], strict=True)))
        if kind == Kind.LANDMARK and predictions.landmarks is not None:
            pairs = zip(predictions.landmarks[i], truth.landmarks[i], strict=True)
            landmarks.append(sum(float(a - b) ** 2 for a, b in pairs))
    hard = sorted(detection, reverse=True)[: math.ceil(round(share * len(detection), 6))]
    means = [np.mean(values) if values else 0.0 for values in (hard, boxes, landmarks)]
    return float(np.dot(means, weights))


@given(
    st.lists(st.sampled_from(KINDS), min_size=1, max_size=24),
    st.sampled_from(list(TASK_WEIGHTS.values())),
    st.sampled_from([0.1, 0.7, 1.0]),
    st.booleans(),
    st.integers(0, 1000),
)
def test_the_sum_is_that_of_the_paper(
    kinds: list[Kind], weights: TaskWeights, share: float, landmarks: bool, seed: int
) -> None:
    predictions, truth = batch(kinds, seed, landmarks=landmarks)
    found = joint_loss(predictions, truth, weights, share)
    assert float(found.total) == pytest.approx(by_hand(predictions, truth, weights, share), rel=1e-12, abs=1e-12)


def test_the_weights_of_the_paper() -> None:
    assert TASK_WEIGHTS == {"pnet": (1, 0.5, 0.5), "rnet": (1, 0.5, 0.5), "onet": (1, 0.5, 1)}


@pytest.mark.parametrize("share", [0.7, 1.0])
def test_gradients(share: float) -> None:
    predictions, truth = batch(KINDS * 3, 3)
    assert predictions.landmarks is not None

    def total(logits: torch.Tensor, boxes: torch.Tensor, landmarks: torch.Tensor) -> torch.Tensor:
        return joint_loss(Predictions(logits, boxes, landmarks), truth, TASK_WEIGHTS["onet"], share).total

    inputs = tuple(values.requires_grad_() for values in (predictions.logits, predictions.boxes, predictions.landmarks))
    assert torch.autograd.gradcheck(total, inputs)


@pytest.mark.parametrize(
    ("kind", "taught"),
    [
        (Kind.NEGATIVE, (True, False, False)),
        (Kind.POSITIVE, (True, True, False)),
        (Kind.PART, (False, True, False)),
        (Kind.LANDMARK, (False, False, True)),
    ],
)
def test_a_kind_teaches_only_its_tasks(kind: Kind, taught: tuple[bool, ...]) -> None:
    predictions, truth = batch([kind] * 4, 5)
    inputs = [values.requires_grad_() for values in predictions if values is not None]
    joint_loss(predictions, truth, TASK_WEIGHTS["pnet"], 1.0).total.backward()
    assert tuple(values.grad is not None and bool(values.grad.any()) for values in inputs) == taught


def test_gradients_flow_through_the_hardest_squares_alone() -> None:
    predictions, truth = batch([Kind.NEGATIVE] * 10, 7)
    logits = predictions.logits.requires_grad_()
    joint_loss(predictions, truth, TASK_WEIGHTS["pnet"], 0.7).total.backward()
    assert logits.grad is not None
    losses = torch.nn.functional.softplus(logits[:, 1] - logits[:, 0]).detach()
    assert set(logits.grad.any(dim=1).nonzero().flatten().tolist()) == set(losses.topk(7).indices.tolist())


@pytest.mark.parametrize(("count", "share", "kept"), [(10, 0.7, 7), (11, 0.7, 8), (1, 0.7, 1), (3, 0.01, 1), (4, 1, 4)])
def test_the_share_is_rounded_up(count: int, share: float, kept: int) -> None:
    losses = torch.arange(count, dtype=torch.float64)
    assert float(hard_mean(losses, share)) == pytest.approx(np.mean(range(count - kept, count)))


def test_no_losses_are_no_loss() -> None:
    none = torch.zeros(0, requires_grad=True)
    hard_mean(none, 0.7).backward()
    assert none.grad is not None
    assert float(hard_mean(none.detach(), 0.7)) == 0
