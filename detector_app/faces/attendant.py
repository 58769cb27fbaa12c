"""All that a running app needs to know people: embedder, gallery and recogniser, kept in step."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from detector_app.faces.embedder import DEFAULT_EMBEDDER, Embedder
from detector_app.faces.enrolment import prepare_picture
from detector_app.faces.face_choice import FaceChoice
from detector_app.faces.finding import Face, FaceFinder
from detector_app.faces.gallery import Gallery
from detector_app.faces.people import EmbeddingModel, Person
from detector_app.faces.recognition import Recogniser
from detector_app.faces.threshold import threshold_of
from detector_app.pipelines.embedded import FACE_MODEL
from detector_app.pipelines.loader import load_pipeline
from detector_app.vision.frame_result import FrameResult

if TYPE_CHECKING:
    from detector_app.pipelines.pipeline import Pipeline


class FaceAttendant:
    """Knows the faces of results, enrols new ones, and can compare pictures. Any thread may call; ``close`` it in the end.

    Attributes:
        gallery: who is enrolled. What is changed there counts after :meth:`reload`.
        embedder: what tells faces apart.
        recogniser: names the faces of results.
    """

    def __init__(self, gallery: Gallery, embedder: Embedder, choice: FaceChoice) -> None:
        """Use :meth:`open`."""
        self.gallery, self.embedder = gallery, embedder
        self._choice = choice
        self._lock = threading.Lock()
        self._faces: Pipeline | None = None
        self._finder: FaceFinder | None = None
        snapshot = gallery.snapshot(embedder.model_hash)
        self.recogniser = Recogniser(embedder, snapshot, threshold_of(snapshot, embedder.threshold))

    @classmethod
    def open(cls, choice: FaceChoice) -> FaceAttendant:
        """Open the embedder and the gallery, and embed anew what only another model has embedded, where faces were kept.

        Raises:
            ModelError, SettingError: the embedder cannot be used.
            GalleryError: the gallery cannot.
            InferenceError: the embedder failed.
        """
        options = {"providers": choice.providers, "strict": choice.strict, "threads": choice.threads}
        embedder = Embedder.open(choice.embedder or DEFAULT_EMBEDDER, **options)  # type: ignore[arg-type]
        try:
            gallery = Gallery.open(choice.gallery)
            if gallery.snapshot(embedder.model_hash).missing:
                gallery.re_embed(embedder)
            return cls(gallery, embedder, choice)
        except BaseException:
            embedder.close()
            raise

    @property
    def model(self) -> EmbeddingModel:
        """The embedder, as the gallery knows it."""
        return EmbeddingModel(self.embedder.model_hash, self.embedder.name)

    @property
    def finder(self) -> FaceFinder:
        """Finds the faces of still pictures, with a face detector of its own that is loaded when it is first needed.

        Always the same one: it lets one thread at a time use the detector, which works in arrays that it keeps.

        Raises:
            ModelError: that cannot be used.
        """
        with self._lock:
            if self._finder is None:
                choice = self._choice
                self._faces = load_pipeline(
                    FACE_MODEL, providers=choice.providers, strict=choice.strict, threads=choice.threads
                )
                self._finder = FaceFinder(self._faces)
            return self._finder

    def enrol(self, name: str, result: FrameResult, i: int, *, keep_crop: bool = False) -> Person:
        """Enrol face ``i`` of ``result``, whose picture must be the one it was found in. It is known from the next result on.

        Raises:
            FaceRefusedError: the face is not good enough, with what would help.
            NameInvalidError: that is no name.
            GalleryError: it cannot be written.
            InferenceError: the embedder failed.
        """
        picture = prepare_picture(face_of(result, i), self.embedder, keep_crop=keep_crop)
        person = self.gallery.enrol(name, [picture])
        self.reload()
        return person

    def reload(self) -> None:
        """Take over who is enrolled now, and the threshold in force.

        Raises:
            GalleryError: the gallery cannot be read.
        """
        snapshot = self.gallery.snapshot(self.embedder.model_hash)
        self.recogniser.change(snapshot=snapshot, threshold=threshold_of(snapshot, self.embedder.threshold))

    def set_threshold(self, threshold: float | None) -> None:
        """Keep the greatest distance of one person's pictures, for this embedder; None for the model's own.

        Raises:
            GalleryError: it cannot be written.
        """
        self.gallery.set_threshold(self.model, threshold)
        self.reload()

    def close(self) -> None:
        """Release both models."""
        with self._lock:
            faces, self._faces, self._finder = self._faces, None, None
        if faces is not None:
            faces.close()
        self.embedder.close()


def face_of(result: FrameResult, i: int) -> Face:
    """Face ``i`` of ``result``, to be enrolled or shown.

    Raises:
        ValueError: the detection has no landmarks.
    """
    found = result.detections
    if found.landmarks_xy is None or not np.isfinite(found.landmarks_xy[i]).all():
        raise ValueError("this detection has no landmarks")
    where = Path(result.frame.source).name or result.frame.source
    return Face(
        result.frame.image_bgr, where, found.xyxy[i], found.landmarks_xy[i], float(found.scores[i]), len(found) - 1
    )
