"""A whole run of R-CNN on drawn pictures: it learns them, leaves what it says, and goes on where it was."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.detect.pictures import SampleStore
from models.detect.recipe import Recipe, read_recipe
from models.detect.records import read_labelled
from models.detect.run import Order, train
from models.errors import RecipeError
from models.rcnn.checkpoint import load_rcnn
from models.rcnn.rcnn_detection import Spent, detect, search
from models.rcnn.rcnn_settings import RcnnSettings
from tests.models.detect.drawn import write_coco
from tests.models.detect.tiny_run import CPU

pytest.importorskip("skimage", reason="regions need scikit-image")

QUICK = RcnnSettings(
    backbone="tiny", epochs=6, batch=3, input_size=64, val_fraction=0.25, learning_rate=4e-3, crop_size=32, hidden=16,
    dropout=0.0, regions_drawn=12, svm_regions=40, proposals=60, side_px=96, segment_scales=(50.0, 200.0), svm_cost=0.01,
)  # fmt: skip


def order(folder: Path, **changes: object) -> Order:
    if not (folder / "set").exists():
        write_coco(folder / "set", 12)
    made = Order(Recipe(QUICK, (folder / "set",), model="rcnn"), **{"out": folder / "out", "machine": CPU, "draw": False, **changes})  # type: ignore[arg-type]  # fmt: skip
    made.out.mkdir(exist_ok=True)
    return made


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    train(order(folder, draw=True))
    return folder


def test_it_learns_what_is_drawn_and_says_so(trained: Path) -> None:
    _, spec, provenance = load_rcnn(trained / "out" / "rcnn.safetensors")
    assert spec.classes == ("red", "green")
    assert provenance.metrics["mAP50"] > 0.8
    assert json.loads((trained / "out" / "metrics.json").read_text())["best"]["mAP50"] == provenance.metrics["mAP50"]
    stages = json.loads((trained / "out" / "stages.json").read_text())
    assert stages["classes"]["red"]["objects"] == 9
    assert stages["per_picture"]["total_ms"] > 0
    assert all((trained / "out" / f"{name}.png").is_file() for name in ("report", "samples", "failures", "pr"))


def test_a_picture_is_judged_in_its_own_pixels(trained: Path) -> None:
    judge, spec, _ = load_rcnn(trained / "out" / "rcnn.safetensors")
    (sample,) = SampleStore(read_labelled([trained / "set"]).records[:1], 1024, 1.0)
    spent = Spent()
    found = detect(sample.rgb, search(sample.rgb, judge, spent), judge, spent)
    best = [found.boxes_xyxy[found.labels == label][0] for label in (0, 1)]
    truth = sample.boxes_xyxy[np.argsort(sample.labels)]
    assert np.abs(np.array(best) - truth).max() < 8
    nothing = detect(sample.rgb, np.zeros((0, 4), np.float32), judge, spent)
    assert nothing.boxes_xyxy.shape == (0, 4)
    assert spec.nms_iou == 0.4


def test_a_resumed_run_finds_regions_and_features_again(trained: Path) -> None:
    out = trained / "out"
    kept = {path: path.stat().st_size for path in (out / "features").rglob("*") if path.is_file()}
    kept |= {path: path.stat().st_size for path in (out / "regions").iterdir()}
    before = load_rcnn(out / "rcnn.safetensors")[0].state_dict()
    train(order(trained, resume=out / "checkpoints" / "last.ckpt"))
    files = [path for name in ("features", "regions") for path in (out / name).rglob("*") if path.is_file()]
    assert {path: path.stat().st_size for path in files} == kept
    after = load_rcnn(out / "rcnn.safetensors")[0].state_dict()
    assert all(bool((before[name] == after[name]).all()) for name in before)


def test_a_report_alone_trains_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert train(order(tmp_path, report_only=True, json_progress=True)) == {}
    events = [json.loads(line)["event"] for line in capsys.readouterr().out.splitlines()]
    assert events == ["report", "start"]
    assert not (tmp_path / "out" / "rcnn.safetensors").exists()


def test_a_crop_that_the_backbone_cannot_halve_is_refused(tmp_path: Path) -> None:
    made = order(tmp_path)
    with pytest.raises(RecipeError, match="multiple of 32"):
        train(replace(made, recipe=replace(made.recipe, settings=replace(QUICK, crop_size=40))))


def test_the_recipes_can_be_read(repository: Path) -> None:
    for path in sorted((repository / "models" / "recipes").glob("*_rcnn.toml")):
        assert read_recipe(path, Path()).model in ("rcnn", "fast-rcnn", "faster-rcnn")
