"""The last step of a result, and what it must not miss: faces that are to be hidden are looked for whatever a person has chosen to see."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from detector_app.pipelines.pipeline import DetectSettings
from detector_app.vision.frame_result import FrameResult

Finish = Callable[[FrameResult], FrameResult]
"""Says who the faces of a result are, and hides what must not be seen of them. One with a true attribute ``hides`` does the latter."""


def careful(settings: DetectSettings, finish: Finish | None) -> tuple[DetectSettings, Finish | None]:
    """What to select with, and the last step. Where faces are hidden, no class, number or frame is left out before that, but after it."""
    if finish is None or not getattr(finish, "hides", False):
        return settings, finish
    cascade = None if settings.cascade is None else replace(settings.cascade, scan_every=1)
    return (
        replace(settings, classes=None, max_detections=sys.maxsize, cascade=cascade),
        lambda result: narrowed(finish(result), settings),
    )


def narrowed(result: FrameResult, settings: DetectSettings) -> FrameResult:
    """The result with the wanted classes and at most so many detections, best first."""
    found = result.detections
    wanted = np.arange(len(found))
    if settings.classes is not None:
        wanted = np.flatnonzero(np.isin(found.class_ids, list(settings.classes)))
    return replace(result, detections=found.take(wanted[: settings.max_detections]))
