"""Guesses about real foreign files, and about graphs of the shapes that other exporters document."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detector_app.card_rules import check_card
from detector_app.errors import CardInvalidError
from detector_app.graph import Graph, TensorInfo
from detector_app.pipelines.class_names import COCO, VOC
from detector_app.pipelines.reading.errors import ReadingIncompleteError
from detector_app.pipelines.reading.interface import Interface, Seen, see
from detector_app.pipelines.reading.reader import NO_SUPPRESSION, card_of, read
from detector_app.pipelines.reading.reading import (
    PRESETS,
    AnchorTable,
    Certainty,
    Field,
    Fitting,
    Scaling,
    Sizing,
    Suppression,
)
from detector_app.pipelines.reading.trying import interface_of
from tests.onnx_files import tiny_anchor_model
from tests.pipelines.face_cards import found_with, portraits, ultraface_card, yunet_card

Shape = tuple[int | str | None, ...]


def interface(outputs: Mapping[str, Shape], input_shape: Shape = (1, 3, 640, 640), **seen: Seen) -> Interface:
    """A graph of one float input."""
    graph = Graph(
        (TensorInfo("images", input_shape, "float32"),),
        tuple(TensorInfo(name, shape, "float32") for name, shape in outputs.items()),
    )
    return Interface("theirs", graph, {}, seen)


REAL = {
    "yunet/yunet_n_640_640.onnx": yunet_card(),
    "yunet/yunet_n_dynamic.onnx": yunet_card(dynamic=True),
    "ultraface/version-RFB-320.onnx": ultraface_card(finished=True),
    "ultraface/version-slim-320_without_postprocessing.onnx": ultraface_card(finished=False),
}


@pytest.mark.parametrize("file", REAL)
def test_real_files_are_guessed_as_their_authors_document_them(shared_data: Path, file: str) -> None:
    path, expected = shared_data / "weights" / file, REAL[file]
    reading = read(interface_of(path))
    card = card_of(reading, str(path))
    assert (card.task, card.decoder, card.classes) == ("faces", expected.decoder, ("face",))
    assert set(card.outputs) == set(expected.outputs)
    assert card.thresholds == expected.thresholds
    for name in (
        "name",
        "size_hw",
        "dynamic",
        "dynamic_batch",
        "layout",
        "channel_order",
        "scale",
        "mean",
        "std",
        "resize",
    ):
        assert getattr(card.input, name) == getattr(expected.input, name), name
    assert reading.facts[Field.LAYOUT].certainty is Certainty.STATED
    assert {Field.FAMILY, Field.ORDER, Field.SCALING, Field.FITTING} <= set(reading.guessed)
    assert all(fact.evidence.describe() for fact in reading.facts.values())


@pytest.mark.parametrize("file", REAL)
def test_what_was_guessed_finds_the_face(shared_data: Path, file: str) -> None:
    path = shared_data / "weights" / file
    (found,) = found_with(path, card_of(read(interface_of(path)), str(path)), portraits(shared_data)[-1:])
    left, top, right, bottom = found.xyxy[0]
    assert left < 301 < right  # the documented face: 277, 90, 48 × 63
    assert top < 121 < bottom


def dense_seen(reach: float) -> Seen:
    return Seen((1, 8400, 85), -3.0, reach, reach=reach)


SHAPES: dict[str, tuple[Interface, str, tuple[str, ...], int]] = {
    "YOLOv8": (interface({"o": (1, 84, 8400)}), "yolo_dense", ("dense",), 80),
    "YOLOv5": (interface({"o": (1, 25200, 85)}), "yolo_dense", ("dense_objectness",), 80),
    "YOLOX raw": (interface({"o": (1, 8400, 85)}, o=dense_seen(2.5)), "yolox", ("grid_dense",), 80),
    "YOLOX decoded": (interface({"o": (1, 8400, 85)}, o=dense_seen(700)), "yolo_dense", ("dense_objectness",), 80),
    "tiny YOLOv2": (interface({"grid": ("N", 125, 13, 13)}, ("N", 3, 416, 416)), "yolo_anchor", ("head",), 20),
    "YOLOv2": (interface({"218": (1, 425, 13, 13)}, (1, 3, 416, 416)), "yolo_anchor", ("head",), 80),
    "YOLOv3": (
        interface({"a": (1, 255, 13, 13), "b": (1, 255, 26, 26), "c": (1, 255, 52, 52)}, (1, 3, 416, 416)),
        "yolo_anchor",
        ("head",) * 3,
        80,
    ),
    "NanoDet": (
        interface(
            {
                **{f"cls_pred_stride_{s}": (1, (416 // s) ** 2, 80) for s in (8, 16, 32)},
                **{f"dis_pred_stride_{s}": (1, (416 // s) ** 2, 32) for s in (8, 16, 32)},
            },
            (1, 3, 416, 416),
        ),
        "nanodet",
        tuple(f"nanodet_{part}_{s}" for s in (8, 16, 32) for part in ("scores", "sides")),
        80,
    ),
}


@pytest.mark.parametrize("kind", SHAPES)
def test_documented_shapes(kind: str) -> None:
    found, decoder, roles, classes = SHAPES[kind]
    reading = read(found)
    card = card_of(reading, "theirs.onnx")
    check_card(card, "theirs.onnx")
    assert card.decoder == decoder
    assert tuple(output.role for output in card.outputs) == roles
    assert card.classes == {80: COCO, 20: VOC}[classes]
    assert reading.facts[Field.FAMILY].certainty is Certainty.GUESSED


def test_the_heads_of_tiny_yolov2() -> None:
    card = card_of(read(SHAPES["tiny YOLOv2"][0]), "x")
    (head,) = card.heads
    assert (head.stride, head.class_activation, head.box_transform) == (32, "softmax", "exp")
    assert head.anchors_wh_px[0] == pytest.approx((1.08 * 32, 1.19 * 32))


def test_anchors_that_nobody_published_are_asked_for() -> None:
    reading = read(interface({"o": (1, 5 * 12, 13, 13)}, (1, 3, 416, 416)))
    assert reading.missing == (Field.ANCHORS,)
    assert reading.facts[Field.ANCHORS].options == (("o", 32),)
    with pytest.raises(ReadingIncompleteError, match="still asked for: Anchors"):
        card_of(reading, "x")
    table = AnchorTable((("o", 32, ((10.0, 20.0),) * 5),))
    assert card_of(reading.with_choices({Field.ANCHORS: table}), "x").heads[0].anchors_wh_px[0] == (10.0, 20.0)


def test_one_head_of_three_anchors() -> None:
    reading = read(interface({"o": (1, 3 * 6, 13, 13)}, (1, 3, 416, 416)))
    assert reading.missing == (Field.ANCHORS,)
    assert reading.value(Field.CLASSES) == ("class 0",)


def test_how_a_classifier_is_fed_is_asked_for() -> None:
    reading = read(interface({"prob": (1, 1000)}, (1, 3, 224, 224), prob=see(np.full((1, 1000), 1e-3, np.float32))))
    assert reading.missing == (Field.ORDER, Field.SCALING, Field.FITTING)
    assert reading.facts[Field.OUTPUTS].value.outputs[0].role == "probabilities"
    choices = {Field.ORDER: "RGB", Field.SCALING: PRESETS["ImageNet, RGB"], Field.FITTING: Fitting("crop", 0, 0.875)}
    card = card_of(reading.with_choices(choices), "x")
    assert (card.task, card.input.crop_fraction, card.input.std[0]) == ("classify", 0.875, 0.229)


@pytest.mark.parametrize(
    ("outputs", "input_shape"),
    [
        ({"mystery": (1, 7)}, (1, 16)),
        ({"a": (1,), "b": ()}, (1, 3, 64, 64)),
        ({"o": (1, 3, 640, 640)}, (1, 3, 640, 640)),
        ({f"o{i}": (1, 4) for i in range(10_000)}, (1, 3, 64, 64)),
        ({}, (1, 3, 64, 64)),
        ({"o": (None, None, None)}, (None, None, None, None)),
    ],
    ids=["no picture", "scalars", "a picture", "10,000 outputs", "none", "all open"],
)
def test_what_fits_nothing_is_asked_for(outputs: dict[str, Shape], input_shape: Shape) -> None:
    reading = read(interface(outputs, input_shape))
    assert Field.FAMILY in reading.missing
    with pytest.raises(ReadingIncompleteError, match="Kind of model"):
        card_of(reading, "x")
    for decoder in ("yunet", "ultraface", "nanodet", "yolox", "yolo_dense", "yolo_anchor", "classifier"):
        assert read(interface(outputs, input_shape), {Field.FAMILY: decoder}).missing


def test_several_inputs_are_no_picture() -> None:
    graph = Graph((TensorInfo("a", (1, 3, 9, 9), "float32"),) * 2, (TensorInfo("o", (1, 84, 8400), "float32"),))
    reading = read(Interface("x", graph))
    assert Field.SIZE in reading.missing
    assert "2 inputs" in reading.facts[Field.SIZE].evidence.describe()


def test_choices_come_first_and_say_so() -> None:
    choices: dict[Field, Any] = {
        Field.ORDER: "RGB",
        Field.SCALING: Scaling(),
        Field.SIZE: Sizing((640, 640)),
        Field.SUPPRESSION: Suppression.GRAPH,
    }
    reading = read(SHAPES["YOLOX raw"][0], choices)
    assert reading.facts[Field.ORDER].certainty is Certainty.CHOSEN
    assert reading.facts[Field.ORDER].evidence.describe() == "chosen by you; before that: BGR"
    assert reading.facts[Field.SIZE].evidence.describe() == "chosen by you"
    card = card_of(reading, "x")
    assert (card.input.channel_order, card.input.scale) == ("RGB", 1 / 255)
    assert card.thresholds.iou == NO_SUPPRESSION


def test_a_choice_that_is_out_of_range_is_refused() -> None:
    reading = read(SHAPES["YOLOX raw"][0], {Field.FITTING: Fitting("letterbox", 300)})
    with pytest.raises(CardInvalidError, match="pad_value"):
        card_of(reading, "x")


def test_heads_of_a_graph_that_takes_any_size(tmp_path: Path) -> None:
    """It is tried at 320 × 320, so that the strides are known all the same."""
    reading = read(interface_of(tiny_anchor_model(tmp_path / "m.onnx", metadata={})))
    assert reading.value(Field.FAMILY) == "yolo_anchor" or Field.FAMILY in reading.missing
    dynamic = interface(
        {"a": ("N", 57, "h", "w"), "b": ("N", 57, "h2", "w2")},
        ("N", 3, "h", "w"),
        a=Seen((1, 57, 20, 20), -1.0, 1.0),
        b=Seen((1, 57, 10, 10), -1.0, 1.0),
    )
    reading = read(dynamic)
    assert [stride for _, stride, _ in reading.value(Field.ANCHORS).heads] == [16, 32]
    assert len(reading.value(Field.CLASSES)) == 14
    assert reading.value(Field.SIZE).dynamic is not None


def test_colours_last_and_grey() -> None:
    last = read(interface({"o": (1, 84, 8400)}, (1, 640, 640, 3)))
    assert last.value(Field.LAYOUT) == "NHWC"
    assert last.value(Field.SIZE) == Sizing((640, 640))
    grey = read(interface({"o": (1, 10)}, (1, 1, 28, 28)))
    assert grey.facts[Field.ORDER].value == "GREY"
    assert grey.facts[Field.ORDER].certainty is Certainty.STATED


def test_what_is_seen_of_an_output() -> None:
    assert see(np.zeros((0, 4), np.float32)).shape == (0, 4)
    assert not see(np.array([[np.nan, 1.0]], np.float32)).sums_to_one
    assert see(np.array([[0.25, 0.75]], np.float32)).sums_to_one
    assert see(np.array([[[0, 0, 1, 1]]], np.float32)).ordered
    assert not see(np.array([[[2, 0, 1, 1]]], np.float32)).ordered
