"""Colours of classes."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from detector_app.vision.palette import COLORS, class_color, text_color

NORMAL = np.eye(3)
# Machado, Oliveira, Fernandes 2009, table 1, severity 1.0.
PROTANOPIA = np.array(
    [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
)
DEUTERANOPIA = np.array(
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
)
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def linear(rgb: tuple[int, int, int]) -> np.ndarray:
    c = np.array(rgb) / 255
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def lab(rgb: tuple[int, int, int], vision: np.ndarray) -> np.ndarray:
    xyz = TO_XYZ @ np.clip(vision @ linear(rgb), 0, 1) / [0.95047, 1, 1.08883]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("vision", [NORMAL, PROTANOPIA, DEUTERANOPIA], ids=["normal", "protanopia", "deuteranopia"])
def test_any_two_colours_differ_clearly(vision: np.ndarray) -> None:
    seen = [lab(color, vision) for color in COLORS]
    assert min(np.linalg.norm(a - b) for a, b in itertools.combinations(seen, 2)) >= 18


def test_colours_do_not_change_between_runs() -> None:
    # Written down, because a person learns them: a change of the table or of the hash must be meant.
    assert {name: "#{:02x}{:02x}{:02x}".format(*class_color(name)) for name in ("bottle", "cup", "person", "杯子")} == {
        "bottle": "#832db6",
        "cup": "#bd1f01",
        "person": "#3f90da",
        "杯子": "#832db6",
    }


@pytest.mark.parametrize("color", COLORS)
def test_label_text_is_readable(color: tuple[int, int, int]) -> None:
    def luminance(rgb: tuple[int, int, int]) -> float:
        return float(np.dot([0.2126, 0.7152, 0.0722], linear(rgb)))

    lighter, darker = sorted((luminance(color), luminance(text_color(color))), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5
