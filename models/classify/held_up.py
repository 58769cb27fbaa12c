"""A digit on paper as a webcam might see it: for a test that is harder than the data set's own pictures."""

import cv2
import numpy as np
from numpy.typing import NDArray

from models.classify.pictures import Pixels

FRAME_WH = (320, 240)
SMALLEST, LARGEST = 0.45, 0.95  # of the frame's height
EDGE = 0.08  # width of a pen's edge, in parts of the range between paper and ink


def hold_up(digit: Pixels, rng: np.random.Generator) -> Pixels:
    """A frame with the digit on it.

    Its size, place and turn, the width of its strokes, the ink's and the paper's brightness, the light from one side, softness and
    noise are drawn at random.

    Args:
        digit: (S, S) uint8, dark on light, with a margin.
        rng: decides everything.

    Returns:
        (240, 320, 3) uint8 BGR.
    """
    wide, high = FRAME_WH
    ink = _pen_strokes(digit, rng, round(rng.uniform(SMALLEST, LARGEST) * high))
    spread = high / 2 - len(ink) / 2
    x, y = (half + rng.uniform(-1, 1) * max(spread, 0) * 0.6 for half in (wide / 2, high / 2))
    turn = cv2.getRotationMatrix2D((len(ink) / 2, len(ink) / 2), rng.uniform(-12, 12), 1.0)
    turn[:, 2] = turn[:, 2] + np.array([x, y]) - len(ink) / 2
    placed = cv2.warpAffine(ink, turn, FRAME_WH)
    light = _light(rng)
    paper = light * rng.uniform(150, 250)
    grey = paper * (1 - placed * rng.uniform(0.45, 0.95))
    soft = cv2.GaussianBlur(grey, (0, 0), rng.uniform(0.4, 1.5))
    tint = rng.uniform(0.92, 1.0, 3).astype(np.float32)
    noisy = soft[..., None] * tint + rng.normal(0, rng.uniform(1, 8), (high, wide, 3))
    return np.asarray(np.clip(noisy, 0, 255), np.uint8)


def _pen_strokes(digit: Pixels, rng: np.random.Generator, side_px: int) -> NDArray[np.float32]:
    """(side, side) coverage in 0 to 1 with edges as sharp as a pen's, thinner or bolder by where the soft ones are cut."""
    soft = cv2.resize(255 - digit, (side_px, side_px), interpolation=cv2.INTER_CUBIC).astype(np.float32) / 255
    level = rng.uniform(0.3, 0.7)
    sharp = np.clip((soft - level) / EDGE + 0.5, 0, 1)
    return np.asarray(sharp, np.float32)


def _light(rng: np.random.Generator) -> NDArray[np.float32]:
    """(240, 320) in 0 to 1: full on one side, up to half lost on the other."""
    wide, high = FRAME_WH
    angle, lost = rng.uniform(0, 2 * np.pi), rng.uniform(0, 0.5)
    x, y = np.linspace(-1, 1, wide)[None], np.linspace(-1, 1, high)[:, None]
    along = (x * np.cos(angle) + y * np.sin(angle)) / (abs(np.cos(angle)) + abs(np.sin(angle)))
    return np.asarray(1 - lost * (along + 1) / 2, np.float32)
