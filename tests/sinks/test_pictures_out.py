"""Snapshots and folders of frames, and the choice of receivers."""

from __future__ import annotations

import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from detector_app.errors import DiskFullError, SettingError, SinkError
from detector_app.sinks.frames import FrameFolder
from detector_app.sinks.opener import KINDS, open_sinks
from detector_app.sinks.snapshot import write_picture, write_snapshot
from detector_app.sources.source import SourceInfo
from detector_app.vision.zones import Layout
from tests.sinks.results import files_in, result_of, write_noise
from tests.sources.clips import number_of

INFO = SourceInfo("clip.mp4", "video", live=False, seekable=True, width_px=96, height_px=64, fps=30.0)


def test_a_snapshot_is_the_annotated_picture(tmp_path: Path) -> None:
    path = tmp_path / "剪刀.png"
    write_snapshot(path, result_of(9, found=1))
    image = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR)
    assert number_of(image) == 9
    assert np.abs(image.astype(int) - result_of(9).frame.image_bgr).max() > 60


@pytest.mark.parametrize(
    ("name", "match"), [("shot.txt", "picture format"), ("shot", "picture format"), ("no/shot.png", "No such")]
)
def test_a_snapshot_that_cannot_be_written_is_told(tmp_path: Path, name: str, match: str) -> None:
    with pytest.raises(SinkError, match=match):
        write_picture(tmp_path / name, result_of(0).frame.image_bgr)
    assert files_in(tmp_path) == []


def test_a_full_disk_leaves_no_half_picture(tiny_disk: Path) -> None:
    sink = FrameFolder(tiny_disk / "frames", "video")
    with pytest.raises(DiskFullError):
        write_noise(sink)
    sink.close()
    names = files_in(sink.path)
    assert names == [f"{i:06d}.jpg" for i in range(len(names))]
    assert all(cv2.imread(str(sink.path / name)) is not None for name in names)


def test_pictures_keep_their_names(tmp_path: Path) -> None:
    sink = FrameFolder(tmp_path / "frames", "pictures")
    sink.write(result_of(0, source="some/my dog.png"))
    sink.write(result_of(1, source="some/my dog.jpg"))
    assert files_in(sink.path) == ["000000_my_dog.jpg", "000001_my_dog.jpg"]


def test_all_receivers_are_made_in_a_new_folder(tmp_path: Path) -> None:
    sinks = open_sinks([*KINDS, "jsonl"], tmp_path / "new" / "folder", "clip", INFO, layout=Layout())
    assert len(sinks) == len(KINDS)
    for sink in sinks:
        sink.write(result_of(0))
    for sink in sinks:
        sink.close()
    names = ("coco.json", "counts.csv", "csv", "jsonl", "mp4", "sheet.png")
    expected = [*(f"clip.{name}" for name in names), "clip_frames/000000.jpg"]
    assert files_in(tmp_path / "new" / "folder") == expected
    assert all(sink.path.exists() for sink in sinks)


def test_an_unknown_kind_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="one of video, jsonl"):
        open_sinks(["jsonl", "xml"], tmp_path / "out", "clip", INFO)
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SinkError, match="file"):
        open_sinks(["jsonl"], tmp_path / "file" / "out", "clip", INFO)


def test_a_folder_without_permission_is_told(tmp_path: Path) -> None:
    if not hasattr(os, "seteuid") or os.geteuid() != 0:
        pytest.skip("needs root to become another user for a moment")
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    os.seteuid(65534)
    try:
        with pytest.raises(SinkError, match="Permission denied"):
            open_sinks(["jsonl"], tmp_path, "clip", INFO)
    finally:
        os.seteuid(0)
