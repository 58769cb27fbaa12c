"""From what a person types or drops to an open source."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from detector_app.errors import SourceError, SourceNotFoundError
from detector_app.sources.address import shown_address
from detector_app.sources.camera import open_camera
from detector_app.sources.camera_names import CameraName, list_cameras
from detector_app.sources.listing import Listing, is_pattern, list_folder, list_pattern
from detector_app.sources.picture_file import read_header, read_picture
from detector_app.sources.pictures import Pictures
from detector_app.sources.source import Source
from detector_app.sources.stream import SCHEMES as STREAM_SCHEMES
from detector_app.sources.stream import Reconnecting, open_stream
from detector_app.sources.video_file import VideoFile

__all__ = ["CameraName", "Opening", "expand", "list_cameras", "open_path", "open_source"]

DEFAULT_TIMEOUT_S = 10.0

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]+):", re.IGNORECASE)  # two letters at least: C: is a drive


@dataclass(frozen=True)
class Opening:
    """How a camera or a stream is to be waited for.

    Attributes:
        timeout_s: how long it may take to give its first picture.
        give_up_s: how long a broken stream is tried to be brought back; None for ever.
        cancelled: asked while waiting; when true, opening ends with an error at once.
    """

    timeout_s: float = DEFAULT_TIMEOUT_S
    give_up_s: float | None = None
    cancelled: Callable[[], bool] = lambda: False


def open_source(
    spec: str,
    *,
    timeout_s: float = DEFAULT_TIMEOUT_S,
    give_up_s: float | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Source:
    """Open what ``spec`` names.

    Args:
        spec: path of a video, a picture or a folder; a shell pattern; ``camera:0``, ``camera:NAME`` or a bare number; an address
            (``rtsp://``, ``http://``, ``https://``, ``file://`` and others that FFmpeg knows).
        timeout_s: how long a camera or a stream may take to give its first picture.
        give_up_s: how long a broken stream is tried to be brought back; None for ever.
        cancelled: asked while a camera or stream is waited for; when true, opening ends with an error at once.

    Raises:
        SourceError: it cannot be opened; the subclass tells why.
    """
    spec = spec.strip()
    opening = Opening(timeout_s, give_up_s, cancelled)
    if spec.isdecimal():
        return open_camera(spec, timeout_s, cancelled)
    scheme = _SCHEME.match(spec)
    if scheme is None:
        return open_path(spec)
    opener = _SCHEMES.get(scheme.group(1).lower())
    if opener is not None:
        return opener(spec, opening)
    if "://" in spec:
        known = ", ".join(sorted(_SCHEMES))
        raise SourceError(shown_address(spec), detail=f"addresses of this kind are not known (known: {known})")
    return open_path(spec)  # a file name may have a colon in it


def open_path(text: str) -> Source:
    """Open a file, a folder or a shell pattern.

    Raises:
        SourceError: it cannot be opened; the subclass tells why.
    """
    if not text:
        raise SourceNotFoundError("“”")
    path = _local(text)
    try:
        if path.is_dir():
            return _open_listing(list_folder(path), text)
        if path.exists():
            return _open_file(path)
    except OSError as error:
        raise SourceError(text, detail=error.strerror or str(error)) from error
    if is_pattern(text):
        return _open_listing(list_pattern(str(path)), text)
    raise SourceNotFoundError(text)


def expand(spec: str) -> tuple[str, ...]:
    """The inputs that ``spec`` stands for, each of which ``open_source`` opens.

    A folder or pattern becomes itself, for its pictures together, and one input for each video. All else stays itself.

    Raises:
        SourceError: the folder or pattern holds nothing, or cannot be read.
    """
    path = _local(spec)
    if not spec.strip():
        return (spec,)  # to be refused; as a path it would be the current folder
    if path.is_dir():
        listing = list_folder(path)
    elif not path.exists() and is_pattern(spec) and not _SCHEME.match(spec):
        listing = list_pattern(str(path))
    else:
        return (spec,)
    pictures = (spec,) if listing.pictures else ()
    return pictures + tuple(str(video) for video in listing.videos)


def _local(text: str) -> Path:
    """The path that ``text`` names, ``~`` being the home folder where there is one of that name."""
    try:
        return Path(text).expanduser()
    except RuntimeError:
        return Path(text)


def _open_listing(listing: Listing, text: str) -> Source:
    if listing.pictures:
        return Pictures(listing.pictures, text)
    if len(listing.videos) == 1:
        return _open_file(listing.videos[0])
    raise SourceError(
        text, detail=f"it holds {len(listing.videos)} videos; open one of them, such as {listing.videos[0].name}"
    )


def _open_file(path: Path) -> Source:
    _require_readable(path)
    if read_header(path) is None:
        return VideoFile(path)
    read_picture(path)  # a single damaged picture is told at once, not at the first read
    return Pictures((path,), path.name)


def _require_readable(path: Path) -> None:
    if not path.is_file():  # reading a pipe or a device could block for ever
        raise SourceError(str(path), detail="it is not an ordinary file")
    try:
        with path.open("rb"):
            return
    except PermissionError as error:
        raise SourceError(str(path), detail="there is no permission to read it") from error


def _open_file_address(spec: str, _opening: Opening) -> Source:
    return open_path(url2pathname(urlsplit(spec).path))


def _open_camera(spec: str, opening: Opening) -> Source:
    return open_camera(spec.partition(":")[2].strip(), opening.timeout_s, opening.cancelled)


def _open_stream(spec: str, opening: Opening) -> Source:
    return open_stream(spec, opening.timeout_s, opening.cancelled, Reconnecting(opening.give_up_s))


_SCHEMES: dict[str, Callable[[str, Opening], Source]] = {
    "file": _open_file_address,
    "camera": _open_camera,
    **dict.fromkeys(STREAM_SCHEMES, _open_stream),
}
