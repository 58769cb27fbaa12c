"""A card as a reading, so that it can be looked at and corrected in the same way as one that was guessed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from detector_app.model_card import ModelCard
from detector_app.pipelines.reading.reading import (
    AnchorTable,
    Certainty,
    Evidence,
    Fact,
    Field,
    Fitting,
    HeadLayout,
    Reading,
    Scaling,
    Sizing,
)


def reading_of_card(card: ModelCard, evidence: Evidence, choices: Mapping[Field, Any] | None = None) -> Reading:
    """What a card says, as a reading in which all is stated; ``choices`` of a person come first."""
    spec = card.input
    values: dict[Field, Any] = {
        Field.FAMILY: card.decoder,
        Field.SIZE: Sizing(spec.size_hw, spec.dynamic),
        Field.LAYOUT: spec.layout,
        Field.ORDER: spec.channel_order,
    }
    values[Field.SCALING] = Scaling(spec.scale, spec.mean, spec.std)
    values[Field.FITTING] = Fitting(spec.resize, spec.pad_value, spec.crop_fraction)
    values[Field.OUTPUTS] = _layout_of(card)
    if card.heads:
        values[Field.ANCHORS] = AnchorTable(tuple((h.output, h.stride, h.anchors_wh_px) for h in card.heads))
    if card.classes:
        values[Field.CLASSES] = card.classes
    options = {
        Field.LAYOUT: ("NCHW", "NHWC"),
        Field.ORDER: ("GREY",) if spec.channel_order == "GREY" else ("RGB", "BGR"),
        Field.CLASSES: (len(card.classes),),
        Field.OUTPUTS: (values[Field.OUTPUTS],),
    }
    facts = {one: Fact(value, Certainty.STATED, evidence, options.get(one, ())) for one, value in values.items()}
    reading = Reading(card.name, spec.name, spec.dtype, spec.dynamic_batch, facts, card.thresholds, card)
    return reading.with_choices(choices or {})


def _layout_of(card: ModelCard) -> HeadLayout:
    text = ", ".join(dict.fromkeys(output.role for output in card.outputs))
    if not card.heads:
        return HeadLayout(text, card.outputs)
    head = card.heads[0]
    return HeadLayout(text, card.outputs, head.box_transform, head.class_activation, head.activated, head.scale_xy)
