"""A frame, what was found in it, and what it cost."""

from __future__ import annotations

from dataclasses import dataclass, field

from detector_app.vision.classification import Classification
from detector_app.vision.detections import Detections
from detector_app.vision.frame import Frame
from detector_app.vision.trace import Trace

Found = Detections | Classification
"""What a model finds in one frame."""


@dataclass(frozen=True)
class Timings:
    """Milliseconds spent on one frame, by stage.

    ``decode_ms`` is the time to get the frame from its source, ``prepare_ms`` resize and normalise, ``run_ms`` the session alone,
    ``select_ms`` decoding of heads, filter, NMS and the way back to source pixels.
    """

    decode_ms: float = 0.0
    prepare_ms: float = 0.0
    run_ms: float = 0.0
    select_ms: float = 0.0

    @property
    def total_ms(self) -> float:
        """Prepare, run and select together: what the detector costs."""
        return self.prepare_ms + self.run_ms + self.select_ms


@dataclass(frozen=True)
class SecondOpinion:
    """What another model found in the same frame.

    Attributes:
        detections: in pixels of the source frame, with the other model's class names.
        timings: what it cost.
    """

    detections: Detections
    timings: Timings = field(default_factory=Timings)


@dataclass(frozen=True)
class FrameResult:
    """Everything that goes from the engine to the overlay and the sinks for one frame.

    A detector finds ``detections`` and no ``classification``; a classifier the other way round, then ``detections`` is empty.

    Attributes:
        trace: what became of every candidate; None unless somebody asked for it, and for models without one.
        second: what the model that is compared with found; None while none is.
    """

    frame: Frame
    detections: Detections
    timings: Timings = field(default_factory=Timings)
    classification: Classification | None = None
    trace: Trace | None = None
    second: SecondOpinion | None = None

    @classmethod
    def of(cls, frame: Frame, found: Found, timings: Timings) -> FrameResult:
        """The result of a model of either kind."""
        if isinstance(found, Classification):
            return cls(frame, Detections.empty(found.class_names), timings, found)
        return cls(frame, found, timings)
