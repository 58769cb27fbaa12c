"""Faces as small square pictures, and the disc with initials that stands for a face that was not kept."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPainterPath

from detector_app.faces.face_crop import FaceCrop
from detector_app.ui.theme import CORNER_PX
from detector_app.vision.frame import BgrImage
from detector_app.vision.palette import class_color, text_color

_CROP_REACH = 1.9
"""From the middle of the five points in distances between the eyes: the head with its hair."""
_BOX_REACH = 0.7
"""From the middle of a box in its longer side."""
_INITIALS_SHARE = 0.4
"""Height of the letters in a disc."""


def qimage(image_bgr: BgrImage) -> QImage:
    """A copy of an H×W×3 uint8 BGR picture; any thread may call."""
    rgb = np.ascontiguousarray(image_bgr[..., ::-1])
    height, width = rgb.shape[:2]
    return QImage(rgb.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def bgr(image: QImage) -> BgrImage:
    """The inverse of :func:`qimage`; transparent parts are as they would be on white."""
    opaque = QImage(image.size(), QImage.Format.Format_RGB888)
    opaque.fill(Qt.GlobalColor.white)
    painter = QPainter(opaque)
    painter.drawImage(0, 0, image)
    painter.end()
    height, width = opaque.height(), opaque.width()
    rows = np.frombuffer(opaque.constBits(), np.uint8, height * opaque.bytesPerLine()).reshape(height, -1)
    return np.ascontiguousarray(rows[:, : 3 * width].reshape(height, width, 3)[..., ::-1])


def square_of_crop(crop: FaceCrop, side_px: int) -> BgrImage:
    """The head of a kept face, ``side_px`` wide and high."""
    points = crop.landmarks_xy.astype(np.float64)
    eyes = float(np.linalg.norm(points[1] - points[0]))
    return _square(crop.image_bgr, points.mean(axis=0), _CROP_REACH * max(eyes, 1.0), side_px)


def square_of_box(image_bgr: BgrImage, xyxy: ArrayLike, side_px: int) -> BgrImage:
    """What lies in a box and a little around it, ``side_px`` wide and high."""
    corners = np.asarray(xyxy, np.float64).reshape(2, 2)
    side = float(np.max(corners[1] - corners[0]))
    return _square(image_bgr, corners.mean(axis=0), _BOX_REACH * max(side, 2.0), side_px)


def fitted(image_bgr: BgrImage, most_px: int) -> BgrImage:
    """The whole picture, made smaller if a side is longer than ``most_px``."""
    height, width = image_bgr.shape[:2]
    factor = most_px / max(height, width)
    if factor >= 1:
        return image_bgr
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    return np.asarray(cv2.resize(image_bgr, size, interpolation=cv2.INTER_AREA), np.uint8)


def initials(name: str) -> str:
    """Of the first and the last word; of one word the first character."""
    words = name.split()
    letters = [words[0][0], words[-1][0]] if len(words) > 1 else [name.strip()[:1]]
    return "".join(letters).upper()


def paint_image(painter: QPainter, place: QRectF, image: QImage, radius_px: float = CORNER_PX) -> None:
    """Fill ``place`` with ``image``, the corners rounded."""
    painter.save()
    path = QPainterPath()
    path.addRoundedRect(place, radius_px, radius_px)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    painter.setClipPath(path)
    painter.drawImage(place, image)
    painter.restore()


def paint_avatar(painter: QPainter, place: QRectF, name: str, image: QImage | None) -> None:
    """A person's face as a disc in ``place``, a square; their initials on their colour where there is no picture."""
    if image is not None:
        paint_image(painter, place, image, place.width() / 2)
        return
    colour = class_color(name)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(*colour))
    painter.drawEllipse(place)
    font = QFont(painter.font())
    font.setPixelSize(max(1, round(place.height() * _INITIALS_SHARE)))
    font.setWeight(QFont.Weight.DemiBold)
    painter.setFont(font)
    painter.setPen(QColor(*text_color(colour)))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, initials(name))
    painter.restore()


def _square(image_bgr: BgrImage, centre_xy: NDArray[np.float64], half: float, side_px: int) -> BgrImage:
    """A square part of the picture, moved or made smaller where it would reach beyond the edges."""
    limits = np.array(image_bgr.shape[1::-1])
    side = int(np.clip(round(2 * half), 1, limits.min()))
    left, top = np.clip(np.round(centre_xy - side / 2), 0, limits - side).astype(int)
    part = image_bgr[top : top + side, left : left + side]
    way = cv2.INTER_AREA if side > side_px else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(part, (side_px, side_px), interpolation=way), np.uint8)
