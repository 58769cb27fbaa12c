import json
import subprocess
import sys
from pathlib import Path

import pytest

from models.cli import build_parser, main, recipe_from
from models.errors import RecipeError
from tests.models.detect.drawn import write_coco


def parse(*arguments: str) -> object:
    return recipe_from(build_parser().parse_args(["detect", "--out", "out", *arguments]))


def test_options_win_over_the_recipe(tmp_path: Path) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text('[data]\npaths = ["one"]\nclasses = ["a"]\n[notes]\none = "MIT"\n[settings]\nepochs = 2\nbatch = 3\n')
    recipe = parse("--recipe", str(path), "--data-root", "/root/of", "--epochs", "9", "--train-sizes", "64", "96",
                   "--source-note", "two=CC BY 4.0; by somebody")  # fmt: skip
    assert recipe.settings.epochs == 9
    assert recipe.settings.batch == 3
    assert recipe.settings.train_sizes == (64, 96)
    assert recipe.data == (Path("/root/of/one"),)
    assert recipe.classes == ("a",)
    assert recipe.notes == {"one": "MIT", "two": "CC BY 4.0; by somebody"}


def test_data_is_repeatable_and_classes_may_have_spaces() -> None:
    recipe = parse("--data", "one", "--data", "two", "--classes", "Raspberry Pi 3,cup")
    assert recipe.data == (Path("one"), Path("two"))
    assert recipe.classes == ("Raspberry Pi 3", "cup")


def test_no_data_is_refused() -> None:
    with pytest.raises(RecipeError, match="no data"):
        parse()


def test_errors_end_with_status_two_and_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["detect", "--data", str(tmp_path / "nowhere"), "--out", str(tmp_path / "out"), "--progress", "json"])
    out, err = capsys.readouterr()
    assert status == 2
    assert json.loads(out)["event"] == "error"
    assert "nowhere: no such data set" in json.loads(out)["message"]
    assert err.startswith("detector-train: ")
    assert err.count("\n") == 1


def test_resume_without_a_checkpoint_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["detect", "--data", "x", "--out", str(tmp_path), "--resume"]) == 2
    assert "no checkpoint to resume from" in capsys.readouterr().err


def test_help_does_not_import_torch(repository: Path) -> None:
    code = "import sys, models.cli; models.cli.build_parser().format_help(); sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=repository, check=False).returncode == 0


def test_the_command_trains_resumes_and_speaks_only_json_on_its_output(tmp_path: Path, repository: Path) -> None:
    write_coco(tmp_path / "set", 6)
    command = [sys.executable, "-m", "models.cli", "detect", "--data", str(tmp_path / "set"), "--out", str(tmp_path / "out"),
               "--batch", "2", "--input-size", "64", "--anchors-per-scale", "1", "--val-every", "1", "--progress", "json",
               "--accelerator", "cpu", "--devices", "1", "--val-fraction", "0.3"]  # fmt: skip
    for epochs, more in (("1", []), ("2", ["--resume"])):
        done = subprocess.run([*command, "--epochs", epochs, *more], cwd=repository, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        assert [line["epoch"] for line in lines if line["event"] == "epoch"] == [int(epochs) - 1]
        assert lines[-1]["event"] == "done"
    assert (tmp_path / "out" / "yolo.safetensors").is_file()
