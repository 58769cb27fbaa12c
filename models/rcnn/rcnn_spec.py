"""What a trained R-CNN is, as JSON-ready values."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from models.detect.spec import BackboneTable, ResidualTable, table_from_json
from models.errors import WeightsFileError
from models.rcnn.rcnn_settings import CONTEXT


@dataclass(frozen=True)
class RcnnSpec:
    """Everything needed to rebuild an R-CNN, to find and cut its regions, and to select among what it says of them.

    Attributes:
        classes: names in class-id order, without the background.
        backbone: the table of stages; its deepest map describes a crop.
        crop_size: side in pixels of the warped regions, which is the network's input.
        context: part of a crop's side, on each side, that shows its surroundings.
        hidden: numbers that describe a region to the classes' machines.
        dropout: probability that one of them is zeroed in training.
        proposals: most regions of a picture.
        side_px: longer side to which a picture is shrunk before regions are looked for.
        scales: of the segments that selective search starts from.
        nms_iou: of two boxes of one class that overlap more, the weaker goes.
        input_size: side in pixels of the square that reports show pictures in; the network itself sees crops only.
        pad_value: grey level (0 to 255) of a crop where there is no picture.
        channel_order: order of the input's channels.
        pixel_scale: factor from uint8 pixels to the network's float32 input.

    Raises:
        ValueError: a value cannot be, or the backbone has no whole map of such a crop.
    """

    classes: tuple[str, ...]
    backbone: BackboneTable = field(default_factory=ResidualTable)
    crop_size: int = 64
    context: float = CONTEXT
    hidden: int = 256
    dropout: float = 0.5
    proposals: int = 400
    side_px: int = 240
    scales: tuple[float, ...] = (20.0, 50.0, 100.0)
    nms_iou: float = 0.4
    input_size: int = 320
    pad_value: int = 114
    channel_order: str = "rgb"
    pixel_scale: float = 1 / 255

    def __post_init__(self) -> None:
        if not self.classes or len(set(self.classes)) != len(self.classes):
            raise ValueError(f"class names must be present and distinct, found {self.classes}")
        if self.crop_size < 1 or self.crop_size % self.stride:
            raise ValueError(f"crop_size {self.crop_size} must be a multiple of {self.stride}, the backbone's stride")
        if min(self.hidden, self.proposals, self.side_px) < 1 or not self.scales or not 0 <= self.context < 0.5:
            raise ValueError(
                f"hidden {self.hidden}, proposals {self.proposals} and side_px {self.side_px} must be at least 1, "
                f"context {self.context} below 0.5, and a scale is needed, found {self.scales}"
            )

    @property
    def stride(self) -> int:
        """Crop pixels per step of the map that describes a crop."""
        return max(self.backbone.strides)

    @property
    def pooled(self) -> int:
        """Numbers of that map: what boxes are regressed from."""
        return self.backbone.width_at(self.stride) * (self.crop_size // self.stride) ** 2


def rcnn_spec_to_json(value: RcnnSpec) -> dict[str, Any]:
    """A plain dict of JSON types; tuples become lists once dumped."""
    return asdict(value)


def rcnn_spec_from_json(value: Mapping[str, Any]) -> RcnnSpec:
    """The inverse of `rcnn_spec_to_json`.

    Raises:
        WeightsFileError: a field is missing, unknown or contradicts another.
    """
    try:
        lists = {name: tuple(value[name]) for name in ("classes", "scales")}
        return RcnnSpec(**{**value, **lists, "backbone": table_from_json(value["backbone"])})
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise WeightsFileError(f"the spec of the R-CNN cannot be understood ({error}); train it again") from error
