"""Small pictures by class: what tells the classes apart is plain to see, everything else is noise."""

from pathlib import Path

import cv2
import numpy as np

COLOURS_BGR = {"blue": (200, 60, 40), "green": (40, 180, 60), "red": (40, 50, 210)}


def draw(name: str, seed: int, size_wh: tuple[int, int] = (40, 36)) -> np.ndarray:
    """(H, W, 3) uint8 BGR: a disc of the class's colour on grey noise."""
    rng = np.random.default_rng(seed)
    wide, high = size_wh
    picture = np.repeat(rng.integers(90, 140, (high, wide, 1)).astype(np.uint8), 3, axis=2)
    centre = int(rng.integers(wide // 3, 2 * wide // 3)), int(rng.integers(high // 3, 2 * high // 3))
    cv2.circle(picture, centre, min(size_wh) // 4, COLOURS_BGR[name], -1)
    return picture


def write_folders(root: Path, count: int, names: tuple[str, ...] = ("blue", "red"), first_seed: int = 0) -> Path:
    """`root/NAME/*.png`, `count` pictures each; no two are alike."""
    for number, name in enumerate(names):
        (root / name).mkdir(parents=True, exist_ok=True)
        for index in range(count):
            picture = draw(name, first_seed + 1000 * number + index)
            (root / name / f"{index:03}.png").write_bytes(cv2.imencode(".png", picture)[1].tobytes())
    return root
