"""Names for the faces of each frame, live: what the engine calls between the detector and everything that shows or writes."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from detector_app.faces.blurring import blur_faces, hidden
from detector_app.faces.embedder import Embedder
from detector_app.faces.finding import with_landmarks
from detector_app.faces.matching import GallerySnapshot
from detector_app.faces.quality import COMPARISON, Limits, measure, refusals
from detector_app.faces.refusals import FaceRefusedError
from detector_app.vision.detections import Detections, FloatArray, IntArray
from detector_app.vision.frame import BgrImage
from detector_app.vision.frame_result import FrameResult
from detector_app.vision.identity import Identity

FACE = "face"
"""Class of detections that are faces even without landmarks; others are known by their landmarks."""


@dataclass(frozen=True)
class _Choice:
    snapshot: GallerySnapshot
    threshold: float
    blur_unknown: bool


@dataclass(frozen=True, eq=False)
class _Looked:
    """What is known of one face of the last frame: its embedding, or why it has none."""

    embedding: FloatArray | None
    refusal: str = ""


class Recogniser:
    """Calls ``FrameResult → FrameResult`` with ``Detections.identities`` set; with ``blur_unknown`` in other pixels, too.

    Embeddings of the last frame are kept, so that a paused frame that is selected again with other thresholds costs only its new faces.
    Any thread may change gallery and threshold while another one calls. The embedder stays the caller's.
    """

    def __init__(
        self,
        embedder: Embedder,
        snapshot: GallerySnapshot,
        threshold: float,
        *,
        blur_unknown: bool = False,
        limits: Limits = COMPARISON,
    ) -> None:
        """Compare with the people of ``snapshot``, which must be of the embedder's model.

        Raises:
            ValueError: it is of another model.
        """
        self._embedder, self._limits = embedder, limits
        self._lock = threading.Lock()
        self._looking = threading.Lock()
        self._image: BgrImage | None = None
        self._looked: dict[bytes, _Looked] = {}
        self._choice = _Choice(self._checked(snapshot), threshold, blur_unknown)

    @property
    def threshold(self) -> float:
        """The distance up to which a face is known."""
        return self._choice.threshold

    @property
    def hides(self) -> bool:
        """Whether faces are blurred: then nothing may be filtered out before."""
        return self._choice.blur_unknown

    @property
    def snapshot(self) -> GallerySnapshot:
        """The people that are compared with."""
        return self._choice.snapshot

    def change(
        self,
        *,
        snapshot: GallerySnapshot | None = None,
        threshold: float | None = None,
        blur_unknown: bool | None = None,
    ) -> None:
        """From the next frame on use these; None leaves what there is.

        Raises:
            ValueError: the snapshot is of another model.
        """
        with self._lock:
            now = self._choice
            self._choice = _Choice(
                now.snapshot if snapshot is None else self._checked(snapshot),
                now.threshold if threshold is None else threshold,
                now.blur_unknown if blur_unknown is None else blur_unknown,
            )

    def __call__(self, result: FrameResult) -> FrameResult:
        """Who each face of ``result`` is. What is no face has no identity.

        Where faces are to be blurred and nobody has looked for any (the model knows no faces, or it failed), the whole picture is.

        Raises:
            InferenceError: the embedder failed. Then nothing may be shown or written where faces were to be blurred.
        """
        choice = self._choice
        if choice.blur_unknown and not _searched(result.detections):
            return hidden(result)
        faces = with_landmarks(result.detections)
        looked = self._look(result.frame.image_bgr, result.detections, np.flatnonzero(faces))
        identities = _identities(len(result.detections), looked, choice)
        found = replace(result.detections, identities=identities)
        if not choice.blur_unknown:
            return replace(result, detections=found)
        blurred = blur_faces(result.frame.image_bgr, found.xyxy[_to_blur(found, faces)])
        return replace(result, detections=found, frame=replace(result.frame, image_bgr=blurred))

    def _checked(self, snapshot: GallerySnapshot) -> GallerySnapshot:
        if len(snapshot) and snapshot.model_hash != self._embedder.model_hash:
            raise ValueError("the snapshot holds embeddings of another model")
        return snapshot

    def _look(self, image_bgr: BgrImage, detections: Detections, faces: IntArray) -> dict[int, _Looked]:
        """What is known of each face, by its number; new ones are embedded together."""
        points = detections.landmarks_xy
        if points is None or not len(faces):
            return {}
        with self._looking:
            if self._image is not image_bgr:
                self._image, self._looked = image_bgr, {}
            keys = {int(i): points[i].tobytes() for i in faces}
            new = {key: points[i] for i, key in keys.items() if key not in self._looked}
            self._looked |= self._embedded(image_bgr, new)
            return {i: self._looked[key] for i, key in keys.items()}

    def _embedded(self, image_bgr: BgrImage, new: dict[bytes, FloatArray]) -> dict[bytes, _Looked]:
        found: dict[bytes, _Looked] = {}
        crops: dict[bytes, BgrImage] = {}
        for key, points in new.items():
            try:
                reasons = refusals(measure(image_bgr, points), self._limits)
                if not reasons:
                    crops[key] = self._embedder.align(image_bgr, points)
            except FaceRefusedError as error:
                reasons = (error,)
            if reasons:
                found[key] = _Looked(None, reasons[0].short)
        vectors = self._embedder.embed(list(crops.values()))
        return found | {key: _Looked(vector) for key, vector in zip(crops, vectors, strict=True)}


def _identities(count: int, looked: dict[int, _Looked], choice: _Choice) -> tuple[Identity | None, ...]:
    """One for each detection; all faces are compared by one product."""
    vectors = {i: one.embedding for i, one in looked.items() if one.embedding is not None}
    queries = np.array(list(vectors.values()), np.float32) if vectors else np.zeros((0, 0), np.float32)
    names, distances = choice.snapshot.nearest(queries)
    found: list[Identity | None] = [None] * count
    for i, one in looked.items():
        found[i] = Identity(refusal=one.refusal)
    for i, name, distance in zip(vectors, names, distances.tolist(), strict=True):
        found[i] = Identity(name, distance, bool(name) and distance <= choice.threshold)
    return tuple(found)


def _searched(found: Detections) -> bool:
    """Whether faces would be among the detections."""
    return found.landmarks_xy is not None or any(name.casefold() == FACE for name in found.class_names)


def _to_blur(found: Detections, faces: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(N,) all faces that are not known, also those that could not be compared."""
    known = [identity is not None and identity.known for identity in found.identities or ()]
    named = [found.name(i).casefold() == FACE for i in range(len(found))]
    return (faces | np.array(named, np.bool_)) & ~np.array(known, np.bool_)
