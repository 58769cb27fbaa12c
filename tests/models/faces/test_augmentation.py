from dataclasses import replace

import numpy as np
import pytest
import torch

from models.faces.augmentation import augmented, bends, sampling_grid
from models.faces.settings import FacesSettings

STILL = FacesSettings(
    mirror=0,
    rotation_deg=0,
    zoom=0,
    shift=0,
    pose=0,
    blur=1,
    gamma=0,
    contrast=0,
    brightness=0,
    light=0,
    occlusion=0,
    noise=0,
)


def canvases(count: int = 3) -> torch.Tensor:
    torch.manual_seed(1)
    return torch.rand(count, 1, 48, 48)


def test_nothing_changed_is_the_middle_of_the_canvas():
    torch.testing.assert_close(augmented(canvases(), (32, 32), STILL), canvases()[:, :, 8:40, 8:40], atol=2e-4, rtol=0)


def test_a_mirror_is_a_mirror():
    found = augmented(canvases(), (32, 32), replace(STILL, mirror=1.0))
    torch.testing.assert_close(found, canvases()[:, :, 8:40, 8:40].flip(3), atol=2e-4, rtol=0)


@pytest.mark.parametrize(
    "change",
    [
        {"rotation_deg": 20.0}, {"zoom": 0.3}, {"pose": 0.2}, {"shift": 0.2}, {"blur": 4.0}, {"gamma": 1.0}, {"contrast": 1.0},
        {"brightness": 0.5}, {"light": 1.0}, {"occlusion": 1.0}, {"noise": 0.5},
    ],
    ids=str,
)  # fmt: skip
def test_each_strength_changes_pictures_and_leaves_them_pictures(change: dict[str, float]):
    torch.manual_seed(0)
    before = canvases(8)
    found = augmented(before, (32, 32), replace(STILL, **change))
    assert found.shape == (8, 1, 32, 32)
    assert 0 <= found.min() <= found.max() <= 1
    assert (found - before[:, :, 8:40, 8:40]).abs().mean() > 0.01


def test_a_turn_about_the_centre_has_its_angle():
    torch.manual_seed(3)
    grid = sampling_grid(50, (32, 32), replace(STILL, rotation_deg=30.0), None)
    right = grid[:, 16, 31] - grid[:, 16, 16]
    angles = torch.rad2deg(torch.atan2(right[:, 1], right[:, 0]))
    assert 20 < angles.abs().max() <= 30.001
    assert angles.min() < 0 < angles.max()
    torch.testing.assert_close(right.norm(dim=1), torch.full((50,), 30 / 32), atol=0.01, rtol=0)


def test_a_bent_person_is_the_same_person_in_the_mirror():
    bend = bends(2, 0.1, torch.Generator().manual_seed(0))
    torch.testing.assert_close(bend[:, 0].flip(2), -bend[:, 0])
    torch.testing.assert_close(bend[:, 1].flip(2), bend[:, 1])
    assert bend.std().item() == pytest.approx(0.1, rel=0.4)
    picture = canvases(2)
    straight = augmented(picture, (32, 32), STILL, bend)
    mirrored = augmented(picture, (32, 32), replace(STILL, mirror=1.0), bend)
    torch.testing.assert_close(mirrored, straight.flip(3), atol=1e-5, rtol=0)
    assert (straight - augmented(picture, (32, 32), STILL)).abs().mean() > 0.01


def test_the_bend_moves_with_the_face():
    """A turned picture of a bent face is the bent face turned, not another one: else turns would make other people."""
    bend = bends(1, 0.1, torch.Generator().manual_seed(0))
    torch.manual_seed(0)
    turned = sampling_grid(1, (65, 65), replace(STILL, rotation_deg=80.0), bend)[0].numpy()
    torch.manual_seed(0)
    plain = sampling_grid(1, (65, 65), replace(STILL, rotation_deg=80.0), None)[0].numpy()
    straight = sampling_grid(1, (65, 65), STILL, bend)[0].numpy()
    still = sampling_grid(1, (65, 65), STILL, None)[0].numpy()
    for row, column in ((20, 30), (40, 22), (32, 45)):
        place = np.abs(still - plain[row, column]).sum(2)
        near = np.unravel_index(int(place.argmin()), place.shape)
        np.testing.assert_allclose(turned[row, column] - plain[row, column], (straight - still)[near], atol=0.02)
