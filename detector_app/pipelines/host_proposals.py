"""Regions that the host proposes, for graphs without a region proposal network (R-CNN, Fast R-CNN).

They are kept with the raw outputs of the graph, under the names :data:`PROPOSALS` and :data:`PICTURE_IDS`, so that thresholds act and
traces explain without a second search: selective search takes about a second a picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detector_app.model_card import RegionSpec
from detector_app.vision.detections import FloatArray, IntArray
from detector_app.vision.frame import BgrImage, Frame
from detector_app.vision.letterbox import Letterbox
from detector_app.vision.selective_search import propose

PROPOSALS, PICTURE_IDS = "host.proposals", "host.picture_ids"


@dataclass(frozen=True, eq=False)
class Proposals:
    """Regions of a batch, picture by picture, each picture's best first.

    Attributes:
        xyxy: (R, 4) float32 in pixels of the network's input.
        picture_ids: (R,) int64 number of each region's picture.
    """

    xyxy: FloatArray
    picture_ids: IntArray

    def __len__(self) -> int:
        return len(self.picture_ids)

    def as_outputs(self) -> dict[str, NDArray[np.generic]]:
        """As they are kept with the outputs of the graph."""
        return {PROPOSALS: self.xyxy, PICTURE_IDS: self.picture_ids}

    def as_input(self) -> FloatArray:
        """(R, 5) float32: number of the picture, then the box, as Fast R-CNN takes them."""
        return np.concatenate((self.picture_ids[:, None].astype(np.float32), self.xyxy), axis=1)


def propose_all(spec: RegionSpec, frames: Sequence[Frame], letterboxes: Sequence[Letterbox]) -> Proposals:
    """Selective search on every frame; a frame may have no regions at all.

    Raises:
        RegionsUnavailableError: scikit-image is not installed.
    """
    found = [
        letterbox.forward(search(spec, frame.image_bgr).reshape(-1, 2, 2)).reshape(-1, 4)
        for frame, letterbox in zip(frames, letterboxes, strict=True)
    ]
    ids = np.repeat(np.arange(len(found)), [len(boxes) for boxes in found])
    return Proposals(np.concatenate(found), ids)


def search(spec: RegionSpec, image_bgr: BgrImage) -> FloatArray:
    """(R, 4) float32 regions of one picture in its own pixels, best first.

    Raises:
        RegionsUnavailableError: scikit-image is not installed.
    """
    return propose(image_bgr, side_px=spec.side_px, scales=spec.scales, most=spec.most)


def check_available(spec: RegionSpec) -> None:
    """Search a small picture, so that a missing package is told when the model is opened, and the first frame need not load it.

    Raises:
        RegionsUnavailableError: scikit-image is not installed.
    """
    search(spec, np.zeros((8, 8, 3), np.uint8))
