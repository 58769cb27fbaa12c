"""Every setting of an embedder's training: one typed, bounded, described table; the command line and recipes are made from it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.classify.settings import parse_size
from models.errors import RecipeError
from models.setting_table import convert, described, require_bounds

LOSSES = ("triplet", "contrastive", "softmax", "l-softmax", "cosface", "arcface")


@dataclass(frozen=True)
class FacesSettings:
    """What a run does; the defaults suit some dozens of people with ten pictures each. Strengths of 0 leave an augmentation out.

    Raises:
        RecipeError: a value is out of its bounds.
    """

    loss: str = described("triplet", f"one of {', '.join(LOSSES)}")
    mining: str = described("batch-hard", "how triplets are chosen: random, semi-hard or batch-hard")
    margin: float = described(
        0.0, "of the loss; 0: triplet 0.2, contrastive 1, l-softmax 2, cosface 0.35, arcface 0.5", 0, 8
    )
    scale: float = described(16.0, "of the cosines of CosFace and ArcFace before the softmax", 1, 128)
    epochs: int = described(40, "times that the batches below are seen", 1)
    batches: int = described(15, "in an epoch", 1)
    people: int = described(16, "in a batch", 2)
    pictures: int = described(4, "of each of them", 2)
    learning_rate: float = described(2e-3, "peak of the schedule: a linear rise, then a cosine to zero (AdamW)", 0)
    weight_decay: float = described(0.05, "AdamW's, on matrices and kernels only", 0)
    warmup: float = described(0.1, "part of the run over which the rate rises", 0.01, 0.9)
    folds: int = described(
        3, "parts of the people, each left out once to measure and to set the threshold; 0: none", 0, 50
    )
    virtual: int = described(0, "people made of each real one by bending all of its pictures alike", 0, 100)
    bend: float = described(0.06, "spread of that bend, in parts of half the input's side", 0, 0.5)
    mirror: float = described(0.5, "chance of left and right changed", 0, 1)
    rotation_deg: float = described(6.0, "largest random turn", 0, 180)
    zoom: float = described(0.08, "largest change of size, as a logarithm", 0, 1)
    shift: float = described(0.04, "largest random move, in parts of the side", 0, 0.5)
    pose: float = described(
        0.0, "how far the middle of the face moves as in a turned head, in parts of half the side", 0, 0.5
    )
    blur: float = described(2.0, "factor by which a picture may be made smaller and larger again", 1, 8)
    gamma: float = described(0.4, "largest change of gamma, as a logarithm", 0, 2)
    contrast: float = described(0.3, "largest change of contrast, as a logarithm", 0, 2)
    brightness: float = described(0.15, "largest change of brightness, of 1", 0, 1)
    light: float = described(0.4, "strongest light from one side, of 1", 0, 1)
    occlusion: float = described(0.3, "chance of a grey rectangle over the face", 0, 1)
    noise: float = described(0.04, "largest spread of the noise added to every value, of 1", 0, 1)
    seed: int = described(0, "of everything random")

    def __post_init__(self) -> None:
        require_bounds(self)
        if self.loss not in LOSSES:
            raise RecipeError(f"loss {self.loss!r}: it must be one of {', '.join(LOSSES)}")


@dataclass(frozen=True)
class FacesRecipe:
    """Settings with the network and the data that they are meant for.

    Attributes:
        settings: the table's values.
        data: a folder with one folder of pictures for each person.
        model: "small", "deepid", or a name of the registry of backbones.
        options: that network's own options.
        size_hw: (height, width) of the input in pixels.
        dimension: of the embedding.
        colour: "grey" or "rgb".
        mirrored: embeddings are means over a picture and its mirror image.
        context: how much around the face the input shows; see `alignment.template`.
        notes: licence and attribution by set name.
    """

    settings: FacesSettings
    data: str = ""
    model: str = "small"
    options: Mapping[str, Any] = field(default_factory=dict)
    size_hw: tuple[int, int] = (64, 64)
    dimension: int = 128
    colour: str = "grey"
    mirrored: bool = True
    context: float = 1.0
    notes: Mapping[str, str] = field(default_factory=dict)


TABLES = {"data", "model", "notes", "settings"}


def read_recipe(path: Path, data_root: Path) -> FacesRecipe:
    """Reads a recipe: TOML with the tables `data` (path), `model` (name, size, dimension, …), `notes` and `settings`.

    Raises:
        RecipeError: no such file, no TOML, or an unknown or ill-typed entry.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RecipeError(f"{path}: not a readable recipe ({error})") from error
    if unknown := set(content) - TABLES:
        raise RecipeError(f"{path}: unknown tables {sorted(unknown)}; known are {', '.join(sorted(TABLES))}")
    settings = {name: convert(FacesSettings, name, value) for name, value in content.get("settings", {}).items()}
    data, model = content.get("data", {}).get("path", ""), content.get("model", {})
    return FacesRecipe(
        FacesSettings(**settings),
        str(data_root / data) if data else "",
        model.get("name", "small"),
        model.get("options", {}),
        parse_size(",".join(map(str, model.get("size", (64, 64))))),
        model.get("dimension", 128),
        model.get("colour", "grey"),
        model.get("mirrored", True),
        model.get("context", 1.0),
        content.get("notes", {}),
    )
