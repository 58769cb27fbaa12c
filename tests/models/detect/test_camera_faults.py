import numpy as np
import pytest

from models.detect.camera_faults import FAULTS, Fault, through_camera

RNG = np.random.default_rng


def picture() -> np.ndarray:
    return RNG(0).integers(0, 256, (40, 60, 3)).astype(np.uint8)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_changes_pixels_but_not_the_scene(fault: Fault) -> None:
    before = picture()
    after = fault(before, RNG(1))
    assert after.shape == before.shape
    assert after.dtype == np.uint8
    assert (after != before).any()
    assert abs(float(after.mean()) - float(before.mean())) < 8
    np.testing.assert_array_equal(before, picture())
    np.testing.assert_array_equal(after, fault(before, RNG(1)))


def test_none_at_chance_zero_all_at_one() -> None:
    before = picture()
    np.testing.assert_array_equal(through_camera(before, 0.0, RNG(2)), before)
    after = through_camera(before, 1.0, RNG(2))
    assert (after[..., 0] == after[..., 1]).all()
    assert after.std() < before.std() / 2
