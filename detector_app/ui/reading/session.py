"""One file that is looked at in the panel, with what a person has chosen so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detector_app.engine.state import EngineState
from detector_app.errors import (
    CardInvalidError,
    CardVersionError,
    DecoderUnknownError,
    DetectorError,
    ModelError,
    ModelMismatchError,
)
from detector_app.model_card import ModelCard
from detector_app.pipelines.reading.errors import NotSavedError
from detector_app.pipelines.reading.reading import Field, Reading

if TYPE_CHECKING:
    from detector_app.pipelines.reading.file_reading import FileReading

_CARD_SUFFIX = ".card.json"
_FOLLOWS_FAMILY = frozenset(Field) - {Field.FAMILY, Field.SIZE, Field.LAYOUT}


@dataclass(frozen=True)
class Session:
    """See the module's text.

    Attributes:
        file: that is read.
        model: the name or path by which the engine knows it.
        correcting: whether answers may be given, rather than looked at.
        choices: that were made, by question.
    """

    file: FileReading
    model: str
    correcting: bool
    choices: Mapping[Field, Any] = field(default_factory=dict)

    @property
    def reading(self) -> Reading:
        """As it is now."""
        return self.file.reading(self.choices)

    def card(self) -> ModelCard:
        """The card of it.

        Raises:
            ReadingIncompleteError, CardInvalidError: something is missing or out of range.
        """
        return self.file.card_for(self.choices)

    def choosing(self, question: Field, answer: Any) -> Session:
        """The same with one more choice. Another kind of model is fed in another way: choices about that are forgotten."""
        kept = {
            one: value
            for one, value in self.choices.items()
            if question is not Field.FAMILY or one not in _FOLLOWS_FAMILY
        }
        return replace(self, choices={**kept, question: answer})

    @property
    def takes_a_picture(self) -> bool:
        """Whether there is any hope: its only input is a picture."""
        return self.reading.facts[Field.SIZE].value is not None

    @property
    def correctable(self) -> bool:
        """Whether a card can say how its pictures are fed: of a cascade each stage has its own way."""
        return self.file.card is None or not self.file.card.stages

    def corrected(self) -> Session:
        """The same, and answers may be given."""
        return replace(self, correcting=True)

    def reset(self) -> Session:
        """The same without choices."""
        return replace(self, choices={})

    def concerns(self, error: DetectorError) -> bool:
        """Whether ``error`` came of reading this file as it is read now."""
        names = {str(self.file.path), self.model, self.file.interface.name}
        card = self.file.card
        names |= {card.name} if card is not None else set()
        return isinstance(error, ModelError) and not isinstance(error, NotSavedError) and error.where in names

    def runs_in(self, state: EngineState) -> bool:
        """Whether the engine runs this file."""
        return state.model_name == self.model


_OF_CARDS = (CardInvalidError, CardVersionError, DecoderUnknownError, ModelMismatchError)


def model_file(error: DetectorError) -> Path | None:
    """The model whose card ``error`` is about, where its outputs can be read without that; None if it is about something else."""
    path = Path(error.where)
    if not isinstance(error, _OF_CARDS) or not path.is_absolute():
        return None
    if path.name.endswith(_CARD_SUFFIX):
        path = path.with_name(f"{path.name.removesuffix(_CARD_SUFFIX)}.onnx")
    return path if path.suffix == ".onnx" and path.is_file() else None
