"""Opening models: what works, and what each wrong file is told."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest

from detector_app.errors import (
    CardInvalidError,
    CardMissingError,
    CardVersionError,
    DecoderUnknownError,
    DetectorError,
    InferenceError,
    ModelError,
    ModelMismatchError,
    ModelNotFoundError,
    NotAnOnnxFileError,
    UnsafeModelError,
)
from detector_app.model_card import CARD_KEY, AnchorHead, ModelCard, OutputSpec
from detector_app.pipelines.embedded import DEFAULT_MODEL, embedded_models
from detector_app.pipelines.loader import load_pipeline
from detector_app.pipelines.pipeline import default_settings
from tests.onnx_files import frame_of, picture_with_squares, tiny_anchor_model, tiny_card, tiny_dense_model


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return tiny_anchor_model(tmp_path / "tiny.onnx")


def test_a_model_with_a_card(model: Path) -> None:
    pipeline = load_pipeline(str(model))
    assert pipeline.card == tiny_card()
    assert pipeline.placement.main == "CPU"
    assert [info.name for info in pipeline.graph.inputs] == ["images"]
    assert pipeline.graph.outputs[0].shape[:2] == ("batch", 7)
    pipeline.close()


def test_a_card_beside_the_file(tmp_path: Path) -> None:
    path = tiny_anchor_model(tmp_path / "plain.onnx", metadata={})
    with pytest.raises(CardMissingError, match=r"outputs: head_16 .*keeps that as plain\.card\.json"):
        load_pipeline(path)
    (tmp_path / "plain.card.json").write_text(tiny_card(name="beside").to_json(), encoding="utf-8")
    assert load_pipeline(path).card.name == "beside"
    (tmp_path / "plain.card.json").write_bytes(b"\xff\xfe{}")
    with pytest.raises(CardInvalidError, match=r"plain\.card\.json.*UTF-8"):
        load_pipeline(path)


def test_embedded_models_by_name() -> None:
    for name, path in embedded_models().items():
        pipeline = load_pipeline(name)
        assert path.suffix == ".onnx"
        assert pipeline.card.classes
        pipeline.close()
    assert DEFAULT_MODEL == "desk-yolo"


def test_unknown_name_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFoundError, match="no model nonsense") as caught:
        load_pipeline("nonsense")
    assert all(name in str(caught.value) for name in embedded_models())
    with pytest.raises(ModelNotFoundError):
        load_pipeline(tmp_path / "absent.onnx")


@pytest.mark.parametrize(
    "content", [b"", b"just a text\n" * 20, b"\x00" * 64, b"\x08\x08"], ids=["empty", "text", "zeros", "header"]
)
def test_files_that_are_not_onnx(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "wrong.onnx"
    path.write_bytes(content)
    with pytest.raises(NotAnOnnxFileError, match=r"wrong\.onnx"):
        load_pipeline(path)


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(NotAnOnnxFileError, match="a folder"):
        load_pipeline(tmp_path)


@pytest.mark.parametrize("part", [0.2, 0.5, 0.9, 0.999])
def test_a_file_cut_off(model: Path, part: float) -> None:
    whole = model.read_bytes()
    model.write_bytes(whole[: int(len(whole) * part)])
    with pytest.raises(ModelError):
        load_pipeline(model)


def with_metadata(path: Path, metadata: dict[str, str]) -> Path:
    return tiny_anchor_model(path, metadata=metadata)


def test_a_card_of_a_later_schema(tmp_path: Path) -> None:
    card = {**json.loads(tiny_card().to_json()), "schema_version": 99}
    with pytest.raises(CardVersionError, match="version 99; this app reads version 1"):
        load_pipeline(with_metadata(tmp_path / "later.onnx", {CARD_KEY: json.dumps(card)}))


def test_an_unknown_decoder(tmp_path: Path) -> None:
    card = replace(tiny_card(), decoder="yolo_quantum")
    with pytest.raises(DecoderUnknownError, match=r"yolo_quantum.*yolo_anchor, yolo_dense"):
        load_pipeline(with_metadata(tmp_path / "m.onnx", {CARD_KEY: card.to_json()}))


def test_a_card_without_heads(tmp_path: Path) -> None:
    with pytest.raises(CardInvalidError, match="expected heads"):
        load_pipeline(tiny_anchor_model(tmp_path / "m.onnx", card=replace(tiny_card(), heads=())))
    card = replace(tiny_card(), decoder="yolo_dense")
    with pytest.raises(CardInvalidError, match="role dense or dense_objectness"):
        load_pipeline(tiny_anchor_model(tmp_path / "m.onnx", card=card))


def changed(**changes: object) -> ModelCard:
    """The tiny card with other fields of its input."""
    card = tiny_card(dynamic=False)
    return replace(card, input=replace(card.input, **changes))


MISFITS = {
    "input name": (changed(name="picture"), r"inputs: found \['images'\], expected \['picture'\]"),
    "type": (changed(dtype="uint8"), "type of images: found float32, expected uint8"),
    "size": (changed(size_hw=(64, 64)), r"found \[1, 3, 320, 320\], expected \[1, 3, 64, 64\]"),
    "layout": (changed(layout="NHWC"), "shape of images"),
    "batch": (changed(dynamic_batch=True), "expected .*batch"),
    "output": (
        replace(
            tiny_card(dynamic=False),
            outputs=(OutputSpec("boxes", "head"),),
            heads=(AnchorHead("boxes", 16, ((32.0, 32.0),)),),
        ),
        r"outputs: found \['head_16'\], expected \['boxes'\]",
    ),
    "classes": (
        replace(tiny_card(dynamic=False), classes=("red",)),
        r"shape of head_16: found \[1, 7, 20, 20\], expected \['any', 6",
    ),
    "anchors": (replace(tiny_card(dynamic=False), heads=(AnchorHead("head_16", 16, ((8.0, 8.0), (9.0, 9.0))),)), "14"),
}


@pytest.mark.parametrize(("card", "words"), MISFITS.values(), ids=list(MISFITS))
def test_a_graph_that_does_not_fit_its_card(tmp_path: Path, card: ModelCard, words: str) -> None:
    path = tmp_path / "misfit.onnx"
    tiny_anchor_model(path, card=tiny_card(dynamic=False), metadata={CARD_KEY: card.to_json()})
    with pytest.raises(ModelMismatchError, match=words):
        load_pipeline(path)


def test_a_fixed_batch_of_one_takes_several_frames(tmp_path: Path) -> None:
    pipeline = load_pipeline(tiny_anchor_model(tmp_path / "one.onnx", card=tiny_card(dynamic=False)))
    frames = [frame_of(picture_with_squares([(104, 8 + 16 * k, "red")])) for k in (4, 9)]
    found = pipeline.select(pipeline.run(pipeline.prepare(frames)), default_settings(pipeline.card))
    assert [d.xyxy.round().tolist() for d in found] == [[[88, 56, 120, 88]], [[88, 136, 120, 168]]]
    pipeline.close()


def test_an_operator_that_onnxruntime_does_not_know(tmp_path: Path, model: Path) -> None:
    proto = onnx.load(str(model))
    proto.graph.node[1].op_type = "ConvOfTomorrow"
    onnx.save(proto, str(model))
    with pytest.raises(ModelError, match="ConvOfTomorrow"):
        load_pipeline(model)


def test_an_input_that_the_graph_cannot_take_fails_with_a_name(tmp_path: Path) -> None:
    pipeline = load_pipeline(tiny_anchor_model(tmp_path / "tiny.onnx"))
    prepared = pipeline.prepare([frame_of(picture_with_squares([]))])
    with pytest.raises(InferenceError, match="failed while it ran"):
        pipeline.run(replace(prepared, tensor=np.zeros((1, 4, 64, 64), np.float32)))
    pipeline.close()
    with pytest.raises(InferenceError, match="closed"):
        pipeline.run(prepared)


def test_weights_outside_of_the_models_folder_are_refused(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    path = tiny_anchor_model(inside / "tiny.onnx")
    proto = onnx.load(str(path))
    onnx.save(proto, str(path), save_as_external_data=True, location="weights.bin", size_threshold=0)
    load_pipeline(path).close()
    (inside / "weights.bin").rename(tmp_path / "weights.bin")
    proto = onnx.load(str(path), load_external_data=False)
    for weight in proto.graph.initializer:
        for entry in weight.external_data:
            if entry.key == "location":
                entry.value = "../weights.bin"
    path.write_bytes(proto.SerializeToString())
    with pytest.raises(UnsafeModelError, match="outside the folder"):
        load_pipeline(path)


def test_damaged_bytes_never_raise_anything_else(tmp_path: Path) -> None:
    whole = bytearray(tiny_dense_model(tmp_path / "whole.onnx").read_bytes())
    rng = np.random.default_rng(5)
    path = tmp_path / "damaged.onnx"
    refused = 0
    for _ in range(40):
        damaged = bytearray(whole)
        for position in rng.integers(0, len(whole), 6):
            damaged[position] = rng.integers(0, 256)
        path.write_bytes(damaged)
        try:
            load_pipeline(path, threads=1).close()
        except DetectorError:
            refused += 1
    assert refused > 10


def test_metadata_are_read_without_unknown_keys_in_the_way(tmp_path: Path) -> None:
    path = tiny_anchor_model(
        tmp_path / "m.onnx", metadata={CARD_KEY: tiny_card().to_json(), "names": "x", "stride": "y"}
    )
    assert load_pipeline(path).card == tiny_card()
