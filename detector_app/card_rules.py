"""What a model card must say beyond the types of its fields. Standard library only."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from detector_app.errors import CardInvalidError

if TYPE_CHECKING:
    from detector_app.model_card import AnchorHead, ModelCard

Rule = tuple[str, object, bool, str]
"""A field, what was found there, whether that is good, and what is expected."""
MOST_CELLS = 1000
MOST_REGIONS = 10_000
MOST_SEARCHED_PX, MOST_SCALES = 2000, 16
"""Beyond these a search for regions takes minutes, and whole numbers in it may overflow."""
REGION_DECODERS = ("rcnn", "fast_rcnn", "faster_rcnn")
REGION_SOURCES = ("graph", "selective_search")
HOST_SOURCES = ("selective_search",)
"""Those of the regions that the host proposes, for graphs that take regions or crops."""
PRECISIONS = ("float32", "float16", "int8")
_CHOICES = {
    "layout": ("NCHW", "NHWC"),
    "dtype": ("float32", "float16", "uint8"),
    "channel_order": ("RGB", "BGR", "GREY"),
    "resize": ("letterbox", "stretch", "none", "crop"),
    "box_transform": ("exp", "square"),
    "class_activation": ("sigmoid", "softmax"),
}


_WITH_BOXES = ("detect", "faces")


def check_card(card: ModelCard, where: str) -> None:
    """Ask of a card what its types alone do not say.

    Raises:
        CardInvalidError: a value is out of range, or two do not go together.
    """
    for owner, path in [(card.input, "input"), *((h, f"heads.{h.output}") for h in card.heads)]:
        for name, allowed in _CHOICES.items():
            found = getattr(owner, name, None)
            if found is not None and found not in allowed:
                raise CardInvalidError(where, field=f"{path}.{name}", found=found, expected=" or ".join(allowed))
    names = {output.name for output in card.outputs}
    rules = [
        ("precision", card.precision, card.precision in PRECISIONS, " or ".join(PRECISIONS)),
        ("input.size_hw", card.input.size_hw, min(card.input.size_hw) > 0, "positive"),
        ("input.std", card.input.std, all(s > 0 for s in card.input.std), "positive"),
        ("input.pad_value", card.input.pad_value, 0 <= card.input.pad_value <= 255, "0 to 255"),
        ("input.crop_fraction", card.input.crop_fraction, 0 < card.input.crop_fraction <= 1, "above 0, up to 1"),
        (
            "input.resize",
            f"crop for task {card.task}",
            card.input.resize != "crop" or card.task not in _WITH_BOXES,
            "letterbox, stretch or none: a detector must see the whole picture",
        ),
        ("outputs", card.outputs, bool(card.outputs), "at least one"),
        (
            "heads",
            [h.output for h in card.heads],
            all(h.output in names for h in card.heads),
            f"outputs among {sorted(names)}",
        ),
        ("heads.stride", [h.stride for h in card.heads], all(h.stride > 0 for h in card.heads), "positive"),
        (
            "heads.anchors_wh_px",
            "an empty or negative anchor",
            all(_good_anchors(h) for h in card.heads),
            "positive sizes",
        ),
        ("thresholds.score", card.thresholds.score, 0 <= card.thresholds.score <= 1, "0 to 1"),
        ("thresholds.iou", card.thresholds.iou, 0 <= card.thresholds.iou <= 1, "0 to 1"),
        ("thresholds.max_detections", card.thresholds.max_detections, card.thresholds.max_detections > 0, "positive"),
    ]
    for name, found, good, expected in (
        *rules,
        *_cascade_rules(card),
        *_embedding_rules(card),
        *_grid_rules(card),
        *_region_rules(card),
        *_inside_rules(card),
    ):
        if not good:
            raise CardInvalidError(where, field=name, found=found, expected=expected)


def _cascade_rules(card: ModelCard) -> list[Rule]:
    """Name, what was found, whether it is good, and what is expected, of what only cascades have."""
    plain = [stage.file == PurePath(stage.file).name and stage.file.endswith(".onnx") for stage in card.stages]
    rules: list[Rule] = [
        (
            "stages.file",
            [stage.file for stage in card.stages],
            all(plain),
            "names of .onnx files in the card's own folder",
        ),
    ]
    if card.cascade is not None:
        start = card.cascade
        rules += [
            ("cascade.min_face_px", start.min_face_px, start.min_face_px >= 12, "12 or more"),
            ("cascade.scale_factor", start.scale_factor, 0.1 <= start.scale_factor <= 0.95, "0.1 to 0.95"),
            ("cascade.scores", start.scores, all(0 <= score <= 1 for score in start.scores), "0 to 1"),
        ]
    return rules


def _embedding_rules(card: ModelCard) -> list[Rule]:
    """The same of what only embedders have."""
    spec = card.embedding
    if spec is None:
        return [("embedding", None, card.task != "embed", "a value for the task embed")]
    points = spec.landmarks_xy_px
    return [
        ("embedding.dimension", spec.dimension, spec.dimension > 0, "positive"),
        ("embedding.landmarks_xy_px", points, len(points) == 5 and all(len(p) == 2 for p in points), "five points"),
        ("embedding.threshold", spec.threshold, spec.threshold is None or 0 <= spec.threshold <= 2, "0 to 2"),
    ]


def _grid_rules(card: ModelCard) -> list[Rule]:
    """The same of YOLOv1."""
    spec = card.grid
    if spec is None:
        return [("grid", None, card.decoder != "yolo_v1", "a value for the decoder yolo_v1")]
    return [
        ("grid.side", spec.side, 1 <= spec.side <= MOST_CELLS, f"1 to {MOST_CELLS}"),
        ("grid.boxes_per_cell", spec.boxes_per_cell, 1 <= spec.boxes_per_cell <= MOST_CELLS, f"1 to {MOST_CELLS}"),
    ]


def _region_rules(card: ModelCard) -> list[Rule]:
    """The same of the R-CNN family."""
    spec = card.regions
    if spec is None:
        return [("regions", None, card.decoder not in REGION_DECODERS, f"a value for the decoder {card.decoder}")]
    sources = {"faster_rcnn": ("graph",), "fast_rcnn": HOST_SOURCES, "rcnn": HOST_SOURCES}
    allowed = sources.get(card.decoder, REGION_SOURCES)
    named = bool(spec.input) and spec.input != card.input.name
    return [
        ("regions.source", spec.source, spec.source in allowed, " or ".join(allowed)),
        (
            "regions.input",
            spec.input,
            named if card.decoder == "fast_rcnn" else not spec.input,
            "the graph's second input for the decoder fast_rcnn, nothing for the others",
        ),
        ("regions.most", spec.most, 1 <= spec.most <= MOST_REGIONS, f"1 to {MOST_REGIONS}"),
        ("regions.context", spec.context, 0 <= spec.context < 0.5, "0 up to, not including, 0.5"),
        ("regions.side_px", spec.side_px, 32 <= spec.side_px <= MOST_SEARCHED_PX, f"32 to {MOST_SEARCHED_PX}"),
        (
            "regions.scales",
            spec.scales,
            0 < len(spec.scales) <= MOST_SCALES and min(spec.scales) > 0,
            f"positive, one to {MOST_SCALES}",
        ),
    ]


def _inside_rules(card: ModelCard) -> list[Rule]:
    """The same of graphs that filter and suppress for themselves."""
    spec = card.inside
    if spec is None:
        return [("inside", None, card.decoder != "selected", "a value for the decoder selected")]
    names = (card.input.name, spec.score_input, spec.iou_input)
    return [
        (
            "inside.score_input and inside.iou_input",
            names[1:],
            all(names) and len(set(names)) == 3,
            "names of their own",
        ),
        ("inside.most", spec.most, spec.most >= 1, "1 or more"),
    ]


def _good_anchors(head: AnchorHead) -> bool:
    return bool(head.anchors_wh_px) and all(side > 0 for anchor in head.anchors_wh_px for side in anchor)
