"""What a selection does to each candidate, by loops that follow the words: to compare traces with."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from detector_app.pipelines.pipeline import DetectSettings
from detector_app.vision.trace import Fate, Look

Box = Sequence[float]


def overlap(one: Box, other: Box) -> float:
    """Intersection over union."""
    shared = _shared(one, other, 0.0)
    union = sum((b[2] - b[0]) * (b[3] - b[1]) for b in (one, other)) - shared
    return shared / union if union > 0 else 0.0


def overlap_of_smaller(one: Box, other: Box) -> float:
    """Intersection over the smaller area, of boxes whose edges are pixels that belong to them."""
    return _shared(one, other, 1.0) / min((b[2] - b[0] + 1) * (b[3] - b[1] + 1) for b in (one, other))


def _shared(one: Box, other: Box, extent: float) -> float:
    width = min(one[2], other[2]) - max(one[0], other[0]) + extent
    height = min(one[3], other[3]) - max(one[1], other[1]) + extent
    return max(0.0, width) * max(0.0, height)


def check_fates(
    look: Look, boxes: Sequence[Box], settings: DetectSettings, score: float, *, smaller: bool = False
) -> None:
    """Fates, suppressors and overlaps of a look whose rows have these ``boxes`` are those of loops.

    Args:
        look: with scores and classes that were checked elsewhere.
        boxes: row by row.
        settings: of the selection.
        score: the least.
        smaller: overlap is measured by the smaller area, and classes play no part.
    """
    measure = overlap_of_smaller if smaller else overlap
    kept: list[int] = []
    considered = shown = 0
    for row, box in enumerate(boxes):
        class_id = int(look.class_ids[row])
        by, iou = -1, 0.0
        if look.scores[row] < np.float32(score):
            fate = Fate.BELOW_SCORE
        elif settings.classes is not None and class_id not in settings.classes:
            fate = Fate.NOT_WANTED
        elif considered == settings.top_k:
            fate = Fate.BEYOND_TOP_K
        else:
            considered += 1
            rivals = [k for k in kept if smaller or settings.class_agnostic or look.class_ids[k] == class_id]
            by = next((k for k in rivals if measure(boxes[k], box) > settings.iou), -1)
            if by >= 0:
                fate, iou = Fate.SUPPRESSED, measure(boxes[by], box)
            else:
                kept.append(row)
                fate = Fate.KEPT if shown < settings.max_detections else Fate.BEYOND_MOST
                shown += fate is Fate.KEPT
        assert (Fate(int(look.fates[row])), int(look.by[row])) == (fate, by), f"row {row}"
        assert look.iou[row] == pytest.approx(iou, abs=1e-3)
