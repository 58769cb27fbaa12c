"""The operators of region networks as their papers describe them: one loop per bin, sample and box."""

import math

import numpy as np


def bilinear(plane: np.ndarray, y: float, x: float) -> np.ndarray:
    """(C, H, W) at one point between cells; nothing farther than a cell outside."""
    height, width = plane.shape[1:]
    if not (-1 <= y <= height and -1 <= x <= width):
        return np.zeros(len(plane))
    y, x = min(max(y, 0), height - 1), min(max(x, 0), width - 1)
    top, left = min(int(y), max(height - 2, 0)), min(int(x), max(width - 2, 0))
    bottom, right = min(top + 1, height - 1), min(left + 1, width - 1)
    dy, dx = y - top, x - left
    upper = plane[:, top, left] * (1 - dx) + plane[:, top, right] * dx
    lower = plane[:, bottom, left] * (1 - dx) + plane[:, bottom, right] * dx
    return upper * (1 - dy) + lower * dy


def roi_align(maps, regions, output_h, output_w, scale, sampling, aligned):
    out = np.zeros((len(regions), maps.shape[1], output_h, output_w))
    for r, (owner, *box) in enumerate(regions):
        x1, y1, x2, y2 = (value * scale - (0.5 if aligned else 0) for value in box)
        width, height = x2 - x1, y2 - y1
        if not aligned:
            width, height = max(width, 1), max(height, 1)
        for i in range(output_h):
            for j in range(output_w):
                samples = [
                    bilinear(
                        maps[int(owner)],
                        y1 + height / output_h * (i + (a + 0.5) / sampling),
                        x1 + width / output_w * (j + (b + 0.5) / sampling),
                    )
                    for a in range(sampling)
                    for b in range(sampling)
                ]
                out[r, :, i, j] = np.mean(samples, axis=0)
    return out


def half_away(value: float) -> int:
    return int(math.copysign(math.floor(abs(value) + 0.5), value))


def roi_max_pool(maps, regions, output_h, output_w, scale):
    out = np.zeros((len(regions), maps.shape[1], output_h, output_w))
    height, width = maps.shape[2:]
    for r, (owner, *box) in enumerate(regions):
        x1, y1, x2, y2 = (half_away(float(np.float32(value) * np.float32(scale))) for value in box)
        bin_h, bin_w = (
            np.float32(max(last - first + 1, 1)) / np.float32(bins)
            for first, last, bins in ((y1, y2, output_h), (x1, x2, output_w))
        )
        for i in range(output_h):
            for j in range(output_w):
                top, bottom = math.floor(np.float32(i) * bin_h) + y1, math.ceil(np.float32(i + 1) * bin_h) + y1
                left, right = math.floor(np.float32(j) * bin_w) + x1, math.ceil(np.float32(j + 1) * bin_w) + x1
                top, bottom = (min(max(value, 0), height) for value in (top, bottom))
                left, right = (min(max(value, 0), width) for value in (left, right))
                if bottom > top and right > left:
                    out[r, :, i, j] = maps[int(owner), :, top:bottom, left:right].max(axis=(1, 2))
    return out


def area(box) -> float:
    return abs((box[2] - box[0]) * (box[3] - box[1]))


def overlap(one, other) -> float:
    one = [*np.minimum(one[:2], one[2:]), *np.maximum(one[:2], one[2:])]
    other = [*np.minimum(other[:2], other[2:]), *np.maximum(other[:2], other[2:])]
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    return width * height / (area(one) + area(other) - width * height)


def suppress(boxes, scores, iou, most) -> list[int]:
    left = sorted(range(len(scores)), key=lambda index: (-scores[index], index))
    kept: list[int] = []
    while left and len(kept) < most:
        best = left.pop(0)
        kept.append(best)
        left = [other for other in left if overlap(boxes[best], boxes[other]) <= iou]
    return kept


def match(boxes, objects, low, high, keep_best) -> list[int]:
    table = np.array([[overlap(thing, box) for box in boxes] for thing in objects]).reshape(len(objects), len(boxes))
    found = []
    for column in range(len(boxes)):
        best = table[:, column].max() if len(objects) else 0.0
        found.append(int(table[:, column].argmax()) if best >= high else -1 if best < low else -2)
    if keep_best:
        for thing in range(len(objects)):
            most = table[thing].max(initial=0)
            for column in range(len(boxes)):
                if most > 0 and table[thing, column] >= most - 1e-6:
                    found[column] = int(table[:, column].argmax())
    return found
