"""Features of a picture's regions, computed once and kept on disk (Girshick et al. 2014, section 2.3: hundreds of gigabytes there)."""

import hashlib
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from models.classify.feature_cache import FeatureCache
from models.detect.pictures import Sample
from models.rcnn.crop_network import CropNetwork
from models.rcnn.crops import Boxes, Overlaps, as_input, cut, overlaps_by_class

Features = NDArray[np.float32]
AT_A_TIME = 128


@dataclass(frozen=True)
class DescribedPicture:
    """One picture's objects and regions with their features; the objects' own boxes come first.

    Attributes:
        boxes_xyxy: (M + R, 4) float32 pixels of the picture.
        labels: (M,) int64 of the objects.
        pooled: (M + R, P) float32.
        hidden: (M + R, H) float32.
        overlaps: with the objects, of all M + R.
    """

    boxes_xyxy: Boxes
    labels: NDArray[np.int64]
    pooled: Features
    hidden: Features
    overlaps: Overlaps


def fingerprint(network: CropNetwork) -> str:
    """What stands for a network's weights and for how it is fed, in the names of features."""
    digest = hashlib.sha256(repr(network.spec).encode())
    for name, value in sorted(network.state_dict().items()):
        digest.update(name.encode())
        digest.update(value.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()


def describe_picture(
    network: CropNetwork, sample: Sample, regions_xyxy: Boxes, key: str, cache: FeatureCache
) -> DescribedPicture:
    """Features of all objects and regions of a picture.

    Args:
        network: in evaluation mode, on the processor.
        sample: the picture and its objects.
        regions_xyxy: (R, 4) pixels of the picture.
        key: what stands for the network and the picture's bytes.
        cache: where features are looked for and kept.

    Raises:
        OSError: the cache cannot be written.
    """
    spec = network.spec
    boxes = np.concatenate((sample.boxes_xyxy, regions_xyxy))
    name = hashlib.sha256(key.encode() + boxes.tobytes()).hexdigest()
    flat, width = cache.get(name), spec.pooled + spec.hidden
    if flat is None or len(flat) != len(boxes) * width:
        flat = features_of(network, cut(sample.rgb, boxes, spec)).ravel()
        cache.put(name, flat)
    both = flat.reshape(len(boxes), width)
    overlaps = overlaps_by_class(boxes, sample.boxes_xyxy, sample.labels, len(spec.classes))
    return DescribedPicture(boxes, sample.labels, both[:, : spec.pooled], both[:, spec.pooled :], overlaps)


def features_of(network: CropNetwork, crops: NDArray[np.uint8]) -> Features:
    """(R, P + H) float32 of (R, 3, h, w) uint8 crops: the pooled map, then what the machines see."""
    spec = network.spec
    found = np.empty((len(crops), spec.pooled + spec.hidden), np.float32)
    with torch.inference_mode():
        for first in range(0, len(crops), AT_A_TIME):
            part = slice(first, first + AT_A_TIME)
            pooled, hidden = network(as_input(torch.from_numpy(crops[part]), spec))
            found[part] = torch.cat((pooled, hidden), dim=1).numpy()
    return found
