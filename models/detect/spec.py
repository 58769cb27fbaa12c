"""What a trained YOLO is, as JSON-ready values."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from models.errors import WeightsFileError

HEADS = ("wide", "slim")
AnchorsPx = tuple[tuple[tuple[float, float], ...], ...]


@dataclass(frozen=True)
class ResidualTable:
    """A slim Darknet: stage i halves the picture, then runs `residuals[i]` residual blocks at `widths[i]` channels."""

    widths: tuple[int, ...] = (16, 32, 64, 128, 256)
    residuals: tuple[int, ...] = (0, 1, 2, 3, 2)

    @property
    def strides(self) -> tuple[int, ...]:
        """What each stage's map has."""
        return tuple(2 << stage for stage in range(len(self.widths)))

    def width_at(self, stride: int) -> int:
        """Channels of the map with this stride."""
        return self.widths[self.strides.index(stride)]


@dataclass(frozen=True)
class InvertedRow:
    """Some inverted residuals: channels inside (`widened`) and out (`width`), the first one's stride, and how many."""

    widened: int
    width: int
    stride: int
    blocks: int


@dataclass(frozen=True)
class InvertedTable:
    """A stride-2 stem of `stem` channels, then rows of inverted residuals; a row of stride 2 opens a stage."""

    stem: int
    rows: tuple[InvertedRow, ...]

    @property
    def strides(self) -> tuple[int, ...]:
        """What each stage's map has."""
        return tuple(2 << stage for stage in range(1 + sum(row.stride == 2 for row in self.rows)))

    def width_at(self, stride: int) -> int:
        """Channels of the map with this stride."""
        reached, width = 2, self.stem
        for row in self.rows:
            reached *= row.stride
            width = row.width if reached <= stride else width
        return width


@dataclass(frozen=True)
class NetworkTable:
    """A network of `models.backbones.registry`, cut where its map has each of the strides; `widths` are their channels."""

    network: str
    strides: tuple[int, ...]
    widths: tuple[int, ...]

    def width_at(self, stride: int) -> int:
        """Channels of the map with this stride."""
        return self.widths[self.strides.index(stride)]


BackboneTable = ResidualTable | InvertedTable | NetworkTable


@dataclass(frozen=True)
class YoloSpec:
    """Everything needed to rebuild a YOLO and to feed and decode it.

    Attributes:
        classes: names in class-id order.
        anchors_px: per scale, the (width, height) of each anchor in pixels of the network's input.
        strides: per scale, input pixels per cell, ascending; every one a power of two that the backbone reaches.
        backbone: the table of stages.
        neck: per scale, the channels in front of its head; empty: half of the backbone's. Slim heads have none to choose.
        input_size: side in pixels of the square, letterboxed training input. Any multiple of the largest stride runs.
        scale_xy: reach s of a cell: centre = sigmoid(t)·s − (s − 1)/2 + cell. 1.0 is YOLOv3; 2.0 lets a cell answer
            for centres up to half a cell outside itself.
        pad_value: grey level (0 to 255) around a letterboxed picture.
        channel_order: order of the input's channels.
        pixel_scale: factor from uint8 pixels to the network's float32 input.
        heads: the kind of neck and heads, see `models.detect.necks`.
    """

    classes: tuple[str, ...]
    anchors_px: AnchorsPx
    strides: tuple[int, ...] = (16, 32)
    backbone: BackboneTable = field(default_factory=ResidualTable)
    neck: tuple[int, ...] = ()
    input_size: int = 320
    scale_xy: float = 2.0
    pad_value: int = 114
    channel_order: str = "rgb"
    pixel_scale: float = 1 / 255
    heads: str = "wide"

    def __post_init__(self) -> None:
        if not self.classes or len(set(self.classes)) != len(self.classes):
            raise ValueError(f"class names must be present and distinct, found {self.classes}")
        if not self.strides or len(self.anchors_px) != len(self.strides) or list(self.strides) != sorted(self.strides):
            raise ValueError(f"strides must ascend with one anchor list each, found {self.strides}, {self.anchors_px}")
        if set(self.strides) - set(self.backbone.strides):
            raise ValueError(f"strides {self.strides} are not all among the backbone's {self.backbone.strides}")
        if self.heads not in HEADS or (self.neck and self.heads != "wide"):
            raise ValueError(
                f"heads are wide, or slim without a neck; found {self.heads} heads and the neck {self.neck}"
            )
        if self.neck and len(self.neck) != len(self.strides):
            raise ValueError(f"the neck needs one width for each of the strides {self.strides}, found {self.neck}")
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


def spec_to_json(value: YoloSpec) -> dict[str, Any]:
    """A plain dict of JSON types; tuples become lists once dumped."""
    return asdict(value)


def table_from_json(value: Mapping[str, Any]) -> BackboneTable:
    """A backbone's table out of what `asdict` made of it; raises KeyError or TypeError of anything else."""
    """A table from the JSON of its dataclass.

    Raises:
        KeyError, TypeError, ValueError: it is none.
    """
    if "rows" in value:
        return InvertedTable(**{**value, "rows": tuple(InvertedRow(**row) for row in value["rows"])})
    if "network" in value:
        return NetworkTable(value["network"], tuple(value["strides"]), tuple(value["widths"]))
    return ResidualTable(**{key: tuple(stages) for key, stages in value.items()})


def spec_from_json(value: Mapping[str, Any]) -> YoloSpec:
    """The inverse of `spec_to_json`.

    Raises:
        WeightsFileError: a field is missing, unknown or contradicts another.
    """
    try:
        anchors = tuple(tuple((float(w), float(h)) for w, h in scale) for scale in value["anchors_px"])
        lists = {name: tuple(value.get(name, ())) for name in ("classes", "strides", "neck")}
        return YoloSpec(**{**value, **lists, "backbone": table_from_json(value["backbone"]), "anchors_px": anchors})
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise WeightsFileError(
            f"the spec of the YOLO cannot be understood ({error}); train or export it again"
        ) from error
