"""What a trained region network is, as JSON-ready values: Fast R-CNN's, and Faster R-CNN's with its anchors."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar

from models.detect.spec import AnchorsPx, BackboneTable, ResidualTable, table_from_json
from models.errors import WeightsFileError
from models.rcnn.anchor_grid import cell_anchors

ROI_OPERATORS = ("align", "max")


@dataclass(frozen=True)
class RegionHeadSpec:
    """What Fast and Faster R-CNN share: the maps, how a region is cut from them, and who judges it.

    Attributes:
        classes: names in class-id order, without the background.
        backbone: the table of stages.
        strides: input pixels per cell of the maps that regions are cut from, ascending.
        pyramid: channels of every level of the feature pyramid; 0: none, and then there is one map.
        roi: "align" or "max".
        roi_size: bins of a region, each way.
        sampling: samples per bin and axis (RoIAlign).
        aligned: see `models.rcnn.region_operators.roi_align`.
        canonical_px: regions of this size (square root of the area) are cut from the map of stride 16, twice as large ones from that of
            stride 32 (FPN, arXiv 1612.03144, equation 1, where it is 224).
        hidden: width of both layers of the head.
        input_size: side in pixels of the square, letterboxed training input. Any multiple of the largest stride runs.
        pad_value: grey level (0 to 255) around a letterboxed picture.
        channel_order: order of the input's channels.
        pixel_scale: factor from uint8 pixels to the network's float32 input.
        frozen_norms: batch norms are fixed factors, without the small number that keeps others from dividing by zero.
    """

    classes: tuple[str, ...]
    backbone: BackboneTable = field(default_factory=ResidualTable)
    strides: tuple[int, ...] = (8, 16, 32)
    pyramid: int = 64
    roi: str = "align"
    roi_size: int = 7
    sampling: int = 2
    aligned: bool = True
    canonical_px: float = 64.0
    hidden: int = 256
    input_size: int = 320
    pad_value: int = 114
    channel_order: str = "rgb"
    pixel_scale: float = 1 / 255
    frozen_norms: bool = False

    def __post_init__(self) -> None:
        if not self.classes or len(set(self.classes)) != len(self.classes):
            raise ValueError(f"class names must be present and distinct, found {self.classes}")
        if not self.strides or list(self.strides) != sorted(set(self.strides)):
            raise ValueError(f"strides must ascend, found {self.strides}")
        if set(self.strides) - set(self.backbone.strides):
            raise ValueError(f"strides {self.strides} are not all among the backbone's {self.backbone.strides}")
        if len(self.strides) > 1 and not self.pyramid:
            raise ValueError(f"without a pyramid there is one map, found the strides {self.strides}")
        if self.roi not in ROI_OPERATORS:
            raise ValueError(f"roi is one of {', '.join(ROI_OPERATORS)}, found {self.roi!r}")
        if min(self.roi_size, self.sampling, self.hidden) < 1:
            raise ValueError("roi_size, sampling and hidden are at least 1")

    @property
    def width(self) -> int:
        """Channels of each map that regions are cut from."""
        return self.pyramid or self.backbone.width_at(self.strides[0])


@dataclass(frozen=True)
class FastRcnnSpec(RegionHeadSpec):
    """A Fast R-CNN, and where its regions come from: selective search, with what the model card says of it.

    Attributes:
        proposals: most regions of a picture.
        side_px: longer side to which a picture is shrunk before regions are looked for.
        scales: of the segments that selective search starts from.
    """

    proposals: int = 600
    side_px: int = 320
    scales: tuple[float, ...] = (20.0, 50.0, 100.0)


@dataclass(frozen=True)
class FasterRcnnSpec(RegionHeadSpec):
    """A Faster R-CNN: a region proposal network and the head that judges what it proposes.

    Attributes:
        anchor_sizes: per level, square roots of the anchors' areas in pixels; one level more than `strides` with `pool_level`.
        anchor_ratios: height by width of the anchors of every level.
        pool_level: one more level for proposals only, every other cell of the last one (FPN, section 4.1, footnote 1).
        candidates: best anchors of each level of a picture that compete to be proposals.
        proposals: most regions of a picture.
        proposal_iou: of two proposals of one level that overlap more, the weaker goes.
    """

    anchor_sizes: tuple[tuple[float, ...], ...] = ((24.0, 36.0), (48.0, 72.0), (96.0, 144.0))
    anchor_ratios: tuple[float, ...] = (0.5, 1.0, 2.0)
    pool_level: bool = False
    candidates: int = 500
    proposals: int = 150
    proposal_iou: float = 0.7

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(self.anchor_sizes) != self.levels:
            raise ValueError(f"{self.levels} levels need as many lists of anchor sizes, found {self.anchor_sizes}")
        if any(len(sizes) != len(self.anchor_sizes[0]) or not sizes for sizes in self.anchor_sizes):
            raise ValueError(f"every level needs the same number of anchor sizes, found {self.anchor_sizes}")
        if not self.anchor_ratios:
            raise ValueError("an anchor needs a ratio")

    @property
    def levels(self) -> int:
        """Maps that anchors lie on."""
        return len(self.strides) + self.pool_level

    @property
    def anchors_px(self) -> AnchorsPx:
        """Per level, the (width, height) of each anchor in pixels of the input."""
        return tuple(cell_anchors(sizes, self.anchor_ratios) for sizes in self.anchor_sizes)


Spec = TypeVar("Spec", FastRcnnSpec, FasterRcnnSpec)


def spec_to_json(value: RegionHeadSpec) -> dict[str, Any]:
    """A plain dict of JSON types; tuples become lists once dumped."""
    return asdict(value)


def spec_from_json(kind: type[Spec], value: Mapping[str, Any]) -> Spec:
    """The inverse of `spec_to_json`.

    Args:
        kind: which spec it is.
        value: what was written.

    Raises:
        WeightsFileError: a field is missing, unknown or contradicts another.
    """
    try:
        fields = {name: _tuples(entry) for name, entry in value.items() if name != "backbone"}
        return kind(**fields, backbone=table_from_json(value["backbone"]))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise WeightsFileError(
            f"the spec of the region network cannot be understood ({error}); train or export it again"
        ) from error


def _tuples(value: Any) -> Any:
    return tuple(_tuples(one) for one in value) if isinstance(value, list | tuple) else value
