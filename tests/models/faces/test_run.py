"""Whole runs of the command, small: drawn people at 32 pixels, whose landmarks lie in a file."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from models.cli import build_parser, main
from models.errors import RecipeError
from models.faces.checkpoint import load_embedder
from models.faces.command import recipe_from
from models.faces.settings import LOSSES, read_recipe
from models.faces.training import FacesTraining
from tests.models.faces.drawn import write_people

TINY = [
    "--size",
    "32",
    "--epochs",
    "2",
    "--batches",
    "2",
    "--people",
    "4",
    "--pictures",
    "2",
    "--folds",
    "2",
    "--accelerator",
    "cpu",
]


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_people(tmp_path_factory.mktemp("data"), 6, 4)


def run(people: Path, out: Path, *more: str) -> int:
    out.mkdir(exist_ok=True)
    if not (out / "landmarks.json").exists():
        shutil.copy(people.parent / "landmarks.json", out)
    return main(["faces", "--data", str(people), "--out", str(out), *TINY, *more])


@pytest.fixture(scope="module")
def trained(people: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("run") / "out"
    assert run(people, out) == 0
    return out


def test_a_run_leaves_networks_figures_and_pictures(trained: Path):
    network, told = load_embedder(trained / "embedder.safetensors")
    assert (network.spec.input_hw, network.spec.channels, network.spec.dimension) == ((32, 32), 1, 128)
    figures = json.loads((trained / "evaluation.json").read_text())
    assert network.spec.threshold == pytest.approx(figures["threshold"])
    assert told.metrics == {name: figures[name] for name in ("pair_accuracy", "EER", "TAR@FAR1e-2", "AUC", "rank1")}
    assert (told.sources[0].licence, told.sources[0].pictures, told.epochs) == ("CC0", 24, 2)
    assert figures["genuine_pairs"] == 6 * 6
    assert figures["impostor_pairs"] == 2 * 3 * 16
    assert [row["people"] for row in figures["one_to_many"]] == [2, 3, 5]
    assert 0 <= figures["floor_of_raw_pixels"]["rank1"] <= 1
    for name in ("evaluation.png", "curves.png", "fold-1/curves.png"):
        with Image.open(trained / name) as picture:
            assert min(picture.size) > 200


def test_nobody_is_seen_where_they_are_measured(trained: Path):
    tasks = [
        json.loads(
            torch.load(trained / f"fold-{n}" / "checkpoints" / "last.ckpt", weights_only=True)["detector_app.task"]
        )
        for n in (1, 2)
    ]
    ones, others = ({*task[2]} for task in tasks)
    assert ones | others == {f"p{i}" for i in range(6)}
    assert not ones & others


def weights(out: Path) -> dict[str, torch.Tensor]:
    return load_embedder(out / "embedder.safetensors")[0].state_dict()


def equal(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    return all(torch.equal(value, other[name]) for name, value in one.items())


def test_a_finished_run_is_not_written_over_and_what_is_lost_of_it_comes_again(
    trained: Path, people: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert run(people, trained) == 2
    assert "holds a run already" in capsys.readouterr().err
    first = weights(trained)
    (trained / "embedder.safetensors").unlink()
    assert run(people, trained, "--resume") == 0
    assert equal(weights(trained), first)
    assert run(people, trained, "--resume", "--margin", "0.4") == 2
    assert "belongs to another run" in capsys.readouterr().err
    assert main(["faces", "--data", str(people), "--out", str(tmp_path / "new"), "--resume"]) == 2
    assert "no run to resume" in capsys.readouterr().err


def test_an_interrupted_run_goes_on_to_the_same_weights(
    people: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    more = ["--folds", "0", "--no-pictures", "--loss", "l-softmax"]
    assert run(people, tmp_path / "whole", *more) == 0
    step = FacesTraining.training_step

    def interrupted(self: FacesTraining, *batch: Any) -> torch.Tensor:
        if self.global_step == 3:
            raise KeyboardInterrupt
        return step(self, *batch)

    monkeypatch.setattr(FacesTraining, "training_step", interrupted)
    assert run(people, tmp_path / "cut", *more) == 130
    assert "go on from the last finished epoch with --resume" in capsys.readouterr().err
    assert not (tmp_path / "cut" / "embedder.safetensors").exists()
    monkeypatch.undo()
    assert run(people, tmp_path / "cut", *more, "--margin", "3", "--resume") == 2
    assert "belongs to another run" in capsys.readouterr().err
    assert run(people, tmp_path / "cut", *more, "--resume") == 0
    assert equal(weights(tmp_path / "cut"), weights(tmp_path / "whole"))


@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss_trains(loss: str, people: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    more = ["--loss", loss, "--folds", "0", "--no-pictures", "--threshold", "0.3", "--virtual", "1"]
    more += ["--model", "deepid", "--dimension", "160", "--size", "48"] if loss == "softmax" else []
    assert run(people, tmp_path / "out", *more, "--progress", "json") == 0
    network, told = load_embedder(tmp_path / "out" / "embedder.safetensors")
    assert network.spec.threshold == 0.3
    assert told.metrics == {}
    assert not (tmp_path / "out" / "curves.png").exists()
    events = [json.loads(line)["event"] for line in capsys.readouterr().out.splitlines()]
    assert events[0] == "data"
    assert events[-1] == "done"


def test_a_backbone_of_the_registry_in_colour(people: Path, tmp_path: Path):
    more = ["--model", "resnet18", "--option", "width=0.125", "--colour", "rgb", "--folds", "0", "--no-pictures"]
    assert run(people, tmp_path / "out", *more) == 0
    assert load_embedder(tmp_path / "out" / "embedder.safetensors")[0].spec.channels == 3


def parse(*arguments: str) -> object:
    return recipe_from(build_parser().parse_args(["faces", "--out", "out", *arguments]))


def test_the_recipe_of_the_repository_reads_and_options_win(repository: Path):
    path = repository / "models" / "recipes" / "orl_faces.toml"
    recipe = read_recipe(path, Path("/top"))
    assert recipe.data == "/top/faces/orl_faces400"
    changed = parse("--recipe", str(path), "--loss", "triplet", "--size", "48", "--no-mirrored", "--data", "here")
    assert (changed.settings.loss, changed.size_hw, changed.mirrored, changed.data) == (
        "triplet",
        (48, 48),
        False,
        "here",
    )  # type: ignore[attr-defined]
    assert changed.settings.epochs == recipe.settings.epochs  # type: ignore[attr-defined]


def test_impossible_orders_are_refused(tmp_path: Path):
    with pytest.raises(RecipeError, match="no data"):
        parse()
    with pytest.raises(RecipeError, match="1 to 4096"):
        parse("--data", "x", "--dimension", "9999")
    (tmp_path / "a.toml").write_text("[people]\n")
    with pytest.raises(RecipeError, match="unknown tables"):
        parse("--recipe", str(tmp_path / "a.toml"))
    (tmp_path / "a.toml").write_text("[")
    with pytest.raises(RecipeError, match="not a readable recipe"):
        parse("--recipe", str(tmp_path / "a.toml"))


def test_a_finished_network_is_measured_on_new_people(
    trained: Path, people: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    more = ["--measure", str(trained / "embedder.safetensors"), "--no-pictures"]
    assert run(people, tmp_path / "out", *more) == 0
    figures = json.loads((tmp_path / "out" / "evaluation.json").read_text())
    own = figures["at_own_threshold"]
    assert own["threshold"] == load_embedder(trained / "embedder.safetensors")[0].spec.threshold
    assert own["accuracy"] == pytest.approx((own["TAR"] + 1 - own["FAR"]) / 2)
    assert figures["impostor_pairs"] == 15 * 16
    assert "at the file's own threshold" in capsys.readouterr().out
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["evaluation.json", "landmarks.json"]
