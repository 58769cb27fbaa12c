"""The whole way of a frame through a real graph."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from detector_app.pipelines.loader import load_pipeline
from detector_app.pipelines.pipeline import DetectSettings
from tests.onnx_files import frame_of, picture_with_squares, tiny_anchor_model


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_anchor_model(tmp_path_factory.mktemp("models") / "tiny.onnx")


def test_finds_squares_where_they_are(tiny: Path) -> None:
    pipeline = load_pipeline(tiny)
    frame = frame_of(picture_with_squares([(104, 104, "red"), (200, 152, "blue")]))
    (found,) = pipeline.select(pipeline.run(pipeline.prepare([frame])), DetectSettings())
    np.testing.assert_allclose(found.xyxy, [[88, 88, 120, 120], [184, 136, 216, 168]], atol=1e-3)
    assert [found.name(i) for i in range(len(found))] == ["red", "blue"]
    assert (found.scores > 0.99).all()
    pipeline.close()


def test_boxes_come_back_to_the_frame(tiny: Path) -> None:
    pipeline = load_pipeline(tiny)
    # 640×480 becomes 320×240 with 40 px above: (208, 208) lies at (104, 144), which is not on a cell's centre, but near one.
    frame = frame_of(picture_with_squares([(208, 208, "red")], (640, 480), side_px=64))
    (found,) = pipeline.select(pipeline.run(pipeline.prepare([frame])), DetectSettings(score=0.2))
    assert len(found) == 2
    assert np.abs(found.xyxy - [176, 176, 240, 240]).max() <= 16 + 1e-3
    pipeline.close()
