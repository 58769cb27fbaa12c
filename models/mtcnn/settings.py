"""Every setting of the training of one of MTCNN's networks; the command line is made from this table."""

from dataclasses import dataclass

from models.setting_table import described, require_bounds


@dataclass(frozen=True)
class MtcnnSettings:
    """What a run does.

    Raises:
        RecipeError: a value is out of its bounds.
    """

    epochs: int = described(30, "rounds of squares", 1)
    squares: int = described(50_000, "squares drawn anew in every epoch, in the paper's mixture of kinds", 7)
    val_squares: int = described(7_000, "squares of validation, the same in every epoch", 7)
    batch: int = described(256, "squares per step and device", 1)
    learning_rate: float = described(2e-3, "peak of the schedule: a linear rise, then a cosine to zero (AdamW)", 0)
    weight_decay: float = described(1e-4, "AdamW's, on matrices and kernels only", 0)
    warmup: float = described(0.05, "part of the run over which the rate rises", 0.01, 0.9)
    hard_share: float = described(
        0.7, "part of the squares, those with the largest losses, that teach face or not (section II.C)", 0.01, 1
    )
    mirror: float = described(0.5, "chance of left and right changed", 0, 1)
    val_fraction: float = described(0.1, "share of pictures for validation where a set is not divided", 0.01, 0.9)
    least_face_px: int = described(20, "with --after: side of the smallest square that is looked at", 12)
    cache_gib: float = described(2.0, "memory for decoded pictures", 0)
    workers: int = described(0, "processes that prepare squares", 0)
    seed: int = described(0, "of everything random", 0)

    def __post_init__(self) -> None:
        require_bounds(self)
