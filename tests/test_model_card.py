"""The card: JSON both ways, versions, and every refusal names the field."""

from __future__ import annotations

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector_app.errors import CardInvalidError, CardVersionError
from detector_app.model_card import (
    SCHEMA_VERSION,
    AnchorHead,
    CascadeDefaults,
    DataSource,
    EmbeddingSpec,
    GridSpec,
    InputSpec,
    InsideSelection,
    ModelCard,
    OutputSpec,
    RegionSpec,
    SizeRange,
    Stage,
)
from detector_app.parity import ParityReport, ParityRow


def full_card() -> ModelCard:
    """A card with every optional part present."""
    return ModelCard(
        name="desk",
        task="detect",
        decoder="yolo_anchor",
        input=InputSpec("images", (320, 320), dynamic=SizeRange()),
        outputs=(OutputSpec("head_16", "head"),),
        classes=("cup", "杯子"),
        heads=(AnchorHead("head_16", 16, ((10.0, 13.5), (30.0, 40.0))),),
        training=(DataSource("bottles", "CC BY 4.0", "somebody", 12),),
        metrics={"mAP50": 0.5},
        parity=ParityReport(
            (ParityRow("head_16", (3, 3, 96, 64), 1e-6, 1e-8, 1e-4, True),), True, 18, "2", "1", notes=("n",)
        ),
    )


def test_round_trip() -> None:
    card = full_card()
    assert ModelCard.from_json(card.to_json(), "x.onnx") == card


@pytest.mark.parametrize(("order", "channels"), [("RGB", 3), ("BGR", 3), ("GREY", 1)])
def test_the_card_of_a_classifier_crops_and_may_see_in_grey(order: str, channels: int) -> None:
    card = ModelCard(
        name="digits",
        task="classify",
        decoder="classifier",
        input=InputSpec("picture", (32, 32), channel_order=order, resize="crop", crop_fraction=0.875),
        outputs=(OutputSpec("logits", "logits"),),
        classes=tuple("0123456789"),
    )
    assert ModelCard.from_json(card.to_json(), "x.onnx") == card
    assert card.input.channels == channels


@given(
    classes=st.lists(st.text(), max_size=5),
    anchors=st.lists(st.tuples(st.floats(0.1, 1e4), st.floats(0.1, 1e4)), min_size=1, max_size=4),
    pad=st.integers(0, 255),
)
def test_round_trip_of_any_text_and_numbers(classes: list[str], anchors: list[tuple[float, float]], pad: int) -> None:
    card = full_card()
    card = dataclasses.replace(
        card,
        classes=tuple(classes),
        heads=(AnchorHead("head_16", 8, tuple(anchors)),),
        input=dataclasses.replace(card.input, pad_value=pad),
    )
    assert ModelCard.from_json(card.to_json(), "x.onnx") == card


def test_a_card_of_another_schema_names_both_versions() -> None:
    data = json.loads(full_card().to_json()) | {"schema_version": SCHEMA_VERSION + 1, "new": 1}
    with pytest.raises(CardVersionError, match=rf"far\.onnx has schema version {SCHEMA_VERSION + 1}.*reads version 1"):
        ModelCard.from_json(json.dumps(data), "far.onnx")


def changed(path: str, value: object) -> str:
    """The full card's JSON with one field changed; ``path`` in dots, numbers index lists."""
    data = json.loads(full_card().to_json())
    *parents, last = [int(p) if p.isdigit() else p for p in path.split(".")]
    target = data
    for parent in parents:
        target = target[parent]
    target[last] = value
    return json.dumps(data)


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        ("name", 3, "card.name"),
        ("input.size_hw", [320], "card.input.size_hw"),
        ("input.size_hw", [0, 320], "input.size_hw"),
        ("input.layout", "CHWN", "input.layout"),
        ("input.std", [1, 0, 1], "input.std"),
        ("input.channel_order", "GRAY", "input.channel_order.*RGB or BGR or GREY"),
        ("input.crop_fraction", 0, "input.crop_fraction"),
        ("input.crop_fraction", 1.01, "input.crop_fraction"),
        ("input.resize", "crop", "input.resize.*whole picture"),
        ("input.surprise", 1, "card.input.surprise"),
        ("heads.0.stride", True, r"card.heads\[0\].stride"),
        ("heads.0.output", "nowhere", "heads"),
        ("heads.0.anchors_wh_px", [], "heads.anchors_wh_px"),
        ("heads.0.box_transform", "cube", "box_transform"),
        ("outputs", [], "outputs"),
        ("thresholds.score", 1.5, "thresholds.score"),
        ("classes", "cup", "card.classes"),
    ],
)
def test_what_is_wrong_is_named(path: str, value: object, named: str) -> None:
    with pytest.raises(CardInvalidError, match=named):
        ModelCard.from_json(changed(path, value), "x.onnx")


@pytest.mark.parametrize("text", ["", "[]", "{", "null", "3"])
def test_what_is_no_card_is_refused(text: str) -> None:
    with pytest.raises((CardInvalidError, CardVersionError)):
        ModelCard.from_json(text, "x.onnx")


def test_a_missing_field_is_named() -> None:
    data = json.loads(full_card().to_json())
    del data["decoder"]
    with pytest.raises(CardInvalidError, match=r"card\.decoder"):
        ModelCard.from_json(json.dumps(data), "x.onnx")


def cascade_card(**changes: object) -> ModelCard:
    """MTCNN's, as the export writes it."""
    outputs = (OutputSpec("scores", "scores"), OutputSpec("boxes", "boxes"))
    stages = tuple(
        Stage(name, f"{name}.onnx", InputSpec("pictures", (side, side), channel_order="RGB"), outputs)
        for name, side in (("pnet", 12), ("rnet", 24), ("onet", 48))
    )
    card = ModelCard(
        "mtcnn", "faces", "mtcnn", stages[0].input, outputs, ("face",), stages=stages, cascade=CascadeDefaults()
    )
    return dataclasses.replace(card, **changes)


def embedder_card(**changes: object) -> ModelCard:
    points = ((38.3, 51.7), (73.5, 51.5), (56.0, 71.7), (41.5, 92.4), (70.7, 92.2))
    card = ModelCard(
        "sface",
        "embed",
        "embedding",
        InputSpec("data", (112, 112), resize="stretch"),
        (OutputSpec("fc1", "embedding"),),
        embedding=EmbeddingSpec(128, points, 0.637),
    )
    return dataclasses.replace(card, **changes)


@pytest.mark.parametrize(
    "card", [cascade_card(), embedder_card(), embedder_card(embedding=EmbeddingSpec(4, ((0.0, 0.0),) * 5))]
)
def test_cascades_and_embedders_come_back_as_they_were(card: ModelCard) -> None:
    assert ModelCard.from_json(card.to_json(), "x.onnx") == card


@pytest.mark.parametrize(
    ("card", "field"),
    [
        (cascade_card(stages=(dataclasses.replace(cascade_card().stages[1], file="../rnet.onnx"),)), "stages.file"),
        (cascade_card(stages=(dataclasses.replace(cascade_card().stages[1], file="/tmp/rnet.onnx"),)), "stages.file"),
        (cascade_card(stages=(dataclasses.replace(cascade_card().stages[1], file="rnet.txt"),)), "stages.file"),
        (cascade_card(cascade=CascadeDefaults(min_face_px=3)), "cascade.min_face_px"),
        (cascade_card(cascade=CascadeDefaults(scale_factor=1)), "cascade.scale_factor"),
        (cascade_card(cascade=CascadeDefaults(scores=(0.6, 0.7, 1.7))), "cascade.scores"),
        (embedder_card(embedding=None), "embedding"),
        (embedder_card(embedding=EmbeddingSpec(0, ((0.0, 0.0),) * 5)), "embedding.dimension"),
        (embedder_card(embedding=EmbeddingSpec(4, ((0.0, 0.0),) * 4)), "embedding.landmarks_xy_px"),
        (embedder_card(embedding=EmbeddingSpec(4, ((0.0, 0.0),) * 5, 2.5)), "embedding.threshold"),
    ],
)
def test_what_cannot_be_is_refused_by_name(card: ModelCard, field: str) -> None:
    with pytest.raises(CardInvalidError) as caught:
        ModelCard.from_json(card.to_json(), "x.onnx")
    assert caught.value.details["field"] == field


def detector_card(decoder: str, *roles: str, **parts: object) -> ModelCard:
    """A detector of two classes with outputs of these roles, each named as its role."""
    outputs = tuple(OutputSpec(role, role) for role in roles)
    return dataclasses.replace(
        ModelCard("cells", "detect", decoder, InputSpec("images", (448, 448)), outputs, ("red", "white")), **parts
    )


def grid_card(**changes: object) -> ModelCard:
    return detector_card("yolo_v1", "grid", grid=GridSpec(**changes))


def region_card(decoder: str = "fast_rcnn", **changes: object) -> ModelCard:
    takes = "regions" if decoder == "fast_rcnn" else ""
    spec = RegionSpec(**{"source": "selective_search", "input": takes, **changes})
    return detector_card(decoder, "region_scores", "region_boxes", regions=spec)


def inside_card(**changes: object) -> ModelCard:
    roles = ("boxes", "scores", "class_ids", "picture_ids")
    return detector_card("selected", *roles, inside=InsideSelection(**changes))


@pytest.mark.parametrize(
    "card",
    [
        grid_card(),
        grid_card(side=1, boxes_per_cell=1, square_roots=False),
        region_card(),
        region_card("rcnn", context=16 / 227, side_px=250, scales=(50.0, 100.0), most=2000),
        detector_card("faster_rcnn", "region_scores", "region_boxes", "picture_ids", regions=RegionSpec()),
        inside_card(),
        inside_card(score_input="score", iou_input="iou", most=1),
    ],
)
def test_grids_regions_and_selection_inside_come_back_as_they_were(card: ModelCard) -> None:
    assert ModelCard.from_json(card.to_json(), "x.onnx") == card


@given(
    side=st.integers(1, 1000),
    boxes=st.integers(1, 1000),
    most=st.integers(1, 10_000),
    context=st.floats(0, 0.49),
    scales=st.lists(st.floats(1e-3, 1e6), min_size=1, max_size=4).map(tuple),
)
def test_any_allowed_grid_and_regions_come_back(
    side: int, boxes: int, most: int, context: float, scales: tuple[float, ...]
) -> None:
    for card in (grid_card(side=side, boxes_per_cell=boxes), region_card(most=most, context=context, scales=scales)):
        assert ModelCard.from_json(card.to_json(), "x.onnx") == card


@pytest.mark.parametrize(
    ("card", "field"),
    [
        (detector_card("yolo_v1", "grid"), "grid"),
        (grid_card(side=0), "grid.side"),
        (grid_card(side=1001), "grid.side"),
        (grid_card(boxes_per_cell=0), "grid.boxes_per_cell"),
        (detector_card("rcnn", "region_scores"), "regions"),
        (detector_card("fast_rcnn", "region_scores"), "regions"),
        (detector_card("faster_rcnn", "region_scores"), "regions"),
        (region_card(source="edge_boxes"), "regions.source"),
        (region_card(source="graph"), "regions.source"),
        (region_card("rcnn", source="graph"), "regions.source"),
        (region_card("faster_rcnn"), "regions.source"),
        (region_card(input=""), "regions.input"),
        (region_card(input="images"), "regions.input"),
        (region_card("rcnn", input="regions"), "regions.input"),
        (detector_card("selected", "boxes"), "inside"),
        (inside_card(score_input=""), "inside.score_input and inside.iou_input"),
        (inside_card(iou_input="images"), "inside.score_input and inside.iou_input"),
        (inside_card(score_input="same", iou_input="same"), "inside.score_input and inside.iou_input"),
        (inside_card(most=0), "inside.most"),
        (region_card(most=0), "regions.most"),
        (region_card(most=10_001), "regions.most"),
        (region_card(context=0.5), "regions.context"),
        (region_card(context=-0.1), "regions.context"),
        (region_card(side_px=31), "regions.side_px"),
        (region_card(side_px=2001), "regions.side_px"),
        (region_card(scales=()), "regions.scales"),
        (region_card(scales=(100.0,) * 17), "regions.scales"),
        (region_card(scales=(100.0, 0.0)), "regions.scales"),
    ],
)
def test_impossible_grids_and_regions_are_refused_by_name(card: ModelCard, field: str) -> None:
    with pytest.raises(CardInvalidError) as caught:
        ModelCard.from_json(card.to_json(), "x.onnx")
    assert caught.value.details["field"] == field


@pytest.mark.parametrize(
    ("part", "field", "value"),
    [
        ("grid", "side", 7.5),
        ("grid", "square_roots", 1),
        ("regions", "scales", 100),
        ("regions", "surprise", 1),
        ("inside", "most", "all"),
        ("inside", "score_input", None),
    ],
)
def test_parts_of_a_wrong_type_are_named(part: str, field: str, value: object) -> None:
    card = {"grid": grid_card(), "regions": region_card(), "inside": inside_card()}[part]
    data = json.loads(card.to_json())
    data[part][field] = value
    with pytest.raises(CardInvalidError, match=rf"card\.{part}\.{field}"):
        ModelCard.from_json(json.dumps(data), "x.onnx")
