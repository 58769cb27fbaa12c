"""Augmentations that move boxes with the picture, and the letterbox for validation.

Everything geometric is one 3×3 matrix from picture to canvas pixels: flip, scale, shift, turn, perspective and letterbox
compose by multiplication, and each pixel is interpolated once. A mosaic (YOLOv4, arXiv 2004.10934, section 3.3) is four pictures,
each with its own matrix and its own window of the canvas. Colour is one 3×4 matrix. OpenCV applies both kinds: it is
an order of magnitude faster on a processor than tensor libraries, and the processor is what most users train on.

Coordinates are continuous: pixel i covers [i, i + 1).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models.detect.camera_faults import through_camera
from models.detect.pictures import Pixels, Sample

Matrix = NDArray[np.float64]
Window = tuple[int, int, int, int]

_LUMINANCE = np.array([0.299, 0.587, 0.114])
_TO_YIQ = np.array([[0.299, 0.587, 0.114], [0.5959, -0.2746, -0.3213], [0.2115, -0.5227, 0.3112]])


@dataclass(frozen=True)
class AugmentationSettings:
    """How far pictures may be changed.

    Attributes:
        mosaic: chance that four pictures share a canvas.
        flip: chance of a mirror image.
        quarter_turn: chance of a turn by 90, 180 or 270 degrees.
        rotation_deg: largest turn besides, either way. Boxes become the bounds of the turned box, so keep it small.
        scale: smallest and largest size of the picture relative to its letterboxed size.
        aspect: largest stretch of one side against the other, 0.1 is 10%.
        perspective: largest tilt: 0.2 lets one side of the canvas look up to 1.2 times as near as the opposite one.
        shift: largest displacement, as a fraction of the canvas.
        brightness, contrast, saturation: largest change either way of the factor 1.
        hue_deg: largest turn of the colour circle, either way.
        camera: chance of each fault of a camera: blur by motion or focus, noise, coarse JPEG, no colour.
        min_visible: boxes of which a smaller part is left inside are dropped.
        min_side_px: boxes with a shorter side on the canvas are dropped.
    """

    mosaic: float = 0.6
    flip: float = 0.5
    quarter_turn: float = 0.1
    rotation_deg: float = 4.0
    scale: tuple[float, float] = (0.65, 1.5)
    aspect: float = 0.1
    perspective: float = 0.0
    shift: float = 0.15
    brightness: float = 0.35
    contrast: float = 0.3
    saturation: float = 0.5
    hue_deg: float = 6.0
    camera: float = 0.0
    min_visible: float = 0.4
    min_side_px: float = 4.0


@dataclass(frozen=True)
class Placed:
    """One picture on the canvas: where its pixels go, and the window (x1, y1, x2, y2) they may fill."""

    sample: Sample
    to_canvas: Matrix
    window_xyxy: Window


def letterbox(sample: Sample, size: int, pad_value: int) -> Sample:
    """Fits a picture into a square canvas, centred, its aspect kept, the rest filled with `pad_value`."""
    whole = (0, 0, size, size)
    return compose([Placed(sample, fit_matrix(sample, size), whole)], size, pad_value, min_visible=0.0, min_side_px=0.0)


def fit_matrix(sample: Sample, size: int) -> Matrix:
    """The letterbox as a matrix: the long side fills the canvas, the picture is centred."""
    height, width = sample.rgb.shape[:2]
    factor = size / max(height, width)
    return shifted(size / 2, size / 2) @ np.diag([factor, factor, 1.0]) @ shifted(-width / 2, -height / 2)


def shifted(x: float, y: float) -> Matrix:
    """The 3×3 matrix that moves by (x, y) pixels."""
    return np.array([[1.0, 0.0, x], [0.0, 1.0, y], [0.0, 0.0, 1.0]])


def move_boxes(boxes_xyxy: NDArray[np.float32], matrix: Matrix) -> NDArray[np.float32]:
    """Axis-aligned bounds of (n, 4) boxes after a 3×3 matrix; float32, not clipped."""
    corners = boxes_xyxy[:, [[0, 1], [2, 1], [2, 3], [0, 3]]]
    projected = corners @ matrix[:, :2].T + matrix[:, 2]
    moved = projected[..., :2] / projected[..., 2:]
    return np.concatenate((moved.min(axis=1), moved.max(axis=1)), axis=1).astype(np.float32)


def compose(placed: Sequence[Placed], size: int, pad_value: int, min_visible: float, min_side_px: float) -> Sample:
    """Paints pictures into their windows of one (size, size) canvas and carries their boxes along.

    Boxes are clipped to the window. One is dropped when less than `min_visible` of its moved area is left, or a side
    shorter than `min_side_px`.
    """
    canvas = np.full((size, size, 3), pad_value, np.uint8)
    boxes, labels = [np.zeros((0, 4), np.float32)], [np.zeros(0, np.int64)]
    for one in placed:
        x1, y1, x2, y2 = one.window_xyxy
        canvas[y1:y2, x1:x2] = _warp(one.sample.rgb, shifted(-x1, -y1) @ one.to_canvas, (x2 - x1, y2 - y1), pad_value)
        moved = move_boxes(one.sample.boxes_xyxy, one.to_canvas)
        clipped = np.clip(moved, [x1, y1, x1, y1], [x2, y2, x2, y2]).astype(np.float32)
        sides = clipped[:, 2:] - clipped[:, :2]
        whole = (moved[:, 2:] - moved[:, :2]).prod(axis=1)
        keep = (sides.prod(axis=1) > min_visible * whole) & (sides >= min_side_px).all(axis=1)
        boxes.append(clipped[keep])
        labels.append(one.sample.labels[keep])
    return Sample(canvas, np.concatenate(boxes), np.concatenate(labels))


def _warp(rgb: Pixels, matrix: Matrix, size_wh: tuple[int, int], pad_value: int) -> Pixels:
    """OpenCV counts pixel centres from 0 where we count pixel edges: half a pixel in, half a pixel out."""
    indices = shifted(-0.5, -0.5) @ matrix @ shifted(0.5, 0.5)
    grey = (pad_value,) * 3
    if indices[2, :2].any():
        return np.asarray(cv2.warpPerspective(rgb, indices, size_wh, borderValue=grey), np.uint8)
    return np.asarray(cv2.warpAffine(rgb, indices[:2], size_wh, borderValue=grey), np.uint8)


class Augmenter:
    """Draws random changes. It holds settings only; randomness comes in from the caller."""

    def __init__(self, settings: AugmentationSettings, size: int, pad_value: int) -> None:
        self.settings = settings
        self.size = size
        self.pad_value = pad_value

    def single(self, sample: Sample, rng: np.random.Generator) -> Sample:
        """One picture somewhere on the canvas."""
        limit = self.settings.shift * self.size
        moved = shifted(rng.uniform(-limit, limit), rng.uniform(-limit, limit))
        matrix = moved @ self._about_centre(rng) @ fit_matrix(sample, self.size)
        return self._finish([Placed(sample, matrix, (0, 0, self.size, self.size))], rng)

    def mosaic(self, samples: Sequence[Sample], rng: np.random.Generator) -> Sample:
        """Four pictures around a random point, each filling its quarter from that point outwards."""
        x, y = (int(rng.integers(self.size * 3 // 10, self.size * 7 // 10)) for _ in "xy")
        size = self.size
        windows = ((0, 0, x, y), (x, 0, size, y), (0, y, x, size), (x, y, size, size))
        return self._finish([self._tile(*pair, rng) for pair in zip(samples, windows, strict=True)], rng)

    def _tile(self, sample: Sample, window: Window, rng: np.random.Generator) -> Placed:
        """Centres the picture on its window at a random size, then shifts it by part of what sticks out."""
        x1, y1, x2, y2 = window
        matrix = self._about_centre(rng, factor=0.75) @ fit_matrix(sample, self.size)
        height, width = sample.rgb.shape[:2]
        bounds = move_boxes(np.array([[0, 0, width, height]], np.float32), matrix)[0]
        slack = np.abs(bounds[2:] - bounds[:2] - (x2 - x1, y2 - y1)) / 2
        offset = rng.uniform(-slack, slack)
        target = (np.array([x1 + x2, y1 + y2]) - bounds[:2] - bounds[2:]) / 2 + offset
        return Placed(sample, shifted(*target) @ matrix, window)

    def _about_centre(self, rng: np.random.Generator, factor: float = 1.0) -> Matrix:
        """Flip, quarter turns, small rotation, size and stretch about the middle of the canvas."""
        given, middle = self.settings, self.size / 2
        scale = factor * np.exp(rng.uniform(*np.log(given.scale)))
        stretch = np.exp(rng.uniform(-given.aspect, given.aspect) / 2)
        mirror = -1.0 if rng.random() < given.flip else 1.0
        turns = int(rng.integers(1, 4)) if rng.random() < given.quarter_turn else 0
        angle = np.deg2rad(rng.uniform(-given.rotation_deg, given.rotation_deg) + 90 * turns)
        turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
        resize = np.diag([mirror * scale * stretch, scale / stretch, 1.0])
        tilt = np.eye(3)
        tilt[2, :2] = rng.uniform(-given.perspective, given.perspective, 2) / self.size
        matrix: Matrix = shifted(middle, middle) @ tilt @ turn @ resize @ shifted(-middle, -middle)
        return matrix

    def _finish(self, placed: Sequence[Placed], rng: np.random.Generator) -> Sample:
        given = self.settings
        sample = compose(placed, self.size, self.pad_value, given.min_visible, given.min_side_px)
        recoloured = np.asarray(cv2.transform(sample.rgb, colour_matrix(given, rng)), np.uint8)
        return Sample(through_camera(recoloured, given.camera, rng), sample.boxes_xyxy, sample.labels)


def colour_matrix(settings: AugmentationSettings, rng: np.random.Generator) -> Matrix:
    """A random 3×4 matrix on RGB in 0 to 255: hue as a turn in YIQ, then saturation, contrast about mid grey, brightness."""
    gain, contrast, saturation = (
        1 + rng.uniform(-limit, limit) for limit in (settings.brightness, settings.contrast, settings.saturation)
    )
    angle = np.deg2rad(rng.uniform(-settings.hue_deg, settings.hue_deg))
    turn = np.array([[1, 0, 0], [0, np.cos(angle), -np.sin(angle)], [0, np.sin(angle), np.cos(angle)]])
    hue = np.linalg.inv(_TO_YIQ) @ turn @ _TO_YIQ
    grey = np.tile(_LUMINANCE, (3, 1))
    linear = gain * contrast * (grey + saturation * (np.eye(3) - grey)) @ hue
    offset = np.full((3, 1), gain * 127.5 * (1 - contrast))
    return np.concatenate((linear, offset), axis=1)
