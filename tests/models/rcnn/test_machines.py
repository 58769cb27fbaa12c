"""What is learnt from features, each against a slow or exact reference."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import WeightsFileError
from models.provenance import Provenance
from models.rcnn.box_regression import fit_boxes
from models.rcnn.checkpoint import load_rcnn, save_rcnn
from models.rcnn.crop_network import CropNetwork
from models.rcnn.platt import Sigmoid, fit_sigmoid
from models.rcnn.rcnn import compose
from models.rcnn.rcnn_spec import RcnnSpec, rcnn_spec_from_json, rcnn_spec_to_json
from models.rcnn.svm import NORM, Machine, SvmSettings, folds, norm_factor, train_machine
from tests.models.yolo_v1.grids import TINY


def clouds(seed: int, positives: int, negatives: int, apart: float) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    shift = np.full(6, apart)
    inside, outside = rng.normal(size=(positives, 6)) + shift, rng.normal(size=(negatives, 6))
    return inside.astype(np.float32), outside.astype(np.float32)


@pytest.mark.parametrize("apart", [0.3, 1.0, 3.0])
def test_mining_ends_with_the_machine_of_all_negatives(apart: float) -> None:
    positives, negatives = clouds(0, 60, 4000, apart)
    few = SvmSettings(cost=0.1, first=50, most_added=300, most_rounds=60)
    mined = train_machine(positives, negatives, few, np.random.default_rng(0))
    whole = train_machine(positives, negatives, SvmSettings(cost=0.1, first=4000), np.random.default_rng(0))
    np.testing.assert_allclose(mined.weight, whole.weight, atol=2e-3)
    assert mined.bias == pytest.approx(whole.bias, abs=2e-3)
    if apart == 3.0:
        assert mined.negatives < 2000  # most of them are well outside and were never needed


def test_a_side_without_examples_decides() -> None:
    positives, negatives = clouds(0, 5, 5, 1)
    inside = train_machine(positives, negatives[:0], SvmSettings(), np.random.default_rng(0))
    outside = train_machine(positives[:0], negatives, SvmSettings(), np.random.default_rng(0))
    assert inside.margins(negatives).tolist() == [1.0] * 5
    assert outside.margins(positives).tolist() == [-1.0] * 5


def test_features_are_brought_to_one_length() -> None:
    features = np.random.default_rng(0).normal(size=(50, 8)).astype(np.float32)
    assert np.linalg.norm(features * norm_factor(features), axis=1).mean() == pytest.approx(NORM, rel=1e-5)
    assert norm_factor(features[:0]) == norm_factor(np.zeros((3, 8), np.float32)) == 1


@given(pictures=st.integers(0, 20), count=st.integers(1, 5))
def test_folds_hold_every_picture_once(pictures: int, count: int) -> None:
    parts = folds(pictures, count, 0)
    assert sorted(np.concatenate([np.zeros(0, int), *parts]).tolist()) == list(range(pictures))
    assert all(len(part) for part in parts)


def likelihood(sigmoid: Sigmoid, margins: np.ndarray, truth: np.ndarray) -> float:
    targets = np.where(truth, (truth.sum() + 1) / (truth.sum() + 2), 1 / ((~truth).sum() + 2))
    p = np.clip(sigmoid(margins), 1e-300, 1 - 1e-16)
    return float((targets * np.log(p) + (1 - targets) * np.log(1 - p)).sum())


@given(seed=st.integers(0, 2**16), count=st.integers(1, 60), apart=st.sampled_from([0.0, 1.0, 20.0]))
@settings(max_examples=40)
def test_no_sigmoid_nearby_is_likelier(seed: int, count: int, apart: float) -> None:
    rng = np.random.default_rng(seed)
    truth = rng.random(count) < 0.3
    margins = rng.normal(size=count) + apart * truth
    best = fit_sigmoid(margins, truth)
    assert np.isfinite((best.slope, best.offset)).all()
    own = likelihood(best, margins, truth)
    for slope, offset in ((0.01, 0), (-0.01, 0), (0, 0.01), (0, -0.01)):
        assert likelihood(Sigmoid(best.slope + slope, best.offset + offset), margins, truth) <= own + 1e-9


def test_margins_that_part_both_sides_do_not_make_a_step() -> None:
    margins = np.array([-3.0, -2.0, -1.0, 1.0, 2.0])
    fitted = fit_sigmoid(margins, margins > 0)
    assert 0 < fitted.slope < 10
    assert fitted(np.array([0.0]))[0] == pytest.approx(0.5, abs=0.15)
    assert fit_sigmoid(np.zeros(0), np.zeros(0, bool)) == Sigmoid(1.0, 0.0)
    assert Sigmoid(1.0, 0.0)(np.array([-1e6, 1e6])).tolist() == [0.0, 1.0]


@given(seed=st.integers(0, 2**16), count=st.integers(1, 20), ridge=st.sampled_from([0.1, 10.0]))
@settings(max_examples=30)
def test_boxes_are_the_least_squares_with_the_ridge_as_rows_of_its_own(seed: int, count: int, ridge: float) -> None:
    rng = np.random.default_rng(seed)
    features, deltas = rng.normal(size=(count, 5)).astype(np.float32), rng.normal(size=(count, 4)).astype(np.float32)
    fitted = fit_boxes(features, deltas, ridge)
    rows = np.concatenate((np.c_[features, np.ones(count)], np.sqrt(ridge) * np.eye(5, 6)))
    expected = np.linalg.lstsq(rows, np.concatenate((deltas, np.zeros((5, 4)))), rcond=None)[0]
    np.testing.assert_allclose(fitted.weight, expected[:5].T, atol=1e-8)
    np.testing.assert_allclose(fitted.bias, expected[5], atol=1e-8)


def test_without_regions_boxes_stay_where_they_are() -> None:
    fitted = fit_boxes(np.zeros((0, 5), np.float32), np.zeros((0, 4), np.float32), 1.0)
    assert fitted.deltas(np.ones((2, 5), np.float32)).tolist() == [[0.0] * 4] * 2


SPEC = RcnnSpec(("a", "b"), backbone=TINY, crop_size=32, hidden=8)


def judge() -> tuple[object, CropNetwork, list, list]:
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    network = CropNetwork(SPEC).eval()
    machines = [(Machine(rng.normal(size=8), 0.3 - i), Sigmoid(1.5 + i, -0.5), 3.0) for i in range(2)]
    drawn = [rng.normal(size=(30, width)).astype(np.float32) for width in (SPEC.pooled, 4, SPEC.pooled, 4)]
    regressions = [(fit_boxes(*drawn[first : first + 2], 1.0), 2.0) for first in (0, 2)]
    return compose(network, machines, regressions), network, machines, regressions


def test_the_composed_network_says_what_its_parts_say() -> None:
    composed, network, machines, regressions = judge()
    crops = torch.rand(5, 3, 32, 32)
    with torch.no_grad():
        scores, deltas = composed(crops)
        features = network(crops)
    for label, ((machine, sigmoid, factor), (regression, scale)) in enumerate(zip(machines, regressions, strict=True)):
        margins = machine.margins(features.hidden.numpy() * factor)
        np.testing.assert_allclose(scores[:, label].numpy(), sigmoid(margins), atol=1e-5)
        moved = regression.deltas(features.pooled.numpy() * scale)
        np.testing.assert_allclose(deltas[:, label].numpy(), moved, atol=1e-4)
    with torch.no_grad():
        none = composed(crops[:0])
    assert (none.region_scores.shape, none.region_deltas.shape) == ((0, 2), (0, 2, 4))


def test_a_file_gives_back_what_was_saved(tmp_path) -> None:
    composed, *_ = judge()
    save_rcnn(tmp_path / "rcnn.safetensors", composed, Provenance())
    loaded, spec, _ = load_rcnn(tmp_path / "rcnn.safetensors")
    assert spec == SPEC == rcnn_spec_from_json(rcnn_spec_to_json(SPEC))
    crops = torch.rand(2, 3, 32, 32)
    with torch.no_grad():
        torch.testing.assert_close(loaded(crops).region_scores, composed(crops).region_scores)


@pytest.mark.parametrize(
    "changes", [{"crop_size": 40}, {"context": 0.5}, {"scales": []}, {"proposals": 0}, {"other": 1}]
)
def test_a_spec_that_cannot_be_is_refused(changes: dict) -> None:
    with pytest.raises(WeightsFileError, match="cannot be understood"):
        rcnn_spec_from_json({**rcnn_spec_to_json(SPEC), **changes})
