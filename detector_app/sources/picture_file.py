"""One picture file: its size from the header, its pixels upright."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from detector_app.errors import NotAVideoError, PictureTooLargeError, SourceError, message
from detector_app.vision.frame import BgrImage

MOST_PIXELS = 178_956_970
"""Largest picture that is decoded: 0.5 GB as BGR, the size at which Pillow, too, suspects a decompression bomb."""

SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp", ".jp2", ".ppm", ".pgm", ".pbm", ".avif"}
)
"""File names that count as pictures when a folder is listed."""

_FORMATS = ("JPEG", "PNG", "BMP", "TIFF", "WEBP", "JPEG2000", "PPM", "AVIF")
_ORIENTATION_TAG = 0x0112
_SIDEWAYS = {5, 6, 7, 8}

# Pillow reads headers only; the bound above decides, and its own warning would reach people as a traceback line.
Image.MAX_IMAGE_PIXELS = None


@dataclass(frozen=True)
class PictureHeader:
    """Size of a picture, EXIF orientation applied, without decoding it."""

    width_px: int
    height_px: int


def read_header(path: Path) -> PictureHeader | None:
    """Size of the picture at ``path``; None when it is not a picture of a known format, whatever its name says.

    Raises:
        SourceError: the file cannot be opened.
    """
    try:
        with Image.open(path, formats=_FORMATS) as picture:
            width, height = picture.size
            sideways = picture.getexif().get(_ORIENTATION_TAG) in _SIDEWAYS
    except PermissionError as error:
        raise SourceError(str(path), detail="there is no permission to read it") from error
    except Exception:  # Pillow's readers raise whatever they stumble over in a file that only looks like a picture
        return None
    return PictureHeader(height, width) if sideways else PictureHeader(width, height)


def read_picture(path: Path) -> BgrImage:
    """The picture at ``path`` as H×W×3 uint8 BGR, EXIF orientation applied; 16 bits are scaled to 8, transparency is dropped.

    Raises:
        NotAVideoError: it is no picture, or it is damaged.
        PictureTooLargeError: it has more than ``MOST_PIXELS``; nothing is decoded.
        SourceError: the file cannot be opened.
    """
    header = read_header(path)
    if header is None:
        raise NotAVideoError(str(path), detail=_why_no_picture(path))
    if header.width_px * header.height_px > MOST_PIXELS:
        found = f"{header.width_px} × {header.height_px} pixels"
        raise PictureTooLargeError(str(path), found=found, expected=f"{MOST_PIXELS / 1e6:.0f} million pixels")
    image = _decode(path)
    if image is None:
        raise NotAVideoError(str(path), detail="the picture is damaged, cut off, or of a kind that cannot be shown")
    return np.ascontiguousarray(image, dtype=np.uint8)


def _decode(path: Path) -> BgrImage | None:
    data = np.fromfile(path, np.uint8)  # imread cannot open every Unicode path on Windows
    try:
        return cv2.imdecode(data, cv2.IMREAD_COLOR)  # type: ignore[return-value]
    except cv2.error:
        return None


def _why_no_picture(path: Path) -> str:
    try:
        empty = path.stat().st_size == 0
        return message("the file is empty") if empty else message("its contents are not a known picture format")
    except OSError:
        return message("it does not exist any more")
