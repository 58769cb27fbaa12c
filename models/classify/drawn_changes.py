"""Random changes of pictures that the library lacks; like its own they take (N, C, H, W) float32 in 0 to 1 and draw for each picture."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional


def principal_colours(pictures: Tensor) -> Tensor:
    """Principal directions of the colours of some pictures, each as long as the standard deviation along it.

    Args:
        pictures: (N, 3, H, W) float32 in 0 to 1.

    Returns:
        (3, 3) float32, one direction a row: √λᵢ·pᵢ of the covariance of all pixels (Krizhevsky et al. 2012, section 4.1).
    """
    pixels = pictures.transpose(0, 1).flatten(1).double()
    values, vectors = torch.linalg.eigh(torch.cov(pixels, correction=0))
    principal: Tensor = (vectors * values.clamp(min=0).sqrt()).T.float()
    return principal


class PcaColour(nn.Module):
    """Adds to every pixel of a picture Σ αᵢ·√λᵢ·pᵢ, αᵢ normal with the given spread.

    Krizhevsky et al. 2012, section 4.1, multiply αᵢ by the eigenvalue λᵢ, of pixels in 0 to 255; with the standard deviation √λᵢ
    instead, the spread means the same whatever the pixels' scale.

    Args:
        principal: see `principal_colours`.
        spread: of α; the paper's is 0.1.
    """

    principal: Tensor

    def __init__(self, principal: Tensor, spread: float) -> None:
        super().__init__()
        self.register_buffer("principal", principal, persistent=False)
        self.spread = spread

    def forward(self, pictures: Tensor) -> Tensor:
        """(N, 3, H, W) to the same shape; values may leave 0 to 1."""
        strengths = torch.randn(len(pictures), 3).to(pictures) * self.spread
        return pictures + (strengths @ self.principal)[:, :, None, None]


class Stroke(nn.Module):
    """Thinner or bolder dark strokes: the bright or the dark side of every edge grows by a random width.

    Args:
        thin_px: largest width that a dark stroke loses at each of its edges.
        bold_px: largest width that it gains.
    """

    def __init__(self, thin_px: float, bold_px: float) -> None:
        super().__init__()
        self.thin_px, self.bold_px = thin_px, bold_px

    def forward(self, pictures: Tensor) -> Tensor:
        """(N, C, H, W) to the same shape; a width between two whole pixels blends theirs."""
        widths = torch.rand(len(pictures), 1, 1, 1).to(pictures) * (self.thin_px + self.bold_px) - self.bold_px
        thinned = _grown(pictures, widths.clamp(min=0), self.thin_px)
        return 1 - _grown(1 - thinned, (-widths).clamp(min=0), self.bold_px)


def _grown(pictures: Tensor, widths: Tensor, most: float) -> Tensor:
    """What is bright, grown by a width in pixels for each picture."""
    out = grown = pictures
    for step in range(math.ceil(most)):
        before, grown = grown, functional.max_pool2d(functional.pad(grown, (1, 1, 1, 1), mode="replicate"), 3, 1)
        share = (widths - step).clamp(0, 1)
        out = torch.where(share > 0, before.lerp(grown, share), out)
    return out


class Fade(nn.Module):
    """Less contrast on a lighter or darker ground: values are squeezed into a random part of 0 to 1.

    The part is at least `1 − most` wide and lies anywhere in 0 to 1.
    """

    def __init__(self, most: float) -> None:
        super().__init__()
        self.most = most

    def forward(self, pictures: Tensor) -> Tensor:
        """Any (N, C, H, W) to the same shape."""
        drawn = torch.rand(2, len(pictures), 1, 1, 1).to(pictures)
        lost = drawn[0] * self.most
        return pictures * (1 - lost) + lost * drawn[1]
