"""Crops for the fine-tuning of R-CNN's network (Girshick et al. 2014, section 2.3): objects and background, freshly drawn at each look."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset

from models.detect.augmentation import AugmentationSettings, colour_matrix
from models.detect.pictures import Sample
from models.rcnn.crops import Boxes, Labels, cut, overlaps_by_class, recoloured
from models.rcnn.rcnn_settings import RcnnSettings
from models.rcnn.rcnn_spec import RcnnSpec

POSITIVE = 0.5
"""A region that overlaps an object by as much shows it."""


class Crops(NamedTuple):
    """Regions of some pictures."""

    pixels: Tensor
    """(R, 3, h, w) uint8 RGB."""
    labels: Tensor
    """(R,) int64 class ids; the number of classes stands for the background."""


def collate(parts: Sequence[Crops]) -> Crops:
    """Crops of several pictures in one row."""
    return Crops(torch.cat([part.pixels for part in parts]), torch.cat([part.labels for part in parts]))


class RegionExamples(Dataset[Crops]):
    """For each picture some of its regions, objects' own boxes among them.

    Args:
        samples: the pictures.
        regions: (R, 4) of each in its pixels.
        spec: how crops are cut.
        settings: how many, and how they are changed.
    """

    def __init__(
        self, samples: Sequence[Sample], regions: Sequence[Boxes], spec: RcnnSpec, settings: RcnnSettings
    ) -> None:
        self._samples, self._regions, self._spec, self._settings = samples, regions, spec, settings
        far = AugmentationSettings()
        near = {
            name: getattr(far, name) * settings.colour for name in ("brightness", "contrast", "saturation", "hue_deg")
        }
        self._colours = AugmentationSettings(**near)

    def __len__(self) -> int:
        return len(self._samples)

    def __getitem__(self, index: int) -> Crops:
        rng = np.random.default_rng(int(torch.randint(2**62, ())))
        sample = self._samples[index]
        boxes = np.concatenate((sample.boxes_xyxy, self._regions[index]))
        labels = shown_by(boxes, sample, len(self._spec.classes))
        given = self._settings
        chosen = drawn(labels, len(self._spec.classes), given.regions_drawn, given.region_positives, rng)
        pixels = recoloured(cut(sample.rgb, boxes[chosen], self._spec), colour_matrix(self._colours, rng))
        mirrored = rng.random(len(chosen)) < 0.5
        pixels[mirrored] = pixels[mirrored, :, :, ::-1]
        return Crops(torch.from_numpy(pixels), torch.from_numpy(labels[chosen]))


def shown_by(regions_xyxy: Boxes, sample: Sample, classes: int) -> Labels:
    """(R,) the class of the object that each region overlaps most, if by `POSITIVE` or more; else `classes`, the background."""
    best = overlaps_by_class(regions_xyxy, sample.boxes_xyxy, sample.labels, classes).best
    return np.where(best.max(axis=1) >= POSITIVE, best.argmax(axis=1), classes)


def drawn(labels: Labels, background: int, count: int, positive_share: float, rng: np.random.Generator) -> Labels:
    """Up to `count` places, at most `positive_share` of them objects, every class that is there as likely as another."""
    positive, negative = np.flatnonzero(labels != background), np.flatnonzero(labels == background)
    most = min(len(positive), max(1, int(count * positive_share)))
    if most:
        chances = 1 / np.bincount(labels[positive])[labels[positive]]
        positive = rng.choice(positive, size=most, replace=False, p=chances / chances.sum())
    return np.concatenate((positive, rng.permutation(negative)[: count - most]))
