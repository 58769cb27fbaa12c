"""What the app finds with layers in half precision or eight bits is what it finds in full."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from skimage import data

from detector_app.model_card import CARD_KEY, ModelCard
from detector_app.pipelines.loader import load_pipeline
from detector_app.pipelines.pipeline import default_settings, infer
from detector_app.vision.boxes import iou_matrix
from detector_app.vision.detections import Detections
from export.calibration import input_tensor
from export.half import to_half
from export.quantise import to_int8
from tests.export.squares import draw_pictures, squares_model
from tests.onnx_files import frame_of, picture_with_squares


def found_in(path: Path, picture: np.ndarray) -> Detections:
    pipeline = load_pipeline(path, providers=("cpu",))
    try:
        (found,) = pipeline.select(infer(pipeline, [frame_of(picture)]), default_settings(pipeline.card))
    finally:
        pipeline.close()
    assert isinstance(found, Detections)
    return found


def written(path: Path, model: onnx.ModelProto, card: ModelCard) -> Path:
    onnx.helper.set_model_props(model, {CARD_KEY: card.to_json()})
    onnx.save(model, str(path))
    return path


def same(found: Detections, expected: Detections, score: float) -> None:
    assert len(found) == len(expected) > 0
    overlaps = iou_matrix(found.xyxy, expected.xyxy)
    partners = overlaps.argmax(axis=1)
    assert sorted(partners) == list(range(len(expected)))
    assert overlaps.max(axis=1).min() > 0.95
    np.testing.assert_array_equal(found.class_ids, expected.class_ids[partners])
    np.testing.assert_allclose(found.scores, expected.scores[partners], atol=score)


def test_half_precision_finds_the_cup_as_full_does(repository: Path, tmp_path: Path) -> None:
    shipped = repository / "assets" / "models" / "desk-yolo.onnx"
    model = onnx.load(str(shipped))
    card = ModelCard.from_json({p.key: p.value for p in model.metadata_props}[CARD_KEY], "desk-yolo")
    half = written(tmp_path / "half.onnx", *to_half(model, card))
    assert half.stat().st_size < 0.55 * shipped.stat().st_size
    picture = np.ascontiguousarray(data.coffee()[:, :, ::-1])
    same(found_in(half, picture), found_in(shipped, picture), score=0.01)


@pytest.mark.parametrize("precision", ["float16", "int8"])
def test_squares_are_found_with_every_precision(precision: str, tmp_path: Path) -> None:
    picture = picture_with_squares([(24, 24, "red"), (152, 88, "blue"), (280, 280, "red")])
    full = found_in(written(tmp_path / "full.onnx", *squares_model()), picture)
    model, card = squares_model()
    draw_pictures(tmp_path / "pictures", 6)
    makers = [lambda i=i: input_tensor(tmp_path / "pictures" / f"{i}.png", card) for i in range(6)]  # type: ignore[misc]
    changed = to_half(model, card) if precision == "float16" else to_int8(model, card, makers)
    assert changed[1].precision == precision
    same(found_in(written(tmp_path / "changed.onnx", *changed), picture), full, score=0.05)
