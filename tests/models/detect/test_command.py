"""The command as a user gives it."""

import json
from pathlib import Path

import onnxruntime
import pytest

from models.cli import main
from tests.models.detect.drawn import write_coco
from tests.models.detect.tiny_run import QUICK

SMALL = [
    "--backbone", QUICK.backbone, "--epochs", "1", "--batch", "3", "--input-size", "64", "--anchors-per-scale", "1",
    "--val-fraction", "0.25", "--accelerator", "cpu", "--devices", "1",
]  # fmt: skip


@pytest.fixture
def given(tmp_path: Path) -> list[str]:
    write_coco(tmp_path / "set", 8)
    (tmp_path / "set" / "ORIGIN.md").write_text("- Repository: https://example.org/set\n- Licence: CC BY 4.0\n")
    return ["detect", "--data", str(tmp_path / "set"), "--out", str(tmp_path / "out"), *SMALL]


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_the_report_alone_trains_nothing(tmp_path: Path, given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "set" / "images" / "scene_0.png").unlink()
    assert main([*given, "--report-only"]) == 0
    assert names(tmp_path / "out") == {"report.json", "report.png", "samples.png", "anchors.png"}
    out, err = capsys.readouterr()
    assert "! 1 missing picture, left out: images/scene_0.png (named in annotations.json)" in out
    assert "Anchors, px at 64 px input" in out
    assert err == ""


def test_training_ends_in_a_verified_file_with_its_card(
    tmp_path: Path, given: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    assert main([*given, "--export", "--licence", "MIT", "--no-pictures"]) == 0
    said = capfd.readouterr()
    assert f"export done: {tmp_path / 'out' / 'yolo.onnx'}" in said.out
    assert said.err == ""
    metadata = onnxruntime.InferenceSession(tmp_path / "out" / "yolo.onnx").get_modelmeta().custom_metadata_map
    card = json.loads(metadata["detector_app.card"])
    assert card["classes"] == ["red", "green"]
    assert card["licence"] == "MIT"
    [source] = card["training"]
    assert (source["name"], source["licence"], source["attribution"]) == ("set", "CC BY 4.0", "https://example.org/set")
    assert 0 <= card["metrics"]["mAP50"] <= 1
    assert card["parity"]["rows"]


def test_a_run_is_not_overwritten_by_mistake(
    tmp_path: Path, given: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out" / "checkpoints").mkdir(parents=True)
    (tmp_path / "out" / "checkpoints" / "last.ckpt").write_bytes(b"hours of work")
    assert main(given) == 2
    assert "holds a run already; go on with --resume, or choose another --out" in capsys.readouterr().err
    assert (tmp_path / "out" / "checkpoints" / "last.ckpt").read_bytes() == b"hours of work"
