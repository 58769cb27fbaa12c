"""Faster R-CNN as one graph, its region proposal network inside (Ren et al. 2015, arXiv 1506.01497)."""

from __future__ import annotations

from detector_app.model_card import ModelCard
from detector_app.pipelines.region_decoder import RegionDecoder, outputs_by_role

NEEDED = ("region_scores", "region_boxes", "picture_ids")
"""Roles without which nothing can be read; ``proposals`` and ``objectness`` only explain."""


def faster_rcnn_decoder(card: ModelCard) -> RegionDecoder | None:
    """The decoder for the card's outputs; None if it lacks one of :data:`NEEDED`, or has no classes."""
    names = outputs_by_role(card)
    if not card.classes or not all(role in names for role in NEEDED):
        return None
    scores, boxes, picture_ids = (names[role] for role in NEEDED)
    return RegionDecoder(scores, boxes, picture_ids, names.get("proposals", ""), names.get("objectness", ""))
