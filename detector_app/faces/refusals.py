"""Why a face is not enrolled or compared, and how to do better."""

from __future__ import annotations

from typing import ClassVar

from detector_app.errors import message
from detector_app.faces.errors import FaceError


class FaceRefusedError(FaceError):
    """Root of the reasons. ``where`` is the picture.

    Attributes:
        short: the reason in a few words, for a label or a table.
    """

    short: ClassVar[str] = message("not usable")
    summary = message("The face in {where} cannot be used: {detail}")
    remedy = message("Take another picture.")


class CropTooSmallError(FaceRefusedError):
    """There is no picture, or hardly one."""

    short = message("too small")
    summary = message("The picture {where} has {found} pixels; that is too small for a face.")
    remedy = message("Use a larger picture.")


class FaceTooSmallError(FaceRefusedError):
    """Too few pixels between the eyes."""

    short = message("too small")
    summary = message(
        "The face in {where} is too small: {found} pixels between the eyes, at least {expected} are needed."
    )
    remedy = message("Come closer to the camera, or use a picture with more pixels.")


class FaceCutOffError(FaceRefusedError):
    """A part of the face is outside of the picture."""

    short = message("cut off")
    summary = message("The face in {where} is cut off by the edge of the picture.")
    remedy = message("Move so that the whole face is in the picture.")


class NotAFaceError(FaceRefusedError):
    """The five points do not lie as those of a face."""

    short = message("not a face")
    summary = message("What was found in {where} does not look like a face: its eyes, nose and mouth lie strangely.")
    remedy = message("Use a picture in which eyes, nose and mouth are seen.")


class FaceTurnedError(FaceRefusedError):
    """Seen too much from the side."""

    short = message("turned away")
    summary = message("The face in {where} is turned to the side by about {found}°; at most {expected}° are allowed.")
    remedy = message("Look into the camera.")


class FaceNoddedError(FaceRefusedError):
    """Seen too much from above or below."""

    short = message("looks up or down")
    summary = message("The face in {where} looks up or down by about {found}°; at most {expected}° are allowed.")
    remedy = message("Hold the camera at the height of the eyes and look into it.")


class FaceTiltedError(FaceRefusedError):
    """The head, or the picture, lies on its side."""

    short = message("tilted")
    summary = message("The face in {where} is tilted by about {found}°; at most {expected}° are allowed.")
    remedy = message("Hold the head or the camera upright, or turn the picture.")


class FaceTooDarkError(FaceRefusedError):
    """Too little light."""

    short = message("too dark")
    summary = message("The face in {where} is too dark: brightness {found}, at least {expected} is needed.")
    remedy = message("Turn on a light or face the window.")


class FaceTooBrightError(FaceRefusedError):
    """Too much light."""

    short = message("too bright")
    summary = message("The face in {where} is too bright: brightness {found}, at most {expected} is allowed.")
    remedy = message("Move out of the direct light, or lower the camera's exposure.")


class FaceFlatError(FaceRefusedError):
    """No differences of brightness: fog, a wall, a face against the light."""

    short = message("no contrast")
    summary = message("The face in {where} has too little contrast: {found}, at least {expected} is needed.")
    remedy = message(
        "Let light fall on the face from the front, clean the lens, and check that there is a face at all."
    )


class FaceBlurredError(FaceRefusedError):
    """Out of focus or moved."""

    short = message("blurred")
    summary = message("The face in {where} is blurred: sharpness {found}, at least {expected} is needed.")
    remedy = message("Hold still, clean the lens, and let the camera focus; more light helps, too.")
