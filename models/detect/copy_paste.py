"""Copy-paste (Ghiasi et al., arXiv 2012.07177) for data sets that have boxes only: objects in front of other pictures.

The paper pastes masks. A box brings some of its background along, so its edge is faded; what it teaches is that an
object is itself in any company, which a small set of photographs from a few tables cannot say otherwise.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from models.detect.pictures import REGION, Pixels, Sample

LEAST_PX = 12
FADE = 0.06
"""Width of the faded edge, as a fraction of the shorter side."""
RELATIVE_SIZE = (0.25, 0.6)
"""Long side of a pasted object, as a fraction of the picture's shorter side."""


def covered(boxes_xyxy: NDArray[np.float32], window_xyxy: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n,) float32: the part of each box's area that lies inside the window; 0 for a box without area."""
    corners = np.clip(boxes_xyxy.reshape(-1, 2, 2), window_xyxy[:2], window_xyxy[2:]).reshape(-1, 4)
    inside = (corners[:, 2:] - corners[:, :2]).prod(axis=1)
    area = (boxes_xyxy[:, 2:] - boxes_xyxy[:, :2]).prod(axis=1)
    part: NDArray[np.float32] = np.divide(inside, area, out=np.zeros_like(area), where=area > 0)
    return part


def lonely(sample: Sample) -> NDArray[np.int64]:
    """Objects that no other object of the picture touches, and that are large enough to be seen."""
    objects = np.flatnonzero(sample.labels != REGION)
    boxes = sample.boxes_xyxy[objects]
    sides = boxes[:, 2:] - boxes[:, :2]
    touching = np.array([(covered(boxes, box) > 0).sum() for box in boxes], np.int64)
    alone: NDArray[np.int64] = objects[(touching == 1) & (sides.min(axis=1, initial=np.inf) >= LEAST_PX)]
    return alone


def paste(onto: Sample, donors: Sequence[Sample], rng: np.random.Generator) -> Sample:
    """Puts one object of each donor somewhere on a copy of `onto`, in a random size.

    An object goes where it covers none of the objects that are there by more than a third; after four tries it is left out.
    """
    rgb, boxes, labels = onto.rgb.copy(), [*onto.boxes_xyxy], [*onto.labels]
    for donor in donors:
        if not len(candidates := lonely(donor)):
            continue
        one = int(rng.choice(candidates))
        x1, y1, x2, y2 = donor.boxes_xyxy[one].round().astype(int)
        patch = _resized(donor.rgb[y1:y2, x1:x2], rgb.shape, rng)
        objects = [box for box, label in zip(boxes, labels, strict=True) if label != REGION]
        place = _free_place(patch.shape, rgb.shape, objects, rng)
        if place is not None:
            _blend(rgb, patch, place)
            boxes.append(np.array([*place, place[0] + patch.shape[1], place[1] + patch.shape[0]], np.float32))
            labels.append(donor.labels[one])
    return Sample(rgb, np.array(boxes, np.float32).reshape(-1, 4), np.array(labels, np.int64))


def _resized(patch: Pixels, onto: tuple[int, ...], rng: np.random.Generator) -> Pixels:
    """The patch at its size on the picture, now and then mirrored."""
    longest = min(onto[:2]) * np.exp(rng.uniform(*np.log(RELATIVE_SIZE)))
    factor = longest / max(patch.shape[:2])
    size = tuple(max(2, round(side * factor)) for side in patch.shape[1::-1])
    mirrored = patch[:, ::-1] if rng.random() < 0.5 else patch
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(np.ascontiguousarray(mirrored), size, interpolation=way), np.uint8)


def _free_place(
    patch: tuple[int, ...], onto: tuple[int, ...], boxes: Sequence[NDArray[np.float32]], rng: np.random.Generator
) -> tuple[int, int] | None:
    there = np.array(boxes, np.float32).reshape(-1, 4)
    for _ in range(4):
        x, y = (int(rng.integers(0, onto[axis] - patch[axis] + 1)) for axis in (1, 0))
        window = np.array([x, y, x + patch[1], y + patch[0]], np.float32)
        if covered(there, window).max(initial=0) < 1 / 3:
            return x, y
    return None


def _blend(rgb: Pixels, patch: Pixels, place: tuple[int, int]) -> None:
    """Paints the patch over the picture, its edge faded."""
    height, width = patch.shape[:2]
    edge = max(1, round(FADE * min(height, width)))
    rows, columns = (np.minimum(np.arange(n) + 1, np.arange(n, 0, -1)) / (edge + 1) for n in (height, width))
    alpha = np.minimum(1, np.minimum(rows[:, None], columns[None]))[..., None].astype(np.float32)
    under = rgb[place[1] : place[1] + height, place[0] : place[0] + width]
    under[:] = (under + alpha * (patch.astype(np.float32) - under)).round().astype(np.uint8)
