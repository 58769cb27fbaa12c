"""The faces in a still picture, by any pipeline that gives landmarks."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from detector_app.faces.errors import NoFaceError, NotAFaceModelError, SeveralFacesError
from detector_app.faces.refusals import CropTooSmallError
from detector_app.pipelines.pipeline import DetectSettings, Pipeline, default_settings, infer
from detector_app.vision.detections import Detections, FloatArray
from detector_app.vision.frame import BgrImage, Frame

PADDING = 0.4
"""Of the sides: a detector of faces wants to see what is around them, and pictures of people are often cut close."""
CLEARLY_LARGEST = 2.0
"""A face is meant without asking if its sides are so many times those of the next one."""


@dataclass(frozen=True, eq=False)
class Face:
    """One face of a picture.

    Attributes:
        image_bgr: the whole picture.
        where: what a person calls it.
        xyxy: (4,) box in its pixels.
        landmarks_xy: (5, 2).
        score: of the detector.
        others: how many other faces the picture has.
    """

    image_bgr: BgrImage
    where: str
    xyxy: FloatArray
    landmarks_xy: FloatArray
    score: float = 1.0
    others: int = 0


class FaceFinder:
    """Finds faces with a pipeline, which stays the caller's. May be called from several threads; one at a time runs."""

    def __init__(self, pipeline: Pipeline, settings: DetectSettings | None = None) -> None:
        """Use ``pipeline`` with ``settings`` (default: its card's own).

        Raises:
            NotAFaceModelError: it finds something else than faces.
        """
        if pipeline.card.task != "faces":
            raise NotAFaceModelError(pipeline.card.name, found=pipeline.card.task)
        self._pipeline = pipeline
        self._settings = settings or default_settings(pipeline.card)
        self._lock = threading.Lock()

    def find(self, image_bgr: BgrImage, where: str = "", *, padded: bool = True) -> Detections:
        """All faces, best score first. With ``padded`` the picture is looked at with its edges widened.

        Of faces in pictures that are cut close the landmarks are then several pixels more exact; the cost is about twice the time.

        Raises:
            CropTooSmallError: the picture is empty.
            NotAFaceModelError: the pipeline gives no landmarks.
            InferenceError: it failed.
        """
        if image_bgr.ndim != 3 or not image_bgr.size:
            raise CropTooSmallError(where, found="no")
        found = self._find_widened(image_bgr, where) if padded else Detections.empty()
        return found if len(found) else self._run(image_bgr, where)

    def the_face(self, image_bgr: BgrImage, where: str = "", *, largest: bool = False) -> Face:
        """The only face, or the one that is clearly the largest; with ``largest`` the largest in any case.

        Raises:
            NoFaceError: there is none.
            SeveralFacesError: it is not clear which one is meant.
            CropTooSmallError, NotAFaceModelError, InferenceError: see :meth:`find`.
        """
        found = self.find(image_bgr, where)
        if not len(found) or found.landmarks_xy is None:
            raise NoFaceError(where)
        sides = np.sqrt(np.prod(found.xyxy[:, 2:] - found.xyxy[:, :2], axis=1))
        order = np.argsort(-sides, kind="stable")
        if not largest and len(order) > 1 and sides[order[0]] < CLEARLY_LARGEST * sides[order[1]]:
            raise SeveralFacesError(where, found=len(order))
        i = int(order[0])
        return Face(image_bgr, where, found.xyxy[i], found.landmarks_xy[i], float(found.scores[i]), len(order) - 1)

    def _run(self, image_bgr: BgrImage, where: str) -> Detections:
        frame = Frame(np.ascontiguousarray(image_bgr), 0, 0.0, 0.0, where)
        with self._lock:
            found = self._pipeline.select(infer(self._pipeline, [frame], self._settings), self._settings)[0]
        if not isinstance(found, Detections) or (len(found) and found.landmarks_xy is None):
            raise NotAFaceModelError(self._pipeline.card.name, found=self._pipeline.card.task)
        return found.take(with_landmarks(found))

    def _find_widened(self, image_bgr: BgrImage, where: str) -> Detections:
        height, width = image_bgr.shape[:2]
        down, across = round(height * PADDING), round(width * PADDING)
        wide = cv2.copyMakeBorder(image_bgr, down, down, across, across, cv2.BORDER_REPLICATE)
        found = self._run(np.asarray(wide, np.uint8), where)
        if not len(found) or found.landmarks_xy is None:
            return found
        shift = np.array([across, down], np.float32)
        limits = np.array([width, height] * 2, np.float32)
        xyxy = np.clip(found.xyxy - np.tile(shift, 2), 0, limits)
        back = replace(found, xyxy=xyxy, landmarks_xy=found.landmarks_xy - shift)
        return back.take(np.flatnonzero((xyxy[:, 2:] > xyxy[:, :2]).all(axis=1)))


def with_landmarks(detections: Detections) -> NDArray[np.bool_]:
    """(N,) which detections have landmarks: the faces."""
    if detections.landmarks_xy is None:
        return np.zeros(len(detections), np.bool_)
    return np.asarray(np.isfinite(detections.landmarks_xy).all(axis=(1, 2)))
