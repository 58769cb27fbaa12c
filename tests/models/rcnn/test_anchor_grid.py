import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from models.rcnn.anchor_grid import cell_anchors, grid_anchors, level_anchors


def test_cell_anchors_by_hand() -> None:
    """Size 32: at ratio ½ it is 32·√2 = 45.25 wide and 22.63 high; half sides 22.6 and 11.3 are whole pixels."""
    assert cell_anchors((32,), (0.5, 1, 2)) == ((46, 22), (32, 32), (22, 46))
    assert cell_anchors((128, 256, 512), (1,)) == ((128, 128), (256, 256), (512, 512))


def test_ratios_come_before_sizes() -> None:
    assert cell_anchors((10, 20), (1, 4)) == ((10, 10), (20, 20), (4, 20), (10, 40))  # 2.5 to the even number 2


def test_grid_by_hand() -> None:
    found = grid_anchors(((8, 4),), (2, 3), (32, 48), torch.device("cpu"))
    assert found.shape == (6, 4)
    assert found[0].tolist() == [-4, -2, 4, 2]
    assert found[1].tolist() == [12, -2, 20, 2]
    assert found[3].tolist() == [-4, 14, 4, 18]


def test_a_cell_is_a_whole_number_of_pixels() -> None:
    """The pool level of an 800 px picture has 13 rows: 61 px each, not 64."""
    found = grid_anchors(((2, 2),), (13, 17), (800, 1088), torch.device("cpu"))
    assert found[17].tolist() == [-1, 60, 1, 62]
    assert found[1].tolist() == [63, -1, 65, 1]


@given(
    st.lists(st.tuples(st.floats(1, 90), st.floats(1, 90)), min_size=1, max_size=4),
    st.tuples(st.integers(1, 5), st.integers(1, 5)),
    st.integers(1, 32),
)
def test_the_grid_is_the_loop(sizes: list[tuple[float, float]], grid: tuple[int, int], stride: int) -> None:
    found = grid_anchors(sizes, grid, (grid[0] * stride, grid[1] * stride), torch.device("cpu"))
    expected = [
        (x * stride - w / 2, y * stride - h / 2, x * stride + w / 2, y * stride + h / 2)
        for y in range(grid[0])
        for x in range(grid[1])
        for w, h in sizes
    ]
    np.testing.assert_allclose(found.numpy(), np.array(expected), atol=1e-4)


def test_each_level_has_its_own_sizes() -> None:
    maps = [torch.zeros(1, 2, 4, 6), torch.zeros(1, 2, 2, 3)]
    levels = level_anchors((((4, 4),), ((8, 8),)), maps, (32, 48))
    assert [len(level) for level in levels] == [24, 6]
    with pytest.raises(ValueError, match="zip"):
        level_anchors((((4, 4),),), maps, (32, 48))
