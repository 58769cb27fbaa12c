"""Small pictures with known contents: coloured rectangles on a noisy ground, and sets of them in each format."""

import json
from pathlib import Path

import cv2
import numpy as np

COLOURS_BGR = {"red": (40, 40, 230), "green": (40, 200, 40)}


def draw(size_wh: tuple[int, int], boxes: list[tuple[str, tuple[int, int, int, int]]], seed: int) -> np.ndarray:
    """(H, W, 3) uint8 BGR: filled rectangles (colour name, x1 y1 x2 y2) on grey noise."""
    ground = np.random.default_rng(seed).integers(90, 130, (size_wh[1], size_wh[0], 1)).astype(np.uint8)
    picture = np.repeat(ground, 3, axis=2)
    for name, (x1, y1, x2, y2) in boxes:
        picture[y1:y2, x1:x2] = COLOURS_BGR[name]
    return picture


def random_scene(seed: int) -> tuple[np.ndarray, list[tuple[str, tuple[int, int, int, int]]]]:
    """A 96×64 picture with one rectangle of each colour, side by side."""
    rng = np.random.default_rng(seed)
    boxes = []
    for index, name in enumerate(COLOURS_BGR):
        x, y = int(rng.integers(2, 12)) + 48 * index, int(rng.integers(2, 20))
        boxes.append((name, (x, y, x + int(rng.integers(20, 32)), y + int(rng.integers(20, 40)))))
    return draw((96, 64), boxes, seed), boxes


def write_coco(folder: Path, count: int, first_seed: int = 0, extension: str = "png") -> Path:
    """A COCO set of `count` scenes in `folder`; returns the JSON."""
    (folder / "images").mkdir(parents=True, exist_ok=True)
    names = list(COLOURS_BGR)
    images, annotations = [], []
    for index in range(count):
        picture, boxes = random_scene(first_seed + index)
        name = f"scene_{index}.{extension}"
        cv2.imwrite(str(folder / "images" / name), picture)
        images.append({"id": index, "file_name": name, "width": 96, "height": 64})
        for colour, (x1, y1, x2, y2) in boxes:
            bbox = [x1, y1, x2 - x1, y2 - y1]
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": index,
                    "category_id": names.index(colour) + 1,
                    "bbox": bbox,
                    "area": bbox[2] * bbox[3],
                    "iscrowd": 0,
                }
            )
    categories = [{"id": index + 1, "name": name} for index, name in enumerate(names)]
    path = folder / "annotations.json"
    path.write_text(json.dumps({"images": images, "annotations": annotations, "categories": categories}))
    return path
