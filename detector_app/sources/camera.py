"""A camera as a source."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Protocol

import cv2
import numpy as np

from detector_app.errors import CameraError, message
from detector_app.sources.camera_names import CameraName, find_camera, list_cameras
from detector_app.sources.live import Feed, LiveSource, Patience

_SILENT_S = 10.0
_FAILED_READS = 3


class Capture(Protocol):
    """The part of ``cv2.VideoCapture`` that is used."""

    def isOpened(self) -> bool:  # noqa: N802
        """Whether the device was opened."""

    def read(self) -> tuple[bool, Any]:
        """Whether there is a picture, and the picture: H×W×3 uint8 BGR."""

    def get(self, property_id: int) -> float:
        """A property of the device, 0 when it is not known."""

    def release(self) -> None:
        """Close the device."""


def open_camera(text: str, timeout_s: float, cancelled: Callable[[], bool] = lambda: False) -> LiveSource:
    """Open the camera that ``text`` names (a number or a name, or an unmistakable part of it).

    Raises:
        CameraError: there is none of that name, it cannot be opened, or it gives no picture within ``timeout_s``.
    """
    cameras = list_cameras()
    camera = find_camera(text, cameras)
    if camera is None:
        raise _error(text, "there is no camera of that name, or more than one", cameras)
    return open_capture(camera.name, functools.partial(_open_device, camera), timeout_s, cancelled)


def open_capture(
    name: str, opener: Callable[[], Capture], timeout_s: float, cancelled: Callable[[], bool] = lambda: False
) -> LiveSource:
    """A source over whatever ``opener`` opens. OpenCV can hang in it: it runs on the reading thread, and a late device is released.

    Raises:
        CameraError: it is not open, or gives no picture within ``timeout_s``.
    """

    def in_vain(waited_s: float) -> CameraError:
        return _error(name, f"it gave no picture for {waited_s:.0f} s", list_cameras())

    patience = Patience(timeout_s, max(timeout_s, _SILENT_S), in_vain, cancelled)
    return LiveSource(name, "camera", functools.partial(_read_device, name, opener), patience)


def _read_device(name: str, opener: Callable[[], Capture], feed: Feed) -> None:
    capture = opener()
    try:
        if feed.stopped:
            return
        if not capture.isOpened():
            raise _error(name, message("it cannot be opened"), list_cameras())
        feed.fps = max(0.0, capture.get(cv2.CAP_PROP_FPS))
        _pump(name, capture, feed)
    finally:
        capture.release()


def _pump(name: str, capture: Capture, feed: Feed) -> None:
    failed = 0
    while not feed.stopped:
        there, image = capture.read()
        failed = 0 if there else failed + 1
        if there:
            feed.tell("connected")
            feed.put(functools.partial(np.ascontiguousarray, image, np.uint8))
        elif failed >= _FAILED_READS and not feed.stopped:
            raise _error(name, "it does not give pictures any more", list_cameras())


def _open_device(camera: CameraName) -> Capture:
    capture = cv2.VideoCapture(camera.index, camera.backend)
    capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)  # a queue in the driver would be lag
    return capture


def _error(where: str, detail: str, cameras: tuple[CameraName, ...]) -> CameraError:
    return CameraError(where, detail=detail, known=", ".join(camera.name for camera in cameras) or message("none"))
