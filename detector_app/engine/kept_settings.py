"""Which settings kept results are independent of, and how they are selected by the others later.

Greedy suppression takes the best box first. So what a low score adds comes after everything that a higher one keeps, and can suppress
none of it: results of a low score, filtered by a higher one, are the results of the higher one. Wanted classes and the most detections
are taken away afterwards in the same way. All that is not so goes into the key of the run.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

import numpy as np

from detector_app.model_card import ModelCard
from detector_app.pipelines.embedded import SIGN
from detector_app.pipelines.pipeline import DetectSettings
from detector_app.vision.detections import Detections

FLOOR = 0.05
"""Results are kept down to this score."""
MOST_KEPT = 300
"""Most boxes of a frame that are kept, or as many as may be shown."""


@dataclass(frozen=True)
class KeptSettings:
    """How frames are selected in order to be kept.

    Attributes:
        select: what they are selected with.
        key: the values that make other results, as JSON values.
    """

    select: DetectSettings
    key: dict[str, object]

    @property
    def floor(self) -> float:
        """Least score that is kept."""
        return self.select.score


def kept_settings(card: ModelCard, settings: DetectSettings) -> KeptSettings:
    """How to keep results of this model under these settings.

    Two models together have a score each, and a graph that filters for itself has seen no lower one: then the score is part of the key.
    """
    fixed = SIGN in card.decoder or card.inside is not None or settings.score < FLOOR
    floor = settings.score if fixed else FLOOR
    # Across classes an unwanted box would suppress a wanted one: there the classes make the results.
    classes = settings.classes if settings.class_agnostic else None
    most = max(MOST_KEPT, settings.max_detections)
    # Faces that are followed between two searches depend on where playing began; each kept frame was searched.
    cascade = None if settings.cascade is None else replace(settings.cascade, scan_every=1)
    select = replace(settings, score=floor, classes=classes, max_detections=most, traced=False, cascade=cascade)
    key: dict[str, object] = {
        "floor": round(floor, 6),
        "iou": round(settings.iou, 6),
        "class_agnostic": settings.class_agnostic,
        "classes": None if classes is None else sorted(classes),
        "most": most,
        "top_k": settings.top_k,
        "cascade": None if cascade is None else asdict(cascade),
    }
    return KeptSettings(select, key)


def searches_each(settings: DetectSettings) -> bool:
    """Whether a run with these settings searches each frame, so that its results are the kept ones."""
    return settings.cascade is None or settings.cascade.scan_every == 1


def selected_again(kept: Detections, settings: DetectSettings) -> Detections:
    """What ``settings`` give of detections that were kept under :func:`kept_settings`."""
    wanted = kept.scores >= np.float32(settings.score)
    if settings.classes is not None:
        wanted &= np.isin(kept.class_ids, list(settings.classes))
    return kept.take(np.flatnonzero(wanted)[: settings.max_detections])
