"""The cameras of this computer, by name, without switching one on."""

from __future__ import annotations

import sys
from dataclasses import dataclass

import cv2
from cv2_enumerate_cameras import enumerate_cameras

# The one interface of each system that opens quickly and whose numbers are those of the list.
_BACKENDS = {"linux": cv2.CAP_V4L2, "win32": cv2.CAP_DSHOW, "darwin": cv2.CAP_AVFOUNDATION}


@dataclass(frozen=True)
class CameraName:
    """A camera.

    Attributes:
        name: what the system calls it; a number is added where two have the same name.
        index: its number for OpenCV.
        backend: OpenCV's interface (``cv2.CAP_…``) that the number belongs to.
    """

    name: str
    index: int
    backend: int


def list_cameras() -> tuple[CameraName, ...]:
    """All cameras that are connected, by number; none where the system does not tell."""
    backend = _BACKENDS.get(sys.platform, cv2.CAP_ANY)
    try:
        found = sorted(enumerate_cameras(backend), key=lambda camera: int(camera.index))
    except (OSError, NotImplementedError, RuntimeError):
        return ()
    return distinct([(str(camera.name or f"camera {camera.index}"), int(camera.index)) for camera in found], backend)


def distinct(cameras: list[tuple[str, int]], backend: int) -> tuple[CameraName, ...]:
    """One entry for each number, each with a name of its own. ``cameras`` are names and numbers."""
    result: list[CameraName] = []
    used: set[str] = set()
    for index, name in sorted({index: name for name, index in cameras}.items()):
        own = name if name not in used else f"{name} ({index})"
        used.add(own)
        result.append(CameraName(own, index, backend))
    return tuple(result)


def find_camera(text: str, cameras: tuple[CameraName, ...]) -> CameraName | None:
    """The camera that ``text`` means: its number, its exact name, or a part of one name only, whatever the case."""
    if text.isdecimal():
        known = {camera.index: camera for camera in cameras}
        return known.get(int(text), CameraName(f"#{int(text)}", int(text), _BACKENDS.get(sys.platform, cv2.CAP_ANY)))
    exact = [camera for camera in cameras if camera.name == text]
    part = [camera for camera in cameras if text and text.casefold() in camera.name.casefold()]
    for matches in (exact, part):
        if len(matches) == 1:
            return matches[0]
    return None
