"""Pictures changed at random, in batches and where the network computes: kornia's changes, and a few that it lacks.

All of them take and give (N, C, H, W) float32 in 0 to 1 and draw anew for each picture. A turn mirrors the picture at its border, so
that no edge appears that a photograph has not; a shift or zoom, which would show it several times, goes on with the border's colour.
They are in a table by name, so that each can be shown alone.
"""

from collections.abc import Mapping

import kornia.augmentation as K  # noqa: N812 (its own convention)
import torch
from torch import Tensor, nn

from models.classify.drawn_changes import Fade, PcaColour, Stroke
from models.classify.pictures import Look
from models.classify.settings import ClassifySettings

ALWAYS = 1.0
BLUR_REACH = 3  # a Gaussian beyond three sigma is nothing


class Unit(nn.Module):
    """Cuts values off at 0 and 1, as a camera does."""

    def forward(self, pictures: Tensor) -> Tensor:
        """Any shape to the same shape."""
        return pictures.clamp(0, 1)


def make_steps(settings: ClassifySettings, look: Look, principal: Tensor | None = None) -> Mapping[str, nn.Module]:
    """The changes that the settings ask for, by name, in the order in which they are made.

    Args:
        settings: the strengths; one of 0 is left out.
        look: the input; pictures come as its `canvas`, and leave in its size.
        principal: (3, 3), the principal colours of the training pictures as rows, each as long as its standard deviation (see
            `drawn_changes.principal_colours`). Without it, and for grey pictures, colours stay as they are.
    """
    height, width = look.size_hw
    keep = look.crop_fraction**2
    steps: dict[str, nn.Module] = {}
    if settings.thin or settings.bold:
        steps["stroke"] = Stroke(settings.thin, settings.bold)
    if settings.rotation_deg or settings.shift or settings.zoom:
        steps["turn"] = K.RandomAffine(
            settings.rotation_deg,
            translate=(settings.shift, settings.shift),
            scale=(1 - settings.zoom, 1.0),
            padding_mode="border" if settings.shift or settings.zoom else "reflection",
            p=ALWAYS,
        )
    if settings.crop or keep < 1:
        # From the whole canvas down to that part of what the network is shown, of slightly other aspects.
        area = (keep * (1 - settings.crop), 1.0 if settings.crop else keep)
        aspect, ratio = 1 + settings.crop / 2, width / height
        steps["crop"] = K.RandomResizedCrop(
            (height, width), scale=area, ratio=(ratio / aspect, ratio * aspect), p=ALWAYS, cropping_mode="slice"
        )
    if settings.mirror:
        steps["mirror"] = K.RandomHorizontalFlip(p=settings.mirror)
    if settings.blur:
        reach = 2 * round(BLUR_REACH * settings.blur) + 1
        steps["blur"] = K.RandomGaussianBlur((reach, reach), (0.05, settings.blur), p=ALWAYS)
    if settings.channel_shift and look.channels == 3:
        steps["channels"] = K.RandomRGBShift(*[settings.channel_shift] * 3, p=ALWAYS)
    if settings.pca_colour and look.channels == 3 and principal is not None:
        steps["PCA colour"] = nn.Sequential(PcaColour(principal, settings.pca_colour), Unit())
    if settings.fade:
        steps["fade"] = Fade(settings.fade)
    if settings.light:
        steps["light"] = K.RandomLinearIllumination((0.0, settings.light), p=ALWAYS)
    if settings.noise:
        steps["noise"] = nn.Sequential(K.RandomGaussianNoise(0.0, settings.noise, p=ALWAYS), Unit())
    if settings.invert:
        steps["invert"] = K.RandomInvert(p=settings.invert)
    return steps


class Augmentation(nn.Module):
    """All changes one after another, without gradients."""

    def __init__(self, steps: Mapping[str, nn.Module]) -> None:
        super().__init__()
        self.steps = nn.ModuleList(steps.values())

    @torch.no_grad()
    def forward(self, pictures: Tensor) -> Tensor:
        """(N, C, *canvas) to (N, C, *size_hw), float32 in 0 to 1."""
        for step in self.steps:
            pictures = step(pictures)
        return pictures


def seeded(augmentation: Augmentation, picture: Tensor, seed: int) -> Tensor:
    """One picture's view that a seed decides alone, whatever was drawn before; nothing drawn later notices it.

    Args:
        augmentation: the changes.
        picture: (1, C, H, W) float32 on the CPU.
        seed: any integer of 64 bits.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        view: Tensor = augmentation(picture)
    return view
