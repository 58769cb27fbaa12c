"""Where an export waits until it is whole."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from detector_app.errors import SinkError
from detector_app.ui.model_export.staging import Staging


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_a_file_and_its_picture_take_their_places(tmp_path: Path) -> None:
    staging = Staging.begin(tmp_path / "a.onnx")
    staging.out.write_bytes(b"model")
    staging.out.with_name("a.parity.png").write_bytes(b"picture")
    assert staging.in_place(staging.out) == tmp_path / "a.onnx"
    staging.publish()
    assert names(tmp_path) == ["a.onnx", "a.parity.png"]


def test_what_was_there_stays_until_the_new_is_whole(tmp_path: Path) -> None:
    (tmp_path / "a.onnx").write_bytes(b"old")
    staging = Staging.begin(tmp_path / "a.onnx")
    staging.out.write_bytes(b"half")
    staging.discard()
    assert names(tmp_path) == ["a.onnx"]
    assert (tmp_path / "a.onnx").read_bytes() == b"old"


def test_a_cascade_makes_its_folder(tmp_path: Path) -> None:
    staging = Staging.begin(tmp_path / "mtcnn")
    staging.out.mkdir()
    for name in ("rnet.onnx", "pnet.onnx"):
        (staging.out / name).write_bytes(b"x")
    staging.publish()
    assert names(tmp_path) == ["mtcnn", "mtcnn/pnet.onnx", "mtcnn/rnet.onnx"]


def test_a_cascade_leaves_other_files_in_a_folder_that_was_there(tmp_path: Path) -> None:
    (tmp_path / "mtcnn").mkdir()
    (tmp_path / "mtcnn" / "notes.txt").write_text("mine")
    (tmp_path / "mtcnn" / "pnet.onnx").write_text("old")
    staging = Staging.begin(tmp_path / "mtcnn")
    staging.out.mkdir()
    (staging.out / "pnet.onnx").write_text("new")
    staging.publish()
    assert names(tmp_path) == ["mtcnn", "mtcnn/notes.txt", "mtcnn/pnet.onnx"]
    assert (tmp_path / "mtcnn" / "pnet.onnx").read_text() == "new"


def test_a_target_that_cannot_be_replaced_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "a.onnx").mkdir()
    (tmp_path / "a.onnx" / "inside").write_text("x")
    staging = Staging.begin(tmp_path / "a.onnx")
    staging.out.write_bytes(b"model")
    with pytest.raises(SinkError):
        staging.publish()
    assert names(tmp_path) == ["a.onnx", "a.onnx/inside"]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SinkError, match="nowhere"):
        Staging.begin(tmp_path / "nowhere" / "a.onnx")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is read-only for root")
def test_a_read_only_folder_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(SinkError):
            Staging.begin(tmp_path / "a.onnx")
    finally:
        tmp_path.chmod(0o700)


def test_places_in_sentences(tmp_path: Path) -> None:
    staging = Staging.begin(tmp_path / "a.onnx")
    assert staging.spoken(f"Writing {staging.out}") == f"Writing {tmp_path / 'a.onnx'}"
    assert staging.in_place(Path("/elsewhere/x")) == Path("/elsewhere/x")
    staging.discard()
