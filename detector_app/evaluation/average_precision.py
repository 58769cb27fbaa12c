"""COCO average precision of detections, by faster-coco-eval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from faster_coco_eval import COCO, COCOeval_faster
from numpy.typing import NDArray

from detector_app.evaluation.annotations import Annotations
from detector_app.vision.detections import Detections

IOU_50 = 0


@dataclass(frozen=True, eq=False)
class Precision:
    """The judgement of one run.

    Attributes:
        map_50_95: mean over IoU 0.50 to 0.95 in steps of 0.05 and over classes that occur.
        map_50: mean over classes at IoU 0.50.
        per_class: AP (0.50–0.95) by category name; classes without objects are left out.
        per_class_50: the same at IoU 0.50.
        curves_50: precision at 101 recall levels 0.00, 0.01, … 1.00, by category name, at IoU 0.50.
        pictures: how many pictures were judged.
    """

    map_50_95: float
    map_50: float
    per_class: dict[str, float]
    per_class_50: dict[str, float]
    curves_50: dict[str, NDArray[np.float64]]
    pictures: int


def coco_rows(detections: Detections, picture_id: int, category_of_class: dict[int, int]) -> list[dict[str, Any]]:
    """The detections of one picture as COCO result rows; classes without a category are left out."""
    return [
        {
            "image_id": picture_id,
            "category_id": category_of_class[int(class_id)],
            "bbox": [float(x1), float(y1), float(x2 - x1), float(y2 - y1)],
            "score": float(score),
        }
        for (x1, y1, x2, y2), score, class_id in zip(
            detections.xyxy, detections.scores, detections.class_ids, strict=True
        )
        if int(class_id) in category_of_class
    ]


def judge(annotations: Annotations, rows: list[dict[str, Any]]) -> Precision:
    """Compare result rows with the annotations (COCO's rules: at most 100 boxes per picture, crowds ignored)."""
    truth = COCO(annotations.dataset)
    evaluation = COCOeval_faster(truth, truth.loadRes(rows), "bbox")
    evaluation.evaluate()
    evaluation.accumulate()
    # (T thresholds, R recalls, K classes, A areas, M limits) → all areas, the largest limit; -1 where a class has no objects.
    precision = np.asarray(evaluation.eval["precision"])[:, :, :, 0, -1]
    names = [annotations.category_names[int(id_)] for id_ in evaluation.params.catIds]
    present = [k for k in range(len(names)) if precision[IOU_50, 0, k] > -1]
    per_class = {names[k]: float(precision[:, :, k].mean()) for k in present}
    per_class_50 = {names[k]: float(precision[IOU_50, :, k].mean()) for k in present}
    return Precision(
        map_50_95=_mean(per_class),
        map_50=_mean(per_class_50),
        per_class=per_class,
        per_class_50=per_class_50,
        curves_50={names[k]: precision[IOU_50, :, k] for k in present},
        pictures=len(annotations.pictures),
    )


def _mean(values: dict[str, float]) -> float:
    return sum(values.values()) / len(values) if values else 0.0
