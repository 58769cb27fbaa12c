"""Decoding against loops, and against the app's own decoder by its rules: squares, clipping, (row, column, box) order."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from models.yolo_v1.decoding import boxes_of, decode, select, split_cells
from models.yolo_v1.localisation import locate, one_object
from models.yolo_v1.spec import YoloV1Spec
from models.yolo_v1.targets import assign
from tests.models.yolo_v1.grids import SPEC, as_targets, random_grid, things


@given(seed=st.integers(0, 2**16))
def test_every_candidate_by_hand(seed: int) -> None:
    grid = random_grid(SPEC, seed)
    boxes, scores = decode(grid, SPEC)
    assert boxes.shape == (2, 18, 4)
    assert scores.shape == (2, 18, 3)
    index = 0
    for row in range(3):
        for column in range(3):
            values = grid[1, row, column].tolist()
            for x, y, w, h, confidence in (values[:5], values[5:10]):
                middle = ((column + x) * 32, (row + y) * 32)
                half = (w * w * 48, h * h * 48)
                edges = [middle[0] - half[0], middle[1] - half[1], middle[0] + half[0], middle[1] + half[1]]
                assert boxes[1, index].tolist() == pytest.approx(edges, abs=1e-9)
                sure = min(max(confidence, 0), 1)
                assert scores[1, index].tolist() == pytest.approx([sure * min(max(p, 0), 1) for p in values[10:]])
                index += 1


@given(some=things)
def test_what_is_taught_is_what_is_decoded(some: list[tuple[list[float], int, int]]) -> None:
    """A grid that says what the targets say is decoded to the boxes that answer."""
    answers = assign(as_targets(some), SPEC)
    grid = torch.zeros(2, 3, 3, SPEC.values_per_cell, dtype=torch.float64)
    grid[(*answers.places, slice(0, 2))] = answers.centres
    grid[(*answers.places, slice(2, 4))] = answers.sizes_wh.sqrt()
    found = boxes_of(split_cells(grid, SPEC), SPEC)[answers.places][:, 0]
    torch.testing.assert_close(found, answers.boxes_xyxy, atol=1e-9, rtol=0)
    assert ((answers.centres >= 0) & (answers.centres <= 1)).all()


def test_of_two_objects_in_a_cell_the_larger_is_learnt() -> None:
    small, large = ([8.0, 8.0, 16.0, 16.0], 0, 0), ([0.0, 0.0, 24.0, 24.0], 1, 0)
    for order in ([small, large], [large, small]):
        answers = assign(as_targets(order), SPEC)
        assert answers.labels.tolist() == [1]


def test_a_centre_on_the_edge_of_the_picture_belongs_to_the_last_cell() -> None:
    answers = assign(as_targets([([92.0, 0.0, 100.0, 8.0], 0, 0)]), SPEC)
    assert (answers.rows.tolist(), answers.columns.tolist()) == ([0], [2])


def test_doubles_are_suppressed_class_by_class() -> None:
    grid = torch.zeros(1, 3, 3, SPEC.values_per_cell)
    grid[0, 1, 1, :5] = torch.tensor([0.5, 0.5, 0.5, 0.5, 0.9])
    grid[0, 1, 1, 5:10] = torch.tensor([0.5, 0.5, 0.52, 0.5, 0.8])
    grid[0, 1, 1, 10:] = torch.tensor([1.0, 0.5, 0.0])
    (found,) = select(grid, SPEC)
    assert found.labels.tolist() == [0, 1]
    np.testing.assert_allclose(found.scores, [0.9, 0.45], atol=1e-6)
    np.testing.assert_allclose(found.boxes_xyxy[0], [36, 36, 60, 60], atol=1e-4)


def test_an_empty_grid_finds_nothing() -> None:
    assert [len(found.labels) for found in select(torch.zeros(2, 3, 3, 13), SPEC)] == [0, 0]


def test_one_object_is_read_off_its_only_cell() -> None:
    spec = one_object(SPEC)
    grid = torch.tensor([[0.25, 0.5, 0.5, 0.7071068, 0.9, 0.2, 0.7, 0.1], [0.5] * 8]).view(2, 1, 1, 8)
    found = locate(grid, spec)
    torch.testing.assert_close(found.boxes_xyxy[0], torch.tensor([12.0, 24.0, 36.0, 72.0]), atol=1e-3, rtol=0)
    assert found.labels.tolist()[0] == 1
    assert found.scores.tolist() == pytest.approx([0.63, 0.25])
    with pytest.raises(ValueError, match="one cell"):
        locate(grid, SPEC)


@pytest.mark.parametrize(
    "changes",
    [
        {"side": 0},
        {"boxes_per_cell": 0},
        {"input_size": 100},
        {"dropout": 1.0},
        {"classes": ()},
        {"classes": ("a", "a")},
    ],
)
def test_a_spec_that_cannot_be_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"found|multiple"):
        YoloV1Spec(**{"classes": ("a",), **changes})  # type: ignore[arg-type]
