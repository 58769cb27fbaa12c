import json
import subprocess
import sys
from pathlib import Path

import pytest

from export.cli import main
from tests.export.darknet_files import V3, make_files


def test_a_missing_file_ends_with_1_and_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["yolo", "--weights", str(tmp_path / "no.safetensors"), "--out", str(tmp_path / "a.onnx")]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("detector-export: error: ")
    assert line.endswith("no.safetensors: there is no such file. Check the path.")
    assert not list(tmp_path.iterdir())


def test_a_missing_output_folder_is_named_before_the_work(
    yolo_weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["yolo", "--weights", str(yolo_weights), "--out", str(tmp_path / "no" / "a.onnx")]) == 1
    captured = capsys.readouterr()
    assert "there is no folder" in captured.err
    assert "[2/4]" not in captured.out


def test_json_progress_is_one_object_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    target = tmp_path / "named.onnx"
    files = make_files(tmp_path, V3)
    model = ["--cfg", str(files.cfg), "--weights", str(files.weights), "--names", str(files.names)]
    assert main(["darknet", *model, "--out", str(target), "--progress", "json", "--batch", "1"]) == 0
    *stages, done = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [event["stage"] for event in stages] == ["read", "trace", "verify", "write"]
    assert [event["step"] for event in stages] == [1, 2, 3, 4]
    assert {event["steps"] for event in stages} == {4}
    assert (done["event"], done["file"], done["size_bytes"]) == ("done", str(target), target.stat().st_size)
    assert done["parity"]["passed"] is True
    assert {row["input_shape"][0] for row in done["parity"]["rows"]} == {1}


def test_json_errors_are_events(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    arguments = ["yolo", "--weights", str(tmp_path), "--out", str(tmp_path / "a.onnx"), "--progress", "json"]
    assert main(arguments) == 1
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert last["event"] == "error"
    assert "folder" in last["message"]


def test_the_command_runs_as_a_module(repository: Path, tmp_path: Path):
    command = [sys.executable, "-m", "export.cli", "yolo", "--weights", "nowhere", "--out", str(tmp_path / "a.onnx")]
    run = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False, timeout=100)
    assert run.returncode == 1
    assert run.stderr.strip() == "detector-export: error: nowhere: there is no such file. Check the path."


def test_no_family_is_a_usage_error(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as caught:
        main([])
    assert caught.value.code == 2
    assert "FAMILY" in capsys.readouterr().err
