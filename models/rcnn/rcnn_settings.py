"""The settings of R-CNN, which has a run of its own."""

from dataclasses import dataclass

from models.detect.settings import RunSettings
from models.setting_table import described

CONTEXT = 16 / 227
"""A crop of 227×227 has 16 pixels of surroundings on each side (Girshick et al. 2014, appendix A)."""


@dataclass(frozen=True)
class RcnnSettings(RunSettings):
    """What a run of an R-CNN does.

    Raises:
        RecipeError: a value is out of its bounds.
    """

    epochs: int = described(8, "passes over the training pictures while the network is fine-tuned", 1)
    batch: int = described(4, "pictures per step and device", 1)
    learning_rate: float = described(1e-3, "peak of the cosine schedule (AdamW)", 0)
    weight_decay: float = described(0.05, "AdamW's, on convolution weights only", 0)
    clip_norm: float = described(10.0, "gradients are scaled down to this norm", 0)
    backbone: str = described("fastest-xl", "darknet-slim, fastest-xl, or a network such as resnet18")
    freeze: int = described(0, "first stages of the backbone that stay as they are, batch norms too", 0, 5)
    repeat_threshold: float = described(0.2, "classes on a smaller fraction of the pictures are shown more often", 0, 1)
    workers: int = described(0, "processes that prepare pictures; 0 is fastest on two cores", 0)
    proposals: int = described(400, "regions of a picture that are judged, at most", 1)
    side_px: int = described(240, "longer side to which pictures are shrunk for selective search", 32)
    segment_scales: tuple[float, ...] = described(
        (20.0, 50.0, 100.0), "of the segments that selective search starts from"
    )
    crop_size: int = described(64, "side in pixels of the warped regions that the network sees", 32)
    context: float = described(CONTEXT, "part of a crop's side, on each side, that shows its surroundings", 0, 0.4)
    hidden: int = described(256, "numbers that describe a region to the classes' machines", 1)
    dropout: float = described(0.5, "probability that one of them is zeroed in training", 0, 0.9)
    regions_drawn: int = described(32, "regions of a picture that are learnt from", 2)
    region_positives: float = described(0.25, "most of them that stand for objects", 0.01, 1)
    colour: float = described(
        0.5, "how far the colours of crops are changed; 1: as far as those of whole pictures", 0, 1
    )
    svm_regions: int = described(300, "regions of a picture among which hard negatives are looked for", 1)
    svm_cost: float = described(1e-3, "C of the support vector machines, for features of norm 20", 1e-9)
    ridge: float = described(1000.0, "λ of the regression of boxes, for features of norm 20", 1e-9)
    nms_iou: float = described(0.4, "of two boxes of one class that overlap more, the weaker goes", 0.05, 1)
