"""What the examples of the help show, as a table; :mod:`~detector_app.ui.help.example_runner` brings the app there."""

from __future__ import annotations

from dataclasses import dataclass, field

CUP_S, SURE_S, DOUBT_S, FACE_S = 0.6, 1.2, 4.8, 4.4
"""Moments of the demo clip: a cup, the same surest, the same in doubt, a face."""


@dataclass(frozen=True)
class Example:
    """One state of the app, on the demo clip.

    Attributes:
        model: name of an embedded model.
        time_s: where the clip is held; None: it plays.
        score, overlap: thresholds as a person sets them; None for the model's own.
        agnostic: boxes of different classes suppress each other.
        switches: checkable actions and how they stand in the end.
        triggers: actions that are triggered in the end.
        page: of the inspector: 0 stages, 1 why not, 2 kinds of suppression; None leaves it.
        step: the inspector's (look, stage); None leaves it.
        ask_where_found: ask the inspector why nothing is where the best detection was with the model's own thresholds.
    """

    model: str = "desk-yolo"
    time_s: float | None = CUP_S
    score: float | None = None
    overlap: float | None = None
    agnostic: bool = False
    switches: dict[str, bool] = field(default_factory=dict)
    triggers: tuple[str, ...] = ()
    page: int | None = None
    step: tuple[int, str] | None = None
    ask_where_found: bool = False


_INSPECT = {"inspect": True}

EXAMPLES: dict[str, Example] = {
    "getting-started": Example(time_s=None, switches={"panel": True}),
    "grid": Example(switches=_INSPECT, page=0, step=(0, "places")),
    "anchors": Example(time_s=SURE_S, switches=_INSPECT, page=0, step=(0, "score")),
    "score": Example(time_s=DOUBT_S, score=0.55, switches=_INSPECT, page=1, ask_where_found=True),
    "iou": Example(overlap=0.8, score=0.05, switches=_INSPECT, page=0, step=(0, "suppression")),
    "nms": Example(score=0.05, switches=_INSPECT, page=2),
    "mtcnn": Example("mtcnn", FACE_S, switches=_INSPECT, page=0, step=(0, "score")),
    "rcnn": Example("blood-faster-rcnn", CUP_S, switches=_INSPECT, page=0, step=(0, "promising")),
    "letterbox": Example(triggers=("model_info",)),
    "precision-recall": Example(switches={"truth_panel": True}),
    "tracking": Example(time_s=None, switches={"track": True, "tracking_panel": True}),
    "network": Example(switches={"network": True}),
    "keyboard": Example(triggers=("shortcuts",)),
}
"""By the name that the pages call them by."""
