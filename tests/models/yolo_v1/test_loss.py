"""Equation 3 of the paper, cell by cell in plain Python, and what follows from it."""

import math
from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from models.detect.targets import Targets
from models.yolo_v1.loss import LossSettings, responsible, yolo_v1_loss
from models.yolo_v1.spec import YoloV1Spec
from tests.models.yolo_v1.grids import SPEC, as_targets, random_grid, thing, things

PAPER = LossSettings()


def overlap(a: list[float], b: list[float]) -> float:
    wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    shared = max(wide, 0.0) * max(high, 0.0)
    return shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared + 1e-7)


def object_of(row: int, column: int, own: list[tuple[list[float], int]], spec: YoloV1Spec) -> tuple | None:
    """The largest object, the first of several, whose centre lies in a cell."""
    cell = spec.input_size / spec.side
    inside = [
        one
        for one in own
        if min(int((one[0][0] + one[0][2]) / 2 / cell), spec.side - 1) == column
        and min(int((one[0][1] + one[0][3]) / 2 / cell), spec.side - 1) == row
    ]
    return max(inside, key=lambda one: (one[0][2] - one[0][0]) * (one[0][3] - one[0][1]), default=None)


def cell_loss(values: list[float], row: int, column: int, thing: tuple | None, spec: YoloV1Spec) -> list[float]:
    """Centre, size, confidence, nothing, classes of one cell."""
    count, cell = spec.boxes_per_cell, spec.input_size / spec.side
    boxes = [values[5 * i : 5 * i + 5] for i in range(count)]
    if thing is None:
        return [0.0, 0.0, 0.0, 0.5 * sum(box[4] ** 2 for box in boxes), 0.0]
    (x1, y1, x2, y2), label = thing
    decoded = []
    for x, y, w, h, _ in boxes:
        middle, size = ((column + x) * cell, (row + y) * cell), (w * w * spec.input_size, h * h * spec.input_size)
        decoded.append(
            [middle[0] - size[0] / 2, middle[1] - size[1] / 2, middle[0] + size[0] / 2, middle[1] + size[1] / 2]
        )
    overlaps = [overlap(one, [x1, y1, x2, y2]) for one in decoded]
    best = overlaps.index(max(overlaps))
    if max(overlaps) <= 0:
        apart = [math.fsum((a - b) ** 2 for a, b in zip(one, (x1, y1, x2, y2), strict=True)) for one in decoded]
        best = apart.index(min(apart))
    x, y, w, h, confidence = boxes[best]
    wanted_x, wanted_y = (x1 + x2) / 2 / cell - column, (y1 + y2) / 2 / cell - row
    wide, high = (math.sqrt(side / spec.input_size) for side in (x2 - x1, y2 - y1))
    classes = values[5 * count :]
    return [
        5 * ((x - wanted_x) ** 2 + (y - wanted_y) ** 2),
        5 * ((w - wide) ** 2 + (h - high) ** 2),
        (confidence - overlaps[best]) ** 2,
        0.5 * sum(box[4] ** 2 for index, box in enumerate(boxes) if index != best),
        sum((value - (index == label)) ** 2 for index, value in enumerate(classes)),
    ]


@given(some=things, seed=st.integers(0, 2**16), per_cell=st.integers(1, 3), side=st.sampled_from([1, 3, 4]))
def test_the_loss_is_equation_3(some: list[tuple[list[float], int, int]], seed: int, per_cell: int, side: int) -> None:
    spec = replace(SPEC, boxes_per_cell=per_cell, side=side)
    grid = random_grid(spec, seed)
    expected = [0.0] * 5
    for picture in range(2):
        own = [(box, label) for box, label, owner in some if owner == picture]
        for row in range(side):
            for column in range(side):
                values = grid[picture, row, column].tolist()
                terms = cell_loss(values, row, column, object_of(row, column, own, spec), spec)
                expected = [total + term / 2 for total, term in zip(expected, terms, strict=True)]
    losses = yolo_v1_loss(grid, as_targets(some), spec, PAPER)
    assert [value.item() for value in losses] == pytest.approx(expected, rel=1e-6, abs=1e-9)
    assert losses.total.item() == pytest.approx(sum(expected), rel=1e-6)


def perfect(one: tuple[list[float], int, int], spec: YoloV1Spec) -> torch.Tensor:
    """The grid that says exactly where and what the object is."""
    (x1, y1, x2, y2), label, owner = one
    cell = spec.input_size / spec.side
    row, column = (min(int(value / cell), spec.side - 1) for value in ((y1 + y2) / 2, (x1 + x2) / 2))
    grid = torch.zeros(2, spec.side, spec.side, spec.values_per_cell, dtype=torch.float64)
    sizes = [math.sqrt((high - low) / spec.input_size) for low, high in ((x1, x2), (y1, y2))]
    centre = [(x1 + x2) / 2 / cell - column, (y1 + y2) / 2 / cell - row]
    grid[owner, row, column, 5:10] = torch.tensor([*centre, *sizes, 1.0])
    grid[owner, row, column, 5 * spec.boxes_per_cell + label] = 1
    return grid


@given(one=thing)
def test_the_right_answer_costs_nothing(one: tuple[list[float], int, int]) -> None:
    losses = yolo_v1_loss(perfect(one, SPEC), as_targets([one]), SPEC, PAPER)
    assert losses.total.item() == pytest.approx(0, abs=1e-6)


def test_an_error_of_size_weighs_more_in_a_small_box() -> None:
    small, large = ([40.0, 40.0, 56.0, 56.0], 0, 0), ([8.0, 8.0, 88.0, 88.0], 0, 0)
    wider = (([39.0, 40.0, 57.0, 56.0], 0, 0), ([7.0, 8.0, 89.0, 88.0], 0, 0))  # two pixels both
    costs = [
        yolo_v1_loss(perfect(found, SPEC), as_targets([truth]), SPEC, PAPER).size.item()
        for truth, found in zip((small, large), wider, strict=True)
    ]
    assert costs[0] > 4 * costs[1]


def test_factors_scale_their_terms_only() -> None:
    targets, grid = as_targets([([8.0, 8.0, 40.0, 48.0], 1, 0)]), random_grid(SPEC, 3)
    one = yolo_v1_loss(grid, targets, SPEC, PAPER)
    other = yolo_v1_loss(grid, targets, SPEC, LossSettings(coordinates=10, no_object=0.25))
    assert [b.item() / a.item() for a, b in zip(one, other, strict=True)] == pytest.approx([2, 2, 1, 0.5, 1])


def test_without_objects_only_confidences_learn() -> None:
    grid = random_grid(SPEC, 1).requires_grad_()
    losses = yolo_v1_loss(grid, as_targets([]), SPEC, PAPER)
    losses.total.backward()
    assert losses.total.item() == losses.nothing.item() > 0
    assert grid.grad is not None
    learning = grid.grad.abs().sum(dim=(0, 1, 2)) > 0
    assert learning.nonzero().flatten().tolist() == [4, 9]


@given(some=things, seed=st.integers(0, 2**16))
def test_one_box_of_each_cell_with_an_object_learns_where(some: list[tuple[list[float], int, int]], seed: int) -> None:
    grid = random_grid(SPEC, seed).requires_grad_()
    targets = as_targets(some)
    yolo_v1_loss(grid, targets, SPEC, PAPER).total.backward()
    assert grid.grad is not None
    assert torch.isfinite(grid.grad).all()
    places = (targets.boxes_xyxy[:, :2] + targets.boxes_xyxy[:, 2:]) / 2 * SPEC.side / SPEC.input_size
    cells = {
        (owner, *cell)
        for owner, cell in zip(targets.owners.tolist(), places.long().clamp(max=SPEC.side - 1).tolist(), strict=True)
    }
    boxes = grid.grad[..., :10].reshape(2, SPEC.side, SPEC.side, 2, 5)[..., :4].abs().sum(dim=-1) > 0
    assert int(boxes.sum()) == len(cells)
    assert int((boxes.sum(dim=-1) > 1).sum()) == 0


def test_the_gradient_is_right_with_the_overlap_held_still() -> None:
    """What a confidence is taught is its overlap now: no gradient flows through it, so boxes and confidences are checked apart."""
    targets = as_targets([([8.0, 8.0, 40.0, 48.0], 1, 0), ([48.0, 40.0, 96.0, 96.0], 2, 1)])
    grid = random_grid(SPEC, 5)

    def terms(moved: torch.Tensor, names: tuple[str, ...]) -> torch.Tensor:
        losses = yolo_v1_loss(moved, targets, SPEC, PAPER)._asdict()
        return torch.stack([losses[name] for name in names]).sum()

    for names in (("centre", "size", "classes"), ("nothing",)):
        assert torch.autograd.gradcheck(lambda moved, n=names: terms(moved, n), grid.clone().requires_grad_())


def test_where_no_box_overlaps_the_nearest_answers() -> None:
    boxes = torch.tensor([[[0.0, 0, 4, 4], [10.0, 10, 14, 14]]])
    wanted = torch.tensor([[20.0, 20, 30, 30]])
    assert responsible(torch.zeros(1, 2), boxes, wanted).tolist() == [1]
    assert responsible(torch.tensor([[0.1, 0.0]]), boxes, wanted).tolist() == [0]


def test_no_targets_at_all() -> None:
    none = Targets(torch.zeros(0, 4), torch.zeros(0, dtype=torch.long), torch.zeros(0, dtype=torch.long))
    assert yolo_v1_loss(torch.zeros(1, 3, 3, 13), none, SPEC, PAPER).total.item() == 0
