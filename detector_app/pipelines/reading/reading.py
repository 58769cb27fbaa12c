"""A reading: for every question about a model's input and outputs an answer, how sure it is, and the evidence. Values only, no files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

from detector_app.errors import message
from detector_app.model_card import ModelCard, OutputSpec, SizeRange, Thresholds


class Field(Enum):
    """The questions, in the order in which they are shown. The values are for programs."""

    FAMILY = "family"
    SIZE = "size"
    LAYOUT = "layout"
    ORDER = "channel_order"
    SCALING = "scaling"
    FITTING = "resize"
    OUTPUTS = "outputs"
    ANCHORS = "anchors"
    CLASSES = "classes"
    SUPPRESSION = "suppression"


LABELS: Mapping[Field, str] = {
    Field.FAMILY: message("Kind of model"),
    Field.SIZE: message("Input size"),
    Field.LAYOUT: message("Axes"),
    Field.ORDER: message("Colour order"),
    Field.SCALING: message("Pixel values"),
    Field.FITTING: message("Fitting"),
    Field.OUTPUTS: message("Outputs"),
    Field.ANCHORS: message("Anchors"),
    Field.CLASSES: message("Classes"),
    Field.SUPPRESSION: message("Overlaps"),
}


class Certainty(Enum):
    """How an answer came about; the values are for people."""

    STATED = message("stated")
    """The graph, a card or metadata say so."""
    GUESSED = message("guessed")
    """Something in the file speaks for it."""
    CHOSEN = message("chosen")
    """A person said so."""
    UNKNOWN = message("asked for")
    """Nothing in the file tells, and a person must."""


@dataclass(frozen=True)
class Evidence:
    """One sentence: a template in English, so that the window can translate it, and the details that go into it.

    The detail ``found`` is an answer, which the window words in its own way.
    """

    template: str
    details: Mapping[str, object] = field(default_factory=dict)

    def describe(self) -> str:
        """The sentence in English."""
        return self.template.format_map(dict(self.details))


def because(template: str, **details: object) -> Evidence:
    """Evidence from a template that was marked with :func:`~detector_app.errors.message`."""
    return Evidence(template, details)


@dataclass(frozen=True)
class Fact:
    """The answer to one question.

    Attributes:
        value: see :class:`Field`'s users; None if and only if it is unknown.
        options: other answers that the files' shapes allow, for the questions whose answers are counted.
    """

    value: Any
    certainty: Certainty
    evidence: Evidence
    options: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Sizing:
    """``InputSpec.size_hw`` and ``InputSpec.dynamic``."""

    size_hw: tuple[int, int]
    dynamic: SizeRange | None = None


Triple = tuple[float, float, float]


@dataclass(frozen=True)
class Scaling:
    """``InputSpec.scale``, ``mean`` and ``std``."""

    scale: float = 1 / 255
    mean: Triple = (0.0, 0.0, 0.0)
    std: Triple = (1.0, 1.0, 1.0)


@dataclass(frozen=True)
class Fitting:
    """``InputSpec.resize``, ``pad_value`` and ``crop_fraction``."""

    resize: str
    pad_value: int = 114
    crop_fraction: float = 1.0


@dataclass(frozen=True)
class HeadLayout:
    """What the outputs hold.

    Attributes:
        text: for people, marked for translation.
        outputs: names and roles.
        box_transform, class_activation, activated, scale_xy: of anchor heads, see ``AnchorHead``.
    """

    text: str
    outputs: tuple[OutputSpec, ...]
    box_transform: str = "exp"
    class_activation: str = "sigmoid"
    activated: bool = False
    scale_xy: float = 1.0


@dataclass(frozen=True)
class AnchorTable:
    """Of each anchor head its output, stride, and anchors (width, height) in pixels of the input."""

    heads: tuple[tuple[str, int, tuple[tuple[float, float], ...]], ...]


class Suppression(Enum):
    """Who takes away boxes that overlap; the values are for people."""

    APP = message("this app removes them")
    GRAPH = message("the graph has removed them")


PRESETS: Mapping[str, Scaling] = {
    message("0 to 1"): Scaling(),
    message("0 to 255"): Scaling(1.0),
    message("−1 to 1"): Scaling(1.0, (127.5,) * 3, (127.5,) * 3),
    message("(x − 127) / 128"): Scaling(1.0, (127.0,) * 3, (128.0,) * 3),
    message("ImageNet, RGB"): Scaling(1 / 255, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    message("ImageNet, BGR"): Scaling(1.0, (103.53, 116.28, 123.675), (57.375, 57.12, 58.395)),
}
"""Usual ways to scale pixels, by a name for people."""


@dataclass(frozen=True)
class Reading:
    """All answers.

    Attributes:
        name: of the model.
        input_name, dtype, dynamic_batch: what the graph alone tells.
        facts: by question; those that do not arise for this kind of model are missing.
        thresholds: what the sliders start from.
        base: the card that it started from, or None.
    """

    name: str
    input_name: str
    dtype: str
    dynamic_batch: bool
    facts: Mapping[Field, Fact]
    thresholds: Thresholds = field(default_factory=Thresholds)
    base: ModelCard | None = None

    @property
    def missing(self) -> tuple[Field, ...]:
        """The questions that nothing answers."""
        return tuple(one for one, fact in self.facts.items() if fact.certainty is Certainty.UNKNOWN)

    @property
    def guessed(self) -> tuple[Field, ...]:
        """The questions that were guessed."""
        return tuple(one for one, fact in self.facts.items() if fact.certainty is Certainty.GUESSED)

    def value(self, question: Field) -> Any:
        """The answer, or None."""
        fact = self.facts.get(question)
        return None if fact is None else fact.value

    def with_choices(self, choices: Mapping[Field, Any]) -> Reading:
        """The same with what a person has chosen in the place of what was found; questions that do not arise are left out."""
        facts = {one: chosen(fact, choices[one]) if one in choices else fact for one, fact in self.facts.items()}
        return replace(self, facts=facts)


CHOSEN_BY_HAND = message("chosen by you; before that: {found}")
CHOSEN_ANEW = message("chosen by you")


def chosen(fact: Fact, value: Any) -> Fact:
    """``fact`` with the value that a person has chosen; the same value confirms it."""
    changes = fact.value is not None and fact.value != value
    evidence = because(CHOSEN_BY_HAND, found=fact.value) if changes else because(CHOSEN_ANEW)
    return replace(fact, value=value, certainty=Certainty.CHOSEN, evidence=evidence)
