"""What a picture's features depend on, as one key: change anything of it and the key is another."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import kornia
import torch
from torch import Tensor, nn

from models.classify.settings import ClassifySettings
from models.classify.spec import ClassifierSpec, spec_to_json

# Count up when the way from a picture to its features changes.
VERSION = 1
AUGMENTS = (
    "mirror", "crop", "rotation_deg", "shift", "zoom", "channel_shift", "pca_colour", "noise", "blur", "light", "thin", "bold", "fade",
    "invert", "crop_fraction",
)  # fmt: skip


def digest_of(state: Mapping[str, Tensor]) -> str:
    """SHA-256 of names, types, shapes and bytes of some tensors, hexadecimal."""
    summed = hashlib.sha256()
    for name, tensor in sorted(state.items()):
        values = tensor.detach().cpu().contiguous()
        summed.update(f"{name} {values.dtype} {tuple(values.shape)} ".encode())
        summed.update(values.reshape(-1).view(torch.uint8).numpy().tobytes())
    return summed.hexdigest()


@dataclass(frozen=True)
class Origin:
    """All that features depend on besides the picture and the number of its view.

    Attributes:
        body: digest of every tensor but the head's.
        spec: of the classifier, without its classes.
        augmentation: the strengths and the principal colours' digest; empty for pictures as they are.
        seed: of the views.
        precision: that the network computes with, in Lightning's words.
    """

    body: str
    spec: Mapping[str, Any]
    augmentation: Mapping[str, Any]
    seed: int
    precision: str = "32-true"

    def key(self, picture_sha256: str, view: int) -> str:
        """A name of 64 hexadecimal digits that no other input shares."""
        programs = {"version": VERSION, "torch": torch.__version__, "kornia": kornia.__version__}
        told = {**asdict(self), **programs, "picture": picture_sha256, "view": view}
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def origin_of(
    network: nn.Module, head: str, spec: ClassifierSpec, settings: ClassifySettings, principal: Tensor | None
) -> Origin:
    """What the augmented views of a network's frozen body depend on."""
    body = digest_of({name: value for name, value in network.state_dict().items() if not name.startswith(f"{head}.")})
    described = {name: value for name, value in spec_to_json(spec).items() if name != "classes"}
    strengths = {name: getattr(settings, name) for name in AUGMENTS}
    colours = "" if principal is None else digest_of({"principal": principal})
    return Origin(body, described, {**strengths, "principal": colours}, settings.seed)
