from dataclasses import replace

import pytest
import torch

from models.classify.augmentation import Augmentation, make_steps, seeded
from models.classify.pictures import Look
from models.classify.settings import ClassifySettings

NOTHING = ClassifySettings(
    mirror=0, crop=0, rotation_deg=0, channel_shift=0, pca_colour=0, noise=0, crop_fraction=1.0
)  # fmt: skip
PRINCIPAL = torch.diag(torch.tensor([0.05, 0.1, 0.2]))
ONE_EACH = {
    "turn": {"rotation_deg": 20.0},
    "stroke": {"thin": 1.0, "bold": 1.0},
    "crop": {"crop": 0.5},
    "mirror": {"mirror": 1.0},
    "blur": {"blur": 1.5},
    "channels": {"channel_shift": 0.2},
    "PCA colour": {"pca_colour": 0.5},
    "fade": {"fade": 0.5},
    "light": {"light": 0.4},
    "noise": {"noise": 0.1},
    "invert": {"invert": 1.0},
}


def pictures(channels: int = 3, side: int = 32) -> torch.Tensor:
    return torch.rand(4, channels, side, side, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("name", ONE_EACH)
def test_each_setting_is_one_change_and_keeps_range_and_size(name: str) -> None:
    steps = make_steps(replace(NOTHING, **ONE_EACH[name]), Look((32, 32)), PRINCIPAL)
    assert list(steps) == [name]
    torch.manual_seed(0)
    changed = Augmentation(steps)(pictures())
    assert changed.shape == (4, 3, 32, 32)
    assert not torch.equal(changed, pictures())
    assert changed.min() >= -1e-6
    assert changed.max() <= 1 + 1e-6


def test_no_strength_no_change() -> None:
    assert not make_steps(NOTHING, Look((32, 32)), PRINCIPAL)


def test_grey_pictures_have_no_colours_to_change() -> None:
    strong = replace(NOTHING, channel_shift=0.2, pca_colour=0.5, noise=0.1, light=0.2, rotation_deg=5.0)
    steps = make_steps(strong, Look((32, 32), 1))
    assert list(steps) == ["turn", "light", "noise"]
    assert Augmentation(steps)(pictures(1)).shape == (4, 1, 32, 32)


def test_the_canvas_is_cropped_to_the_input() -> None:
    look = Look((28, 14), crop_fraction=0.875)
    canvas = torch.rand(2, 3, *look.canvas.size_hw)
    assert Augmentation(make_steps(replace(NOTHING, crop_fraction=0.875), look, None))(canvas).shape == (2, 3, 28, 14)


def test_mirroring_mirrors() -> None:
    changed = Augmentation(make_steps(replace(NOTHING, mirror=1.0), Look((32, 32))))(pictures())
    torch.testing.assert_close(changed, pictures().flip(3))


def test_a_turn_brings_no_black_corners_and_a_shift_no_second_picture() -> None:
    white = torch.ones(4, 3, 32, 32)
    turned = Augmentation(make_steps(replace(NOTHING, rotation_deg=45.0), Look((32, 32))))(white)
    assert turned.min() > 0.99
    dot = torch.ones(16, 1, 32, 32)
    dot[:, :, 14:18, 14:18] = 0
    moved = Augmentation(make_steps(replace(NOTHING, shift=0.2, zoom=0.6), Look((32, 32), 1)))(dot)
    assert ((1 - moved).sum((1, 2, 3)) < 17).all(), "at most the dot of 16 pixels is there, smaller"
    assert ((1 - moved).sum((1, 2, 3)) > 1).all()


def test_a_view_depends_on_its_seed_alone() -> None:
    whole = ClassifySettings(blur=0.8, light=0.2, fade=0.2, thin=1, invert=0.5, shift=0.1, zoom=0.2)
    look = Look((28, 28), crop_fraction=0.875)
    augmentation = Augmentation(make_steps(whole, look, PRINCIPAL))
    canvas = pictures()[:1]
    torch.manual_seed(1)
    first = seeded(augmentation, canvas, 7)
    drawn = torch.rand(1)
    torch.manual_seed(1)
    assert torch.equal(drawn, torch.rand(1)), "what is drawn afterwards does not notice"
    augmentation(pictures())
    assert torch.equal(seeded(augmentation, canvas, 7), first)
    assert not torch.equal(seeded(augmentation, canvas, 8), first)
