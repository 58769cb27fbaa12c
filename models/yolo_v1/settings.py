"""The settings of a YOLOv1."""

from dataclasses import dataclass

from models.detect.settings import TrainingSettings
from models.errors import RecipeError
from models.setting_table import described


@dataclass(frozen=True)
class YoloV1Settings(TrainingSettings):
    """What a run of a YOLOv1 does.

    Raises:
        RecipeError: a value is out of its bounds, or other sizes are asked for than dense layers take.
    """

    side: int = described(7, "cells along each side of the picture", 1, 40)
    boxes_per_cell: int = described(2, "boxes that one cell predicts", 1, 9)
    added: tuple[int, ...] = described((128,), "channels of 3×3 convolutions behind the backbone")
    squeezed: int = described(64, "channels of the map that the dense layers see", 1)
    hidden: int = described(0, "width of a dense layer before the last one; 0: none", 0)
    dropout: float = described(0.2, "probability that a value that the last layer sees is zeroed in training", 0, 0.9)
    coordinates: float = described(5.0, "λ_coord: factor of the error of boxes", 0)
    no_object: float = described(0.5, "λ_noobj: factor of the confidence of boxes that answer for nothing", 0)

    def __post_init__(self) -> None:
        super().__post_init__()
        if any(size != self.input_size for size in self.train_sizes):
            raise RecipeError(
                f"train_sizes {self.train_sizes}: the dense layers of yolo-v1 take pictures of input_size only; leave them out"
            )
