"""Aligned faces as other cameras, other light and other moments would show them; and people who do not exist.

All of it is one sampling of the canvas (mirror, small turn, scale and move, a bend of the face) and a few changes of its values, in
batches. The bend makes virtual people: thirty faces are few, and a face whose proportions are changed alike in all of its pictures is
somebody else's. It is the same left and right, so that a mirrored picture stays a picture of the same person.
"""

import math

import torch
from torch import Tensor
from torch.nn import functional

from models.faces.settings import FacesSettings

BEND_GRID = 5  # places across and down whose displacement is drawn


def bends(people: int, strength: float, generator: torch.Generator) -> Tensor:
    """Displacements of virtual people: (people, 2, 5, 5) x and y in parts of half the input's side, left and right mirrored."""
    drawn = torch.randn(people, 2, BEND_GRID, BEND_GRID, generator=generator) * strength
    flipped = drawn.flip(3) * torch.tensor([-1.0, 1.0])[None, :, None, None]
    return (drawn + flipped) / math.sqrt(2)


def sampling_grid(count: int, size_hw: tuple[int, int], settings: FacesSettings, bend: Tensor | None) -> Tensor:
    """Where each pixel of the input is taken from: (N, H, W, 2) in units of half the input's side about its centre.

    Args:
        count: N.
        size_hw: of the input.
        settings: how far faces are moved.
        bend: (N, 2, 5, 5) displacements, or None.
    """
    angle = _spread(count) * math.radians(settings.rotation_deg)
    scale = torch.exp(_spread(count) * settings.zoom)
    cos, sin = torch.cos(angle) * scale, torch.sin(angle) * scale
    mirror = torch.where(torch.rand(count) < settings.mirror, -1.0, 1.0)
    move = torch.stack([_spread(count), _spread(count)], 1) * 2 * settings.shift
    matrix = torch.stack([torch.stack([cos * mirror, -sin], 1), torch.stack([sin * mirror, cos], 1)], 1)
    grid = functional.affine_grid(torch.cat([matrix, move[..., None]], 2), [count, 1, *size_hw], align_corners=False)
    if settings.pose:
        grid = _turned(grid, settings.pose)
    if bend is None:
        return grid
    # The bend belongs to the face: it is looked up where the face is, after mirror and move.
    moved = functional.grid_sample(bend, grid, mode="bilinear", padding_mode="border", align_corners=True)
    return grid + moved.permute(0, 2, 3, 1)


def _turned(grid: Tensor, most: float) -> Tensor:
    """As a head that looks aside or up shows its face, roughly: its middle moves and its sides and its height shrink or grow."""
    count = len(grid)
    aside, up, aspect = (_spread(count)[:, None, None] * most for _ in range(3))
    x, y = grid[..., 0], grid[..., 1]
    inside_x, inside_y = (1 - x * x).clamp_min(0), (1 - y * y).clamp_min(0)
    return torch.stack([x * torch.exp(aspect) + aside * inside_x, y * torch.exp(-aspect) + up * inside_y], -1)


@torch.no_grad()
def augmented(
    canvases: Tensor, size_hw: tuple[int, int], settings: FacesSettings, bend: Tensor | None = None
) -> Tensor:
    """(N, C, S, T) float32 canvases in 0 to 1, the face centred in its own scale, to (N, C, H, W) in 0 to 1."""
    count = len(canvases)
    grid = sampling_grid(count, size_hw, settings, bend)
    part = torch.tensor([size_hw[1] / canvases.shape[3], size_hw[0] / canvases.shape[2]])
    pictures = functional.grid_sample(canvases, grid * part, padding_mode="border", align_corners=False)
    pictures = _softened(pictures, settings.blur)
    pictures = _lit(pictures, settings)
    pictures = _occluded(pictures, settings.occlusion)
    noise = torch.rand(count, 1, 1, 1) * settings.noise
    return (pictures + torch.randn_like(pictures) * noise).clamp(0, 1)


def _softened(pictures: Tensor, most: float) -> Tensor:
    """Half of the pictures as if taken from farther away: made smaller by up to a factor, then larger again."""
    if most <= 1:
        return pictures
    height, width = pictures.shape[2:]
    factor = 1 + float(torch.rand(())) * (most - 1)
    small = functional.interpolate(
        pictures, (round(height / factor), round(width / factor)), mode="bilinear", antialias=True, align_corners=False
    )
    soft = functional.interpolate(small, (height, width), mode="bilinear", align_corners=False)
    return torch.where(torch.rand(len(pictures), 1, 1, 1) < 0.5, soft, pictures)


def _lit(pictures: Tensor, settings: FacesSettings) -> Tensor:
    """Gamma, contrast, brightness, and light from one side."""
    count, height, width = len(pictures), *pictures.shape[2:]
    gamma = torch.exp(_spread(count) * settings.gamma)[:, None, None, None]
    pictures = pictures.clamp(1e-4, 1) ** gamma
    contrast = torch.exp(_spread(count) * settings.contrast)[:, None, None, None]
    bright = (_spread(count) * settings.brightness)[:, None, None, None]
    mean = pictures.mean((1, 2, 3), keepdim=True)
    pictures = (pictures - mean) * contrast + mean + bright
    angle = torch.rand(count) * 2 * math.pi
    down, across = torch.linspace(-1, 1, height), torch.linspace(-1, 1, width)
    slope = torch.cos(angle)[:, None, None] * across[None, None] + torch.sin(angle)[:, None, None] * down[None, :, None]
    light = 1 + (torch.rand(count) * settings.light)[:, None, None, None] * slope[:, None]
    return (pictures * light).clamp(0, 1)


def _occluded(pictures: Tensor, chance: float) -> Tensor:
    """A rectangle of a random grey over some pictures, up to four tenths of each side (Zhong et al. 2017, arXiv 1708.04896)."""
    count, height, width = len(pictures), *pictures.shape[2:]
    sides, corners = 0.1 + 0.3 * torch.rand(count, 2), torch.rand(count, 2)
    down, across = torch.linspace(0, 1, height), torch.linspace(0, 1, width)
    start = corners * (1 - sides)
    rows = (down[None] >= start[:, :1]) & (down[None] <= (start + sides)[:, :1])
    columns = (across[None] >= start[:, 1:]) & (across[None] <= (start + sides)[:, 1:])
    chosen = torch.rand(count) < chance
    hidden = (rows[:, :, None] & columns[:, None, :] & chosen[:, None, None])[:, None]
    return torch.where(hidden, torch.rand(count, 1, 1, 1), pictures)


def _spread(count: int) -> Tensor:
    """(count,) even between −1 and 1."""
    return torch.rand(count) * 2 - 1
