"""Real training, small: drawn pictures, 64 pixels, a few steps."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from models.detect.checkpoint import load_yolo
from models.detect.run import Machine, Order, train
from models.detect.settings import Recipe, TrainingSettings
from models.errors import RecipeError, TrainingDataError, WeightsFileError
from tests.models.detect.drawn import write_coco

QUICK = TrainingSettings(
    epochs=8, batch=3, input_size=64, anchors_per_scale=1, warmup_epochs=1, val_every=4, cache_px=96, val_fraction=0.25,
    learning_rate=4e-3, mosaic=0.2, rotation_deg=0.0, quarter_turn=0.0, train_sizes=(64, 96), ema_decay=0.9,
)  # fmt: skip
CPU = Machine(accelerator="cpu", devices="1")


def make_order(folder: Path, settings: TrainingSettings = QUICK, **changes: object) -> Order:
    if not (folder / "set").exists():
        write_coco(folder / "set", 12)
    return replace(Order(Recipe(settings, (folder / "set",)), folder / "out", CPU), **changes)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished run."""
    folder = tmp_path_factory.mktemp("run")
    train(make_order(folder))
    return folder


def losses(out: Path) -> list[float]:
    with (out / "metrics" / "version_0" / "metrics.csv").open() as file:
        return [float(row["loss"]) for row in csv.DictReader(file) if row["loss"]]


def test_the_loss_falls(trained: Path) -> None:
    values = losses(trained / "out")
    assert len(values) == 8
    assert values[-1] < 0.85 * values[0]


def test_the_weights_file_says_where_it_comes_from(trained: Path) -> None:
    model, spec, provenance = load_yolo(trained / "out" / "yolo.safetensors")
    assert spec.classes == ("red", "green")
    assert spec.input_size == 64
    assert provenance.epochs in (4, 8)
    assert set(provenance.metrics) == {"mAP50", "mAP50_95", "AP50/red", "AP50/green"}
    assert [(source.name, source.pictures, source.boxes) for source in provenance.sources] == [("set", 12, 24)]
    assert len(provenance.split_sha256) == 64
    with torch.no_grad():
        assert model(torch.rand(1, 3, 64, 96))[0].shape == (1, 7, 4, 6)


def test_the_averaged_weights_are_what_is_saved(trained: Path) -> None:
    checkpoint = torch.load(trained / "out" / "checkpoints" / "best.ckpt", weights_only=True)
    saved, _, _ = load_yolo(trained / "out" / "yolo.safetensors")
    averaged = {name.removeprefix("model."): value for name, value in checkpoint["state_dict"].items()}
    for name, value in saved.state_dict().items():
        torch.testing.assert_close(value, averaged[name])
    assert not torch.equal(averaged["heads.0.1.weight"], checkpoint["current_model_state"]["model.heads.0.1.weight"])


def test_the_latest_weights_are_kept_beside_the_best(trained: Path) -> None:
    _, _, latest = load_yolo(trained / "out" / "yolo-last.safetensors")
    _, _, best = load_yolo(trained / "out" / "yolo.safetensors")
    assert latest.epochs == 8
    assert best.metrics["mAP50"] >= latest.metrics["mAP50"]


def test_an_interrupted_run_goes_on_from_where_it_was(tmp_path: Path) -> None:
    train(make_order(tmp_path, replace(QUICK, epochs=2)))
    longer = make_order(tmp_path, replace(QUICK, epochs=4), resume=tmp_path / "out" / "checkpoints" / "last.ckpt")
    train(longer)
    epochs = []
    for part in sorted((tmp_path / "out" / "metrics").glob("version_*/metrics.csv")):
        with part.open() as file:
            epochs += sorted({int(row["epoch"]) for row in csv.DictReader(file)})
    assert epochs == [0, 1, 2, 3]
    checkpoint = torch.load(tmp_path / "out" / "checkpoints" / "last.ckpt", weights_only=True)
    assert (checkpoint["epoch"], checkpoint["global_step"]) == (3, 3 * 4)


def test_resuming_with_other_classes_is_refused(trained: Path) -> None:
    last = trained / "out" / "checkpoints" / "last.ckpt"
    order = make_order(trained, resume=last)
    fewer = replace(order, recipe=replace(order.recipe, classes=("red",)), out=trained / "other")
    with pytest.raises(WeightsFileError, match="another network"):
        train(fewer)


def test_a_damaged_checkpoint_is_refused(trained: Path, tmp_path: Path) -> None:
    (tmp_path / "last.ckpt").write_bytes((trained / "out" / "checkpoints" / "last.ckpt").read_bytes()[:5000])
    with pytest.raises(WeightsFileError, match=r"last\.ckpt: not a readable checkpoint"):
        train(make_order(trained, resume=tmp_path / "last.ckpt", out=tmp_path))


@pytest.mark.parametrize("changes", [{"strategy": "warp"}, {"precision": "3-bit"}, {"accelerator": "abacus"}])
def test_a_machine_that_cannot_be_is_refused(trained: Path, tmp_path: Path, changes: dict[str, str]) -> None:
    with pytest.raises(RecipeError, match=next(iter(changes.values()))):
        train(make_order(trained, machine=replace(CPU, **changes), out=tmp_path))


def test_progress_lines_are_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    train(make_order(tmp_path, replace(QUICK, epochs=2, train_sizes=(64,)), json_progress=True))
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["event"] for line in lines if line["event"] != "step"] == ["start", "epoch", "epoch", "done"]
    assert lines[0]["classes"] == ["red", "green"]
    assert lines[-2]["epoch"] == 1
    assert 0 <= lines[-2]["metrics"]["mAP50"] <= 1
    assert Path(lines[-1]["weights"]).is_file()
    assert any(line["event"] == "step" and 0 < line["fraction"] <= 1 for line in lines)


def test_too_few_different_boxes_for_the_anchors(tmp_path: Path) -> None:
    order = make_order(tmp_path, replace(QUICK, anchors_per_scale=9))
    write_coco(tmp_path / "set", 2)
    with pytest.raises(TrainingDataError, match="lower anchors_per_scale"):
        train(order)
