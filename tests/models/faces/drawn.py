"""Drawn people: a folder of small faces whose person can be seen, with their landmarks in a file, so that no network must find them."""

import json
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

LANDMARKS = np.array(((20.0, 24.0), (40.0, 24.0), (30.0, 36.0), (22.0, 46.0), (38.0, 46.0)))
SIZE_HW = (72, 60)


def face(person: int, picture: int) -> NDArray[np.uint8]:
    """(72, 60) uint8: the person decides the shape, the picture its light and noise."""
    own, now = np.random.default_rng(person), np.random.default_rng(1000 * person + picture)
    canvas = np.full(SIZE_HW, 60, np.uint8)
    width, height, skin = own.integers(16, 27), own.integers(24, 33), int(own.integers(120, 220))
    cv2.ellipse(canvas, (30, 36), (int(width), int(height)), 0, 0, 360, skin, -1)
    for x, y in LANDMARKS[:2].astype(int).tolist():
        cv2.circle(canvas, (x, y), 2 + person % 4, 20 + 10 * (person % 3), -1)
    cv2.line(canvas, (30, 26), (30, 36), skin - 60, 1 + person % 3)
    cv2.line(canvas, (22, 46), (38, 46), 40, 1 + person % 5)
    light = canvas * now.uniform(0.8, 1.2) + now.normal(0, 4, SIZE_HW) + now.uniform(-15, 15)
    return np.clip(light, 0, 255).astype(np.uint8)


def write_people(root: Path, people: int, pictures: int) -> Path:
    """The folder `root/people`, and `root/landmarks.json`; returns the folder."""
    folder = root / "people"
    found = {}
    for person in range(people):
        (folder / f"p{person}").mkdir(parents=True)
        for picture in range(pictures):
            name = f"p{person}/{picture}.pgm"
            cv2.imwrite(str(folder / name), face(person, picture))
            found[name] = LANDMARKS.tolist()
    (folder / "LICENSE").write_text("CC0")
    (root / "landmarks.json").write_text(json.dumps(found))
    return folder
