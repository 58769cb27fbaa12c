"""Results as plain values for JSON and tables."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import numpy as np

from detector_app.vision.classification import Classification
from detector_app.vision.detections import Detections
from detector_app.vision.frame import Frame
from detector_app.vision.frame_result import FrameResult, Timings
from detector_app.vision.identity import Identity

_PIXEL_DIGITS, _SCORE_DIGITS, _TIME_DIGITS = 2, 5, 6
_UNSAFE = re.compile(r"[^\w.-]+")


def frame_record(result: FrameResult) -> dict[str, Any]:
    """One frame as JSON values: coordinates in pixels of the source frame, ``time_s`` from the start of the source.

    Of a classifier ``detections`` is empty and there is a ``classification``; of a detector there is none.
    """
    frame, classification = result.frame, result.classification
    return {
        "source": frame.source,
        "index": frame.index,
        "time_s": round(frame.time_s, _TIME_DIGITS),
        "width": frame.width_px,
        "height": frame.height_px,
        "detections": [detection_record(result.detections, i) for i in range(len(result.detections))],
        **({} if classification is None else {"classification": classification_record(classification)}),
        "timings_ms": timings_record(result.timings),
    }


def classification_record(classification: Classification) -> dict[str, Any]:
    """The best classes, best first, at most five, and the part of the frame that the network saw."""
    return {
        "top": [
            {"class_id": one.class_id, "class_name": one.name, "probability": round(one.probability, _SCORE_DIGITS)}
            for one in classification.top()
        ],
        "seen_xyxy": [round(edge, _PIXEL_DIGITS) for edge in classification.seen_xyxy],
    }


def detection_record(detections: Detections, i: int) -> dict[str, Any]:
    """Detection ``i``; ``landmarks`` only where the model gives them, ``identity`` only of faces that were asked who they are.

    ``track_id`` only where things are followed; None for one that is not, or not yet.
    """
    record: dict[str, Any] = {
        "xyxy": box(detections, i),
        "score": score(detections, i),
        "class_id": int(detections.class_ids[i]),
        "class_name": detections.name(i),
    }
    if detections.landmarks_xy is not None and np.isfinite(detections.landmarks_xy[i]).all():
        record["landmarks"] = [[round(float(v), _PIXEL_DIGITS) for v in point] for point in detections.landmarks_xy[i]]
    if detections.track_ids is not None:
        record["track_id"] = track_id(detections, i)
    identity = detections.identity(i)
    if identity is not None:
        record["identity"] = identity_record(identity)
    return record


def track_id(detections: Detections, i: int) -> int | None:
    """Id of the followed thing; None for one that is not followed."""
    number = -1 if detections.track_ids is None else int(detections.track_ids[i])
    return number if number > 0 else None


def identity_record(identity: Identity) -> dict[str, Any]:
    """Whose face it is: ``name`` only if it is ``known``, so that nobody is taken for whom they merely resemble most.

    ``distance`` is that to the nearest enrolled person; None when there is nobody, or the face was not compared, for its ``refusal``.
    """
    return {
        "name": identity.name if identity.known else None,
        "distance": distance_of(identity),
        "known": identity.known,
        **({"refusal": identity.refusal} if identity.refusal else {}),
    }


def distance_of(identity: Identity) -> float | None:
    """Rounded; None when nothing was compared."""
    return round(identity.distance, _SCORE_DIGITS) if math.isfinite(identity.distance) else None


def box(detections: Detections, i: int) -> list[float]:
    """Left, top, right, bottom of detection ``i`` in source pixels, to a hundredth."""
    return [round(float(edge), _PIXEL_DIGITS) for edge in detections.xyxy[i]]


def score(detections: Detections, i: int) -> float:
    """Score of detection ``i`` in [0, 1]."""
    return round(float(detections.scores[i]), _SCORE_DIGITS)


def timings_record(timings: Timings) -> dict[str, float]:
    """Milliseconds by stage."""
    return {
        "decode": round(timings.decode_ms, 3),
        "prepare": round(timings.prepare_ms, 3),
        "run": round(timings.run_ms, 3),
        "select": round(timings.select_ms, 3),
    }


def picture_name(frame: Frame, kind: str) -> str:
    """A file name for one frame, unique in its source: ``000012.jpg``, for pictures ``000012_dog.jpg``."""
    stem = f"_{_UNSAFE.sub('_', Path(frame.source).stem)}" if kind == "pictures" else ""
    return f"{frame.index:06d}{stem}.jpg"
