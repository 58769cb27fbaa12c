"""The model card: everything the app must know to run an ONNX file, as a JSON string inside that file.

It lies in the ONNX ``metadata_props`` under :data:`CARD_KEY`; ``export`` writes it, the app reads it, and this module is its one owner.
Standard library only.

All sizes are pixels of the network's input, heights before widths in ``size_hw``; anchors are (width, height).
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, field

from detector_app.card_reading import build
from detector_app.card_rules import check_card
from detector_app.errors import CardInvalidError, CardVersionError
from detector_app.parity import ParityReport

CARD_KEY = "detector_app.card"
# In the later files of a cascade: the name of the file, in the same folder, that holds the card.
PART_OF_KEY = "detector_app.part_of"
SCHEMA_VERSION = 1
MOST_CHARACTERS = 1 << 22
"""Of a card; a detector of a thousand classes has a hundredth of it."""


@dataclass(frozen=True)
class SizeRange:
    """Input sizes that a dynamic graph takes: each side from ``least`` to ``most``, a multiple of ``multiple``."""

    least: int = 32
    most: int = 4096
    multiple: int = 32


@dataclass(frozen=True)
class InputSpec:
    """How a picture becomes the input tensor: ``(pixel · scale − mean) / std`` per channel, in ``channel_order``.

    Attributes:
        name: the graph's input.
        size_hw: the size to use by default.
        dynamic: other sizes that the graph takes, or None when it takes only ``size_hw``.
        dynamic_batch: the batch axis is symbolic; otherwise the batch is 1.
        layout: "NCHW" or "NHWC".
        dtype: "float32", "float16" or "uint8" (then scale, mean and std are folded into the graph).
        channel_order: "RGB", "BGR", or "GREY": one channel, the luminance 0.299 R + 0.587 G + 0.114 B in whole steps of 0–255;
            then the first value of ``mean`` and ``std`` counts.
        resize: "letterbox" (aspect kept, padded with ``pad_value``), "stretch", "none" (the picture's own size), or "crop" (the
            largest centred rectangle of the input's aspect, then resized; what classifiers are trained on, so not for detectors).
        pad_value: 0–255, all channels.
        crop_fraction: of the sides of that rectangle, above 0 to 1: what "crop" takes. 0.875 is the centre 224 of 256.
    """

    name: str
    size_hw: tuple[int, int]
    dynamic: SizeRange | None = None
    dynamic_batch: bool = True
    layout: str = "NCHW"
    dtype: str = "float32"
    channel_order: str = "RGB"
    scale: float = 1 / 255
    mean: tuple[float, float, float] = (0.0, 0.0, 0.0)
    std: tuple[float, float, float] = (1.0, 1.0, 1.0)
    resize: str = "letterbox"
    pad_value: int = 114
    crop_fraction: float = 1.0

    @property
    def channels(self) -> int:
        """1 for grey, otherwise 3."""
        return 1 if self.channel_order == "GREY" else 3


@dataclass(frozen=True)
class OutputSpec:
    """One output of the graph and the role it plays for the decoder.

    Roles: ``head``, ``dense``, ``landmarks``, ``logits``: (N, classes) float32 before the softmax, …

    Of the R-CNN family, over all R regions of the batch (none is allowed), without the background: ``region_scores`` (R, C) float32, 0–1;
    ``region_boxes`` (R, C, 4) float32 xyxy in pixels of the input, not clipped; ``region_deltas`` (R, C, 4): dx, dy, dw, dh against the
    region (Girshick et al. 2014, appendix C), where the graph knows only crops; ``picture_ids`` (R,) int64: number of the picture in
    the batch; ``proposals`` (R, 4) and ``objectness`` (R,): what the region proposal network proposed, and how sure it was (0–1).
    ``grid``: see :class:`GridSpec`. ``boxes``, ``scores``, ``class_ids``, ``picture_ids``: see :class:`InsideSelection`.
    Of foreign files ``face_scores``, ``face_box_8``, ``grid_dense``, ``nanodet_sides_8`` and the like: see the decoders "yunet",
    "ultraface", "yolox" and "nanodet".
    """

    name: str
    role: str


@dataclass(frozen=True)
class AnchorHead:
    """One raw head of an anchor YOLO: (N, B·(5+C), S_h, S_w) float32, channels per anchor tx, ty, tw, th, objectness, classes.

    The centre of cell (i, j) is ``(σ(t)·scale_xy − (scale_xy−1)/2 + (j, i)) · stride``. The size is ``anchor · exp(t)``
    (``box_transform`` "exp", YOLOv2/v3/v4) or ``anchor · (2σ(t))²`` ("square", scaled YOLOv4).
    The score is objectness × class, with ``class_activation`` "sigmoid" (YOLOv3) or "softmax" over classes (YOLOv2).
    ``activated`` says that σ is already inside the graph for every channel.

    Attributes:
        output: the graph's output.
        stride: input pixels per cell.
        anchors_wh_px: (B, 2) in input pixels.
    """

    output: str
    stride: int
    anchors_wh_px: tuple[tuple[float, float], ...]
    scale_xy: float = 1.0
    box_transform: str = "exp"
    class_activation: str = "sigmoid"
    activated: bool = False


@dataclass(frozen=True)
class GridSpec:
    """The output of YOLOv1's dense layer (Redmon et al. 2016, section 2): (N, S, S, B·5+C) float32, no activation left to do but one.

    A cell holds for each of its B boxes x, y, w, h, confidence, and then C conditional class probabilities, once for the cell. The
    centre is ``(column + x, row + y) / S`` of the input's sides; the size is ``w²`` and ``h²`` of them with ``square_roots``, else ``w``
    and ``h``. The score is confidence × class. Values are as the network puts them out, clipped to 0–1 where they mean a probability.

    With S = 1 and B = 1 it is classification with localisation: one object, its class and four numbers.

    Attributes:
        side: S.
        boxes_per_cell: B.
        square_roots: w and h are square roots of fractions of the input's sides.
    """

    side: int = 7
    boxes_per_cell: int = 2
    square_roots: bool = True


@dataclass(frozen=True)
class RegionSpec:
    """Where the regions of a two-stage detector come from, and how they reach the graph.

    Attributes:
        source: "graph": a region proposal network inside proposes them (Faster R-CNN); "selective_search": the host does
            (R-CNN, Fast R-CNN).
        most: most regions of a picture.
        input: the graph's input for regions, (R, 5) float32: number of the picture in the batch, then x1, y1, x2, y2 in pixels of the
            network's input (Fast R-CNN); "" where there is none. R-CNN's only input are crops, and ``ModelCard.input`` is about them.
        context: R-CNN's: a crop shows so much of its own side around the box, on each side (Girshick et al. 2014, appendix A: 16/227).
        side_px: longer side to which the host shrinks a picture before it looks for regions; never enlarged.
        scales: of the segments that selective search starts from (Felzenszwalb and Huttenlocher's k, for pixels in 0–1 as in scikit-image).
    """

    source: str = "graph"
    most: int = 300
    input: str = ""
    context: float = 0.0
    side_px: int = 320
    scales: tuple[float, ...] = (100.0,)


@dataclass(frozen=True)
class InsideSelection:
    """A graph that filters and suppresses for itself (``detector-export --nms``), with the thresholds as inputs.

    Its outputs have the roles ``boxes`` (D, 4) float32 xyxy in pixels of the input, ``scores`` (D,) float32, ``class_ids`` (D,) int64
    and ``picture_ids`` (D,) int64: number of the picture in the batch.

    Attributes:
        score_input, iou_input: names of the inputs, (1,) float32.
        most: most detections of a picture and class, fixed in the graph.
    """

    score_input: str = "score_threshold"
    iou_input: str = "iou_threshold"
    most: int = 300


@dataclass(frozen=True)
class Thresholds:
    """Defaults that the sliders start from."""

    score: float = 0.4
    iou: float = 0.5
    max_detections: int = 300


@dataclass(frozen=True)
class DataSource:
    """A data set that the weights were trained on, with what its licence asks for."""

    name: str
    licence: str = ""
    attribution: str = ""
    pictures: int = 0


@dataclass(frozen=True)
class Stage:
    """One graph of a cascade, which takes crops that the stage before it has chosen.

    Attributes:
        name: "pnet", "rnet" or "onet".
        file: its file's name, in the folder of the file that holds the card.
        input: how a crop becomes its input tensor.
        outputs: its outputs with their roles: ``scores``: (N, 2) softmax, background first; ``boxes``: (N, 4) regression of left,
            top, right and bottom as parts of the box's sides; ``landmarks``: (N, 10) parts of the sides, five x, then five y.
            Of the first stage they are maps, (N, 2, h, w) and (N, 4, h, w).
        sha256: of that file; empty for the file that holds the card.
    """

    name: str
    file: str
    input: InputSpec
    outputs: tuple[OutputSpec, ...]
    sha256: str = ""


@dataclass(frozen=True)
class CascadeDefaults:
    """What a cascade starts from: MTCNN (Zhang et al. 2016, section II).

    Attributes:
        min_face_px: the smallest face that is looked for, side of its square in pixels of the picture.
        scale_factor: each level of the pyramid has this part of the sides of the one before.
        scores: least score in each stage.
    """

    min_face_px: float = 20.0
    scale_factor: float = 0.709
    scores: tuple[float, float, float] = (0.6, 0.7, 0.7)


Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class EmbeddingSpec:
    """How faces are laid into the input of an embedder, and how far apart two pictures of a person may be.

    Attributes:
        dimension: of the embedding, which the app brings to unit length.
        landmarks_xy_px: where the five points (left and right eye as seen in the picture, nose, left and right mouth corner) come to
            lie in the input, in pixels.
        threshold: two pictures whose cosine distance (1 − f₁·f₂, 0 to 2) is at most this are of one person; None if nobody measured it.
    """

    dimension: int
    landmarks_xy_px: Points
    threshold: float | None = None


@dataclass(frozen=True)
class ModelCard:
    """See the module's text.

    Attributes:
        task: "detect", "faces", "classify", "embed", "segment".
        decoder: "yolo_anchor", "yolo_dense", "yolo_v1", "rcnn", "fast_rcnn", "faster_rcnn", "selected" (see ``inside``), "yunet",
            "ultraface", "yolox", "nanodet", "classifier", "mtcnn", "embedding".
        thresholds: of detectors; a classifier has none, they are ignored.
        stages: of a cascade its graphs in order, the first being the one that holds the card; empty for all other models.
        cascade: of a cascade what it starts from.
        embedding: of a model with task "embed".
        grid: of the decoder "yolo_v1".
        regions: of the R-CNN family.
        inside: of a graph that filters and suppresses for itself.
        precision: in what the layers compute: "float32", "float16" or "int8"; boxes and scores are float32 in any case.
    """

    name: str
    task: str
    decoder: str
    input: InputSpec
    outputs: tuple[OutputSpec, ...]
    classes: tuple[str, ...] = ()
    heads: tuple[AnchorHead, ...] = ()
    thresholds: Thresholds = field(default_factory=Thresholds)
    stages: tuple[Stage, ...] = ()
    cascade: CascadeDefaults | None = None
    embedding: EmbeddingSpec | None = None
    grid: GridSpec | None = None
    regions: RegionSpec | None = None
    inside: InsideSelection | None = None
    precision: str = "float32"
    weights_sha256: str = ""
    licence: str = ""
    training: tuple[DataSource, ...] = ()
    metrics: dict[str, float] = field(default_factory=dict)
    parity: ParityReport | None = None
    producer: str = ""
    schema_version: int = SCHEMA_VERSION

    def to_json(self) -> str:
        """The card as JSON text, keys sorted, Unicode kept."""
        return json.dumps(dataclasses.asdict(self), ensure_ascii=False, sort_keys=True, allow_nan=False)

    @classmethod
    def from_json(cls, text: str, where: str) -> ModelCard:
        """Read a card from JSON ``text``; ``where`` names the file for messages.

        Unknown keys are refused, so that a misspelt field never passes as its default.

        Raises:
            CardVersionError: the schema version is not :data:`SCHEMA_VERSION`.
            CardInvalidError: it is not JSON, or a field is missing, unknown, of a wrong type or out of range.
        """
        if len(text) > MOST_CHARACTERS:
            expected = f"at most {MOST_CHARACTERS:,} characters"
            raise CardInvalidError(where, field="JSON", found=f"{len(text):,} characters", expected=expected)
        try:
            data = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise CardInvalidError(where, field="JSON", found=str(error), expected="a JSON object") from error
        if not isinstance(data, dict):
            raise CardInvalidError(where, field="JSON", found=type(data).__name__, expected="a JSON object")
        version = data.get("schema_version")
        if version != SCHEMA_VERSION:
            raise CardVersionError(where, found=version, expected=SCHEMA_VERSION)
        card: ModelCard = build(cls, data, where, "card")
        check_card(card, where)
        return card

    def head_of(self, output: str) -> AnchorHead | None:
        """The anchor head of graph output ``output``, or None."""
        return next((head for head in self.heads if head.output == output), None)
