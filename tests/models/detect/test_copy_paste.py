import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from models.detect.copy_paste import covered, lonely, paste
from models.detect.pictures import REGION, Sample
from tests.models.detect.test_augmentation import sample_with, seen

EMPTY = Sample(np.full((120, 160, 3), 60, np.uint8), np.zeros((0, 4), np.float32), np.zeros(0, np.int64))


@settings(deadline=None)
@given(seed=st.integers(0, 2**32))
def test_the_box_is_where_the_object_went(seed: int) -> None:
    pasted = paste(EMPTY, [sample_with((20, 20, 70, 60))], np.random.default_rng(seed))
    assert pasted.labels.tolist() == [3]
    assert pasted.boxes_xyxy.dtype == np.float32
    np.testing.assert_allclose(pasted.boxes_xyxy[0], seen(pasted.rgb), atol=4)
    assert (EMPTY.rgb == 60).all()
    assert (pasted.boxes_xyxy[0] >= 0).all()
    assert (pasted.boxes_xyxy[0] <= [160, 120, 160, 120]).all()


@settings(deadline=None)
@given(seed=st.integers(0, 2**32))
def test_what_is_there_stays_visible(seed: int) -> None:
    there = sample_with((10, 10, 100, 80))
    pasted = paste(there, [sample_with((20, 20, 70, 60))] * 3, np.random.default_rng(seed))
    for one, newer in enumerate(pasted.boxes_xyxy[1:], start=1):
        assert covered(pasted.boxes_xyxy[:one], newer).max() <= 1 / 3 + 1e-6
    np.testing.assert_array_equal(pasted.boxes_xyxy[0], there.boxes_xyxy[0])


def test_covered_by_hand() -> None:
    boxes = np.array([[0, 0, 10, 10], [5, 5, 15, 25], [20, 20, 30, 30], [3, 3, 3, 9]], np.float32)
    np.testing.assert_allclose(covered(boxes, np.array([5, 0, 20, 10], np.float32)), [0.5, 0.25, 0, 0])


def test_objects_that_touch_others_or_are_tiny_are_not_given_away() -> None:
    boxes = np.array([[0, 0, 20, 20], [10, 10, 40, 40], [50, 50, 80, 80], [90, 90, 95, 120]], np.float32)
    sample = Sample(np.zeros((130, 130, 3), np.uint8), boxes, np.arange(4))
    assert lonely(sample).tolist() == [2]
    assert len(lonely(EMPTY)) == 0
    unchanged = paste(sample, [EMPTY], np.random.default_rng(0))
    assert len(unchanged.labels) == 4


def test_regions_neither_stand_in_the_way_nor_are_given_away() -> None:
    boxes = np.array([[10, 10, 60, 60], [0, 0, 120, 120], [12, 12, 50, 50]], np.float32)
    sample = Sample(np.zeros((130, 130, 3), np.uint8), boxes, np.array([3, REGION, REGION]))
    assert lonely(sample).tolist() == [0]
    assert lonely(Sample(sample.rgb, boxes, np.full(3, REGION))).tolist() == []
    onto = Sample(np.zeros((130, 130, 3), np.uint8), boxes[1:2], np.array([REGION]))
    assert paste(onto, [sample], np.random.default_rng(0)).labels.tolist() == [REGION, 3]
