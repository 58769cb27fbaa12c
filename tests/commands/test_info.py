"""``detector-app info`` on real files."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from detector_app.cli import main
from detector_app.commands.placement_text import placement_data, placement_rows
from detector_app.model_card import DataSource, ModelCard
from detector_app.parity import ParityReport, ParityRow
from detector_app.pipelines.placement import CPU, CUDA, TENSORRT, Absence, Placement, Reason
from detector_app.pipelines.profile import placed, read_profile
from tests.onnx_files import tiny_anchor_model, tiny_card
from tests.pipelines.profiles import record


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


def placed_on_cuda() -> Placement:
    """As a session on CUDA would tell it: a recording (see tests/pipelines/profiles)."""
    asked = Placement((TENSORRT, CUDA), (CUDA, CPU), absences=(Absence(TENSORRT, Reason.LIBRARY, "libnvinfer.so.10"),))
    return placed(asked, read_profile(Path(record.__file__).with_name("cuda.json")))


def test_what_each_processor_runs_and_why_not_another() -> None:
    lines = [f"{name}|{value}" for name, value in placement_rows(placed_on_cuda())]
    for said in (
        "runs on|CUDA (not as asked)",
        "not there|TensorRT: its library cannot be loaded: libnvinfer.so.10",
        "not on CUDA|LpNormalization (float → float) “unit” on CPU: that processor does not take this operator with these types",
        "not on CUDA|Slice (int64 → int64) “height” on CPU: arithmetic on shapes, which ONNX Runtime keeps on the CPU on purpose",
    ):
        assert said in lines
    assert any(line.startswith("  CUDA|Conv 2 (") and "2 of the nodes are copies" in line for line in lines)


def test_the_same_in_json_with_names_that_stay() -> None:
    data = json.loads(json.dumps(placement_data(placed_on_cuda())))
    assert {row["operator"]: row["reason"] for row in data["fallbacks"]}["LpNormalization"] == "no_kernel"
    assert data["absences"] == [
        {"provider": TENSORRT, "reason": "library", "detail": "libnvinfer.so.10", "why": "its library cannot be loaded"}
    ]
    assert data["strays"] == ["unit"]
    assert data["main"] == "CUDA"
    assert data["as_asked"] is False


def test_a_cascade_adds_up_its_three_graphs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", "mtcnn", "--json", "--providers", "cpu"]) == 0
    placement = json.loads(capsys.readouterr().out)["placement"]
    (share,) = placement["shares"]
    assert share["nodes"] == placement["nodes"]["CPUExecutionProvider"] > 30
    assert placement["fallbacks"] == placement["absences"] == placement["strays"] == []


def test_strict_says_why_the_processor_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", "desk-yolo", "--providers", "dml", "--strict"]) == 1
    assert "runs on CPU: this build of ONNX Runtime does not have it" in capsys.readouterr().err
