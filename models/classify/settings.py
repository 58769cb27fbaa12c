"""Every setting of a classifier's training: one typed, bounded, described table; the command line and recipes are made from it."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.errors import RecipeError
from models.setting_table import convert, described, require_bounds


@dataclass(frozen=True)
class ClassifySettings:
    """What a run does; the defaults suit some hundred photographs per class. Strengths of 0 leave an augmentation out.

    Raises:
        RecipeError: a value is out of its bounds.
    """

    epochs: int = described(30, "passes over the training pictures", 1)
    batch: int = described(32, "pictures per step and device", 1)
    learning_rate: float = described(1e-3, "peak of the schedule: a linear rise, then a cosine to zero (AdamW)", 0)
    pretrained_rate: float = described(0.1, "factor of the learning rate for layers that --from filled", 0, 1)
    weight_decay: float = described(0.02, "AdamW's, on matrices and kernels only", 0)
    warmup: float = described(0.1, "part of the run over which the rate rises", 0.01, 0.9)
    label_smoothing: float = described(
        0.05, "probability given away to all classes alike (2015, arXiv 1512.00567, section 7)", 0, 0.9
    )
    auxiliary_weight: float = described(
        0.3, "of the auxiliary classifiers' losses (GoogLeNet, arXiv 1409.4842, section 5)", 0, 1
    )
    patience: int = described(10, "validations without a better accuracy before the run stops; 0: never", 0)
    val_fraction: float = described(
        0.2, "share of each class's pictures kept for validation where no val folder is", 0.01, 0.9
    )
    crop_fraction: float = described(0.875, "part of the picture's largest centred crop that is looked at", 0.1, 1)
    mirror: float = described(0.5, "chance of left and right changed", 0, 1)
    crop: float = described(0.4, "largest part of the area that a random crop leaves out", 0, 0.95)
    rotation_deg: float = described(10.0, "largest random turn", 0, 180)
    shift: float = described(0.0, "largest random move, in parts of the side", 0, 0.9)
    zoom: float = described(0.0, "how much smaller a picture may become, in parts of its size", 0, 0.9)
    channel_shift: float = described(0.08, "largest change of each colour channel by itself, of 1", 0, 1)
    pca_colour: float = described(0.1, "spread of the change along the principal colours (AlexNet, section 4.1)", 0, 1)
    noise: float = described(0.02, "spread of the noise added to every value, of 1", 0, 1)
    blur: float = described(0.0, "largest softness in pixels of the input", 0, 10)
    light: float = described(0.0, "strongest uneven light across the picture, of 1", 0, 1)
    thin: float = described(0.0, "largest width in pixels that a dark stroke loses at each edge", 0, 16)
    bold: float = described(0.0, "largest width in pixels that a dark stroke gains at each edge", 0, 16)
    fade: float = described(0.0, "how much contrast may be lost, of 1", 0, 0.95)
    invert: float = described(0.0, "chance of dark and light changed", 0, 1)
    views: int = described(4, "fixed augmented looks at each picture with --transfer head", 1)
    cache_gib: float = described(2.0, "memory for decoded pictures, and disk for cached features", 0)
    workers: int = described(0, "processes that prepare pictures; 0 is fastest where they fit into memory", 0)
    seed: int = described(0, "of everything random", 0)

    def __post_init__(self) -> None:
        require_bounds(self)


@dataclass(frozen=True)
class ClassifyRecipe:
    """Settings with the network and the data that they are meant for.

    Attributes:
        settings: the table's values.
        data: a folder of pictures by class, or the built-in set `digits`.
        model: a name of the registry of backbones.
        options: that network's own options.
        size_hw: (height, width) of its input in pixels; None for the published one.
        notes: licence and attribution by set name.
    """

    settings: ClassifySettings
    data: str = ""
    model: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    size_hw: tuple[int, int] | None = None
    notes: Mapping[str, str] = field(default_factory=dict)


TABLES = {"data", "model", "notes", "settings"}


def read_recipe(path: Path, data_root: Path) -> ClassifyRecipe:
    """Reads a recipe: TOML with the tables `data` (path), `model` (name, size, options), `notes` and `settings`.

    Raises:
        RecipeError: no such file, no TOML, or an unknown or ill-typed entry.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RecipeError(f"{path}: not a readable recipe ({error})") from error
    if unknown := set(content) - TABLES:
        raise RecipeError(f"{path}: unknown tables {sorted(unknown)}; known are {', '.join(sorted(TABLES))}")
    settings = {name: convert(ClassifySettings, name, value) for name, value in content.get("settings", {}).items()}
    data, model = content.get("data", {}).get("path", ""), content.get("model", {})
    size = model.get("size")
    return ClassifyRecipe(
        ClassifySettings(**settings),
        data if data in ("", "digits") else str(data_root / data),
        model.get("name", ""),
        model.get("options", {}),
        parse_size(",".join(map(str, size))) if size else None,
        content.get("notes", {}),
    )


def parse_size(text: str) -> tuple[int, int]:
    """(height, width) from "H,W" or one number for both.

    Raises:
        RecipeError: it is neither.
    """
    try:
        sides = [int(side) for side in text.split(",")]
    except ValueError as error:
        raise RecipeError(f"size {text!r}: pixels as H,W or one number expected") from error
    if len(sides) not in (1, 2) or min(sides) < 8:
        raise RecipeError(f"size {text!r}: one or two numbers of at least 8 expected, as H,W")
    return sides[0], sides[-1]


def parse_options(texts: Sequence[str]) -> dict[str, Any]:
    """Options of an architecture from "K=V" each: a number, true or false where it looks like one, else text.

    Raises:
        RecipeError: there is no = in one.
    """
    return dict(_parse_option(text) for text in texts)


def _parse_option(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise RecipeError(f"--option {text!r}: NAME=VALUE expected")
    if value.lower() in ("true", "false"):
        return name, value.lower() == "true"
    for kind in (int, float):
        try:
            return name, kind(value)
        except ValueError:
            continue
    return name, value
