"""Faces from one frame of a video to the next: O-Net looks again where they were, and only now and then is everything searched."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detector_app.vision.detections import FloatArray
from detector_app.vision.frame import Frame
from detector_app.vision.nms import min_area_nms

FAREST_FRAMES = 5
"""A live source may leave frames out; beyond so many the faces are elsewhere."""
KEPT_SCORE = 0.7
"""A face whose score in O-Net is less is lost, and the next search comes earlier: halfway to when it was due."""


@dataclass(frozen=True, eq=False)
class Followed:
    """Where the faces of a frame are.

    Attributes:
        source, index: of that frame.
        xyxy: (N, 4) boxes as O-Net gave them, without those that another one covers.
        age: frames since everything was searched; 0 in the searched one.
        lost: since then a face was not found again.
    """

    source: str
    index: int
    xyxy: FloatArray
    age: int = 0
    lost: bool = False

    def leads_to(self, frame: Frame, every: int) -> bool:
        """Whether these faces are worth following into ``frame``, rather than searching it.

        Args:
            frame: the next one.
            every: each such frame is searched.
        """
        near = frame.source == self.source and 0 < frame.index - self.index <= FAREST_FRAMES
        # Where faces at the limit come and go, searching after every loss would be searching always.
        due = -(-every // 2) if self.lost else every
        return near and self.age + 1 < due


def after(frame: Frame, xyxy: FloatArray, scores: FloatArray, overlap: float, before: Followed | None) -> Followed:
    """What to follow from ``frame`` on.

    Args:
        frame: the one that O-Net has looked at.
        xyxy: (N, 4) its boxes.
        scores: (N,) its scores.
        overlap: as in the last suppression.
        before: the faces that were followed into it; None if it was searched.
    """
    good = np.flatnonzero(scores >= KEPT_SCORE)
    good = good[np.argsort(-scores[good], kind="stable")]
    kept = xyxy[good[min_area_nms(xyxy[good], overlap)]]
    if before is None:
        return Followed(frame.source, frame.index, kept)
    return Followed(frame.source, frame.index, kept, before.age + 1, before.lost or len(kept) < len(before.xyxy))
