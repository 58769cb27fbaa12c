"""The settings that detectors have in common: typed, bounded, described tables; the command line and recipes are made from them.

A model's own table derives from one of these: `TrainingSettings` where the loop of `models.detect.run` trains it, `RunSettings`
where it has a way of its own. These files import no torch, for the command's help is made from them.
"""

from dataclasses import dataclass

from models.setting_table import described, require_bounds


@dataclass(frozen=True)
class RunSettings:
    """What every run has, however it trains: the division of its pictures, the size they are seen at, and its seed.

    Raises:
        RecipeError: a value is out of its bounds.
    """

    split: str = described(
        "own",
        "own: as the sets come divided, by content where they are not; content: by hash",
        choices=("own", "content"),
    )
    val_fraction: float = described(0.15, "share of each class's undivided pictures kept to validate", 0.01, 0.9)
    seed: int = described(0, "of everything random", 0)
    input_size: int = described(320, "side in pixels of the letterboxed input", 32)

    def __post_init__(self) -> None:
        require_bounds(self)


@dataclass(frozen=True)
class TrainingSettings(RunSettings):
    """What the loop does; the defaults suit some hundred pictures on a small processor."""

    epochs: int = described(100, "passes over the training pictures", 1)
    batch: int = described(16, "pictures per step and device", 1)
    learning_rate: float = described(2e-3, "peak of the cosine schedule (AdamW)", 0)
    weight_decay: float = described(0.05, "AdamW's, on convolution weights only", 0)
    warmup_epochs: float = described(2.0, "epochs over which the rate rises from zero", 0)
    ema_decay: float = described(0.998, "of the averaged weights, which are what is validated and saved", 0, 1)
    start_share: float = described(0.0, "share of the weights to start from in those that are kept (WiSE-FT)", 0, 0.9)
    clip_norm: float = described(10.0, "gradients are scaled down to this norm", 0)
    train_sizes: tuple[int, ...] = described(
        (), "sides drawn from at each step (YOLOv2, section 2); empty: the input size"
    )
    backbone: str = described("darknet-slim", "darknet-slim, fastest-xl, or a network such as resnet18")
    freeze: int = described(0, "first stages of the backbone that stay as they are, batch norms too", 0, 5)
    val_every: int = described(5, "epochs between validations", 1)
    patience: int = described(0, "stop after so many validations without a better mAP50; 0: never", 0)
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
