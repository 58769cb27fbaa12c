"""Recordings are read back with the app's own reader, frame by frame."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from detector_app.errors import DiskFullError, SinkError, TruncatedError
from detector_app.sinks.video import VideoWriter
from detector_app.sources.video_file import VideoFile
from detector_app.vision.frame import Frame
from tests.sinks.results import noisy_result, result_of, write_noise
from tests.sources.clips import number_of


def frames_of(path: Path) -> list[Frame]:
    source = VideoFile(path)
    frames: list[Frame] = []
    try:
        while (frame := source.read()) is not None:
            frames.append(frame)
    finally:
        source.close()
    return frames


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_every_frame_is_written_with_its_time(tmp_path: Path, suffix: str) -> None:
    times = [10.0, 10.03, 10.1, 10.11, 11.0, 11.5]
    sink = VideoWriter(tmp_path / f"out{suffix}", 30.0)
    for i, time_s in enumerate(times):
        sink.write(result_of(i, time_s=time_s))
    sink.close()
    sink.close()
    sink.write(result_of(99))  # too late: the finished file is not touched
    frames = frames_of(sink.path)
    assert [number_of(frame.image_bgr) for frame in frames] == list(range(6))
    np.testing.assert_allclose([frame.time_s for frame in frames], np.array(times) - 10.0, atol=0.001)


def test_boxes_are_drawn_in_their_colour(tmp_path: Path) -> None:
    plain, boxed = VideoWriter(tmp_path / "plain.mp4", 30.0), VideoWriter(tmp_path / "boxed.mp4", 30.0)
    plain.write(result_of(0, found=0, size_wh=(320, 240)))
    boxed.write(result_of(0, found=1, size_wh=(320, 240)))
    plain.close()
    boxed.close()
    difference = np.abs(frames_of(plain.path)[0].image_bgr.astype(int) - frames_of(boxed.path)[0].image_bgr).max(axis=2)
    assert difference[38:62, 2:34].max() > 60
    assert difference[100:].max() < 20


def test_time_that_jumps_back_goes_on_without_a_gap(tmp_path: Path) -> None:
    sink = VideoWriter(tmp_path / "out.mp4", 10.0)
    for i, time_s in enumerate([5.0, 5.1, 2.0, 2.1, 2.1]):
        sink.write(result_of(i, time_s=time_s))
    sink.close()
    np.testing.assert_allclose([frame.time_s for frame in frames_of(sink.path)], [0, 0.1, 0.2, 0.3, 0.4], atol=0.001)


@pytest.mark.parametrize("size_wh", [(97, 65), (1, 1), (96, 65), (5000, 40)])
def test_any_size_is_written_even_and_bounded(tmp_path: Path, size_wh: tuple[int, int]) -> None:
    sink = VideoWriter(tmp_path / "out.mp4", 30.0)
    sink.write(result_of(3, size_wh=size_wh))
    sink.close()
    (frame,) = frames_of(sink.path)
    expected = tuple(side + side % 2 for side in size_wh) if size_wh[0] < 4096 else (4096, 34)
    assert (frame.width_px, frame.height_px) == expected


def test_a_frame_of_another_size_is_centred_on_black(tmp_path: Path) -> None:
    sink = VideoWriter(tmp_path / "out.mp4", 30.0)
    sink.write(result_of(0, size_wh=(128, 64)))
    sink.write(result_of(1, size_wh=(200, 200), found=0))
    sink.close()
    second = frames_of(sink.path)[1].image_bgr
    assert second.shape == (64, 128, 3)
    assert second[:, :28].max() < 30
    assert second[:, 100:].max() < 30
    assert second[40:, 40:90].mean() > 60


def test_without_frames_there_is_no_file(tmp_path: Path) -> None:
    sink = VideoWriter(tmp_path / "out.mp4")
    sink.close()
    assert not sink.path.exists()


@pytest.mark.parametrize(("name", "match"), [("out.qqq", r"\.mp4"), ("missing/out.mp4", "No such file")])
def test_a_file_that_cannot_be_made_is_told(tmp_path: Path, name: str, match: str) -> None:
    sink = VideoWriter(tmp_path / name, 30.0)
    with pytest.raises(SinkError, match=match):
        sink.write(result_of(0))
    sink.write(result_of(1))  # nothing more is taken, nothing more is raised
    sink.close()


def test_a_full_disk_leaves_a_whole_shorter_video(tiny_disk: Path) -> None:
    sink = VideoWriter(tiny_disk / "out.mp4", 10.0)
    with pytest.raises(DiskFullError, match=r"out\.mp4"):
        write_noise(sink)
    sink.close()
    assert len(frames_of(sink.path)) >= 10


@pytest.mark.parametrize("left_bytes", [0, 4096, 16384])
def test_a_disk_that_is_full_only_for_the_last_second_is_told(tiny_disk: Path, left_bytes: int) -> None:
    sink = VideoWriter(tiny_disk / "out.mp4", 30.0)
    for i in range(100):  # the encoder keeps some dozens for itself until the end
        sink.write(noisy_result(i, side_px=40))
    free = shutil.disk_usage(tiny_disk).free
    (tiny_disk / "other").write_bytes(bytes(free - left_bytes))
    with pytest.raises(DiskFullError, match=r"out\.mp4"):
        sink.close()
    sink.close()
    assert 30 <= len(frames_of(sink.path)) < 100


_ENDLESS = """
import sys
from pathlib import Path
from detector_app.sinks.video import VideoWriter
from tests.sinks.results import result_of
sink, i = VideoWriter(Path(sys.argv[1]), 30.0), 0
while True:
    sink.write(result_of(i))
    i += 1
    if i == 200:
        print("written", flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system cannot kill so")
def test_a_killed_process_leaves_a_playable_video(tmp_path: Path, repository: Path) -> None:
    path = tmp_path / "out.mp4"
    child = subprocess.Popen([sys.executable, "-c", _ENDLESS, str(path)], cwd=repository, stdout=subprocess.PIPE)
    assert child.stdout is not None
    child.stdout.readline()
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()
    source, numbers = VideoFile(path), []
    try:
        while (frame := source.read()) is not None:
            numbers.append(number_of(frame.image_bgr))
    except TruncatedError:
        pass  # the kill may have come in the middle of a fragment; what counts is what can be played
    source.close()
    assert len(numbers) >= 60
    assert numbers == list(range(len(numbers)))
