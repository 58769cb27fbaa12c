"""``detector-app info --guess`` on real foreign files."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from detector_app.cli import main
from tests.onnx_files import tiny_classifier


@pytest.fixture
def yunet(shared_data: Path, tmp_path: Path) -> Path:
    """A file without a card, in a folder of its own."""
    return Path(shutil.copy(shared_data / "weights" / "yunet" / "yunet_n_640_640.onnx", tmp_path / "their model.onnx"))


def test_without_guess_it_says_how_to_get_a_card(yunet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", str(yunet)]) != 0
    told = capsys.readouterr().err
    assert "info --guess" in told
    assert "--save-card keeps that as their model.card.json" in told


def test_the_reading_is_shown_with_its_evidence_and_nothing_is_written(
    yunet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["info", str(yunet), "--guess"]) == 0
    told = capsys.readouterr().out
    for words in ("faces, YuNet", "guessed", "stated", "(as YuNet feeds its models)", "BGR", "0 to 255", "--save-card"):
        assert words in told
    assert [file.name for file in yunet.parent.iterdir()] == [yunet.name]


def test_a_saved_card_counts_from_then_on(yunet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", str(yunet), "--save-card"]) == 0
    assert "Saved as" in capsys.readouterr().out
    assert main(["info", str(yunet)]) == 0
    assert "faces, decoder yunet" in capsys.readouterr().out


def test_what_is_missing_is_named_and_not_saved(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tiny_classifier(tmp_path / "theirs.onnx", metadata={})
    assert main(["info", str(path), "--guess"]) == 1
    assert "Still asked for: Colour order, Pixel values, Fitting." in capsys.readouterr().out
    assert main(["info", str(path), "--save-card"]) != 0
    assert "still asked for" in capsys.readouterr().err
    assert not path.with_suffix(".card.json").exists()


def test_as_json(yunet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", str(yunet), "--guess", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["facts"]["scaling"]["value"]["scale"] == 1.0
    assert (told["facts"]["family"]["certainty"], told["missing"], told["saved"]) == ("guessed", [], None)


def test_a_garbage_card_can_be_replaced(yunet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    yunet.with_suffix(".card.json").write_bytes(b"\xff\xfegarbage")
    assert main(["info", str(yunet)]) != 0
    assert main(["info", str(yunet), "--save-card"]) == 0
    assert main(["info", str(yunet)]) == 0
    capsys.readouterr()
