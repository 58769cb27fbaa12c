import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from models.detect.spec import YoloSpec
from models.detect.targets import Targets, assign, responsible_anchors

ANCHORS = (((10.0, 10.0), (40.0, 20.0)), ((20.0, 80.0), (120.0, 120.0)))


def spec_with_reach(scale_xy: float) -> YoloSpec:
    return YoloSpec(("a", "b"), ANCHORS, scale_xy=scale_xy)


def one_box(cx: float, cy: float, w: float, h: float, owner: int = 0) -> Targets:
    box = torch.tensor([[cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2]])
    return Targets(box, torch.tensor([1]), torch.tensor([owner]))


def places(targets: Targets, spec: YoloSpec, min_shape_iou: float) -> set[tuple[int, int, int, int, int]]:
    """All responsible places as (scale, picture, anchor, row, column) on a 128×96 picture."""
    chosen = responsible_anchors(targets, spec, min_shape_iou)
    found = set()
    for scale, stride in enumerate(spec.strides):
        result = assign(targets, spec, scale, (96 // stride, 128 // stride), chosen)
        found |= {(scale, *place) for place in zip(*(column.tolist() for column in result.places), strict=True)}
    return found


def test_the_papers_rule_is_one_cell_and_the_best_anchor() -> None:
    assert places(one_box(70, 50, 38, 21, owner=2), spec_with_reach(1.0), 1.0) == {(0, 2, 1, 3, 4)}
    assert places(one_box(70, 50, 100, 130, owner=0), spec_with_reach(1.0), 1.0) == {(1, 0, 1, 1, 2)}


def test_all_similar_anchors_are_responsible_below_one() -> None:
    found = places(one_box(70, 50, 30, 30), spec_with_reach(1.0), 0.3)
    assert {(scale, anchor) for scale, _, anchor, _, _ in found} == {(0, 1), (1, 0)}


def test_cells_that_reach_the_centre_are_responsible_too() -> None:
    # The centre (70, 50) lies at (4.375, 3.125) cells: left of and above the middle of its cell.
    found = places(one_box(70, 50, 38, 21), spec_with_reach(2.0), 1.0)
    assert {(row, column) for _, _, _, row, column in found} == {(3, 4), (3, 3), (2, 4)}


def test_no_boxes_no_places() -> None:
    none = Targets(torch.zeros(0, 4), torch.zeros(0, dtype=torch.long), torch.zeros(0, dtype=torch.long))
    assert places(none, spec_with_reach(2.0), 0.3) == set()


@settings(deadline=None)
@given(
    centre=st.tuples(st.floats(0, 127.9), st.floats(0, 95.9)),
    size=st.tuples(st.floats(4, 200), st.floats(4, 200)),
    reach=st.sampled_from([1.0, 1.05, 2.0]),
    threshold=st.sampled_from([0.2, 0.5, 1.0]),
)
def test_every_box_has_a_place_that_can_express_it(
    centre: tuple[float, float], size: tuple[float, float], reach: float, threshold: float
) -> None:
    spec = spec_with_reach(reach)
    found = places(one_box(*centre, *size), spec, threshold)
    assert found
    for scale, _, _, row, column in found:
        stride = spec.strides[scale]
        offset = (centre[0] / stride - column, centre[1] / stride - row)
        assert all((1 - reach) / 2 - 1e-3 <= part <= (1 + reach) / 2 + 1e-3 for part in offset)
