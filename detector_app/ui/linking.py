"""Finding a detection of one frame again in the next, so that hover and selection stay with the thing while a video plays."""

from __future__ import annotations

import numpy as np

from detector_app.vision.detections import Detections

LEAST_IOU = 0.3
"""Two boxes of a class that overlap less are not taken for the same thing."""


def follow(before: Detections, index: int, after: Detections) -> int:
    """The detection in ``after`` that is most likely ``before``'s ``index``: same class, best IoU; -1 if there is none.

    ``index`` -1 or out of range gives -1.
    """
    if not 0 <= index < len(before):
        return -1
    if before is after:
        return index
    same = np.flatnonzero(after.class_ids == before.class_ids[index])
    if len(same) == 0:
        return -1
    box, boxes = before.xyxy[index], after.xyxy[same]
    sides = np.clip(np.minimum(boxes[:, 2:], box[2:]) - np.maximum(boxes[:, :2], box[:2]), 0, None)
    overlap = sides.prod(axis=1)
    union = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1) + (box[2:] - box[:2]).prod() - overlap
    iou = overlap / np.maximum(union, np.finfo(np.float32).tiny)
    best = int(np.argmax(iou))
    return int(same[best]) if iou[best] >= LEAST_IOU else -1
