"""Every setting of a training run: one typed, bounded, described table; the command line and recipes are made from it."""

import tomllib
import typing
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any

from models.errors import RecipeError


def described(default: Any, text: str, low: float | None = None, high: float | None = None) -> Any:
    """A dataclass field with its help text and inclusive bounds."""
    return field(default=default, metadata={"help": text, "low": low, "high": high})


@dataclass(frozen=True)
class TrainingSettings:
    """What a run does; the defaults suit some hundred pictures on a small processor.

    Raises:
        RecipeError: a value is out of its bounds.
    """

    epochs: int = described(100, "passes over the training pictures", 1)
    batch: int = described(16, "pictures per step and device", 1)
    learning_rate: float = described(2e-3, "peak of the cosine schedule (AdamW)", 0)
    weight_decay: float = described(0.05, "AdamW's, on convolution weights only", 0)
    warmup_epochs: float = described(2.0, "epochs over which the rate rises from zero", 0)
    ema_decay: float = described(0.998, "of the averaged weights, which are what is validated and saved", 0, 1)
    clip_norm: float = described(10.0, "gradients are scaled down to this norm", 0)
    input_size: int = described(320, "side in pixels of the letterboxed input", 32)
    train_sizes: tuple[int, ...] = described(
        (), "sides drawn from at each step (YOLOv2, section 2); empty: the input size"
    )
    strides: tuple[int, ...] = described((16, 32), "input pixels per cell, one scale each")
    anchors_per_scale: int = described(3, "boxes that one cell predicts", 1, 9)
    scale_xy: float = described(2.0, "reach of a cell; 1 is the paper's", 1, 3)
    val_fraction: float = described(0.15, "share of each class's pictures kept for validation", 0.01, 0.9)
    val_every: int = described(5, "epochs between validations", 1)
    seed: int = described(0, "of everything random", 0)
    mosaic: float = described(0.6, "chance of four pictures on one canvas", 0, 1)
    plain_fraction: float = described(0.15, "last part of the run: no mosaic, input size only", 0, 1)
    rotation_deg: float = described(4.0, "largest random turn", 0, 45)
    quarter_turn: float = described(0.1, "chance of a turn by 90, 180 or 270 degrees", 0, 1)
    repeat_threshold: float = described(0.2, "classes on a smaller fraction of the pictures are shown more often", 0, 1)
    cache_px: int = described(448, "long side to which pictures are shrunk in memory", 64)
    cache_gib: float = described(4.0, "memory for decoded pictures; what does not fit is read at each look", 0)
    workers: int = described(0, "processes that prepare pictures; 0 is fastest on two cores", 0)
    box_term: str = described("ciou", "loss of boxes: ciou, or squared as in the papers")
    objectness_target: str = described("iou", "what a responsible anchor is taught: iou (v1, v2) or one (v3)")

    def __post_init__(self) -> None:
        for one in fields(self):
            _require_bounds(one, getattr(self, one.name))
        deepest = max(self.strides)
        if any(size % deepest for size in (self.input_size, *self.train_sizes)):
            raise RecipeError(
                f"input_size {self.input_size} and train_sizes {self.train_sizes} must be multiples of {deepest}"
            )


@dataclass(frozen=True)
class Recipe:
    """Settings with the data they are meant for; paths are absolute or relative to the data root given to `read_recipe`."""

    settings: TrainingSettings
    data: tuple[Path, ...] = ()
    classes: tuple[str, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)


def _require_bounds(one: "Field[Any]", value: Any) -> None:
    low, high = one.metadata["low"], one.metadata["high"]
    if (low is not None and value < low) or (high is not None and value > high):
        wanted = f"at least {low}" if high is None else f"between {low} and {high}"
        raise RecipeError(f"{one.name} = {value} is out of bounds; it must be {wanted}")


def item_type(one: "Field[Any]") -> type:
    """The type of a setting, or of its items where it is a list."""
    hint = typing.get_type_hints(TrainingSettings)[one.name]
    items = typing.get_args(hint)
    chosen: type = items[0] if items else hint
    return chosen


def convert(name: str, value: Any) -> Any:
    """A TOML or command-line value as the setting's own type.

    Raises:
        RecipeError: no setting has this name, or the value is of another type.
    """
    known = {one.name: one for one in fields(TrainingSettings)}
    if name not in known:
        raise RecipeError(f"unknown setting {name!r}; known are {', '.join(known)}")
    wanted = item_type(known[name])
    allowed = (int, float) if wanted is float else (wanted,)
    values = value if isinstance(value, list | tuple) else [value]
    if any(not isinstance(item, allowed) or isinstance(item, bool) for item in values):
        raise RecipeError(f"{name} = {value!r}: {wanted.__name__} expected")
    many = isinstance(known[name].default, tuple)
    if not many and isinstance(value, list | tuple):
        raise RecipeError(f"{name} = {value!r}: one {wanted.__name__} expected")
    return tuple(wanted(item) for item in values) if many else wanted(value)


def read_recipe(path: Path, data_root: Path) -> Recipe:
    """Reads a recipe: TOML with the tables `data` (paths, classes), `notes` and `settings`.

    Raises:
        RecipeError: no such file, no TOML, or an unknown or ill-typed entry.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise RecipeError(f"{path}: not a readable recipe ({error})") from error
    if unknown := set(content) - {"data", "notes", "settings"}:
        raise RecipeError(f"{path}: unknown tables {sorted(unknown)}; known are data, notes, settings")
    data = content.get("data", {})
    settings = {name: convert(name, value) for name, value in content.get("settings", {}).items()}
    paths = tuple(data_root / entry for entry in data.get("paths", []))
    return Recipe(TrainingSettings(**settings), paths, tuple(data.get("classes", [])), content.get("notes", {}))
