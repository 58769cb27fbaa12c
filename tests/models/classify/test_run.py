"""Whole runs of the command, small: drawn pictures, LeNet-5 and a narrow ResNet at 32 pixels."""

import csv
import json
import shutil
from dataclasses import replace
from pathlib import Path

import lightning as L  # noqa: N812 (its own convention)
import pytest
import torch
from PIL import Image

from models.classify.checkpoint import load_classifier
from models.classify.command import recipe_from
from models.classify.keeping import KeptBest
from models.classify.run import Order, train
from models.classify.settings import ClassifyRecipe, ClassifySettings
from models.cli import build_parser, main
from models.errors import RecipeError, WeightsFileError
from models.machine import Machine
from tests.models.classify.drawn import write_folders

CPU = Machine(accelerator="cpu", devices="1")
SETTINGS = ClassifySettings(epochs=3, batch=4, learning_rate=3e-3, val_fraction=0.3, patience=0)
QUIET = ["--no-pictures", "--accelerator", "cpu"]
NARROW = ["--model", "resnet18", "--option", "width=0.125", "--size", "32", *QUIET]


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("data") / "discs"
    write_folders(root / "train", 8)
    write_folders(root / "val", 3, first_seed=100)
    write_folders(root / "test", 2, first_seed=200)
    (root / "LICENSE").write_text("CC0")
    return root


def order(pictures: Path, out: Path, **changes: object) -> Order:
    recipe = ClassifyRecipe(SETTINGS, str(pictures), "resnet18", {"width": 0.125}, (32, 32))
    return replace(Order(recipe, out, CPU, draw=False), **changes)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def trained(pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished run."""
    out = tmp_path_factory.mktemp("run") / "out"
    train(order(pictures, out, draw=True))
    return out


def weights(path: Path) -> dict[str, torch.Tensor]:
    return load_classifier(path)[0].state_dict()


def equal(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    return all(torch.equal(value, other[name]) for name, value in one.items())


def test_a_run_leaves_weights_pictures_and_figures(trained: Path) -> None:
    network, spec, told = load_classifier(trained / "classifier.safetensors")
    assert (spec.architecture, spec.classes, spec.input_hw, spec.channels) == ("resnet18", ("blue", "red"), (32, 32), 3)
    assert told.sources[0].licence == "CC0"
    assert told.sources[0].pictures == 22
    assert {"accuracy", "accuracy/blue", "accuracy/red", "test_accuracy"} <= set(told.metrics)
    assert 1 <= told.epochs <= 3
    assert network(torch.rand(1, 3, 32, 32)).shape == (1, 2)
    for name in ("augmentation.png", "curves.png", "confusion-test.png"):
        with Image.open(trained / name) as picture:
            assert min(picture.size) > 200
    with (trained / "metrics" / "version_0" / "metrics.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len([row for row in rows if row["loss"]]) == len([row for row in rows if row["val_accuracy"]]) == 3


def test_the_same_seed_gives_the_same_weights_and_another_one_does_not(
    trained: Path, pictures: Path, tmp_path: Path
) -> None:
    train(order(pictures, tmp_path / "again"))
    again = torch.load(tmp_path / "again" / "checkpoints" / "last.ckpt", weights_only=True)["state_dict"]
    first = torch.load(trained / "checkpoints" / "last.ckpt", weights_only=True)["state_dict"]
    assert equal(first, again)
    other = order(pictures, tmp_path / "other")
    train(replace(other, recipe=replace(other.recipe, settings=replace(SETTINGS, seed=1, epochs=1))))
    third = torch.load(tmp_path / "other" / "checkpoints" / "last.ckpt", weights_only=True)["state_dict"]
    assert not equal(first, third)


def test_a_stopped_run_goes_on_to_the_same_weights(trained: Path, pictures: Path, tmp_path: Path) -> None:
    """Its third epoch dies before its validation is kept; the checkpoint of the second is all that is left, as after a kill."""
    out = tmp_path / "out"
    whole_run = KeptBest.on_validation_end

    def die_in_the_third(self: KeptBest, trainer: L.Trainer, module: L.LightningModule) -> None:
        if trainer.current_epoch == 2:
            raise ConnectionAbortedError
        whole_run(self, trainer, module)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(KeptBest, "on_validation_end", die_in_the_third)
        with pytest.raises(ConnectionAbortedError):
            train(order(pictures, out))
    last = out / "checkpoints" / "last.ckpt"
    assert torch.load(last, weights_only=True)["epoch"] == 1
    train(order(pictures, out, resume=last))
    whole = torch.load(trained / "checkpoints" / "last.ckpt", weights_only=True)["state_dict"]
    assert equal(whole, torch.load(last, weights_only=True)["state_dict"])
    assert equal(weights(trained / "classifier.safetensors"), weights(out / "classifier.safetensors"))


def test_resuming_another_run_is_refused(trained: Path, pictures: Path, tmp_path: Path) -> None:
    last = trained / "checkpoints" / "last.ckpt"
    other = order(pictures, tmp_path, resume=last)
    smaller = replace(other, recipe=replace(other.recipe, size_hw=(40, 40)))
    with pytest.raises(WeightsFileError, match="belongs to another run"):
        train(smaller)
    broken = tmp_path / "last.ckpt"
    broken.write_bytes(last.read_bytes()[:4000])
    with pytest.raises(WeightsFileError, match=r"last\.ckpt: not a readable checkpoint"):
        train(order(pictures, tmp_path, resume=broken))


@pytest.mark.parametrize("way", ["head", "last:2", "full"])
def test_the_three_ways_of_transfer(trained: Path, pictures: Path, tmp_path: Path, way: str) -> None:
    start = trained / "classifier.safetensors"
    arguments = ["classify", "--data", str(pictures), *NARROW, "--from", str(start), "--transfer", way, "--epochs", "2",
                 "--batch", "4", "--cache", str(tmp_path / "cache"), "--out", str(tmp_path / "out"), "--views", "2"]  # fmt: skip
    assert main(arguments) == 0
    before, after = weights(start), weights(tmp_path / "out" / "classifier.safetensors")
    changed = {name.partition(".")[0] for name, value in after.items() if not torch.equal(value, before[name])}
    expected = {"head": {"fc"}, "last:2": {"fc", "layer4"}}
    assert changed == expected.get(way, {name.partition(".")[0] for name in before})
    kept = list((tmp_path / "cache").glob("??/*")) if (tmp_path / "cache").exists() else []
    assert len(kept) == (2 * 16 + 6 if way == "head" else 0)


def test_an_input_too_small_for_the_network_is_one_line(
    pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert (
        main(["classify", "--data", str(pictures), "--model", "alexnet", "--size", "16", *QUIET, "--out", str(out)])
        == 2
    )
    (line,) = capsys.readouterr().err.splitlines()
    assert "alexnet: batch 1 at 16×16 does not go through" in line


def test_transfer_needs_weights(pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["classify", "--data", str(pictures), *NARROW, "--out", str(tmp_path / "out"), "--transfer", "head"]
    assert main(arguments) == 2
    assert "say from which weights with --from FILE" in capsys.readouterr().err


def test_a_preview_is_all_that_is_written(pictures: Path, tmp_path: Path) -> None:
    arguments = ["classify", "--data", str(pictures), *NARROW, "--out", str(tmp_path / "out")]
    assert main([*arguments, "--preview", str(tmp_path / "sheet.png")]) == 0
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.size[0] > sheet.size[1]
    assert not (tmp_path / "out" / "classifier.safetensors").exists()


def test_grey_lenet_in_json_stops_early_and_speaks_lines(
    pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["classify", "--data", str(pictures), "--model", "lenet5", "--out", str(tmp_path), "--progress", "json",
                 "--epochs", "20", "--patience", "2", "--learning-rate", "0", *QUIET]  # fmt: skip
    assert main(arguments) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[0]["event"] == "start"
    assert lines[0]["classes"] == ["blue", "red"]
    assert [line["epoch"] for line in lines if line["event"] == "epoch"] == [0, 1, 2], (
        "a rate of nothing learns nothing"
    )
    assert Path(lines[-1]["weights"]).is_file()
    spec = load_classifier(tmp_path / "classifier.safetensors")[1]
    assert (spec.channels, spec.input_hw) == (1, (32, 32))
    assert 0.2 < spec.mean[0] < 0.8, "measured, for nobody has published it"


def test_broken_pictures_are_told_of_and_training_goes_on(
    pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "set"
    shutil.copytree(pictures / "train", root)
    (root / "red" / "broken.png").write_text("no")
    arguments = ["classify", "--data", str(root), *NARROW, "--out", str(tmp_path / "out"), "--epochs", "1"]
    assert main(arguments) == 0
    out, err = capsys.readouterr()
    assert "1 pictures cannot be read and are left out" in err
    assert "broken.png" in err
    assert "right" in out


def parse(*arguments: str) -> ClassifyRecipe:
    return recipe_from(build_parser().parse_args(["classify", "--out", "out", *arguments]))


def test_options_win_over_the_recipe(tmp_path: Path) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text(
        '[data]\npath = "one"\n[model]\nname = "lenet5"\noptions = { activation = "relu" }\n[settings]\nbatch = 3\n'
    )
    recipe = parse("--recipe", str(path), "--data-root", "/top", "--batch", "9", "--option", "connections=full")
    assert recipe.settings.batch == 9
    assert recipe.data == str(Path("/top/one"))
    assert dict(recipe.options) == {"activation": "relu", "connections": "full"}


@pytest.mark.parametrize(("arguments", "words"), [(["--model", "lenet5"], "no data"), (["--data", "x"], "no network")])
def test_what_is_missing_is_asked_for(arguments: list[str], words: str) -> None:
    with pytest.raises(RecipeError, match=words):
        parse(*arguments)


def test_an_unknown_network_is_named_with_near_ones(
    pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["classify", "--data", str(pictures), "--model", "resnet19", "--out", str(tmp_path / "out")]) == 2
    assert "resnet18" in capsys.readouterr().err
