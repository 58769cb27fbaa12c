"""From what is known of a file to a reading, and from a reading to a card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from detector_app.card_rules import check_card
from detector_app.errors import message
from detector_app.model_card import AnchorHead, InputSpec, ModelCard, SizeRange
from detector_app.pipelines.class_names import FACE, usual_names
from detector_app.pipelines.reading.errors import ReadingIncompleteError
from detector_app.pipelines.reading.families import FAMILIES, Family
from detector_app.pipelines.reading.habits import Habit, Recognition
from detector_app.pipelines.reading.interface import PEEK_SIDE_PX, Interface, channels_last
from detector_app.pipelines.reading.reading import (
    LABELS,
    AnchorTable,
    Certainty,
    Evidence,
    Fact,
    Field,
    HeadLayout,
    Reading,
    Sizing,
    Suppression,
    because,
)
from detector_app.pipelines.reading.recognising import shown

LARGEST_SIDE_PX = 4096
NO_SUPPRESSION = 1.0
"""The overlap threshold with which nothing is removed."""

NOTHING_TELLS = message("nothing in the file tells")
_INPUT = message("the graph takes “{name}”, {shape}")
_NO_FIT = message("its outputs do not fit that kind of model")
_AS_FED = message("as {whose} feeds its models")
_NO_PICTURE = message("it has {count} inputs; one picture is expected")


def read(interface: Interface, choices: Mapping[Field, Any] | None = None) -> Reading:
    """Answer all questions about a file without a card; ``choices`` of a person come first, and what follows from them is read anew."""
    choices = choices or {}
    found = {decoder: family.recognise(interface) for decoder, family in FAMILIES.items()}
    fitting = tuple(decoder for decoder, recognition in found.items() if recognition is not None)
    decoder = choices.get(Field.FAMILY, fitting[0] if fitting else None)
    family = FAMILIES.get(decoder) if decoder is not None else None
    recognition = found.get(decoder) if decoder is not None else None
    facts = {Field.FAMILY: _family_fact(decoder, recognition, fitting)}
    habit = Habit("") if family is None else family.habit
    if recognition is not None and recognition.habit is not None:
        habit = recognition.habit
    facts |= _input_facts(interface, habit)
    facts |= _output_facts(interface, family, recognition)
    name, dtype, batch = _of_the_graph(interface)
    reading = Reading(interface.name, name, dtype, batch, facts, habit.thresholds)
    return reading.with_choices(choices)


def card_of(reading: Reading, where: str) -> ModelCard:
    """The card that a reading makes.

    Raises:
        ReadingIncompleteError: a question is open; it names all that are.
        CardInvalidError: answers do not go together, or are out of range.
    """
    if reading.missing:
        asked = ", ".join(LABELS[question] for question in reading.missing)
        raise ReadingIncompleteError(where, missing=asked)
    base = reading.base or _blank(reading)
    layout: HeadLayout | None = reading.value(Field.OUTPUTS)
    spec = _input_spec(reading, base.input)
    card = replace(base, input=spec, classes=reading.value(Field.CLASSES) or base.classes)
    if layout is not None:
        card = replace(card, outputs=layout.outputs, heads=_heads(reading, layout, base))
    if reading.value(Field.SUPPRESSION) is Suppression.GRAPH:
        card = replace(card, thresholds=replace(card.thresholds, iou=NO_SUPPRESSION))
    check_card(card, where)
    return card


def _family_fact(decoder: str | None, recognition: Recognition | None, fitting: tuple[str, ...]) -> Fact:
    if decoder is None:
        return Fact(None, Certainty.UNKNOWN, because(message("its outputs are of no kind that is known here")))
    if recognition is None:
        return Fact(decoder, Certainty.UNKNOWN, because(_NO_FIT), fitting)
    return Fact(decoder, Certainty.GUESSED, recognition.evidence, fitting)


def _input_facts(interface: Interface, habit: Habit) -> dict[Field, Fact]:
    inputs = interface.graph.inputs
    if len(inputs) != 1 or len(inputs[0].shape) != 4:
        why = because(_NO_PICTURE, count=len(inputs)) if len(inputs) != 1 else _shape_of(interface)
        questions = (Field.SIZE, Field.LAYOUT, Field.ORDER, Field.SCALING, Field.FITTING)
        return {question: Fact(None, Certainty.UNKNOWN, why) for question in questions}
    return {
        Field.SIZE: _size_fact(interface, habit),
        Field.LAYOUT: _layout_fact(interface),
        Field.ORDER: _order_fact(interface, habit),
        Field.SCALING: _habit_fact(habit, habit.scaling),
        Field.FITTING: _habit_fact(habit, habit.fitting),
    }


def _habit_fact(habit: Habit, value: Any) -> Fact:
    if value is None:
        return Fact(None, Certainty.UNKNOWN, because(NOTHING_TELLS))
    return Fact(value, Certainty.GUESSED, because(_AS_FED, whose=habit.whose))


def _size_fact(interface: Interface, habit: Habit) -> Fact:
    height, width = _sides(interface)
    if isinstance(height, int) and isinstance(width, int):
        return Fact(Sizing((height, width)), Certainty.STATED, _shape_of(interface))
    dynamic = SizeRange(habit.multiple, LARGEST_SIDE_PX, habit.multiple)
    why = (
        message("the graph takes any size; {whose} uses this one")
        if habit.whose
        else message("the graph takes any size")
    )
    evidence = because(why, shape=shown(interface.graph.inputs[0].shape), whose=habit.whose)
    return Fact(Sizing(habit.size_hw, dynamic), Certainty.GUESSED, evidence)


def _layout_fact(interface: Interface) -> Fact:
    info = interface.graph.inputs[0]
    last, first = channels_last(info), info.shape[1] in (1, 3) and info.shape[3] not in (1, 3)
    options = ("NCHW", "NHWC")
    if last or first:
        return Fact("NHWC" if last else "NCHW", Certainty.STATED, _shape_of(interface), options)
    return Fact("NCHW", Certainty.GUESSED, because(message("the axes do not tell; colours first is usual")), options)


def _order_fact(interface: Interface, habit: Habit) -> Fact:
    info = interface.graph.inputs[0]
    if (info.shape[3] if channels_last(info) else info.shape[1]) == 1:
        return Fact("GREY", Certainty.STATED, _shape_of(interface), ("GREY",))
    return replace(_habit_fact(habit, habit.order), options=("RGB", "BGR"))


def _output_facts(interface: Interface, family: Family | None, recognition: Recognition | None) -> dict[Field, Fact]:
    if family is None:
        return {Field.OUTPUTS: Fact(None, Certainty.UNKNOWN, because(NOTHING_TELLS))}
    if recognition is None:
        return {Field.OUTPUTS: Fact(None, Certainty.UNKNOWN, because(_NO_FIT))}
    facts = {
        Field.OUTPUTS: Fact(recognition.layouts[0], Certainty.GUESSED, recognition.layout_evidence, recognition.layouts)
    }
    if family.decoder == "yolo_anchor":
        facts[Field.ANCHORS] = _anchor_fact(recognition)
    facts[Field.CLASSES] = _class_fact(family, recognition.classes)
    if family.task != "classify":
        why = because(message("there are as many rows as places: none is removed yet"))
        facts[Field.SUPPRESSION] = Fact(Suppression.APP, Certainty.GUESSED, why, tuple(Suppression))
    return facts


def _anchor_fact(recognition: Recognition) -> Fact:
    if recognition.anchors is None:
        why = because(message("no anchors are published for such outputs"))
        return Fact(None, Certainty.UNKNOWN, why, recognition.heads)
    return Fact(
        recognition.anchors, Certainty.GUESSED, recognition.anchor_evidence or because(NOTHING_TELLS), recognition.heads
    )


def _class_fact(family: Family, count: int) -> Fact:
    if family.task == "faces":
        return Fact(FACE, Certainty.GUESSED, because(message("there is one class")), (count,))
    names, data_set = usual_names(count)
    if data_set:
        why = because(message("{count} classes, as many as {data_set} has"), count=count, data_set=data_set)
    else:
        why = because(message("{count} classes; nothing in the file names them"), count=count)
    return Fact(names, Certainty.GUESSED, why, (count,))


def _shape_of(interface: Interface) -> Evidence:
    info = interface.graph.inputs[0]
    return because(_INPUT, name=info.name, shape=shown(info.shape))


def _sides(interface: Interface) -> tuple[Any, Any]:
    info = interface.graph.inputs[0]
    first = 1 if channels_last(info) else 2
    return info.shape[first], info.shape[first + 1]


def _of_the_graph(interface: Interface) -> tuple[str, str, bool]:
    """Name, type and open batch of the first input."""
    if not interface.graph.inputs:
        return "", "float32", False
    info = interface.graph.inputs[0]
    return info.name, info.dtype, bool(info.shape) and not isinstance(info.shape[0], int)


def _blank(reading: Reading) -> ModelCard:
    """A card with nothing but what the family says; the rest is filled in after."""
    family = FAMILIES[reading.value(Field.FAMILY)]
    spec = InputSpec(
        reading.input_name, (PEEK_SIDE_PX, PEEK_SIDE_PX), dynamic_batch=reading.dynamic_batch, dtype=reading.dtype
    )
    return ModelCard(reading.name, family.task, family.decoder, spec, (), thresholds=reading.thresholds)


def _input_spec(reading: Reading, base: InputSpec) -> InputSpec:
    sizing, scaling, fitting = (reading.value(one) for one in (Field.SIZE, Field.SCALING, Field.FITTING))
    spec = base
    if sizing is not None:
        spec = replace(spec, size_hw=sizing.size_hw, dynamic=sizing.dynamic)
    if scaling is not None:
        spec = replace(spec, scale=scaling.scale, mean=scaling.mean, std=scaling.std)
    if fitting is not None:
        spec = replace(spec, resize=fitting.resize, pad_value=fitting.pad_value, crop_fraction=fitting.crop_fraction)
    order, layout = reading.value(Field.ORDER), reading.value(Field.LAYOUT)
    return replace(spec, channel_order=order or spec.channel_order, layout=layout or spec.layout)


def _heads(reading: Reading, layout: HeadLayout, base: ModelCard) -> tuple[AnchorHead, ...]:
    table: AnchorTable | None = reading.value(Field.ANCHORS)
    if table is None:
        return base.heads
    before = {head.output: head.scale_xy for head in base.heads}
    return tuple(
        AnchorHead(
            output,
            stride,
            anchors,
            before.get(output, layout.scale_xy),
            layout.box_transform,
            layout.class_activation,
            layout.activated,
        )
        for output, stride, anchors in table.heads
    )
