"""Every setting of a detector's training: one typed, bounded, described table; the command line and recipes are made from it."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from models.detect.spec import HEADS
from models.errors import RecipeError
from models.setting_table import convert, described, require_bounds

CHOICES: Mapping[str, Sequence[str]] = {
    "heads": HEADS,
    "split": ("own", "content"),
    "box_term": ("ciou", "squared"),
    "objectness_target": ("iou", "one"),
}


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
    start_share: float = described(0.0, "share of the weights to start from in those that are kept (WiSE-FT)", 0, 0.9)
    clip_norm: float = described(10.0, "gradients are scaled down to this norm", 0)
    input_size: int = described(320, "side in pixels of the letterboxed input", 32)
    train_sizes: tuple[int, ...] = described(
        (), "sides drawn from at each step (YOLOv2, section 2); empty: the input size"
    )
    backbone: str = described("darknet-slim", "darknet-slim, fastest-xl, or a network such as resnet18")
    heads: str = described("wide", "wide, or slim: the neck and heads of Yolo-Fastest")
    neck: tuple[int, ...] = described((), "channels in front of each wide head; empty: half of the backbone's")
    freeze: int = described(0, "first stages of the backbone that stay as they are, batch norms too", 0, 5)
    strides: tuple[int, ...] = described((16, 32), "input pixels per cell, one scale each")
    anchors_per_scale: int = described(3, "boxes that one cell predicts", 1, 9)
    scale_xy: float = described(2.0, "reach of a cell; 1 is the paper's", 1, 3)
    split: str = described("own", "own: as the sets come divided, by content where they are not; content: by hash")
    val_fraction: float = described(0.15, "share of each class's undivided pictures kept to validate", 0.01, 0.9)
    val_every: int = described(5, "epochs between validations", 1)
    patience: int = described(0, "stop after so many validations without a better mAP50; 0: never", 0)
    seed: int = described(0, "of everything random", 0)
    mosaic: float = described(0.6, "chance of four pictures on one canvas", 0, 1)
    plain_fraction: float = described(0.15, "last part of the run: no mosaic, input size only", 0, 1)
    copy_paste: float = described(0.0, "chance of objects pasted in from other pictures", 0, 1)
    perspective: float = described(0.0, "largest tilt; 0.2 lets one side look 1.2 times as near as the other", 0, 0.5)
    camera: float = described(0.0, "chance of each of blur, noise, coarse JPEG, no colour", 0, 1)
    smallest: float = described(0.65, "least size of a picture relative to its letterboxed size", 0.1, 1)
    largest: float = described(1.5, "greatest size of a picture relative to its letterboxed size", 1, 4)
    rotation_deg: float = described(4.0, "largest random turn", 0, 45)
    quarter_turn: float = described(0.1, "chance of a turn by 90, 180 or 270 degrees", 0, 1)
    repeat_threshold: float = described(0.2, "classes on a smaller fraction of the pictures are shown more often", 0, 1)
    cache_px: int = described(448, "long side to which pictures are shrunk in memory", 64)
    cache_gib: float = described(4.0, "memory for decoded pictures; what does not fit is read at each look", 0)
    workers: int = described(0, "processes that prepare pictures; 0 is fastest on two cores", 0)
    box_term: str = described("ciou", "loss of boxes: ciou, or squared as in the papers")
    objectness_target: str = described("iou", "what a responsible anchor is taught: iou (v1, v2) or one (v3)")

    def __post_init__(self) -> None:
        require_bounds(self)
        for name, allowed in CHOICES.items():
            if getattr(self, name) not in allowed:
                raise RecipeError(f"{name} = {getattr(self, name)!r}: one of {', '.join(allowed)} expected")
        deepest = max(self.strides)
        if any(size % deepest for size in (self.input_size, *self.train_sizes)):
            raise RecipeError(
                f"input_size {self.input_size} and train_sizes {self.train_sizes} must be multiples of {deepest}"
            )


@dataclass(frozen=True)
class Recipe:
    """Settings with the data they are meant for; paths are absolute or relative to the data root given to `read_recipe`.

    Attributes:
        settings: how to train.
        data: labelled sets.
        classes: names to keep, in id order; empty keeps all.
        notes: licence and attribution by set name.
        backgrounds: pictures, or folders of them, that show none of the classes.
        not_backgrounds: names of pictures in them that do.
        start: weights to start from.
    """

    settings: TrainingSettings
    data: tuple[Path, ...] = ()
    classes: tuple[str, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    backgrounds: tuple[Path, ...] = ()
    not_backgrounds: tuple[str, ...] = ()
    start: Path | None = None


def read_recipe(path: Path, data_root: Path) -> Recipe:
    """Reads a recipe: TOML with the tables `data` (paths, classes, backgrounds, not_backgrounds, start), `notes` and `settings`.

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
    settings = {name: convert(TrainingSettings, name, value) for name, value in content.get("settings", {}).items()}
    return Recipe(
        TrainingSettings(**settings),
        tuple(data_root / entry for entry in data.get("paths", [])),
        tuple(data.get("classes", [])),
        content.get("notes", {}),
        tuple(data_root / entry for entry in data.get("backgrounds", [])),
        tuple(data.get("not_backgrounds", [])),
        data_root / data["start"] if "start" in data else None,
    )
