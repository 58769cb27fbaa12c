"""A slow, literal decoder of anchor heads: one cell, one anchor, one formula at a time. The oracle of the golden tests."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from models.darknet.heads import Head

Row = tuple[float, float, float, float, float, list[float]]


def stretched(picture: Path, side: int) -> np.ndarray:
    """(1, 3, side, side) float32 RGB in 0 to 1, the aspect given up."""
    pixels = cv2.resize(cv2.imread(str(picture)), (side, side), interpolation=cv2.INTER_LINEAR)
    return (pixels[:, :, ::-1].transpose(2, 0, 1)[None] / np.float32(255)).astype(np.float32)


def sigmoid(t: float) -> float:
    return 1 / (1 + math.exp(-t))


def decode(raw: np.ndarray, head: Head, side: int) -> list[Row]:
    """One picture's map (B·(5+C), S, S) to rows cx, cy, w, h in fractions of the picture, objectness, class scores times objectness.

    The rows run over cells first and anchors within a cell, as Darknet's own output does.
    """
    _, rows, columns = raw.shape
    values = raw.reshape(len(head.anchors_wh_px), 5 + head.classes, rows, columns)
    found: list[Row] = []
    for i, j, anchor in np.ndindex(rows, columns, len(head.anchors_wh_px)):
        tx, ty, tw, th, to, *classes = (float(value) for value in values[anchor, :, i, j])
        width, height = head.anchors_wh_px[anchor]
        cx, cy = (sigmoid(tx) + j) / columns, (sigmoid(ty) + i) / rows
        w, h = width * math.exp(tw) / side, height * math.exp(th) / side
        objectness = sigmoid(to)
        found.append((cx, cy, w, h, objectness, [objectness * sigmoid(t) for t in classes]))
    return found


@dataclass(frozen=True)
class Found:
    """One detection; the box is left, top, width, height in pixels of the picture."""

    class_name: str
    score: float
    box_xywh: tuple[float, float, float, float]


def overlap(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    """Intersection over union of two boxes left, top, width, height."""
    across = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    down = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    common = max(across, 0.0) * max(down, 0.0)
    return common / (a[2] * a[3] + b[2] * b[3] - common)


def detections(rows: list[Row], classes: tuple[str, ...], size_wh: tuple[int, int]) -> list[Found]:
    """Greedy suppression per class at IoU 0.45 of what scores at least 0.25, best first."""
    width, height = size_wh
    candidates = []
    for cx, cy, w, h, _, scores in rows:
        box = ((cx - w / 2) * width, (cy - h / 2) * height, w * width, h * height)
        candidates += [Found(classes[k], score, box) for k, score in enumerate(scores) if score >= 0.25]
    kept: list[Found] = []
    for candidate in sorted(candidates, key=lambda found: -found.score):
        rivals = (found for found in kept if found.class_name == candidate.class_name)
        if all(overlap(candidate.box_xywh, rival.box_xywh) <= 0.45 for rival in rivals):
            kept.append(candidate)
    return kept


def assert_same_detections(found: list[Found], expected: list[dict[str, Any]]) -> None:
    """One to one: same class, IoU at least 0.95, scores within 0.01."""
    assert sorted(item.class_name for item in found) == sorted(item["class"] for item in expected)
    left = list(found)
    for item in expected:
        same = [f for f in left if f.class_name == item["class"]]
        best = max(same, key=lambda f: overlap(f.box_xywh, item["box_xywh"]))
        assert overlap(best.box_xywh, item["box_xywh"]) >= 0.95, item
        assert abs(best.score - item["score"]) <= 0.01, item
        left.remove(best)
