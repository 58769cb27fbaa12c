import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from models.rcnn.box_coding import ANCHOR_WEIGHTS, MOST_LOG, clip, decode, encode

PLACE, SIDE = st.floats(-200, 900, width=32), st.floats(0.5, 700, width=32)
WHOLE = st.tuples(PLACE, PLACE, SIDE, SIDE).map(lambda b: (b[0], b[1], b[0] + b[2], b[1] + b[3]))
ANY = st.tuples(PLACE, PLACE, PLACE, PLACE)


def test_steps_by_hand() -> None:
    """Region 20 × 10 about (20, 15); box 40 × 10 about (30, 20)."""
    region, box = torch.tensor([10.0, 10, 30, 20]), torch.tensor([10.0, 15, 50, 25])
    assert torch.allclose(encode(box, region), torch.tensor([10 * 0.5, 10 * 0.5, 5 * math.log(2), 0]))
    assert torch.allclose(encode(box, region, ANCHOR_WEIGHTS), torch.tensor([0.5, 0.5, math.log(2), 0]))
    assert torch.allclose(decode(torch.tensor([5.0, 5, 5 * math.log(2), 0]), region), box)


@given(WHOLE, WHOLE)
def test_round_trip(box: tuple[float, ...], region: tuple[float, ...]) -> None:
    one, other = torch.tensor(box).double(), torch.tensor(region).double()
    within = ((one[2:] - one[:2]) / (other[2:] - other[:2])).log().max() <= MOST_LOG
    if within:
        torch.testing.assert_close(decode(encode(one, other), other), one, atol=1e-6, rtol=1e-6)


@given(st.lists(ANY, max_size=5), ANY)
def test_any_corners_give_numbers(boxes: list[tuple[float, ...]], region: tuple[float, ...]) -> None:
    steps = encode(torch.tensor(boxes).reshape(-1, 4), torch.tensor(region))
    assert steps.isfinite().all()
    assert decode(steps, torch.tensor(region)).isfinite().all()


def test_a_region_without_area_stays_where_it_is() -> None:
    region = torch.tensor([5.0, 7, 5, 7])
    assert torch.equal(decode(torch.tensor([3.0, 2, 1, 1]), region), region)


def test_growth_has_a_limit() -> None:
    region = torch.tensor([0.0, 0, 16, 16])
    grown = decode(torch.tensor([0.0, 0, 1e9, 1e9]), region)
    assert grown.tolist() == pytest.approx([8 - 500, 8 - 500, 8 + 500, 8 + 500], rel=1e-5)


def test_a_box_for_each_class() -> None:
    regions, deltas = torch.tensor([[0.0, 0, 10, 10], [5, 5, 6, 8]]), torch.zeros(2, 3, 4)
    assert torch.equal(decode(deltas, regions[:, None]), regions[:, None].expand(2, 3, 4))


def test_no_boxes() -> None:
    assert encode(torch.zeros(0, 4), torch.zeros(0, 4)).shape == (0, 4)
    assert decode(torch.zeros(0, 2, 4), torch.zeros(0, 1, 4)).shape == (0, 2, 4)


@given(ANY)
def test_clipped_boxes_lie_inside(box: tuple[float, ...]) -> None:
    x1, y1, x2, y2 = clip(torch.tensor(box), 90, 160).tolist()
    assert all(0 <= x <= 160 for x in (x1, x2))
    assert all(0 <= y <= 90 for y in (y1, y2))
