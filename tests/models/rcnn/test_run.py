"""Region networks through the loop that trains every detector: real runs, small."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.cli import main
from models.detect.pictures import REGION
from models.detect.recipe import Recipe, read_recipe
from models.detect.records import read_labelled
from models.detect.run import Order, train
from models.detect.split import split_by_content
from models.errors import RecipeError
from models.history import read_history
from models.rcnn.checkpoint import load_fast_rcnn, load_faster_rcnn
from models.rcnn.regions import regions_of, with_regions
from models.rcnn.settings import FasterRcnnSettings, FastRcnnSettings
from models.rcnn.spec import FastRcnnSpec
from tests.models.detect.drawn import write_coco
from tests.models.detect.tiny_run import make_order

SHARED = {
    "backbone": "tiny", "strides": (4, 8), "pyramid": 8, "hidden": 16, "roi_size": 3, "epochs": 4, "batch": 3, "input_size": 64,
    "warmup_epochs": 1.0, "val_every": 2, "cache_px": 96, "val_fraction": 0.25, "learning_rate": 4e-3, "ema_decay": 0.9,
    "mosaic": 0.3, "copy_paste": 0.5, "regions_drawn": 16,
}  # fmt: skip
FASTER = FasterRcnnSettings(**SHARED, proposals=12, learnt_together=20, anchors_drawn=32)  # type: ignore[arg-type]
FAST = FastRcnnSettings(**SHARED, proposals=25, side_px=96)  # type: ignore[arg-type]


def order(folder: Path, model: str, settings: object, **changes: object) -> Order:
    made = make_order(folder, **changes)
    return replace(made, recipe=Recipe(settings, made.recipe.data, model=model))


def losses(out: Path, name: str) -> tuple[float, ...]:
    return tuple(read_history(out / "metrics" / "version_0" / "metrics.csv")[name].values)


def test_faster_rcnn_trains_and_is_kept(tmp_path: Path) -> None:
    train(order(tmp_path, "faster-rcnn", FASTER, draw=True))
    told = losses(
        tmp_path / "out", "loss_objectness"
    )  # the head's rises first: proposals get better, so more of them are objects
    assert told[-1] < told[0]
    _, spec, provenance = load_faster_rcnn(tmp_path / "out" / "faster-rcnn.safetensors")
    assert spec.classes == ("red", "green")
    assert provenance.sources[0].name == "set"
    assert 0 <= provenance.metrics["mAP50"] <= 1
    assert (tmp_path / "out" / "faster-rcnn-last.safetensors").is_file()
    for picture in ("anchors.png", "failures.png", "curves.png"):
        assert (tmp_path / "out" / picture).is_file()


def test_fast_rcnn_trains_on_regions_of_its_own(tmp_path: Path) -> None:
    train(order(tmp_path, "fast-rcnn", FAST, draw=True))
    told = losses(tmp_path / "out", "loss")
    assert told[-1] < told[0]
    _, spec, _ = load_fast_rcnn(tmp_path / "out" / "fast-rcnn.safetensors")
    assert spec.proposals == 25
    assert len([*(tmp_path / "out" / "regions").iterdir()]) == 12
    assert not (tmp_path / "out" / "anchors.png").exists()
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert sum(one["train_boxes"] + one["val_boxes"] for one in report["classes"]) == 24  # regions are no boxes


def test_an_interrupted_alternating_run_is_the_same_as_a_whole_one(tmp_path: Path) -> None:
    settings = replace(FASTER, schedule="alternating", val_every=1)
    train(order(tmp_path, "faster-rcnn", settings))
    from tests.models.detect.test_run import interrupt_after

    stopped = order(tmp_path, "faster-rcnn", settings, out=tmp_path / "stopped")
    interrupt_after(3, stopped)
    train(replace(stopped, resume=stopped.out / "checkpoints" / "last.ckpt"))
    whole, resumed = (
        load_faster_rcnn(folder / "faster-rcnn-last.safetensors")[0] for folder in (tmp_path / "out", stopped.out)
    )
    for one, other in zip(whole.state_dict().values(), resumed.state_dict().values(), strict=True):
        assert np.array_equal(one.numpy(), other.numpy())


def test_options_of_another_model_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["detect", "--data", "set", "--out", str(tmp_path / "out"), "--model", "fast-rcnn", "--anchor-ratios", "1"]
    assert main(given) == 2
    assert "--anchor-ratios: fast-rcnn has no such setting, but faster-rcnn" in capsys.readouterr().err


def test_regions_are_looked_for_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_coco(tmp_path / "set", 6)
    labelled = read_labelled((tmp_path / "set",), (), {})
    split = split_by_content(labelled.records, labelled.classes, 0.3)
    spec = FastRcnnSpec(labelled.classes, proposals=20, side_px=96)
    first = with_regions(split, spec, tmp_path)
    monkeypatch.setattr("models.rcnn.regions.propose", None)
    again = with_regions(split, spec, tmp_path)
    for one, other, before in zip(first.train, again.train, split.train, strict=True):
        assert np.array_equal(one.boxes_xyxy, other.boxes_xyxy)
        assert np.array_equal(one.boxes_xyxy[:2], before.boxes_xyxy)
        assert (one.labels[2:] == REGION).all()
        assert 0 < len(one.labels) - 2 <= 20
        assert one.boxes_xyxy[:, 2].max() <= 96
    with pytest.raises(TypeError):  # looked for otherwise, they are others
        regions_of(split.train[0], replace(spec, proposals=10), tmp_path / "regions")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"input_size": 100}, "multiples of 8"),
        ({"roi": "mean"}, "roi = 'mean': one of align, max expected"),
        ({"schedule": "later"}, "one of joint, alternating expected"),
    ],
)
def test_settings_that_cannot_be(changes: dict[str, object], said: str) -> None:
    with pytest.raises(RecipeError, match=said):
        replace(FASTER, **changes)  # type: ignore[arg-type]


def test_a_network_that_cannot_be_is_a_setting_to_mend(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="without a pyramid there is one map"):
        train(order(tmp_path, "faster-rcnn", replace(FASTER, pyramid=0)))


def test_recipes_name_their_model(repository: Path) -> None:
    for model in ("faster-rcnn", "fast-rcnn"):
        for data in ("blood", "cards"):
            path = repository / "models" / "recipes" / f"{data}_{model.replace('-', '_')}.toml"
            assert read_recipe(path, Path("data")).model == model
