"""What a detection is called in the window: its class, or whose face it is."""

from __future__ import annotations

import math

from detector_app.ui.translation import QT_TRANSLATE_NOOP, translate
from detector_app.vision.detections import Detections
from detector_app.vision.drawing import track_text

CONTEXT = "Identity"
_UNKNOWN = QT_TRANSLATE_NOOP("Identity", "unknown")


def chip_text(detections: Detections, i: int) -> str:
    """Class and score, "face 0.99"; of a face that was compared who it is and the distance: "Anna 0.21", "unknown 0.74".

    What is followed has its number behind: "cup 0.93 #7".
    """
    return f"{_who(detections, i)}{track_text(detections, i)}"


def _who(detections: Detections, i: int) -> str:
    identity = detections.identity(i)
    if identity is None:
        return f"{detections.name(i)} {detections.scores[i]:.2f}"
    if identity.refusal or not math.isfinite(identity.distance):
        return shown_name(detections, i)
    return f"{shown_name(detections, i)} {identity.distance:.2f}"


def shown_name(detections: Detections, i: int) -> str:
    """The person's name, "unknown", or the class; of a face that could not be compared, with why: "face · too small"."""
    identity = detections.identity(i)
    if identity is None:
        return detections.name(i)
    if identity.refusal:
        return f"{detections.name(i)} · {translate('errors', identity.refusal)}"
    return identity.name if identity.known else translate(CONTEXT, _UNKNOWN)


def colour_name(detections: Detections, i: int) -> str:
    """What the colour goes by: every known person has one of their own, everything else that of its class."""
    identity = detections.identity(i)
    return identity.name if identity is not None and identity.known else detections.name(i)
