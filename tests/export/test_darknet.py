import dataclasses
import json
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
import pytest

from detector_app.model_card import CARD_KEY, ModelCard, SizeRange
from export.darknet import darknet_recipe
from export.errors import ExportError
from export.exporting import export_recipe
from models.darknet.heads import Head
from tests.export.conftest import Heard
from tests.export.darknet_files import V3, make_files
from tests.models.darknet.decoding import assert_same_detections, decode, detections, stretched

# Every kind of layer, so that none is translated wrongly: two heads of v4's kinds and one of v2's.
EVERY_LAYER = """
[net]
width=96
height=64
channels=3
[convolutional]
filters=8
size=3
stride=2
pad=1
batch_normalize=1
activation=mish
[convolutional]
filters=8
groups=4
size=3
pad=1
activation=relu6
[shortcut]
from=-2
activation=leaky
[maxpool]
size=2
stride=2
[convolutional]
filters=12
size=3
stride=2
pad=1
batch_normalize=1
activation=swish
[avgpool]
[convolutional]
filters=12
activation=logistic
[scale_channels]
from=-3
[maxpool]
size=2
stride=1
[maxpool]
size=5
stride=1
[dropout]
[shortcut]
from=8,4
[route]
layers=-1
groups=2
group_id=1
[convolutional]
filters=14
activation=logistic
[yolo]
mask=1,2
anchors=4,4, 9,8, 20,30
classes=2
num=3
scale_x_y=2.0
new_coords=1
[route]
layers=11
[upsample]
stride=2
[shortcut]
from=3
activation=linear
[convolutional]
filters=7
activation=linear
[yolo]
mask=0
anchors=4,4, 9,8, 20,30
classes=2
num=3
scale_x_y=1.05
[route]
layers=3
[reorg]
stride=2
[route]
layers=-1,11
[convolutional]
filters=14
activation=linear
[region]
anchors=0.5,0.75, 2,3
num=2
classes=2
softmax=1
"""


def test_every_layer_is_translated(tmp_path: Path, heard: Heard):
    recipe = darknet_recipe(make_files(tmp_path, EVERY_LAYER), "all layers", "public domain")
    exported = export_recipe(recipe, tmp_path / "a.onnx", heard)
    assert heard.stages == ["trace", "verify", "write"]
    heads = {head.output: head for head in exported.card.heads}
    assert set(heads) == {"head_4", "head_8", "head_8_2"}
    assert heads["head_4"].anchors_wh_px == ((4, 4),)
    assert heads["head_4"].scale_xy == 1.05
    scaled, second = heads["head_8"], heads["head_8_2"]
    assert (scaled.box_transform, scaled.activated, scaled.anchors_wh_px) == ("square", True, ((9, 8), (20, 30)))
    assert (second.class_activation, second.anchors_wh_px) == ("softmax", ((4, 6), (16, 24)))
    assert exported.card.input.size_hw == (64, 96)
    assert exported.card.input.dynamic == SizeRange(8, 4096, 8)
    assert exported.card.licence == "public domain"


def test_pictures_are_stretched_unless_the_cfg_or_the_user_says_letterbox(tmp_path: Path):
    files = make_files(tmp_path, V3)
    assert darknet_recipe(files, "a", "").card.input.resize == "stretch"
    assert darknet_recipe(files, "a", "", resize="letterbox").card.input.resize == "letterbox"
    files.cfg.write_text(V3.replace("height=32", "height=32\nletter_box=1"))
    assert darknet_recipe(files, "a", "").card.input.resize == "letterbox"
    assert darknet_recipe(files, "a", "", resize="stretch").card.input.resize == "stretch"


@pytest.mark.parametrize("names", ["cat\n", "cat\ndog\nowl\n"])
def test_names_must_be_as_many_as_classes(tmp_path: Path, names: str):
    files = make_files(tmp_path, V3, names)
    with pytest.raises(ExportError, match=r"a\.names: \d names?, but a\.cfg has 2 classes"):
        darknet_recipe(files, "a", "")


def test_names_may_be_of_windows(tmp_path: Path):
    files = make_files(tmp_path, V3)
    files.names.write_bytes("\ufeffcat \r\n狗\r\n\r\n".encode())
    assert darknet_recipe(files, "a", "").card.classes == ("cat", "狗")


def test_a_classifier_and_grey_pictures_are_refused(tmp_path: Path):
    files = make_files(tmp_path, V3.split("[yolo]")[0])
    with pytest.raises(ExportError, match="describes a classifier"):
        darknet_recipe(files, "a", "")
    files = make_files(tmp_path, V3.replace("height=32", "height=32\nchannels=1"))
    with pytest.raises(ExportError, match="takes 1 channels"):
        darknet_recipe(files, "a", "")


@pytest.mark.parametrize("missing", ["cfg", "weights", "names"])
def test_each_file_is_missed_by_name(tmp_path: Path, missing: str):
    files = make_files(tmp_path, V3)
    getattr(files, missing).unlink()
    with pytest.raises(ExportError, match=rf"a\.{missing}: there is no such file"):
        darknet_recipe(files, "a", "")


def test_an_unsupported_layer_is_named_with_its_line(tmp_path: Path):
    files = make_files(tmp_path, V3)
    files.cfg.write_text(V3 + "[lstm]\n")
    with pytest.raises(ExportError, match=r"a\.cfg: line \d+: \[lstm\] is a layer that is not supported"):
        darknet_recipe(files, "a", "")


def test_files_that_do_not_belong_together_are_refused(tmp_path: Path):
    files = make_files(tmp_path, V3)
    files.cfg.write_text(V3.replace("size=3", "size=5"))
    with pytest.raises(ExportError, match=r"holds 196 values, a\.cfg needs 532.*belongs to another"):
        darknet_recipe(files, "a", "")


@pytest.fixture(scope="module")
def session(yolo_fastest: Path) -> onnxruntime.InferenceSession:
    """The real model, exported by the command."""
    return onnxruntime.InferenceSession(yolo_fastest, providers=["CPUExecutionProvider"])


@pytest.fixture(scope="module")
def card(session: onnxruntime.InferenceSession) -> ModelCard:
    return ModelCard.from_json(session.get_modelmeta().custom_metadata_map[CARD_KEY], "xl")


def decode_with_card(session: onnxruntime.InferenceSession, card: ModelCard, picture: Path) -> dict[int, list]:
    """Rows by stride, with nothing known but the card."""
    assert (card.input.resize, card.input.channel_order, card.input.scale) == ("stretch", "RGB", 1 / 255)
    side = card.input.size_hw[0]
    outputs = session.run([head.output for head in card.heads], {card.input.name: stretched(picture, side)})
    rows = {}
    for head, raw in zip(card.heads, outputs, strict=True):
        oracle = Head(head.stride, head.anchors_wh_px, len(card.classes))
        assert dataclasses.asdict(head).items() >= {"scale_xy": 1.0, "box_transform": "exp", "activated": False}.items()
        rows[head.stride] = decode(raw[0], oracle, side)
    return rows


@pytest.mark.parametrize("picture", ["dog", "person"])
def test_raw_heads_match_the_goldens(
    session: onnxruntime.InferenceSession, card: ModelCard, shared_data: Path, picture: str
):
    goldens = np.load(shared_data / "reference" / "goldens" / f"yolo-fastest-1.1-xl_{picture}_raw.npz")
    rows = decode_with_card(session, card, shared_data / "media" / "darknet_images" / f"{picture}.jpg")
    for stride, layer in ((16, "yolo_130"), (32, "yolo_121")):
        confident = np.flatnonzero(goldens[layer][:, 4] > 0.1)
        assert confident.size
        for index in confident:
            *box, scores = rows[stride][index]
            expected = goldens[layer][index]
            np.testing.assert_allclose(box, expected[:5], atol=1e-3)
            # The other software leaves low class scores at 0.
            written = expected[5:] > 0
            np.testing.assert_allclose(np.array(scores)[written], expected[5:][written], atol=1e-3)


@pytest.mark.parametrize("picture", ["dog", "person", "horses", "giraffe", "eagle"])
def test_detections_match_the_goldens(
    session: onnxruntime.InferenceSession, card: ModelCard, shared_data: Path, picture: str
):
    goldens = json.loads((shared_data / "reference" / "goldens" / "yolo_fastest_detections.json").read_text())
    path = shared_data / "media" / "darknet_images" / f"{picture}.jpg"
    height, width = cv2.imread(str(path)).shape[:2]
    rows = [row for head in decode_with_card(session, card, path).values() for row in head]
    found = detections(rows, card.classes, (width, height))
    assert_same_detections(found, goldens["yolo-fastest-1.1-xl"][f"{picture}.jpg"])
