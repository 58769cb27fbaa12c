"""Mean average precision on a validation set: the COCO protocol by faster-coco-eval."""

import contextlib
import io
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from faster_coco_eval import COCO, COCOeval_faster
from numpy.typing import NDArray
from torch import Tensor

from models.detect.box_coder import decode_scale, flatten_scales
from models.detect.spec import YoloSpec

CANDIDATES = 300
MAX_DETECTIONS = 100
COCO_IOUS = tuple(np.linspace(0.5, 0.95, 10).tolist())
COCO_RECALLS = tuple(np.linspace(0, 1, 101).tolist())
DEFAULT_SCORE = 0.4
"""The score at which an exported detector starts to draw boxes, unless its card says otherwise."""


@dataclass(frozen=True)
class Found:
    """Detections of one picture: (n, 4) float32 xyxy input pixels, (n,) float32 scores, (n,) int64 labels."""

    boxes_xyxy: NDArray[np.float32]
    scores: NDArray[np.float32]
    labels: NDArray[np.int64]


@dataclass(frozen=True)
class Truth:
    """What is really on one picture: (n, 4) float32 xyxy input pixels and (n,) int64 labels."""

    boxes_xyxy: NDArray[np.float32]
    labels: NDArray[np.int64]


def select(raw: tuple[Tensor, ...], spec: YoloSpec, min_score: float = 0.005, max_iou: float = 0.6) -> list[Found]:
    """Decodes raw heads and keeps, per picture, the best candidates of each class that do not overlap.

    Args:
        raw: heads of a batch, as `Yolo.forward` gives them.
        spec: how to decode.
        min_score: candidates below are dropped.
        max_iou: of two candidates of one class that overlap more, the weaker goes.
    """
    scales = [decode_scale(head.float(), spec, index) for index, head in enumerate(raw)]
    boxes, scores = (values.detach().cpu().numpy() for values in flatten_scales(scales))
    return [select_best(*pair, min_score, max_iou) for pair in zip(boxes, scores, strict=True)]


def select_best(
    boxes: NDArray[np.float32], scores: NDArray[np.float32], min_score: float = 0.005, max_iou: float = 0.6
) -> Found:
    """The best candidates of one picture, at most 100, of each class those that do not overlap.

    Args:
        boxes: (K, 4) float32 xyxy, in input pixels; or (K, C, 4), one for each class.
        scores: (K, C) float32.
        min_score: candidates at or below are dropped.
        max_iou: of two candidates of one class that overlap more, the weaker goes.
    """
    places, labels = np.nonzero(scores > min_score)
    kept = scores[places, labels]
    order = np.argsort(-kept, kind="stable")[:CANDIDATES]
    places, labels, kept = places[order], labels[order], kept[order]
    own = boxes[places, labels] if boxes.ndim == 3 else boxes[places]
    corner_and_size = np.concatenate((own[:, :2], own[:, 2:] - own[:, :2]), axis=1).astype(np.float64)
    if not len(kept):
        return Found(np.zeros((0, 4), np.float32), kept, labels)
    alive = cv2.dnn.NMSBoxesBatched(corner_and_size.tolist(), kept.tolist(), labels.tolist(), min_score, max_iou)
    chosen = np.asarray(alive, np.int64).reshape(-1)[:MAX_DETECTIONS]
    return Found(own[chosen], kept[chosen], labels[chosen])


def mean_average_precision(found: Sequence[Found], truths: Sequence[Truth], classes: Sequence[str]) -> dict[str, float]:
    """Scores detections against the truth as COCO does: the mean of 101 precisions for each of ten IoU thresholds.

    Boxes are continuous: a box from x1 to x2 is x2 − x1 wide. Tools that count pixels from the first to the last, such as
    Padilla's Object-Detection-Metrics, make it x2 − x1 + 1, which lifts overlaps a little. For its worked example at IoU 0.3
    they tell an AP of 24.57 % over all points and 26.84 % over eleven, and so does the code here when it is given boxes one
    pixel wider. By our measure one of the 7 right detections overlaps by 0.295 only, and it is 22.54 % and 26.84 %. COCO's
    mean over 101 points, which is what is told here, is a third interpolation of the same curve.

    Returns:
        `mAP50_95`, `mAP50` and `AP50/<class>` for every class that has a box, each in 0 to 1.
    """
    precision = precision_table(found, truths, classes)
    present = [index for index in range(len(classes)) if not np.isnan(precision[0, 0, index])]
    return {
        "mAP50_95": float(np.nanmean(precision)),
        "mAP50": float(np.nanmean(precision[0])),
        **{f"AP50/{classes[index]}": float(precision[0, :, index].mean()) for index in present},
    }


def precision_table(
    found: Sequence[Found],
    truths: Sequence[Truth],
    classes: Sequence[str],
    min_ious: Sequence[float] = COCO_IOUS,
    recalls: Sequence[float] = COCO_RECALLS,
) -> NDArray[np.float64]:
    """(IoU thresholds, recalls, classes) float64: the best precision at that recall or a higher one, 0 where it is not reached.

    A class without a box has no precision: NaN. At most 100 detections of a picture count.

    Args:
        found: detections, picture by picture.
        truths: what is really there, in the same order.
        classes: names in id order.
        min_ious: from which overlap on a detection can be right.
        recalls: ascending, 0 to 1.
    """
    shape = (len(min_ious), len(recalls), len(classes))
    rows = _as_results(found)
    if not rows:
        shown = [any((truth.labels == index).any() for truth in truths) for index in range(len(classes))]
        return np.broadcast_to(np.where(shown, 0.0, np.nan), shape).copy()
    truth = COCO(_as_coco(truths, classes), print_function=_silent)
    run = COCOeval_faster(truth, truth.loadRes(rows), iouType="bbox", print_function=_silent)
    run.params.iouThrs, run.params.recThrs = np.asarray(min_ious), np.asarray(recalls)
    with contextlib.redirect_stdout(io.StringIO()):
        run.evaluate()
        run.accumulate()
    # precision: (IoU thresholds, recalls, classes, area ranges, detection limits); -1 where a class has no box.
    precision = run.eval["precision"].reshape(*shape, -1, len(run.params.maxDets))[..., 0, -1]
    return np.where(precision < 0, np.nan, precision)


def false_boxes(found: Sequence[Found], truths: Sequence[Truth], min_score: float = DEFAULT_SCORE) -> dict[str, float]:
    """`false_boxes_per_background`: boxes at or above the score on pictures without an object; {} where there are none."""
    counts = [
        int((one.scores >= min_score).sum()) for one, truth in zip(found, truths, strict=True) if not len(truth.labels)
    ]
    return {"false_boxes_per_background": float(np.mean(counts))} if counts else {}


def _silent(*_text: object) -> None:
    """faster-coco-eval reports each of its steps; a progress bar is enough."""


def _xywh(box: NDArray[np.float32]) -> list[float]:
    x1, y1, x2, y2 = (float(value) for value in box)
    return [x1, y1, x2 - x1, y2 - y1]


def _as_coco(truths: Sequence[Truth], classes: Sequence[str]) -> dict[str, object]:
    pairs = [
        (index, *pair)
        for index, truth in enumerate(truths)
        for pair in zip(truth.boxes_xyxy, truth.labels, strict=True)
    ]
    annotations = [
        {
            "id": number,
            "image_id": picture,
            "category_id": int(label),
            "bbox": _xywh(box),
            "area": float((box[2] - box[0]) * (box[3] - box[1])),
            "iscrowd": 0,
        }
        for number, (picture, box, label) in enumerate(pairs, start=1)
    ]
    categories = [{"id": index, "name": name} for index, name in enumerate(classes)]
    return {"images": [{"id": i} for i in range(len(truths))], "annotations": annotations, "categories": categories}


def _as_results(found: Sequence[Found]) -> list[dict[str, object]]:
    return [
        {"image_id": picture, "category_id": int(label), "bbox": _xywh(box), "score": float(score)}
        for picture, one in enumerate(found)
        for box, score, label in zip(one.boxes_xyxy, one.scores, one.labels, strict=True)
    ]
