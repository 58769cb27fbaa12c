"""R-CNN from a picture to detections, and where the time goes."""

import itertools
import time
from dataclasses import dataclass, fields

import cv2
import numpy as np
import torch
from torch import Tensor

from detector_app.vision.selective_search import propose
from models.detect.evaluation import Found, select_best
from models.detect.pictures import Pixels
from models.rcnn.box_coding import ANCHOR_WEIGHTS, clip, decode
from models.rcnn.crops import Boxes, as_input, cut
from models.rcnn.rcnn import RegionClassifier

AT_A_TIME = 64


@dataclass
class Spent:
    """Milliseconds by part, added up over pictures.

    Attributes:
        proposals_ms: selective search.
        crops_ms: cutting and warping.
        network_ms: features of the crops; machines and regression, two small layers, are part of `judging_ms`.
        judging_ms: of the classes' machines and regressions.
        selection_ms: boxes, score filter, suppression.
    """

    proposals_ms: float = 0.0
    crops_ms: float = 0.0
    network_ms: float = 0.0
    judging_ms: float = 0.0
    selection_ms: float = 0.0

    def per(self, pictures: int) -> dict[str, float]:
        """Means by name, and their `total_ms`."""
        means = {one.name: getattr(self, one.name) / max(pictures, 1) for one in fields(self)}
        return {**means, "total_ms": sum(means.values())}


def search(image_rgb: Pixels, judge: RegionClassifier, spent: Spent) -> Boxes:
    """(R, 4) regions of a picture in its pixels."""
    started = time.perf_counter()
    spec = judge.spec
    bgr = np.asarray(cv2.cvtColor(image_rgb, cv2.COLOR_RGB2BGR), np.uint8)
    found = propose(bgr, side_px=spec.side_px, scales=spec.scales, most=spec.proposals)
    spent.proposals_ms += (time.perf_counter() - started) * 1e3
    return found


def detect(image_rgb: Pixels, regions_xyxy: Boxes, judge: RegionClassifier, spent: Spent) -> Found:
    """What is found in a picture, in its own pixels.

    Args:
        image_rgb: (H, W, 3) uint8.
        regions_xyxy: (R, 4); R may be 0.
        judge: in evaluation mode.
        spent: is added to.
    """
    scores, deltas = _judge(image_rgb, regions_xyxy, judge, spent)
    started = time.perf_counter()
    boxes = decode(deltas, torch.from_numpy(regions_xyxy)[:, None], ANCHOR_WEIGHTS)
    inside = clip(boxes, image_rgb.shape[0], image_rgb.shape[1])
    found = select_best(inside.numpy(), scores.numpy(), max_iou=judge.spec.nms_iou)
    spent.selection_ms += (time.perf_counter() - started) * 1e3
    return found


def _judge(image_rgb: Pixels, regions_xyxy: Boxes, judge: RegionClassifier, spent: Spent) -> tuple[Tensor, Tensor]:
    """Scores (R, C) and steps (R, C, 4), some crops at a time, each part by the clock."""
    classes = len(judge.spec.classes)
    scores, deltas = [torch.zeros(0, classes)], [torch.zeros(0, classes, 4)]
    with torch.inference_mode():
        for first in range(0, len(regions_xyxy), AT_A_TIME):
            clock = [time.perf_counter()]
            crops = cut(image_rgb, regions_xyxy[first : first + AT_A_TIME], judge.spec)
            tensor = as_input(torch.from_numpy(crops), judge.spec)
            clock.append(time.perf_counter())
            features = judge.network(tensor)
            clock.append(time.perf_counter())
            judged = judge.judge(features)
            clock.append(time.perf_counter())
            scores.append(judged.region_scores)
            deltas.append(judged.region_deltas)
            parts = [(end - begin) * 1e3 for begin, end in itertools.pairwise(clock)]
            spent.crops_ms += parts[0]
            spent.network_ms += parts[1]
            spent.judging_ms += parts[2]
    return torch.cat(scores), torch.cat(deltas)
