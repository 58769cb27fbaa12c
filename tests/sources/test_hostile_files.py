"""Files with random damage: an answer or a typed error, never anything else."""

from __future__ import annotations

import warnings
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detector_app.errors import SourceError
from detector_app.sources.opener import open_source
from detector_app.sources.pixels import BgrConverter
from tests.sources.clips import Clip, numbered, write_clip

DAMAGE = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=30)
FEW = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module", params=[".jpg", ".png", ".tif", ".webp", ".bmp"])
def picture(request: pytest.FixtureRequest) -> tuple[str, bytes]:
    return request.param, cv2.imencode(request.param, numbered(5, 96, 64))[1].tobytes()


@pytest.fixture(scope="module", params=["clip.mp4", "clip.mkv", "clip.ts", "clip.avi"])
def video(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, bytes]:
    path = write_clip(tmp_path_factory.mktemp("sound") / request.param, Clip(frames=20, clock=30))
    return request.param, path.read_bytes()


def damaged(data: bytes, damage: list[tuple[float, int]], header_bytes: int) -> bytes:
    """Some bytes replaced, half of them in the header, where it hurts most."""
    changed = bytearray(data)
    for i, (share, value) in enumerate(damage):
        reach = min(header_bytes, len(changed)) if i % 2 else len(changed)
        changed[int(share * reach)] = value
    return bytes(changed)


def answer(path: Path) -> str:
    """Open and read everything, seek once: the error's message, or empty when frames came without one."""
    came = 0
    try:
        source = open_source(str(path))
        try:
            while (frame := source.read()) is not None:
                came += int(frame.image_bgr.dtype == np.uint8)
            source.seek_index(3)
            source.read()
        finally:
            source.close()
    except SourceError as error:
        return str(error)
    assert came > 0
    return ""


@FEW
@given(DAMAGE)
def test_damaged_pictures(tmp_path: Path, picture: tuple[str, bytes], damage: list[tuple[float, int]]) -> None:
    path = tmp_path / f"picture{picture[0]}"
    path.write_bytes(damaged(picture[1], damage, 120))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's remarks on odd headers
        said = answer(path)
    assert said == "" or path.name in said


@FEW
@given(DAMAGE)
def test_damaged_videos(tmp_path: Path, video: tuple[str, bytes], damage: list[tuple[float, int]]) -> None:
    path = tmp_path / video[0]
    path.write_bytes(damaged(video[1], damage, 600))
    said = answer(path)
    assert said == "" or path.name in said


def test_pixels_that_cannot_be_converted_are_told() -> None:
    try:
        frame = av.VideoFrame(64, 64, "rgbaf32le")
    except ValueError:
        pytest.skip("this FFmpeg does not know the kind of pixels that it cannot convert")
    with pytest.raises(SourceError, match="rgbaf32le"):
        BgrConverter("clip.mov").upright(frame)
