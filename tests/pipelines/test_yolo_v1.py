"""YOLOv1's grid against a plain loop over cells and boxes, and through a real graph."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector_app.errors import CardInvalidError, ModelMismatchError
from detector_app.model_card import GridSpec, OutputSpec
from detector_app.pipelines.loader import load_pipeline
from detector_app.pipelines.pipeline import DetectSettings, default_settings, infer
from detector_app.pipelines.yolo_v1 import YoloV1Decoder, yolo_v1_decoder
from tests.onnx_files import frame_of, picture_with_squares
from tests.pipelines.places import place_of
from tests.region_files import grid_card, tiny_grid

INPUT_WH = (448, 320)


def brute_force(grid: GridSpec, raw: np.ndarray, score: float) -> list[tuple[int, int, float, tuple[float, ...]]]:
    """(number, class, score, box) of every pair, number by number."""
    found, number = [], 0
    width, height = INPUT_WH
    for row in range(grid.side):
        for column in range(grid.side):
            cell = raw[row, column].astype(float)
            for box in range(grid.boxes_per_cell):
                x, y, w, h, confidence = cell[5 * box : 5 * box + 5]
                w, h = (w * w, h * h) if grid.square_roots else (max(w, 0), max(h, 0))
                centre = (column + x) / grid.side * width, (row + y) / grid.side * height
                half = w * width / 2, h * height / 2
                edges = (centre[0] - half[0], centre[1] - half[1], centre[0] + half[0], centre[1] + half[1])
                for class_id, probability in enumerate(cell[5 * grid.boxes_per_cell :]):
                    value = np.float32(min(max(confidence, 0), 1)) * np.float32(min(max(probability, 0), 1))
                    if value >= np.float32(score):
                        found.append((number, class_id, float(value), edges))
                number += 1
    return found


@settings(max_examples=60)
@given(
    grid=st.builds(GridSpec, side=st.integers(1, 5), boxes_per_cell=st.integers(1, 3), square_roots=st.booleans()),
    classes=st.integers(1, 4),
    seed=st.integers(0, 999),
    score=st.sampled_from([0.0, 0.05, 0.3, 0.7, 1.0]),
    image=st.integers(0, 1),
    half=st.booleans(),
)
def test_agrees_with_brute_force(grid: GridSpec, classes: int, seed: int, score: float, image: int, half: bool) -> None:
    shape = (2, grid.side, grid.side, 5 * grid.boxes_per_cell + classes)
    raw = np.random.default_rng(seed).normal(0.4, 0.5, shape).astype(np.float16 if half else np.float32)
    found = YoloV1Decoder("grid", grid, INPUT_WH).decode({"grid": raw}, image, score)
    expected = brute_force(grid, raw[image], score)
    assert list(zip(found.ids.tolist(), found.class_ids.tolist(), strict=True)) == [row[:2] for row in expected]
    np.testing.assert_allclose(found.scores, [row[2] for row in expected], atol=1e-6)
    np.testing.assert_allclose(found.xyxy, np.array([row[3] for row in expected]).reshape(-1, 4), atol=2e-3, rtol=1e-5)
    assert found.xyxy.dtype == found.scores.dtype == np.float32


def test_not_a_number_is_no_candidate() -> None:
    raw = np.full((1, 2, 2, 7), np.nan, np.float32)
    assert len(YoloV1Decoder("grid", GridSpec(2, 1), INPUT_WH).decode({"grid": raw}, 0, 0.0)) == 0


def test_one_cell_with_one_box_is_classification_with_localisation() -> None:
    raw = np.array([0.5, 0.25, 0.5, 0.5, 0.9, 0.1, 0.8], np.float32).reshape(1, 1, 1, 7)
    decoder = YoloV1Decoder("grid", GridSpec(1, 1, square_roots=False), (100, 200))
    found = decoder.decode({"grid": raw}, 0, 0.5)
    assert found.class_ids.tolist() == [1]
    assert found.scores.tolist() == pytest.approx([0.72])
    np.testing.assert_allclose(found.xyxy, [[25, 0, 75, 100]], atol=1e-4)


def test_place_names_cell_and_box() -> None:
    decoder = YoloV1Decoder("grid", GridSpec(7, 2), (448, 448))
    outputs = {"grid": np.zeros((1, 7, 7, 30), np.float32)}
    assert place_of(decoder, outputs, (3 * 7 + 5) * 2 + 1, (448, 448)) == (0, 64, 3, 5, 1)


def test_finds_squares_in_frames_of_different_sizes(tmp_path: Path) -> None:
    pipeline = load_pipeline(tiny_grid(tmp_path / "grid.onnx"))
    frames = [
        frame_of(picture_with_squares([(104, 104, "red"), (200, 152, "blue")])),
        frame_of(picture_with_squares([], (50, 30))),
        frame_of(picture_with_squares([(336, 80, "blue")], (640, 320), side_px=64)),
    ]
    inference = infer(pipeline, frames)
    found = pipeline.select(inference, default_settings(pipeline.card))
    assert [[one.name(i) for i in range(len(one))] for one in found] == [["red", "blue"], [], ["blue"]]
    np.testing.assert_allclose(found[0].xyxy, [[88, 88, 120, 120], [184, 136, 216, 168]], atol=1e-3)
    np.testing.assert_allclose(found[2].xyxy, [[304, 48, 368, 112]], atol=1e-3)
    assert pipeline.covers(inference, DetectSettings(score=0.0))
    trace = pipeline.trace(inference, DetectSettings(), image=2)
    assert (trace.last.places.row[0], trace.last.places.column[0]) == (7, 10)
    pipeline.close()


def test_a_card_that_lacks_its_grid_output(tmp_path: Path) -> None:
    card = replace(grid_card(), outputs=(OutputSpec("grid", "head"),))
    assert yolo_v1_decoder(card) is None
    with pytest.raises(CardInvalidError, match="output of role grid"):
        load_pipeline(tiny_grid(tmp_path / "m.onnx", card))


@pytest.mark.parametrize("grid", [GridSpec(side=19), GridSpec(side=20, boxes_per_cell=1)])
def test_a_graph_with_another_grid(tmp_path: Path, grid: GridSpec) -> None:
    with pytest.raises(ModelMismatchError, match="shape of grid"):
        load_pipeline(tiny_grid(tmp_path / "m.onnx", grid_card(grid=grid)))
