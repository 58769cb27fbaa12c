import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from models.detect.box_overlap import complete_iou, iou, shape_iou

corner = st.integers(0, 20)
side = st.integers(1, 20)
boxes = st.tuples(corner, corner, side, side).map(lambda b: (b[0], b[1], b[0] + b[2], b[1] + b[3]))


@given(one=boxes, other=boxes)
def test_iou_counts_pixels(one: tuple[int, ...], other: tuple[int, ...]) -> None:
    """The oracle paints both boxes and counts."""
    painted = torch.zeros(2, 40, 40, dtype=torch.bool)
    for layer, (x1, y1, x2, y2) in zip(painted, (one, other), strict=True):
        layer[y1:y2, x1:x2] = True
    expected = (painted[0] & painted[1]).sum() / (painted[0] | painted[1]).sum()
    actual = iou(torch.tensor(one).float(), torch.tensor(other).float())
    assert actual.item() == pytest.approx(expected.item(), abs=1e-5)


def test_empty_boxes_overlap_nothing() -> None:
    empty = torch.tensor([5.0, 5.0, 5.0, 5.0])
    assert iou(empty, empty).item() == 0
    assert iou(empty, torch.tensor([0.0, 0.0, 9.0, 9.0])).item() == 0


@given(one=boxes, other=boxes)
def test_complete_iou_is_iou_less_penalties(one: tuple[int, ...], other: tuple[int, ...]) -> None:
    first, second = torch.tensor([one]).float(), torch.tensor([other]).float()
    assert complete_iou(first, second).item() <= iou(first, second).item() + 1e-6
    assert complete_iou(first, first).item() == pytest.approx(1, abs=1e-5)


def test_complete_iou_pulls_boxes_that_do_not_touch() -> None:
    predicted = torch.tensor([[0.0, 0.0, 4.0, 4.0]], requires_grad=True)
    complete_iou(predicted, torch.tensor([[10.0, 0.0, 14.0, 4.0]])).sum().backward()
    assert predicted.grad is not None
    assert predicted.grad[0, [0, 2]].sum() > 0  # the box as a whole is moved to the right


def test_shape_iou_ignores_position() -> None:
    table = shape_iou(torch.tensor([[4.0, 2.0]]), torch.tensor([[4.0, 2.0], [2.0, 4.0]]))
    torch.testing.assert_close(table, torch.tensor([[1.0, 4 / 12]]))
