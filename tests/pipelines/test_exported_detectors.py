"""Networks of the R-CNN family and YOLOv1 from PyTorch through our exporter into the app: the same boxes at the end."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="exports need the train extra")

from detector_app.cli import main
from detector_app.pipelines.detector import DetectorPipeline
from detector_app.pipelines.loader import load_pipeline
from detector_app.pipelines.pipeline import DetectSettings, default_settings, infer
from detector_app.sources.opener import open_source
from detector_app.vision.trace import Fate
from tests.engine.scenes import write_video
from tests.exported_detectors import MAKERS, Exported, agree
from tests.onnx_files import frame_of, picture_with_squares

pytestmark = pytest.mark.timeout(900)  # an export takes its time where others use the machine, too


@pytest.fixture(scope="module", params=list(MAKERS))
def exported(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """Each network in turn, exported once."""
    maker: Callable[[Path], Exported] = MAKERS[request.param]
    return maker(tmp_path_factory.mktemp(request.param))


@pytest.fixture(scope="module")
def pipeline(exported: Exported) -> DetectorPipeline:
    return load_pipeline(exported.path)


def noise(width: int, height: int) -> np.ndarray:
    return np.random.default_rng(width).integers(0, 256, (height, width, 3), np.uint8)


BATCHES = {
    "noise": [noise(120, 90)],
    "odd sizes": [noise(61, 83), noise(200, 151)],
    "squares": [picture_with_squares([(104, 104, "red"), (200, 152, "blue")], (320, 240))],
    "black and a few pixels": [np.zeros((64, 64, 3), np.uint8), noise(3, 2), noise(128, 128)],
}


@pytest.mark.parametrize("pictures", BATCHES.values(), ids=list(BATCHES))
def test_the_app_finds_what_the_network_finds(
    pipeline: DetectorPipeline, exported: Exported, pictures: list[np.ndarray]
) -> None:
    prepared = pipeline.prepare([frame_of(picture) for picture in pictures])
    counts = [
        agree(pipeline, exported, prepared, DetectSettings(score=score, iou=0.5))[0]
        for score in (0.05, 0.3, 0.5, 0.9, 1.0)
    ]
    assert counts == sorted(counts, reverse=True)


def test_there_was_something_to_agree_on(pipeline: DetectorPipeline, exported: Exported) -> None:
    prepared = pipeline.prepare([frame_of(noise(120, 90)), frame_of(noise(200, 151))])
    assert agree(pipeline, exported, prepared, DetectSettings(score=0.05, iou=0.5))[0] > 5


def test_every_detection_has_an_origin(pipeline: DetectorPipeline) -> None:
    inference = infer(pipeline, [frame_of(noise(120, 90)), frame_of(noise(200, 151))])
    settings = DetectSettings(score=0.05)
    for image, found in enumerate(pipeline.select(inference, settings)):
        look = pipeline.trace(inference, settings, image=image).last
        kept = look.rows(Fate.KEPT)
        # A region may be several candidates, one for each class.
        assert look.ids[kept].tolist() == found.candidate_ids.tolist()
        assert look.class_ids[kept].tolist() == found.class_ids.tolist()
        np.testing.assert_array_equal(look.xyxy[kept], found.xyxy)
        assert look.places is not None
        assert (np.maximum(look.places.rank, look.places.head)[kept] >= 0).all()


def test_a_video_through_run_is_what_the_pipeline_finds(
    exported: Exported, pipeline: DetectorPipeline, tmp_path: Path
) -> None:
    video = write_video(tmp_path / "video.mp4", 3)
    words = ["--model", str(exported.path), "--save", "jsonl", "--out", str(tmp_path / "out"), "--score", "0.2"]
    assert main(["run", *words, str(video)]) == 0
    lines = (tmp_path / "out" / "video.jsonl").read_text(encoding="utf-8").splitlines()
    source = open_source(str(video))
    settings = DetectSettings(score=0.2, iou=pipeline.card.thresholds.iou)
    for line in lines:
        frame = source.read()
        (found,) = pipeline.select(infer(pipeline, [frame], settings), settings)
        told = json.loads(line)["detections"]
        assert len(told) == len(found)
        np.testing.assert_allclose([one["score"] for one in told], found.scores, atol=1e-3)
        np.testing.assert_allclose(np.reshape([one["xyxy"] for one in told], (-1, 4)), found.xyxy, atol=0.1)
    source.close()
    assert len(lines) == 3


def test_info_and_defaults(exported: Exported, pipeline: DetectorPipeline, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", str(exported.path)]) == 0
    assert "parity with torch: passed" in capsys.readouterr().out
    assert pipeline.card.parity is not None
    assert default_settings(pipeline.card).score == pipeline.card.thresholds.score
