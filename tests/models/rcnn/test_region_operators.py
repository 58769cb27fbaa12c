"""RoIAlign, RoI max pooling and suppression against loops, whatever the boxes are."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

from models.rcnn.region_operators import non_max_suppression, roi_align, roi_max_pool
from tests.models.rcnn import brute_force

SIDE = st.floats(-60, 120, width=32)
BOX = st.one_of(
    st.tuples(SIDE, SIDE, SIDE, SIDE),  # any corners: negative sizes among them
    st.tuples(SIDE, SIDE).map(lambda corner: (*corner, *corner)),  # no area
    st.tuples(SIDE, SIDE).map(lambda corner: (*corner, corner[0] + 20, corner[1] + 12)),
    st.tuples(SIDE, SIDE).map(lambda corner: (corner[0] + 400, corner[1], corner[0] + 420, corner[1] + 9)),  # far out
)
REGIONS = st.lists(st.tuples(st.sampled_from([0.0, 1.0]), BOX).map(lambda one: (one[0], *one[1])), max_size=6)


def as_regions(rows: list[tuple[float, ...]]) -> Tensor:
    return torch.tensor(rows, dtype=torch.float32).reshape(-1, 5)


def drawn_maps(seed: int = 0, size: tuple[int, ...] = (2, 3, 7, 9)) -> Tensor:
    return torch.randn(size, generator=torch.Generator().manual_seed(seed))


@given(REGIONS, st.integers(1, 4), st.integers(1, 5), st.integers(1, 3), st.booleans())
def test_align_is_the_loop(rows: list[tuple[float, ...]], high: int, wide: int, sampling: int, aligned: bool) -> None:
    maps, regions = drawn_maps(), as_regions(rows)
    found = roi_align(maps, regions, high, wide, 0.125, sampling, aligned)
    expected = brute_force.roi_align(
        maps.double().numpy(), regions.double().numpy(), high, wide, 0.125, sampling, aligned
    )
    np.testing.assert_allclose(found.numpy(), expected, atol=2e-4)


@given(REGIONS, st.integers(1, 4), st.integers(1, 5))
def test_max_pool_is_the_loop(rows: list[tuple[float, ...]], high: int, wide: int) -> None:
    maps, regions = drawn_maps(), as_regions(rows)
    found = roi_max_pool(maps, regions, high, wide, 0.125)
    np.testing.assert_array_equal(
        found.numpy(), brute_force.roi_max_pool(maps.numpy(), regions.numpy(), high, wide, 0.125).astype(np.float32)
    )


def test_more_regions_than_are_pooled_at_once() -> None:
    rng = np.random.default_rng(0)
    corners = rng.uniform(0, 60, (150, 2))
    rows = np.concatenate((rng.integers(0, 2, (150, 1)), corners, corners + rng.uniform(1, 40, (150, 2))), axis=1)
    regions, maps = torch.tensor(rows).float(), drawn_maps()
    for one, loop in (
        (
            roi_max_pool(maps, regions, 3, 3, 0.125),
            brute_force.roi_max_pool(maps.numpy(), regions.numpy(), 3, 3, 0.125),
        ),
        (
            roi_align(maps, regions, 3, 3, 0.125, 2, True),
            brute_force.roi_align(maps.double().numpy(), regions.double().numpy(), 3, 3, 0.125, 2, True),
        ),
    ):
        np.testing.assert_allclose(one.numpy(), loop, atol=1e-5)


def test_a_constant_map_is_that_constant_inside() -> None:
    maps = torch.full((1, 2, 8, 8), 3.5)
    inside = as_regions([(0, 10.3, 8.7, 50.2, 47.9)])
    assert torch.allclose(roi_align(maps, inside, 7, 7, 0.125, 2, True), torch.tensor(3.5))
    assert torch.equal(roi_max_pool(maps, inside, 7, 7, 0.125), torch.full((1, 2, 7, 7), 3.5))


def test_align_of_a_ramp_is_the_ramp_at_the_bins_middles() -> None:
    """Cell i holds i + ½: its middle in units of cells. What is linear is met exactly, and averages to the middle."""
    ramp = (torch.arange(8.0) + 0.5).expand(1, 1, 8, 8)
    found = roi_align(ramp, as_regions([(0, 16, 16, 48, 48)]), 2, 4, 0.125, 2, True)
    assert torch.allclose(found[0, 0, 0], torch.tensor([2.5, 3.5, 4.5, 5.5]))


def test_pooling_by_hand() -> None:
    """Cells 1 to 3 of five: bins of 1.5 cells reach from 1 to 3 and from 2 to 4, exclusive, and share cell 2."""
    maps = torch.tensor([[[[9.0, 1, 5, 2, 9]]]])
    assert roi_max_pool(maps, as_regions([(0, 8, 0, 24, 0)]), 1, 2, 0.125).flatten().tolist() == [5, 5]
    assert roi_max_pool(maps, as_regions([(0, 24, 0, 24, 0)]), 1, 1, 0.125).item() == 2
    # 12 px are 1.5 cells: a half is rounded away from zero.
    assert roi_max_pool(maps, as_regions([(0, 12, 0, 12, 0)]), 1, 1, 0.125).item() == 5


@pytest.mark.parametrize(
    "pool", [lambda m, r: roi_align(m, r, 2, 3, 0.25, 2, True), lambda m, r: roi_max_pool(m, r, 2, 3, 0.25)]
)
def test_gradients_are_those_of_finite_differences(pool) -> None:  # type: ignore[no-untyped-def]
    maps = torch.randperm(60).double().view(1, 2, 5, 6).requires_grad_()  # no two values alike: no maximum is shared
    regions = as_regions([(0, 2.1, 1.3, 15.4, 17.2), (0, 8, 4, 11, 9)]).double()
    assert torch.autograd.gradcheck(lambda values: pool(values, regions), maps)


def test_no_region_at_all_has_a_gradient_of_zero() -> None:
    maps = drawn_maps().requires_grad_()
    for found in (roi_align(maps, as_regions([]), 2, 2, 1.0, 1, True), roi_max_pool(maps, as_regions([]), 2, 2, 1.0)):
        assert found.shape == (0, 3, 2, 2)
        found.sum().backward()
    assert maps.grad is not None
    assert not maps.grad.any()


def test_a_sample_per_bin_is_the_least() -> None:
    with pytest.raises(ValueError, match="at least 1 point per bin"):
        roi_align(drawn_maps(), as_regions([]), 2, 2, 1.0, 0, True)


@given(
    st.lists(st.tuples(BOX, st.sampled_from([0.1, 0.5, 0.5, 0.9])), max_size=12),
    st.floats(0, 1),
    st.integers(1, 8),
)
def test_suppression_is_the_loop(rows: list[tuple[tuple[float, ...], float]], iou: float, most: int) -> None:
    boxes = torch.tensor([box for box, _ in rows]).reshape(1, -1, 4).float()
    scores = torch.tensor([[score for _, score in rows]]).reshape(1, -1).float()
    kept = non_max_suppression(boxes, scores, iou, most)
    values = boxes[0].double().numpy()
    expected = brute_force.suppress(values, scores[0].tolist(), iou, most)
    close = any(
        abs(brute_force.overlap(one, other) - iou) < 1e-5 for i, one in enumerate(values) for other in values[:i]
    )
    if not close:  # on the threshold itself rounding decides
        assert kept[:, 1].tolist() == expected
    assert kept[:, 0].eq(0).all()


def test_suppression_keeps_pictures_apart_and_the_best_first() -> None:
    boxes = torch.tensor([[[0.0, 0, 10, 10], [0, 0, 10, 9], [20, 20, 30, 30]]]).repeat(2, 1, 1)
    scores = torch.tensor([[0.3, 0.9, 0.5], [0.9, 0.3, 0.95]])
    assert non_max_suppression(boxes, scores, 0.5, 9).tolist() == [[0, 1], [0, 2], [1, 2], [1, 0]]
    assert non_max_suppression(boxes, scores, 0.5, 1).tolist() == [[0, 1], [1, 2]]
    assert non_max_suppression(boxes[:0], scores[:0], 0.5, 1).shape == (0, 2)


def test_a_long_chain_of_boxes_settles() -> None:
    """Each box saves the next but one by driving the next away: as many rounds as there are boxes."""
    boxes = torch.tensor([[[float(x), 0, float(x) + 10, 10] for x in range(0, 160, 4)]])
    scores = torch.linspace(0.9, 0.1, 40)[None]
    assert non_max_suppression(boxes, scores, 0.3, 99)[:, 1].tolist() == [*range(0, 40, 2)]


def test_blocks_of_boxes_are_one_list() -> None:
    """Far more boxes than are compared at once, few and many of which are wanted."""
    rng = np.random.default_rng(0)
    corners = rng.uniform(0, 200, (700, 2))
    boxes = np.concatenate((corners, corners + rng.uniform(5, 60, (700, 2))), axis=1).astype(np.float32)
    scores = rng.permutation(700).astype(np.float32)
    for most in (20, 700):
        kept = non_max_suppression(torch.tensor(boxes)[None], torch.tensor(scores)[None], 0.4, most)[:, 1]
        assert kept.tolist() == brute_force.suppress(boxes.astype(np.float64), scores, 0.4, most)


class Operators(nn.Module):
    """All three, to be exported."""

    def forward(self, maps: Tensor, boxes: Tensor, scores: Tensor) -> tuple[Tensor, Tensor]:
        kept = non_max_suppression(boxes, scores, 0.5, 5)
        regions = torch.cat((kept[:, :1].float(), boxes[kept[:, 0], kept[:, 1]]), dim=1)
        return roi_align(maps, regions, 2, 2, 0.5, 2, True), roi_max_pool(maps, regions, 2, 2, 0.5)


def test_an_exported_graph_has_one_node_for_each() -> None:
    boxes, scores = torch.rand(2, 9, 4) * 8, torch.rand(2, 9)
    inputs = (drawn_maps(), boxes, scores)
    dynamic = torch.export.Dim.DYNAMIC
    program = torch.export.export(
        Operators(), inputs, dynamic_shapes=({2: dynamic, 3: dynamic}, {1: dynamic}, {1: dynamic})
    )
    targets = [str(node.target) for node in program.graph.nodes if "detector_app" in str(node.target)]
    assert targets == [f"detector_app.{name}.default" for name in ("non_max_suppression", "roi_align", "roi_max_pool")]
    others = (drawn_maps(1, (2, 3, 5, 4)), torch.rand(2, 4, 4) * 6, torch.rand(2, 4))
    for found, expected in zip(program.module()(*others), Operators()(*others), strict=True):
        assert torch.equal(found, expected)
