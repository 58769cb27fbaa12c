"""The settings of Fast R-CNN and Faster R-CNN."""

from dataclasses import dataclass

from models.detect.settings import TrainingSettings
from models.errors import RecipeError
from models.setting_table import described

ROI_OPERATORS = ("align", "max")


@dataclass(frozen=True)
class RegionHeadSettings(TrainingSettings):
    """What both have.

    Raises:
        RecipeError: a value is out of its bounds, or no whole map lies on a picture of a size asked for.
    """

    backbone: str = described("fastest-xl", "darknet-slim, fastest-xl, or a network such as resnet18")
    strides: tuple[int, ...] = described((8, 16, 32), "input pixels per cell of the maps that regions are cut from")
    pyramid: int = described(64, "channels of the feature pyramid's levels; 0: none, with one stride", 0)
    roi: str = described(
        "align", "how a region is cut from a map: align, or max as in Fast R-CNN", choices=ROI_OPERATORS
    )
    roi_size: int = described(7, "bins of a region, each way", 1, 28)
    canonical_px: float = described(64.0, "regions of this size are cut from the map of stride 16 (224 in FPN)", 1)
    hidden: int = described(256, "width of the two layers that judge a region", 1)
    proposals: int = described(150, "regions of a picture that are judged, at most", 1)
    regions_drawn: int = described(64, "regions of a picture that are learnt from", 2)
    region_positives: float = described(0.25, "most of them that stand for objects", 0.01, 1)

    def __post_init__(self) -> None:
        super().__post_init__()
        deepest = max(self.strides)
        if any(size % deepest for size in (self.input_size, *self.train_sizes)):
            raise RecipeError(
                f"input_size {self.input_size} and train_sizes {self.train_sizes} must be multiples of {deepest}"
            )


@dataclass(frozen=True)
class FasterRcnnSettings(RegionHeadSettings):
    """What a run of a Faster R-CNN does."""

    anchor_scales: tuple[float, ...] = described((3.0, 4.5), "sizes of each level's anchors, in its strides")
    anchor_ratios: tuple[float, ...] = described((0.5, 1.0, 2.0), "height by width of anchors")
    anchors_drawn: int = described(256, "anchors of a picture that are learnt from", 2)
    candidates: int = described(500, "best anchors of a level that compete to be proposals", 1)
    proposal_iou: float = described(0.7, "of two proposals that overlap more, the weaker goes", 0.05, 1)
    learnt_together: int = described(300, "proposals of a picture that examples are drawn from while training", 1)
    schedule: str = described(
        "joint", "joint, or alternating: the four steps of Faster R-CNN's section 3.2", choices=("joint", "alternating")
    )


@dataclass(frozen=True)
class FastRcnnSettings(RegionHeadSettings):
    """What a run of a Fast R-CNN does."""

    proposals: int = described(600, "regions of a picture that are judged, at most", 1)
    side_px: int = described(320, "longer side to which pictures are shrunk for selective search", 32)
    segment_scales: tuple[float, ...] = described(
        (20.0, 50.0, 100.0), "of the segments that selective search starts from"
    )
