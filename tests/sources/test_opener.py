"""What a person may type or drop, and what each wrong input is answered."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from detector_app.errors import EmptyFolderError, NotAVideoError, SourceError, SourceNotFoundError
from detector_app.sources.opener import expand, open_source
from tests.sources.clips import Clip, number_of, numbered, write_clip
from tests.sources.test_pictures import save


def test_a_path_and_its_file_address_open_the_same(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "my clip ü.mp4", Clip(frames=5))
    for spec in (str(path), f" {path} ", path.as_uri()):
        source = open_source(spec)
        assert (source.info.kind, source.info.name) == ("video", "my clip ü.mp4")
        assert (frame := source.read()) is not None
        assert number_of(frame.image_bgr) == 0
        source.close()


def test_contents_decide_not_names(tmp_path: Path) -> None:
    picture = save(tmp_path / "really.png", numbered(3, 96, 64)).rename(tmp_path / "picture.mp4")
    video = write_clip(tmp_path / "clip.mkv", Clip(frames=5)).rename(tmp_path / "video.jpg")
    for path, kind in ((picture, "pictures"), (video, "video")):
        source = open_source(str(path))
        assert source.info.kind == kind
        source.close()


@pytest.mark.parametrize(
    "spec",
    ["", "missing.mp4", "~nobody-of-that-name/x", "a\0b", "file:///missing.mp4", "odd:name.mp4", "C:\\missing.mp4"],
)
def test_what_is_not_there_is_told(spec: str) -> None:
    with pytest.raises(SourceNotFoundError):
        open_source(spec)


def test_an_unknown_kind_of_address_is_told_without_its_password() -> None:
    with pytest.raises(SourceError, match="rtsp") as caught:
        open_source("gopher://me:hush@host/x")
    assert "hush" not in str(caught.value)


def test_a_folder_without_pictures_is_told(tmp_path: Path) -> None:
    with pytest.raises(EmptyFolderError, match=str(tmp_path)):
        open_source(str(tmp_path))


def test_a_folder_of_one_video_is_that_video(tmp_path: Path) -> None:
    write_clip(tmp_path / "clip.mp4", Clip(frames=3))
    source = open_source(str(tmp_path))
    assert source.info.name == "clip.mp4"
    source.close()


def test_a_folder_of_several_videos_names_one(tmp_path: Path) -> None:
    for name in ("b.mp4", "a.mp4"):
        write_clip(tmp_path / name, Clip(frames=3))
    with pytest.raises(SourceError, match=r"2 videos.*a\.mp4"):
        open_source(str(tmp_path))
    assert expand(str(tmp_path)) == (str(tmp_path / "a.mp4"), str(tmp_path / "b.mp4"))


def test_expanding_keeps_pictures_together_and_videos_apart(tmp_path: Path) -> None:
    write_clip(tmp_path / "a.mp4", Clip(frames=3))
    save(tmp_path / "b.png", numbered(3, 96, 64))
    assert expand(str(tmp_path)) == (str(tmp_path), str(tmp_path / "a.mp4"))
    assert expand(str(tmp_path / "*.mp4")) == (str(tmp_path / "a.mp4"),)
    assert expand("rtsp://host/*") == ("rtsp://host/*",)
    assert expand("missing.mp4") == ("missing.mp4",)
    assert expand("") == ("",), "not the current folder"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    with pytest.raises(SourceError, match="not an ordinary file"):
        open_source(str(tmp_path / "pipe.mp4"))


def test_a_text_that_ffmpeg_could_draw_is_no_video(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("some notes\n" * 100)
    with pytest.raises(NotAVideoError):
        open_source(str(tmp_path / "notes.txt"))


def test_a_file_without_permission_is_told(tmp_path: Path) -> None:
    if not hasattr(os, "seteuid") or os.geteuid() != 0:
        pytest.skip("needs root to become another user for a moment")
    path = write_clip(tmp_path / "clip.mp4", Clip(frames=3))
    path.chmod(0)
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    os.seteuid(65534)
    try:
        with pytest.raises(SourceError, match="permission"):
            open_source(str(path))
    finally:
        os.seteuid(0)
