"""The settings of a YOLO with anchors."""

from dataclasses import dataclass

from models.detect.settings import TrainingSettings
from models.detect.spec import HEADS
from models.errors import RecipeError
from models.setting_table import described


@dataclass(frozen=True)
class YoloSettings(TrainingSettings):
    """What a run of a YOLO does.

    Raises:
        RecipeError: a value is out of its bounds, or no whole grid lies on a picture of a size asked for.
    """

    heads: str = described("wide", "wide, or slim: the neck and heads of Yolo-Fastest", choices=HEADS)
    neck: tuple[int, ...] = described((), "channels in front of each wide head; empty: half of the backbone's")
    strides: tuple[int, ...] = described((16, 32), "input pixels per cell, one scale each")
    anchors_per_scale: int = described(3, "boxes that one cell predicts", 1, 9)
    scale_xy: float = described(2.0, "reach of a cell; 1 is the paper's", 1, 3)
    box_term: str = described("ciou", "loss of boxes: ciou, or squared as in the papers", choices=("ciou", "squared"))
    objectness_target: str = described(
        "iou", "what a responsible anchor is taught: iou (v1, v2) or one (v3)", choices=("iou", "one")
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        deepest = max(self.strides)
        if any(size % deepest for size in (self.input_size, *self.train_sizes)):
            raise RecipeError(
                f"input_size {self.input_size} and train_sizes {self.train_sizes} must be multiples of {deepest}"
            )
