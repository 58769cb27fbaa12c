"""UltraFace: its priors against a loop and against those in the graph that has them inside, its boxes against MTCNN's on real faces."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import onnx
import onnx.utils
import onnxruntime
import pytest

from detector_app.errors import CardInvalidError
from detector_app.model_card import SizeRange
from detector_app.pipelines.loader import load_pipeline
from detector_app.pipelines.ultraface_decoder import priors, ultraface_decoder
from detector_app.vision.boxes import iou_matrix
from tests.pipelines.face_cards import found_with, portraits, ultraface_card
from tests.pipelines.places import place_of

FILES = {True: "version-RFB-320.onnx", False: "version-slim-320_without_postprocessing.onnx"}


@pytest.mark.parametrize("size_wh", [(320, 240), (640, 480), (128, 96)])
def test_priors_as_the_authors_count_them(size_wh: tuple[int, int]) -> None:
    width, height = size_wh
    expected = []
    for stride, sizes in ((8, (10, 16, 24)), (16, (32, 48)), (32, (64, 96)), (64, (128, 192, 256))):
        for row in range(math.ceil(height / stride)):
            for column in range(math.ceil(width / stride)):
                for size in sizes:
                    centre = (column + 0.5) / math.ceil(width / stride), (row + 0.5) / math.ceil(height / stride)
                    expected.append([min(1.0, value) for value in (*centre, size / width, size / height)])
    np.testing.assert_allclose(priors(size_wh), expected, atol=1e-6)


def test_as_many_as_the_published_files_have() -> None:
    assert len(priors((320, 240))) == 4420
    assert len(priors((640, 480))) == 17640


def test_the_boxes_of_the_graph_that_has_the_arithmetic_inside(shared_data: Path, tmp_path: Path) -> None:
    """Cut the graph where its postprocessing begins, do that ourselves, and compare with what the whole graph says."""
    path = shared_data / "weights" / "ultraface" / FILES[True]
    graph = onnx.load(str(path)).graph
    maker = {name: node for node in graph.node for name in node.output}
    name = "boxes"
    while maker[name].op_type != "Concat" or not maker[name].input[0].isdigit() or _axis(maker[name]) != 1:
        name = maker[name].input[0]  # up to where the four levels are laid one after the other
    onnx.utils.extract_model(str(path), str(tmp_path / "cut.onnx"), ["input"], ["scores", name], check_model=False)
    rng = np.random.default_rng(2)
    tensor = rng.uniform(-1, 1, (1, 3, 240, 320)).astype(np.float32)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    whole, cut = (
        onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
        for file in (path, tmp_path / "cut.onnx")
    )
    scores, corners = whole.run(["scores", "boxes"], {"input": tensor})
    _, offsets = cut.run(["scores", name], {"input": tensor})
    finished, raw = (ultraface_decoder(ultraface_card(finished=inside)) for inside in (True, False))
    assert finished is not None
    assert raw is not None
    theirs = finished.decode({"scores": scores, "boxes": corners}, 0, 0.0)
    ours = raw.decode({"scores": scores, "boxes": offsets}, 0, 0.0)
    assert len(ours) == 4420
    np.testing.assert_allclose(ours.xyxy, theirs.xyxy, atol=2e-2)


def _axis(node: onnx.NodeProto) -> int:
    return int(next(attribute.i for attribute in node.attribute if attribute.name == "axis"))


def test_logits_are_softmaxed() -> None:
    decoder = ultraface_decoder(ultraface_card(finished=True, softmaxed=False))
    assert decoder is not None
    logits = np.random.default_rng(0).normal(0, 3, (1, 4420, 2)).astype(np.float32)
    found = decoder.decode(
        {"scores": logits, "boxes": np.tile(np.array([0, 0, 1, 1], np.float32), (1, 4420, 1))}, 0, 0.0
    )
    powers = np.exp(logits[0])
    np.testing.assert_allclose(found.scores, powers[:, 1] / powers.sum(axis=1), atol=1e-5)


def test_boxes_that_are_inside_out_are_none() -> None:
    decoder = ultraface_decoder(ultraface_card(finished=True))
    assert decoder is not None
    boxes = np.tile(np.array([0.5, 0, 0.2, 1], np.float32), (1, 4420, 1))
    boxes[0, 7] = 0.1, 0.2, 0.3, 0.4
    found = decoder.decode({"scores": np.ones((1, 4420, 2), np.float32), "boxes": boxes}, 0, 0.5)
    assert found.ids.tolist() == [7]


def test_each_candidate_knows_its_cell_and_size() -> None:
    decoder = ultraface_decoder(ultraface_card(finished=True))
    assert decoder is not None
    assert place_of(decoder, {}, 3600 + 2 * (20 + 3) + 1, (320, 240)) == (1, 16, 1, 3, 1)
    with pytest.raises(ValueError, match="no place"):
        place_of(decoder, {}, 4420, (320, 240))


@pytest.mark.parametrize("finished", FILES, ids=["inside", "outside"])
def test_real_faces_as_mtcnn_sees_them(shared_data: Path, finished: bool) -> None:
    pictures = portraits(shared_data)
    ours = found_with(
        shared_data / "weights" / "ultraface" / FILES[finished], ultraface_card(finished=finished), pictures
    )
    for found, theirs in zip(ours, found_with("mtcnn", None, pictures), strict=True):
        clear = theirs.take(theirs.scores > 0.95)
        assert len(clear)
        assert (iou_matrix(clear.xyxy, found.xyxy).max(axis=1) > 0.5).all()


def test_no_face_is_found_where_there_is_none(shared_data: Path) -> None:
    picture = cv2.imread(str(shared_data / "media" / "mtcnn_ipazc_images" / "no-faces.jpg"))
    card = replace(
        ultraface_card(finished=True), thresholds=replace(ultraface_card(finished=True).thresholds, score=0.95)
    )
    (found,) = found_with(shared_data / "weights" / "ultraface" / FILES[True], card, [np.asarray(picture, np.uint8)])
    assert len(found) == 0


def test_priors_need_one_size(shared_data: Path) -> None:
    card = ultraface_card(finished=False, dynamic=SizeRange())
    with pytest.raises(CardInvalidError, match="a fixed size"):
        load_pipeline(shared_data / "weights" / "ultraface" / FILES[False], card=card)
