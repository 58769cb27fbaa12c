"""Do two pictures show the same person?"""

from __future__ import annotations

from dataclasses import dataclass

from detector_app.faces.distance import distance
from detector_app.faces.embedder import Embedder
from detector_app.faces.finding import Face, FaceFinder
from detector_app.faces.quality import COMPARISON, ENROLMENT, measure, refusals, require
from detector_app.faces.refusals import FaceRefusedError
from detector_app.faces.threshold import UNMEASURED
from detector_app.vision.detections import FloatArray
from detector_app.vision.frame import BgrImage

Named = tuple[BgrImage, str]
"""A picture and what a person calls it."""


@dataclass(frozen=True, eq=False)
class Verification:
    """The answer.

    Attributes:
        distance: cosine distance of the two embeddings.
        threshold: up to which it counts as the same person.
        faces: the two that were compared.
        doubts: what speaks against either picture without forbidding the comparison.
    """

    distance: float
    threshold: float
    faces: tuple[Face, Face]
    doubts: tuple[FaceRefusedError, ...] = ()

    @property
    def same(self) -> bool:
        """Whether both are one person."""
        return self.distance <= self.threshold


def verify(
    first: Named,
    second: Named,
    finder: FaceFinder,
    embedder: Embedder,
    *,
    threshold: float | None = None,
    largest: bool = False,
) -> Verification:
    """Compare the face of one picture with that of another; two equal pictures have distance 0.

    Args:
        first: a picture and its name.
        second: the other one.
        finder: what finds the faces.
        embedder: what compares them.
        threshold: None for the embedder's own.
        largest: of several faces take the largest without asking.

    Raises:
        NoFaceError, SeveralFacesError: in which picture, and what to do.
        FaceRefusedError: a face cannot be compared at all.
        InferenceError: a model failed.
    """
    limit = threshold if threshold is not None else embedder.threshold
    faces = tuple(finder.the_face(image, where, largest=largest) for image, where in (first, second))
    one, two = (_embedded(face, embedder) for face in faces)
    doubts = tuple(doubt for face in faces for doubt in _doubts(face))
    return Verification(distance(one, two), UNMEASURED if limit is None else limit, (faces[0], faces[1]), doubts)


def _embedded(face: Face, embedder: Embedder) -> FloatArray:
    """By itself: in a batch the place of a face could change the last bit, and equal pictures would not be at 0."""
    require(measure(face.image_bgr, face.landmarks_xy, face.where), COMPARISON, face.where)
    vector: FloatArray = embedder.embed([embedder.align(face.image_bgr, face.landmarks_xy, face.where)])[0]
    return vector


def _doubts(face: Face) -> tuple[FaceRefusedError, ...]:
    return refusals(measure(face.image_bgr, face.landmarks_xy, face.where), ENROLMENT, face.where)
