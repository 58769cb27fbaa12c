"""What a person may hand us by mistake: one clear message each, what was written stays readable, the program ends in order."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from detector_app.cli import FAILED, OK, main
from detector_app.model_card import CARD_KEY
from tests.engine.scenes import write_pictures, write_video
from tests.onnx_files import tiny_anchor_model, tiny_card


@dataclass(frozen=True)
class Place:
    """A folder with a good model; ``run`` calls the command on an input of it and gives the exit code and the JSON lines."""

    folder: Path

    def run(self, source: str, model: str = "good.onnx") -> tuple[int, list[dict[str, object]]]:
        out = self.folder / "out"
        words = ["run", str(self.folder / source) if "://" not in source and ":" not in source else source]
        code = main(
            [*words, "--model", str(self.folder / model), "--save", "jsonl,video", "--out", str(out), "--overwrite"]
        )
        found = sorted(out.glob("*.jsonl")) if out.is_dir() else []
        lines = [json.loads(line) for path in found for line in path.read_text(encoding="utf-8").splitlines()]
        return code, lines


@pytest.fixture
def place(tmp_path: Path) -> Place:
    tiny_anchor_model(tmp_path / "good.onnx")
    return Place(tmp_path)


def no_detector(path: Path) -> None:
    """A valid ONNX file that only adds two vectors."""
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        [helper.make_node("Add", ["a", "b"], ["c"])],
        "sum",
        [value("a", TensorProto.FLOAT, [3]), value("b", TensorProto.FLOAT, [3])],
        [value("c", TensorProto.FLOAT, [3])],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9), str(path))


def from_the_future(path: Path) -> None:
    card = json.loads(tiny_card().to_json()) | {"schema_version": 99, "unheard_of": True}
    tiny_anchor_model(path, metadata={CARD_KEY: json.dumps(card)})


MODELS = {
    "text.onnx": (lambda p: p.write_text("hello"), "text.onnx is not a readable ONNX file"),
    "empty.onnx": (lambda p: p.write_bytes(b""), "empty.onnx is not a readable ONNX file"),
    "sum.onnx": (no_detector, "does not say how its outputs are to be read"),
    "future.onnx": (from_the_future, "schema version 99; this app reads version 1"),
    "nowhere.onnx": (lambda p: None, "There is no model"),
}


@pytest.mark.parametrize("name", MODELS)
def test_a_file_that_is_no_model(place: Place, name: str, capfd: pytest.CaptureFixture[str]) -> None:
    make, message = MODELS[name]
    make(place.folder / name)
    write_video(place.folder / "clip.mp4", 3)
    code, lines = place.run("clip.mp4", name)
    told = capfd.readouterr().err
    assert (code, lines) == (FAILED, [])
    assert message in told
    assert "Traceback" not in told


SOURCES = {
    "empty.mp4": (lambda p: p.write_bytes(b""), "empty.mp4"),
    "text.mp4": (lambda p: p.write_text("not a film"), "text.mp4"),
    "nowhere.mp4": (lambda p: None, "There is no input"),
    "void": (lambda p: p.mkdir(), "holds no pictures"),
}


@pytest.mark.parametrize("name", SOURCES)
def test_a_file_that_is_no_input(place: Place, name: str, capfd: pytest.CaptureFixture[str]) -> None:
    make, message = SOURCES[name]
    make(place.folder / name)
    code, lines = place.run(name)
    told = capfd.readouterr().err
    assert (code, lines) == (FAILED, [])
    assert message in told
    assert "Traceback" not in told


@pytest.mark.parametrize("camera", ["camera:97", "camera:No such camera"])
def test_a_camera_that_does_not_exist(place: Place, camera: str, capfd: pytest.CaptureFixture[str]) -> None:
    code, lines = place.run(camera)
    assert (code, lines) == (FAILED, [])
    assert "camera" in capfd.readouterr().err


def test_a_truncated_film_keeps_the_frames_before_the_damage(place: Place, capfd: pytest.CaptureFixture[str]) -> None:
    whole = place.folder / "whole.mkv"
    write_video(whole, 60)
    (place.folder / "cut.mkv").write_bytes(whole.read_bytes()[: whole.stat().st_size * 6 // 10])
    code, lines = place.run("cut.mkv")
    assert code == FAILED
    assert 5 < len(lines) < 60
    assert [line["index"] for line in lines] == list(range(len(lines))), "complete, in order"
    assert f"cut off after {len(lines)} frames" in capfd.readouterr().err


def test_a_broken_picture_among_good_ones(place: Place, capfd: pytest.CaptureFixture[str]) -> None:
    write_pictures(place.folder / "album", 4, broken=(2,))
    code, lines = place.run("album")
    assert len(lines) == 3
    assert code == FAILED, "the run says that something is missing"
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.parametrize("size_wh", [(1, 1), (2, 900), (12_000, 9_000)])
def test_pictures_of_extreme_size(place: Place, size_wh: tuple[int, int]) -> None:
    path = place.folder / "extreme.png"
    assert cv2.imwrite(str(path), np.full((size_wh[1], size_wh[0], 3), 128, np.uint8), [cv2.IMWRITE_PNG_COMPRESSION, 1])
    out = place.folder / "out"
    model = str(place.folder / "good.onnx")
    assert main(["run", str(path), "--model", model, "--save", "jsonl", "--out", str(out)]) == OK
    line = json.loads((out / "extreme.jsonl").read_text(encoding="utf-8"))
    assert (line["width"], line["height"]) == size_wh
