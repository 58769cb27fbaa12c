"""What a trained YOLOv1 is, as JSON-ready values."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from models.detect.spec import BackboneTable, ResidualTable, table_from_json
from models.errors import WeightsFileError


@dataclass(frozen=True)
class YoloV1Spec:
    """Everything needed to rebuild a YOLOv1 and to feed and decode it.

    Attributes:
        classes: names in class-id order.
        side: S, cells along each side of the picture.
        boxes_per_cell: B.
        backbone: the table of stages; its deepest map is where the detector's own layers begin.
        added: channels of the 3×3 convolutions behind it (the paper adds four to its pretrained ones).
        squeezed: channels that the map is brought to before it is flattened.
        hidden: width of a dense layer before the last one; 0: none.
        dropout: probability that a value of what the last layer sees is zeroed in training.
        input_size: side in pixels of the square, letterboxed input. Dense layers take no other.
        pad_value: grey level (0 to 255) around a letterboxed picture.
        channel_order: order of the input's channels.
        pixel_scale: factor from uint8 pixels to the network's float32 input.

    Raises:
        ValueError: a value cannot be, or the backbone has no whole map of such a picture.
    """

    classes: tuple[str, ...]
    side: int = 7
    boxes_per_cell: int = 2
    backbone: BackboneTable = field(default_factory=ResidualTable)
    added: tuple[int, ...] = (128,)
    squeezed: int = 64
    hidden: int = 0
    dropout: float = 0.2
    input_size: int = 320
    pad_value: int = 114
    channel_order: str = "rgb"
    pixel_scale: float = 1 / 255

    def __post_init__(self) -> None:
        if not self.classes or len(set(self.classes)) != len(self.classes):
            raise ValueError(f"class names must be present and distinct, found {self.classes}")
        counts = (self.side, self.boxes_per_cell, self.squeezed, *self.added)
        if min(counts) < 1 or self.hidden < 0 or not 0 <= self.dropout < 1:
            raise ValueError(
                f"at least one cell, box and channel are needed, found {counts}, {self.hidden}, {self.dropout}"
            )
        if self.input_size < 1 or self.input_size % self.stride:
            raise ValueError(f"input_size {self.input_size} must be a multiple of {self.stride}, the backbone's stride")

    @property
    def stride(self) -> int:
        """Input pixels per step of the map that the dense layers see."""
        return max(self.backbone.strides)

    @property
    def steps(self) -> int:
        """Places of that map, each way."""
        return self.input_size // self.stride

    @property
    def values_per_cell(self) -> int:
        """B·5 + C: x, y, w, h and confidence of each box, then one probability for each class."""
        return self.boxes_per_cell * 5 + len(self.classes)


def spec_to_json(value: YoloV1Spec) -> dict[str, Any]:
    """A plain dict of JSON types; tuples become lists once dumped."""
    return asdict(value)


def spec_from_json(value: Mapping[str, Any]) -> YoloV1Spec:
    """The inverse of `spec_to_json`.

    Raises:
        WeightsFileError: a field is missing, unknown or contradicts another.
    """
    try:
        lists = {name: tuple(value[name]) for name in ("classes", "added")}
        return YoloV1Spec(**{**value, **lists, "backbone": table_from_json(value["backbone"])})
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise WeightsFileError(f"the spec of the YOLOv1 cannot be understood ({error}); train it again") from error
