"""From a face in a picture to what is enrolled: judged, laid, embedded."""

from __future__ import annotations

from detector_app.faces.embedder import Embedder
from detector_app.faces.face_crop import FaceCrop
from detector_app.faces.finding import Face
from detector_app.faces.people import EmbeddingModel, NewPicture
from detector_app.faces.quality import ENROLMENT, Limits, measure, require


def prepare_picture(
    face: Face, embedder: Embedder, *, keep_crop: bool = False, source: str | None = None, limits: Limits = ENROLMENT
) -> NewPicture:
    """What :meth:`~detector_app.faces.gallery.Gallery.enrol` takes.

    Args:
        face: whose; only its picture and landmarks count.
        embedder: the model that later comparisons use.
        keep_crop: keep the face and what is around it in the gallery, so that it can be embedded anew by another model.
        source: a note of where it comes from; by default what the picture is called.
        limits: what is asked of the face.

    Raises:
        FaceRefusedError: the gravest reason against the face.
        InferenceError: the embedder failed.
    """
    quality = measure(face.image_bgr, face.landmarks_xy, face.where)
    require(quality, limits, face.where)
    vector = embedder.embed([embedder.align(face.image_bgr, face.landmarks_xy, face.where)])[0]
    crop = FaceCrop.of(face.image_bgr, face.landmarks_xy) if keep_crop else None
    model = EmbeddingModel(embedder.model_hash, embedder.name)
    return NewPicture(model, vector, quality, face.where if source is None else source, crop)
