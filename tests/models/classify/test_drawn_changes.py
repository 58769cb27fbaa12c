import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from models.classify.drawn_changes import Fade, PcaColour, Stroke, principal_colours


def test_principal_colours_of_a_known_spread() -> None:
    """Red varies by ±0.3, green and blue together by ±0.1 along (0, 1, 1)/√2: those are the directions, and their deviations."""
    reds, others = torch.meshgrid(torch.tensor([0.2, 0.8]), torch.tensor([0.4, 0.6]), indexing="ij")
    pixels = torch.stack([reds.flatten(), others.flatten(), others.flatten()])[None, :, None]
    found = principal_colours(pixels)
    lengths = found.norm(dim=1)
    torch.testing.assert_close(lengths, torch.tensor([0.0, 0.1 * 2**0.5, 0.3]), atol=1e-4, rtol=0)
    torch.testing.assert_close(found[2].abs(), torch.tensor([0.3, 0, 0]), atol=1e-5, rtol=0)
    torch.testing.assert_close(found[1].abs(), torch.tensor([0, 0.1, 0.1]), atol=1e-5, rtol=0)


def test_pca_colour_moves_a_whole_picture_along_the_directions() -> None:
    principal = torch.tensor([[0.0, 0, 0], [0, 0.1, 0.1], [0.3, 0, 0]])
    torch.manual_seed(3)
    strengths = torch.randn(2, 3) * 0.5
    torch.manual_seed(3)
    changed = PcaColour(principal, 0.5)(torch.full((2, 3, 4, 5), 0.5))
    for row in range(2):
        expected = 0.5 + strengths[row, 1] * principal[1] + strengths[row, 2] * principal[2]
        torch.testing.assert_close(changed[row], expected[:, None, None].expand(3, 4, 5))


def square(side: int) -> torch.Tensor:
    """A dark square in the middle of 15×15 light pixels."""
    picture = torch.ones(1, 1, 15, 15)
    half = side // 2
    picture[:, :, 7 - half : 8 + half, 7 - half : 8 + half] = 0
    return picture


def test_strokes_lose_and_gain_whole_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    for drawn, side in ((1.0, 5), (0.0, 13)):  # the ends of the range: 2 px thinner, 2 px bolder than 9
        monkeypatch.setattr(torch, "rand", lambda *shape, value=drawn: torch.full(shape, value))
        torch.testing.assert_close(Stroke(2.0, 2.0)(square(9)), square(side))


@given(st.floats(0, 3), st.floats(0, 3), st.integers(0, 99))
def test_strokes_stay_in_range_and_even_paper_stays_even(thin: float, bold: float, seed: int) -> None:
    torch.manual_seed(seed)
    changed = Stroke(thin, bold)(torch.rand(3, 1, 9, 7))
    assert changed.min() >= 0
    assert changed.max() <= 1 + 1e-6
    torch.testing.assert_close(Stroke(thin, bold)(torch.full((1, 3, 5, 5), 0.3)), torch.full((1, 3, 5, 5), 0.3))


@given(st.floats(0, 0.95), st.integers(0, 99))
def test_fading_keeps_the_order_and_at_least_the_promised_contrast(most: float, seed: int) -> None:
    torch.manual_seed(seed)
    ramp = torch.linspace(0, 1, 16).view(1, 1, 4, 4).expand(5, 1, 4, 4)
    faded = Fade(most)(ramp).flatten(1)
    assert (faded.diff(dim=1) > 0).all()
    assert (faded[:, -1] - faded[:, 0] >= 1 - most - 1e-5).all()
    assert faded.min() >= 0
    assert faded.max() <= 1 + 1e-6
