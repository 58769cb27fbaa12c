"""The kept faces of a gallery as pictures for lists, fetched in the background."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QImage

from detector_app.faces.gallery import Gallery
from detector_app.ui.faces.face_image import qimage, square_of_crop
from detector_app.ui.faces.lazy_images import Fetch, Images
from detector_app.ui.faces.people_list import AVATAR_PX
from detector_app.ui.faces.picture_grid import FACE_PX
from detector_app.ui.faces.service import FaceService

_DENSITY = 2
"""Pixels for each pixel of the list: enough for the sharpest screens."""


def avatars_of(service: FaceService) -> Fetch:
    """By the number of the person: the first face that was kept."""
    return _fetch(service, _avatars)


def faces_of(service: FaceService) -> Fetch:
    """By the number of the picture."""
    return _fetch(service, lambda gallery, ids: {i: _face(gallery, i, FACE_PX) for i in ids})


def _fetch(service: FaceService, read: Callable[[Gallery, tuple[int, ...]], Images]) -> Fetch:
    return lambda ids, then: service.do(lambda attendant: read(attendant.gallery, ids), then)


def _avatars(gallery: Gallery, ids: tuple[int, ...]) -> Images:
    firsts = {i: next((picture.id for picture in gallery.pictures(i) if picture.kept), None) for i in ids}
    return {i: None if first is None else _face(gallery, first, AVATAR_PX) for i, first in firsts.items()}


def _face(gallery: Gallery, picture_id: int, side_px: int) -> QImage | None:
    crop = gallery.crop(picture_id)
    return None if crop is None else qimage(square_of_crop(crop, _DENSITY * side_px))
