"""Crops as the app cuts them, and which region shows what, against loops."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from detector_app.vision.selective_search import warp
from models.detect.pictures import Sample
from models.rcnn.crops import cut, overlaps_by_class, recoloured
from models.rcnn.rcnn_spec import RcnnSpec
from models.rcnn.region_examples import drawn, shown_by

SPEC = RcnnSpec(("a", "b", "c"), crop_size=32)
edges = st.tuples(*[st.integers(0, 9)] * 4).map(lambda e: [min(e[0], e[2]), min(e[1], e[3]), max(e[0], e[2]), max(e[1], e[3])])  # fmt: skip
boxes = st.lists(edges, max_size=6).map(lambda rows: np.array(rows, np.float32).reshape(-1, 4))


def overlap(a: list[float], b: list[float]) -> float:
    wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    if wide <= 0 or high <= 0:
        return 0.0
    return wide * high / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - wide * high)


@given(regions=boxes, objects=boxes, data=st.data())
def test_each_region_is_compared_with_each_class(regions: np.ndarray, objects: np.ndarray, data: st.DataObject) -> None:
    labels = np.array([data.draw(st.integers(0, 2)) for _ in objects], np.int64)
    found = overlaps_by_class(regions, objects, labels, 3)
    for row, region in enumerate(regions.tolist()):
        for label in range(3):
            own = [overlap(region, one) for one, other in zip(objects.tolist(), labels, strict=True) if other == label]
            assert abs(found.best[row, label] - max(own, default=0.0)) < 1e-5
            which = found.which[row, label]
            assert (which == -1) == (not own)
            if own:
                assert labels[which] == label
                assert abs(overlap(region, objects[which].tolist()) - max(own)) < 1e-5


def test_crops_are_the_apps_own() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (40, 60, 3), np.uint8)
    regions = np.float32([[3, 5, 31, 22], [50, 30, 70, 60]])
    crops = cut(picture, regions, SPEC)
    assert crops.shape == (2, 3, 32, 32)
    for crop, region in zip(crops, regions, strict=True):
        shown = warp(picture, region, (32, 32), context=SPEC.context, fill=SPEC.pad_value)
        np.testing.assert_array_equal(crop, shown.transpose(2, 0, 1))
    assert cut(picture, regions[:0], SPEC).shape == (0, 3, 32, 32)


def test_colours_change_by_the_matrix() -> None:
    crops = np.random.default_rng(0).integers(0, 256, (2, 3, 4, 5), np.uint8)
    same = np.array([[1.0, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]])
    np.testing.assert_array_equal(recoloured(crops, same), crops)
    swapped = recoloured(crops, same[[2, 1, 0]])
    np.testing.assert_array_equal(swapped, crops[:, ::-1])


def test_a_region_shows_the_object_that_it_overlaps_by_half() -> None:
    sample = Sample(np.zeros((9, 9, 3), np.uint8), np.float32([[0, 0, 4, 4], [5, 5, 9, 9]]), np.array([2, 0]))
    regions = np.float32([[0, 0, 4, 4], [0, 0, 4, 8], [0, 0, 4, 9], [5, 5, 9, 8]])
    assert shown_by(regions, sample, 3).tolist() == [2, 2, 3, 0]


@given(
    labels=st.lists(st.integers(0, 3), max_size=30), count=st.integers(2, 20), share=st.sampled_from([0.1, 0.25, 1.0])
)
def test_what_is_drawn_is_balanced_and_distinct(labels: list[int], count: int, share: float) -> None:
    rows = np.array(labels, np.int64)
    chosen = drawn(rows, 3, count, share, np.random.default_rng(0))
    assert len(set(chosen.tolist())) == len(chosen) <= count
    positive = int((rows[chosen] != 3).sum())
    assert positive == min(int((rows != 3).sum()), max(1, int(count * share)))
    assert len(chosen) - positive == min(int((rows == 3).sum()), count - positive)
