"""The reading of a file on the disk: from its card if it has one, from what is known of its very bytes, or guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detector_app.errors import CardMissingError, message
from detector_app.model_card import CARD_KEY, ModelCard
from detector_app.pipelines.known_models import BY_SHA256, OF_SOURCE, card_of_known, known_as
from detector_app.pipelines.loader import read_card
from detector_app.pipelines.reading.from_card import reading_of_card
from detector_app.pipelines.reading.interface import Interface
from detector_app.pipelines.reading.reader import card_of, read
from detector_app.pipelines.reading.reading import Evidence, Field, Reading, because
from detector_app.pipelines.reading.trying import interface_of
from detector_app.pipelines.session import OnnxSession
from detector_app.pipelines.sidecar import sidecar_of

_INSIDE = message("the card inside the file says so")
_BESIDE = message("the card beside it, {name}, says so")
_METADATA = message("what its exporter wrote into the file says so")


@dataclass(frozen=True)
class FileReading:
    """A file that is read, so that choices may change without opening it again.

    Attributes:
        path: of the file.
        interface: what is known of it.
        card: that it has, or is known to have; None where all is guessed.
        origin: where the card comes from.
        card_inside: the card is in the file itself, so that one beside it would not count.
    """

    path: Path
    interface: Interface
    card: ModelCard | None = None
    origin: Evidence | None = None
    card_inside: bool = False

    def reading(self, choices: Mapping[Field, Any] | None = None) -> Reading:
        """What is read under a person's ``choices``. Another kind of model than the card's is read from the outputs anew."""
        asked = choices or {}
        if self.card is None or self.origin is None or asked.get(Field.FAMILY, self.card.decoder) != self.card.decoder:
            return read(self.interface, asked)
        return reading_of_card(self.card, self.origin, asked)

    def card_for(self, choices: Mapping[Field, Any] | None = None) -> ModelCard:
        """The card under a person's ``choices``.

        Raises:
            ReadingIncompleteError, CardInvalidError: see :func:`~detector_app.pipelines.reading.reader.card_of`.
        """
        return card_of(self.reading(choices), str(self.path))


def read_file(path: Path, *, guess: bool = False) -> FileReading:
    """Open a file for a moment and say what is known of it; with ``guess`` as if there were no card in it or beside it.

    Raises:
        NotAnOnnxFileError, ModelError: it cannot be opened.
        PartOfModelError, CardInvalidError, CardVersionError, DecoderUnknownError, ModelMismatchError: it has a card that cannot be used.
    """
    interface = interface_of(path)
    if guess:
        known = known_as(path)
        card = None if known is None else card_of_known(known, interface)
        return FileReading(path, interface, card, None if card is None else _origin(path, card, beside=False))
    session = OnnxSession(path, providers=("cpu",), threads=1)
    try:
        card = read_card(session, path)
    except CardMissingError:
        return FileReading(path, interface)
    finally:
        session.close()
    inside = CARD_KEY in interface.metadata
    return FileReading(path, interface, card, _origin(path, card, inside=inside), inside)


def _origin(path: Path, card: ModelCard, *, inside: bool = False, beside: bool = True) -> Evidence:
    if inside:
        return because(_INSIDE)
    sidecar = sidecar_of(path)
    if beside and sidecar.is_file():
        return because(_BESIDE, name=sidecar.name)
    if card.weights_sha256 in BY_SHA256:
        return because(OF_SOURCE, source=card.producer)
    return because(_METADATA)
