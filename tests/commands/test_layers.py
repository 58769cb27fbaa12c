"""``detector-app layers`` and ``detector-app patches``."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from detector_app.cli import FAILED, OK, USAGE, main
from detector_app.commands.patches import CELL_PX, sheet


def test_layers_of_lenet(capsys: pytest.CaptureFixture[str]) -> None:
    """Sizes and receptive fields are those of LeCun et al. 1998, figure 2: 5, then 6, 14, 16 and 32 pixels."""
    assert main(["layers", "lenet-digits", "--json"]) == OK
    rows = json.loads(capsys.readouterr().out)
    fields = {row["title"]: row["field_wh"] for row in rows}
    assert fields["Conv 1 · 6 × 28 × 28"] == [5, 5]
    assert fields["Conv 2 · 16 × 10 × 10"] == [14, 14]
    assert fields["Conv 3 · 120 × 1 × 1"] == [32, 32]
    assert [row["field_whole"] for row in rows if row["name"] == "Conv 3"] == [True]


def test_layers_of_a_stage(capsys: pytest.CaptureFixture[str]) -> None:
    """P-Net's last layers see 12 pixels, as its paper says."""
    assert main(["layers", "mtcnn"]) == OK
    assert "sees 12 × 12" in capsys.readouterr().out.splitlines()[-1]
    assert main(["layers", "mtcnn", "--stage", "rnet"]) == OK
    assert "28 × 22 × 22" in capsys.readouterr().out
    assert main(["layers", "lenet-digits", "--stage", "rnet"]) == USAGE
    assert "it is no cascade" in capsys.readouterr().err


def test_layers_of_no_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One clear error."""
    (tmp_path / "text.onnx").write_text("hello")
    assert main(["layers", str(tmp_path / "text.onnx")]) == FAILED
    assert "not a readable ONNX file" in capsys.readouterr().err


def test_patches(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Lines, records and the sheet."""
    rng = np.random.default_rng(2)
    for number in range(4):
        cv2.imwrite(str(tmp_path / f"{number}.png"), rng.integers(0, 255, (40, 40, 3), np.uint8))
    out = tmp_path / "out" / "sheet.png"
    out.parent.mkdir()
    words = ["patches", "lenet-digits", str(tmp_path), "--layer", "Conv 2", "--unit", "3"]
    assert main([*words, "--json", "--count", "3", "--out", str(out)]) == OK
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [record["rank"] for record in records] == [1, 2, 3]
    assert records[0]["value"] >= records[1]["value"] >= records[2]["value"]
    assert cv2.imread(str(out)).shape == (CELL_PX, 3 * CELL_PX, 3)
    assert main(words) == OK
    assert len(capsys.readouterr().out.splitlines()) == 4
    assert main([*words[:-1], "16"]) == USAGE
    assert "0 to 15" in capsys.readouterr().err
    assert main([*words[:3], "--layer", "Conv 9", "--unit", "0"]) == USAGE
    assert main([*words, "--out", "sheet.gif"]) == USAGE
    assert main([*words, "--out", str(tmp_path / "absent" / "sheet.png")]) == FAILED


def test_a_sheet_of_nothing() -> None:
    """One empty row."""
    assert sheet(()).shape == (CELL_PX, 3 * CELL_PX, 3)
