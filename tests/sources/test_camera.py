"""Cameras: by name and number, with a time limit, vanishing. The device is OpenCV's own capture on a real video file."""

from __future__ import annotations

import threading
from pathlib import Path

import cv2
import pytest

from detector_app.errors import CameraError
from detector_app.sources.camera import Capture, open_capture
from detector_app.sources.camera_names import CameraName, distinct, find_camera, list_cameras
from detector_app.sources.opener import open_source
from tests.sources.clips import Clip, number_of, write_clip

DEADLINE_S = 20.0


@pytest.fixture
def recording(tmp_path: Path) -> str:
    return str(write_clip(tmp_path / "device.avi", Clip(codec="mjpeg", pixel_format="yuvj420p", clock=30, frames=60)))


class PacedCapture:
    """A real capture that gives pictures when allowed to, and tells how often it was asked and whether it was released."""

    def __init__(self, path: str) -> None:
        self._capture = cv2.VideoCapture(path)
        self.permits = threading.Semaphore(1)
        self.asked = threading.Semaphore(0)
        self.released = threading.Event()

    def allow(self, pictures: int = 1) -> None:
        """Let the device give more pictures."""
        self.permits.release(pictures)

    def isOpened(self) -> bool:  # noqa: N802
        return self._capture.isOpened()

    def read(self) -> tuple[bool, object]:
        self.asked.release()
        assert self.permits.acquire(timeout=DEADLINE_S)
        return self._capture.read()

    def get(self, property_id: int) -> float:
        return self._capture.get(property_id)

    def release(self) -> None:
        self._capture.release()
        self.released.set()


def test_pictures_come_with_their_numbers_and_the_device_is_released(recording: str) -> None:
    device = PacedCapture(recording)
    source = open_capture("desk", lambda: device, 10.0)
    assert (source.info.name, source.info.kind, source.info.live) == ("desk", "camera", True)
    assert (source.info.width_px, source.info.height_px, source.info.fps) == (96, 64, 30.0)
    for expected in range(5):
        frame = source.read()
        assert frame is not None
        assert (frame.index, number_of(frame.image_bgr), frame.source) == (expected, expected, "desk")
        device.allow()
    assert source.status == "connected"
    device.allow(3)
    source.close()
    assert device.released.wait(DEADLINE_S)
    assert source.read() is None


def test_who_reads_slowly_gets_the_newest_picture(recording: str) -> None:
    device = PacedCapture(recording)
    source = open_capture("desk", lambda: device, 10.0)
    device.allow(7)
    for _ in range(9):  # asked for the ninth picture, the device has handed over eight
        assert device.asked.acquire(timeout=DEADLINE_S)
    frame = source.read()
    assert frame is not None
    assert (frame.index, number_of(frame.image_bgr)) == (7, 7)
    device.allow(2)
    source.close()


def test_a_camera_that_vanishes_is_told(recording: str) -> None:
    source = open_capture("desk", lambda: cv2.VideoCapture(recording), 10.0)
    with pytest.raises(CameraError, match="does not give pictures any more"):
        list(iter(source.read, None))
    source.close()


def test_a_device_that_hangs_is_left_alone_and_released_when_it_comes_back(recording: str) -> None:
    device, come_back = PacedCapture(recording), threading.Event()

    def hanging() -> Capture:
        assert come_back.wait(DEADLINE_S)
        return device

    with pytest.raises(CameraError, match="gave no picture"):
        open_capture("desk", hanging, 0.1)
    assert not device.released.is_set()
    come_back.set()
    assert device.released.wait(DEADLINE_S)


def test_a_device_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    with pytest.raises(CameraError, match="cannot be opened"):
        open_capture("desk", lambda: cv2.VideoCapture(str(tmp_path / "missing.avi")), 10.0)


def test_an_exception_of_the_driver_is_told() -> None:
    def failing() -> Capture:
        raise cv2.error("no such device")

    with pytest.raises(Exception, match="no such device"):
        open_capture("desk", failing, 10.0)


@pytest.mark.parametrize("spec", ["99", "camera:99", "camera:No such camera"])
def test_a_camera_that_does_not_exist_is_told(spec: str) -> None:
    with pytest.raises(CameraError, match=r"99|No such camera"):
        open_source(spec, timeout_s=10)


def test_listing_opens_nothing_and_names_are_distinct() -> None:
    cameras = list_cameras()
    assert len({camera.name for camera in cameras}) == len(cameras)
    assert distinct([("Cam", 2), ("Cam", 0), ("Other", 0), ("Cam", 4)], 7) == (
        CameraName("Other", 0, 7),
        CameraName("Cam", 2, 7),
        CameraName("Cam (4)", 4, 7),
    )


def test_a_name_or_an_unmistakable_part_of_it_finds_the_camera() -> None:
    cameras = distinct([("Front Camera", 0), ("USB Camera", 2), ("USB Camera", 4), ("Cam", 6)], 200)
    assert find_camera("USB Camera", cameras) == cameras[1]
    assert find_camera("front", cameras) == cameras[0]
    assert find_camera("Cam", cameras) == cameras[3]
    assert find_camera("usb", cameras) is None
    assert find_camera("", cameras) is None
    assert find_camera("4", cameras) == cameras[2]
    assert (found := find_camera("9", cameras)) is not None
    assert found.index == 9
