"""``detector-app info`` on real files."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from detector_app.cli import main
from detector_app.model_card import DataSource, ModelCard
from detector_app.parity import ParityReport, ParityRow
from tests.onnx_files import tiny_anchor_model, tiny_card


def full_card() -> ModelCard:
    """A card with everything in it."""
    row = ParityRow("head_16", (2, 3, 96, 128), 1.5e-6, 2e-7, 1e-4, passed=True)
    return replace(
        tiny_card(),
        training=(DataSource("squares", "CC0", "nobody", 12),),
        metrics={"mAP50": 0.875},
        parity=ParityReport((row,), True, 17, "2.6.0", "1.20.1", "2026-11-01"),
        weights_sha256="ab" * 32,
        producer="a test",
    )


def test_the_card_the_graph_the_processor_and_the_proof(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tiny_anchor_model(tmp_path / "squares.onnx", card=full_card())
    assert main(["info", str(path)]) == 0
    text = capsys.readouterr().out
    for said in (
        str(path),
        "tiny-squares",
        "detect, decoder yolo_anchor",
        "2: red, blue",
        "320×320 RGB, letterbox; 32 to 2048 in steps of 32",
        "score 0.4, IoU 0.5, at most 300 detections",
        "squares (CC0, 12 pictures, nobody)",
        "mAP50 0.875",
        "batch × 3 × height × width  float32",
        "head_16",
        "CPUExecutionProvider",
        "parity with torch: passed (opset 17, torch 2.6.0, onnxruntime 1.20.1 2026-11-01)",
        "2×3×96×128",
        "1.5e-06",
    ):
        assert said in text


def test_the_same_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tiny_anchor_model(tmp_path / "squares.onnx", card=full_card())
    assert main(["info", str(path), "--json", "--providers", "cpu", "--strict"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["card"]["metrics"] == {"mAP50": 0.875}
    assert data["inputs"] == [
        {"name": "images", "shape": ["batch", 3, "height", "width"], "dtype": data["inputs"][0]["dtype"]}
    ]
    assert [output["name"] for output in data["outputs"]] == ["head_16"]
    assert data["provider"] == "CPU"
    assert sum(data["placement"]["nodes"].values()) > 0


def test_without_a_parity_report_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", str(tiny_anchor_model(tmp_path / "squares.onnx"))]) == 0
    assert "No parity report" in capsys.readouterr().out


@pytest.mark.parametrize(("content", "said"), [(b"", "ONNX"), (b"just text", "ONNX"), (None, "There is no model")])
def test_what_is_no_model_is_named(
    tmp_path: Path, content: bytes | None, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.onnx"
    if content is not None:
        path.write_bytes(content)
    assert main(["info", str(path)]) == 1
    out, err = capsys.readouterr()
    assert said in err
    assert "bad.onnx" in err
    assert out == ""
