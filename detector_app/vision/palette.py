"""Colours of classes: the same name has the same colour in every model, run and window.

Six colours are from Petroff's accessible cycle (arXiv 2107.02270); the others were chosen one by one as far from all earlier ones as
possible, seen normally and with simulated protanopia and deuteranopia (Machado et al. 2009): any two differ by at least 18 in CIELAB.
More names than colours must share, so a label always stands beside a colour.
"""

from __future__ import annotations

import functools
import zlib

Rgb = tuple[int, int, int]

COLORS: tuple[Rgb, ...] = (
    (0x3F, 0x90, 0xDA),
    (0xFF, 0xA9, 0x0E),
    (0xBD, 0x1F, 0x01),
    (0x83, 0x2D, 0xB6),
    (0x92, 0xDA, 0xDD),
    (0xE7, 0x63, 0x00),
    (0xAA, 0x22, 0x55),
    (0x88, 0xEE, 0x99),
    (0x66, 0x11, 0xFF),
    (0x99, 0x33, 0x88),
    (0xFF, 0x66, 0x99),
    (0xCC, 0x66, 0x55),
    (0x77, 0x77, 0xFF),
    (0x55, 0xCC, 0xFF),
    (0x66, 0xFF, 0x66),
    (0xEE, 0x88, 0x55),
)
CASING_OPACITY = 0.7
"""Of the thin line on either side of a box, in :func:`text_color` of the box: seen on a picture of the box's own colour,
where the box is not; where the casing is not, the box is."""
_SALT = 794
"""Under this salt the classes of the models that come with the app share least."""


@functools.lru_cache(maxsize=4096)
def class_color(name: str) -> Rgb:
    """Red, green, blue (0–255) of class ``name``."""
    return COLORS[zlib.crc32(f"{_SALT}:{name}".encode()) % len(COLORS)]


def text_color(background: Rgb) -> Rgb:
    """Black or white, whichever has more contrast on ``background`` (WCAG relative luminance)."""
    red, green, blue = (_linear(channel / 255) for channel in background)
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    # Contrast with white is 1.05 / (L + 0.05), with black (L + 0.05) / 0.05.
    return (0, 0, 0) if (luminance + 0.05) ** 2 > 1.05 * 0.05 else (255, 255, 255)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
