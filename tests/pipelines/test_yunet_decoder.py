"""YuNet: its arithmetic against a loop, its boxes against OpenCV's own reader of such files and against MTCNN's on real faces."""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from detector_app.pipelines.candidates import Outputs
from detector_app.pipelines.yunet_decoder import yunet_decoder
from detector_app.vision.boxes import iou_matrix
from tests.pipelines.face_cards import found_with, portraits, yunet_card
from tests.pipelines.places import place_of

SIZE_WH = (96, 64)


def random_outputs(size_wh: tuple[int, int] = SIZE_WH, batch: int = 2) -> dict[str, NDArray[np.float32]]:
    rng = np.random.default_rng(3)
    outputs = {}
    for stride in (8, 16, 32):
        cells = (size_wh[0] // stride) * (size_wh[1] // stride)
        for name, width in (("cls", 1), ("obj", 1), ("bbox", 4), ("kps", 10)):
            values = rng.random((batch, cells, width)) if width == 1 else rng.normal(0, 1, (batch, cells, width))
            outputs[f"{name}_{stride}"] = values.astype(np.float32)
    return outputs


def by_hand(outputs: Outputs, image: int, score: float) -> list[tuple[list[float], float, list[float]]]:
    """Boxes, scores and landmarks cell by cell, as the paper's code has them."""
    found = []
    for stride in (8, 16, 32):
        columns = SIZE_WH[0] // stride
        for cell in range(len(outputs[f"cls_{stride}"][image])):
            row, column = divmod(cell, columns)
            box, points = outputs[f"bbox_{stride}"][image, cell], outputs[f"kps_{stride}"][image, cell]
            value = math.sqrt(outputs[f"cls_{stride}"][image, cell, 0] * outputs[f"obj_{stride}"][image, cell, 0])
            x, y = (column + box[0]) * stride, (row + box[1]) * stride
            w, h = math.exp(box[2]) * stride, math.exp(box[3]) * stride
            landmarks = [(points[i] + (row if i % 2 else column)) * stride for i in range(10)]
            if value >= score:
                found.append(([x - w / 2, y - h / 2, x + w / 2, y + h / 2], value, landmarks))
    return found


@pytest.mark.parametrize("image", [0, 1])
def test_the_same_as_cell_by_cell(image: int) -> None:
    decoder = yunet_decoder(yunet_card(size_hw=(SIZE_WH[1], SIZE_WH[0])))
    assert decoder is not None
    outputs = random_outputs()
    found, expected = decoder.decode(outputs, image, 0.5), by_hand(outputs, image, 0.5)
    assert found.landmarks_xy is not None
    np.testing.assert_allclose(found.xyxy, [box for box, _, _ in expected], rtol=1e-4, atol=1e-3)
    np.testing.assert_allclose(found.scores, [score for _, score, _ in expected], rtol=1e-5)
    np.testing.assert_allclose(found.landmarks_xy.reshape(-1, 10), [p for _, _, p in expected], rtol=1e-4, atol=1e-3)


def test_nothing_found_is_nothing_with_landmarks() -> None:
    decoder = yunet_decoder(yunet_card(size_hw=(SIZE_WH[1], SIZE_WH[0])))
    assert decoder is not None
    found = decoder.decode(random_outputs(), 0, 1.0)
    assert len(found) == 0
    assert found.landmarks_xy is not None
    assert found.landmarks_xy.shape == (0, 5, 2)


def test_another_size_is_another_grid_with_the_same_cells() -> None:
    decoder = yunet_decoder(yunet_card(dynamic=True))
    assert decoder is not None
    outputs = random_outputs()
    wide, high = (decoder.at(size).decode(outputs, 0, 0.0) for size in (SIZE_WH, SIZE_WH[::-1]))
    assert wide.ids.tolist() == high.ids.tolist()
    assert not np.allclose(wide.xyxy, high.xyxy)


def test_each_candidate_knows_its_cell() -> None:
    decoder = yunet_decoder(yunet_card(size_hw=(SIZE_WH[1], SIZE_WH[0])))
    assert decoder is not None
    assert place_of(decoder, random_outputs(), 12 * 8 + 7, SIZE_WH) == (1, 16, 1, 1, 0)


def test_a_card_with_half_a_level_has_no_decoder() -> None:
    card = yunet_card()
    assert yunet_decoder(card.__class__(**{**card.__dict__, "outputs": card.outputs[:3]})) is None


@pytest.mark.parametrize("dynamic", [False, True], ids=["fixed", "dynamic"])
def test_real_faces_as_mtcnn_sees_them(shared_data: Path, dynamic: bool) -> None:
    path = shared_data / "weights" / "yunet" / ("yunet_n_dynamic.onnx" if dynamic else "yunet_n_640_640.onnx")
    pictures = portraits(shared_data)
    for ours, theirs in zip(
        found_with(path, yunet_card(dynamic=dynamic), pictures), found_with("mtcnn", None, pictures), strict=True
    ):
        clear = theirs.take(theirs.scores > 0.95)
        assert len(clear)
        overlap = iou_matrix(clear.xyxy, ours.xyxy)
        assert (overlap.max(axis=1) > 0.5).all()
        assert ours.landmarks_xy is not None
        assert clear.landmarks_xy is not None
        sides = (clear.xyxy[:, 2] - clear.xyxy[:, 0])[:, None]
        distance = np.linalg.norm(ours.landmarks_xy[overlap.argmax(axis=1)] - clear.landmarks_xy, axis=2)
        assert np.median(distance / sides) < 0.08  # the points are in the same order


def test_the_other_scale_finds_nothing(shared_data: Path) -> None:
    path = shared_data / "weights" / "yunet" / "yunet_n_640_640.onnx"
    (found,) = found_with(path, yunet_card(scale=1 / 255), portraits(shared_data)[-1:])
    assert len(found) == 0


def test_the_same_as_opencv_reads_it(shared_data: Path) -> None:
    path = shared_data / "weights" / "yunet" / "yunet_n_640_640.onnx"
    picture = cv2.resize(portraits(shared_data)[-1], (640, 640))  # neither resizes then
    try:
        oracle = cv2.FaceDetectorYN.create(str(path), "", (640, 640), 0.6, 0.3)
        _, rows = oracle.detect(picture)
    except cv2.error as error:
        pytest.skip(f"this OpenCV does not load that file: {error.err}")
    (ours,) = found_with(path, yunet_card(), [np.asarray(picture, np.uint8)])
    theirs = np.zeros((0, 15), np.float32) if rows is None else np.asarray(rows, np.float32)
    assert len(theirs) == len(ours) > 0
    theirs = theirs[np.argsort(-theirs[:, 14])]
    np.testing.assert_allclose(ours.xyxy[:, :2], theirs[:, :2], atol=0.5)
    np.testing.assert_allclose(ours.xyxy[:, 2:] - ours.xyxy[:, :2], theirs[:, 2:4], atol=0.5)
    assert ours.landmarks_xy is not None
    np.testing.assert_allclose(ours.landmarks_xy.reshape(-1, 10), theirs[:, 4:14], atol=0.5)
    np.testing.assert_allclose(ours.scores, theirs[:, 14], atol=1e-3)
