"""What cameras do to pictures and photographers avoid: blur, noise, coarse JPEG, no colour."""

from collections.abc import Callable

import cv2
import numpy as np

from models.detect.pictures import Pixels

Fault = Callable[[Pixels, np.random.Generator], Pixels]


def moved(rgb: Pixels, rng: np.random.Generator) -> Pixels:
    """Blur along a line of 3 to 9 pixels in any direction: a hand or an object that moves."""
    length, angle = int(rng.integers(1, 5)), rng.uniform(0, np.pi)
    kernel = np.zeros((2 * length + 1, 2 * length + 1), np.float32)
    reach = length * np.array([np.cos(angle), np.sin(angle)])
    ends = [tuple(round(v) for v in length + sign * reach) for sign in (-1, 1)]
    cv2.line(kernel, ends[0], ends[1], 1.0)
    return np.asarray(cv2.filter2D(rgb, -1, kernel / kernel.sum()), np.uint8)


def unfocused(rgb: Pixels, rng: np.random.Generator) -> Pixels:
    """Gaussian blur with a deviation of 0.6 to 1.6 pixels."""
    return np.asarray(cv2.GaussianBlur(rgb, (0, 0), rng.uniform(0.6, 1.6)), np.uint8)


def noisy(rgb: Pixels, rng: np.random.Generator) -> Pixels:
    """Gaussian noise with a deviation of 4 to 16 grey levels: little light."""
    noise = rng.standard_normal(rgb.shape, np.float32) * rng.uniform(4, 16)
    return np.asarray(cv2.add(rgb, noise, dtype=cv2.CV_8U), np.uint8)


def compressed(rgb: Pixels, rng: np.random.Generator) -> Pixels:
    """JPEG of quality 15 to 50: a cheap stream."""
    _, coded = cv2.imencode(".jpg", rgb, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(15, 51))])
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)


def colourless(rgb: Pixels, _rng: np.random.Generator) -> Pixels:
    """Luminance alone: night mode."""
    return np.asarray(cv2.cvtColor(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB), np.uint8)


FAULTS: tuple[Fault, ...] = (moved, unfocused, noisy, compressed, colourless)


def through_camera(rgb: Pixels, chance: float, rng: np.random.Generator) -> Pixels:
    """Applies each fault with the same chance, in the order in which a camera has them.

    Args:
        rgb: (H, W, 3) uint8.
        chance: of each fault, 0 to 1.
        rng: where chance comes from.
    """
    for fault in FAULTS:
        if rng.random() < chance:
            rgb = fault(rgb, rng)
    return rgb
