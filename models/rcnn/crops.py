"""Regions of a picture as the network sees them, and what each of them is an example of."""

from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from detector_app.vision.selective_search import warp
from models.detect.box_overlap import iou
from models.detect.pictures import Pixels
from models.rcnn.rcnn_spec import RcnnSpec

Boxes = NDArray[np.float32]
Labels = NDArray[np.int64]


def cut(image_rgb: Pixels, regions_xyxy: Boxes, spec: RcnnSpec) -> NDArray[np.uint8]:
    """(R, 3, `crop_size`, `crop_size`) uint8 RGB: regions warped with their surroundings, exactly as the app cuts them.

    Args:
        image_rgb: (H, W, 3) uint8.
        regions_xyxy: (R, 4) pixels of the picture; R may be 0.
        spec: size and surroundings of a crop.
    """
    size = spec.crop_size
    crops = np.empty((len(regions_xyxy), 3, size, size), np.uint8)
    for crop, region in zip(crops, regions_xyxy, strict=True):
        warped = warp(image_rgb, region, (size, size), context=spec.context, fill=spec.pad_value)
        crop[:] = warped.transpose(2, 0, 1)
    return crops


def as_input(crops: Tensor, spec: RcnnSpec) -> Tensor:
    """(R, 3, h, w) uint8 to what the network takes."""
    return crops.to(memory_format=torch.channels_last).float().mul_(spec.pixel_scale)


@dataclass(frozen=True)
class Overlaps:
    """How well each region stands for objects of each class.

    Attributes:
        best: (R, C) float32: highest IoU with an object of the class, 0 where the picture has none.
        which: (R, C) int64: that object's place among the picture's; −1 where there is none.
    """

    best: NDArray[np.float32]
    which: Labels


def overlaps_by_class(regions_xyxy: Boxes, boxes_xyxy: Boxes, labels: Labels, classes: int) -> Overlaps:
    """Compares (R, 4) regions with the (M, 4) objects of a picture; both may be none."""
    best = np.zeros((len(regions_xyxy), classes), np.float32)
    which = np.full((len(regions_xyxy), classes), -1, np.int64)
    matrix = iou(torch.from_numpy(regions_xyxy)[:, None], torch.from_numpy(boxes_xyxy)[None]).numpy()
    for label in np.unique(labels):
        own = np.flatnonzero(labels == label)
        best[:, label] = matrix[:, own].max(axis=1)
        which[:, label] = own[matrix[:, own].argmax(axis=1)]
    return Overlaps(best, which)


def recoloured(crops: NDArray[np.uint8], matrix: NDArray[np.float64]) -> NDArray[np.uint8]:
    """(R, 3, h, w) uint8 after one 3×4 matrix on RGB."""
    flat = crops.transpose(0, 2, 3, 1).reshape(-1, crops.shape[3], 3)
    changed = np.asarray(cv2.transform(np.ascontiguousarray(flat), matrix), np.uint8)
    return np.ascontiguousarray(changed.reshape(len(crops), *crops.shape[2:], 3).transpose(0, 3, 1, 2))
