import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from models.cli import build_parser, main
from models.detect.command import recipe_from
from models.errors import RecipeError
from tests.models.detect import tiny_run
from tests.models.detect.drawn import write_coco


def parse(*arguments: str) -> object:
    return recipe_from(build_parser().parse_args(["detect", "--out", "out", *arguments]))


def test_options_win_over_the_recipe(tmp_path: Path) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text(
        '[data]\npaths = ["one"]\nclasses = ["a"]\n[notes]\none = "MIT"\n[settings]\nepochs = 2\nbatch = 3\n'
    )
    recipe = parse("--recipe", str(path), "--data-root", "/top", "--epochs", "9", "--train-sizes", "64", "96",
                   "--source-note", "two=CC BY 4.0; by somebody")  # fmt: skip
    assert recipe.settings.epochs == 9
    assert recipe.settings.batch == 3
    assert recipe.settings.train_sizes == (64, 96)
    assert recipe.data == (Path("/top/one"),)
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


def test_class_names_that_the_output_cannot_write_end_no_run(tmp_path: Path) -> None:
    folder = write_coco(tmp_path / "set", 8).parent
    written = folder / "annotations.json"
    written.write_text(written.read_text().replace('"red"', '"红色"'))
    command = [sys.executable, "-m", "models.cli", "detect", "--data", str(folder), "--out", str(tmp_path / "out")]
    done = subprocess.run(
        [*command, "--report-only", "--no-pictures", "--anchors-per-scale", "1"],
        env={**os.environ, "PYTHONIOENCODING": "cp1252"}, capture_output=True, check=True,
    )  # fmt: skip
    assert b"??" in done.stdout
    assert b"green" in done.stdout


def test_resume_without_a_checkpoint_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["detect", "--data", "x", "--out", str(tmp_path), "--resume"]) == 2
    assert "no checkpoint to resume from" in capsys.readouterr().err


def test_a_folder_that_cannot_be_made_is_named_before_anything_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    assert main(["detect", "--data", "x", "--out", str(tmp_path / "file" / "out")]) == 2
    assert "file/out: the folder cannot be made" in capsys.readouterr().err


def test_help_does_not_import_torch(repository: Path) -> None:
    code = "import sys, models.cli; models.cli.build_parser().format_help(); sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=repository, check=False).returncode == 0


def test_two_processes_train_speak_only_json_and_one_resumes(
    tmp_path: Path, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_coco(tmp_path / "set", 6)
    arguments = ["detect", "--data", str(tmp_path / "set"), "--out", str(tmp_path / "out"), "--batch", "2",
                 "--input-size", "64", "--anchors-per-scale", "1", "--val-every", "1", "--progress", "json", "--backbone", "tiny",
                 "--accelerator", "cpu", "--val-fraction", "0.3", "--no-pictures"]  # fmt: skip
    command = [
        sys.executable,
        "-m",
        tiny_run.__name__,
        *arguments,
        "--epochs",
        "1",
        "--devices",
        "2",
        "--strategy",
        "ddp",
    ]
    one_thread = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=repository, env=one_thread, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert_lines(done.stdout, epoch=0)
    assert main([*arguments, "--epochs", "2", "--devices", "1", "--resume"]) == 0
    assert_lines(capsys.readouterr().out, epoch=1)
    assert (tmp_path / "out" / "yolo.safetensors").is_file()


def assert_lines(text: str, epoch: int) -> None:
    """Every line is JSON, one epoch was run, and the run says that it is done."""
    lines = [json.loads(line) for line in text.splitlines()]
    assert [line["epoch"] for line in lines if line["event"] == "epoch"] == [epoch]
    assert lines[-1]["event"] == "done"
