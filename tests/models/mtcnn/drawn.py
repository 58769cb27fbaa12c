"""Drawn faces: an ellipse with eyes, nose and mouth, somewhere on a ground of coloured rectangles and discs, which are no faces."""

import json
from pathlib import Path

import cv2
import numpy as np

SIZE_WH = (160, 120)
# Of an upright face, in parts of its box.
POINTS = np.array([(0.3, 0.38), (0.7, 0.38), (0.5, 0.6), (0.35, 0.78), (0.65, 0.78)])


def draw_face(picture: np.ndarray, box_xywh: tuple[int, int, int, int], rng: np.random.Generator) -> np.ndarray:
    """Draws into (H, W, 3) BGR; returns the landmarks, (5, 2) pixels."""
    x, y, wide, high = box_xywh
    skin = tuple(int(value) for value in rng.integers((120, 150, 180), (190, 210, 240)))
    cv2.ellipse(picture, (x + wide // 2, y + high // 2), (wide // 2, high // 2), 0, 0, 360, skin, -1, cv2.LINE_AA)
    points = np.array([x, y]) + POINTS * (wide, high)
    dark, red = (40, 30, 30), (60, 50, 170)
    for eye in points[:2].round().astype(int):
        cv2.circle(picture, tuple(eye.tolist()), max(1, wide // 12), dark, -1, cv2.LINE_AA)
    nose = points[2].round().astype(int)
    cv2.line(
        picture, (int(nose[0]), int(nose[1]) - high // 8), tuple(nose.tolist()), dark, max(1, wide // 20), cv2.LINE_AA
    )
    left, right = (tuple(corner) for corner in points[3:].round().astype(int).tolist())
    cv2.line(picture, left, right, red, max(1, high // 14), cv2.LINE_AA)
    return points


def scene(seed: int) -> tuple[np.ndarray, list[tuple[tuple[int, int, int, int], np.ndarray]]]:
    """(120, 160, 3) uint8 BGR and its two faces."""
    rng = np.random.default_rng(seed)
    picture = np.full((SIZE_WH[1], SIZE_WH[0], 3), rng.integers(60, 200, 3), np.uint8)
    for _ in range(12):
        corner, size = rng.integers(0, SIZE_WH, 2), rng.integers(8, 40, 2)
        colour = tuple(int(value) for value in rng.integers(0, 256, 3))
        if rng.random() < 0.5:
            cv2.rectangle(picture, tuple(corner.tolist()), tuple((corner + size).tolist()), colour, -1)
        else:
            cv2.circle(picture, tuple(corner.tolist()), int(size[0]) // 2, colour, -1, cv2.LINE_AA)
    faces = []
    for half in range(2):
        wide = int(rng.integers(30, 64))
        high = int(wide * rng.uniform(1.0, 1.25))
        x = 80 * half + int(rng.integers(2, 78 - wide))
        box = (x, int(rng.integers(2, 118 - high)), wide, high)
        faces.append((box, draw_face(picture, box, rng)))
    return picture, faces


def write_faces(folder: Path, count: int, first_seed: int = 0, *, keypoints: bool = True) -> Path:
    """A COCO set of so many scenes; returns the folder."""
    (folder / "images").mkdir(parents=True)
    images, annotations = [], []
    for index in range(count):
        picture, faces = scene(first_seed + index)
        name = f"{index:03}.png"
        cv2.imwrite(str(folder / "images" / name), picture)
        images.append({"id": index, "file_name": name, "width": SIZE_WH[0], "height": SIZE_WH[1]})
        for box, points in faces:
            entry = {"id": len(annotations) + 1, "image_id": index, "category_id": 1, "bbox": box, "iscrowd": 0}
            if keypoints:
                entry["keypoints"] = np.column_stack([points, np.full(5, 2.0)]).reshape(-1).tolist()
            annotations.append(entry)
    content = {"images": images, "annotations": annotations, "categories": [{"id": 1, "name": "face"}]}
    (folder / "annotations.json").write_text(json.dumps(content))
    (folder / "LICENSE").write_text("CC0")
    return folder
