"""What a trained YOLO is (its spec) and where it came from (its provenance), as JSON-ready values."""

import types
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from models.errors import WeightsFileError

AnchorsPx = tuple[tuple[tuple[float, float], ...], ...]


@dataclass(frozen=True)
class Backbone:
    """The backbone as a table: stage i halves the picture, then runs `residuals[i]` residual blocks at `widths[i]` channels."""

    widths: tuple[int, ...] = (16, 32, 64, 128, 256)
    residuals: tuple[int, ...] = (0, 1, 2, 3, 2)

    def width_at(self, stride: int) -> int:
        """Channels of the map with this stride (2 for the first stage, doubling from stage to stage)."""
        return self.widths[stride.bit_length() - 2]


@dataclass(frozen=True)
class YoloSpec:
    """Everything needed to rebuild a YOLO and to feed and decode it.

    Attributes:
        classes: names in class-id order.
        anchors_px: per scale, the (width, height) of each anchor in pixels of the network's input.
        strides: per scale, input pixels per cell, ascending; every one a power of two that the backbone reaches.
        backbone: the table of stages.
        input_size: side in pixels of the square, letterboxed training input. Any multiple of the largest stride runs.
        scale_xy: reach s of a cell: centre = sigmoid(t)·s − (s − 1)/2 + cell. 1.0 is YOLOv3; 2.0 lets a cell answer
            for centres up to half a cell outside itself.
        pad_value: grey level (0 to 255) around a letterboxed picture.
        channel_order: order of the input's channels.
        pixel_scale: factor from uint8 pixels to the network's float32 input.
    """

    classes: tuple[str, ...]
    anchors_px: AnchorsPx
    strides: tuple[int, ...] = (16, 32)
    backbone: Backbone = field(default_factory=Backbone)
    input_size: int = 320
    scale_xy: float = 2.0
    pad_value: int = 114
    channel_order: str = "rgb"
    pixel_scale: float = 1 / 255

    def __post_init__(self) -> None:
        if not self.classes or len(set(self.classes)) != len(self.classes):
            raise ValueError(f"class names must be present and distinct, found {self.classes}")
        if not self.strides or len(self.anchors_px) != len(self.strides) or list(self.strides) != sorted(self.strides):
            raise ValueError(f"strides must ascend with one anchor list each, found {self.strides}, {self.anchors_px}")
        reached = [2 << stage for stage in range(len(self.backbone.widths))]
        if set(self.strides) - set(reached):
            raise ValueError(f"strides {self.strides} are not all reached by the backbone, which offers {reached}")
        if any(len(scale) != len(self.anchors_px[0]) or not scale for scale in self.anchors_px):
            raise ValueError(f"every scale needs the same number of anchors, found {self.anchors_px}")

    @property
    def anchors_per_cell(self) -> int:
        """B: boxes that one cell predicts."""
        return len(self.anchors_px[0])

    @property
    def values_per_anchor(self) -> int:
        """5 + C: tx, ty, tw, th, to and one logit per class."""
        return 5 + len(self.classes)


@dataclass(frozen=True)
class DataSource:
    """One data set that a model was trained on, with what its licence asks to be said."""

    name: str
    pictures: int
    boxes: int
    licence: str = "not stated"
    attribution: str = ""


@dataclass(frozen=True)
class Provenance:
    """Where weights came from: data, measured quality, and what is needed to train them again.

    `metrics` holds fractions in 0 to 1, such as `mAP50`, `mAP50_95` and `AP50/<class>`.
    """

    sources: tuple[DataSource, ...] = ()
    metrics: Mapping[str, float] = field(default_factory=lambda: types.MappingProxyType({}))
    epochs: int = 0
    seed: int = 0
    split_sha256: str = ""
    created: str = ""


def to_json_value(value: YoloSpec | Provenance) -> dict[str, Any]:
    """A plain dict of JSON types; tuples become lists once dumped."""
    if isinstance(value, Provenance):
        plain = {**vars(value), "metrics": dict(value.metrics), "sources": [asdict(source) for source in value.sources]}
        return plain
    return asdict(value)


def spec_from_json(value: Mapping[str, Any]) -> YoloSpec:
    """The inverse of `to_json_value` for a spec.

    Raises:
        WeightsFileError: a field is missing, unknown or contradicts another.
    """
    try:
        backbone = Backbone(**{key: tuple(stages) for key, stages in value["backbone"].items()})
        anchors = tuple(tuple((float(w), float(h)) for w, h in scale) for scale in value["anchors_px"])
        lists = {"classes": tuple(value["classes"]), "strides": tuple(value["strides"])}
        return YoloSpec(**{**value, **lists, "backbone": backbone, "anchors_px": anchors})
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise WeightsFileError(
            f"the spec of the YOLO cannot be understood ({error}); train or export it again"
        ) from error


def provenance_from_json(value: Mapping[str, Any]) -> Provenance:
    """The inverse of `to_json_value` for a provenance.

    Raises:
        WeightsFileError: a field is missing or unknown.
    """
    try:
        sources = tuple(DataSource(**source) for source in value["sources"])
        return Provenance(**{**value, "sources": sources})
    except (KeyError, TypeError) as error:
        raise WeightsFileError(f"the provenance cannot be understood ({error}); train the weights again") from error
