"""Published files without a card that are known by their SHA-256: what their authors write about them takes the place of a guess.

The names of inputs and outputs come from the file, the rest from here. The files of the gallery are among them; see each ``source``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from detector_app.errors import message
from detector_app.model_card import DataSource, ModelCard
from detector_app.pipelines.reading.interface import Interface
from detector_app.pipelines.reading.reader import card_of, read
from detector_app.pipelines.reading.reading import Certainty, Fact, Field, Reading, because

OF_SOURCE = message("its bytes are those of {source}, whose authors say so")
_CHUNK = 1 << 20


@dataclass(frozen=True)
class KnownModel:
    """One file.

    Attributes:
        name: for the card.
        sha256: of the whole file.
        decoder: which family reads it, with that family's habits.
        source: where it is published.
        licence, training: for the card.
        differs: answers that are not the family's habit.
    """

    name: str
    sha256: str
    decoder: str
    source: str
    licence: str
    training: tuple[DataSource, ...] = ()
    differs: Mapping[Field, Any] | None = None


_WIDER = (DataSource("WIDER FACE"),)
_COCO = (DataSource("COCO 2017"),)
KNOWN: tuple[KnownModel, ...] = (
    KnownModel(
        "yunet-2023mar",
        "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4",
        "yunet",
        "OpenCV zoo, face_detection_yunet_2023mar.onnx",
        "MIT",
        _WIDER,
    ),
    KnownModel(
        "ultraface-rfb-320",
        "34cd7e60aeff28744c657de7a3dc64e872d506741de66987f3426f2b79f88017",
        "ultraface",
        "ONNX model zoo, version-RFB-320.onnx",
        "MIT",
        _WIDER,
    ),
    KnownModel(
        "yolox-s",
        "c5c2d13e59ae883e6af3b45daea64af4833a4951c92d116ec270d9ddbe998063",
        "yolox",
        "OpenCV zoo, object_detection_yolox_2022nov.onnx",
        "Apache-2.0",
        _COCO,
    ),
    KnownModel(
        "nanodet",
        "4b82da9944b88577175ee23a459dce2e26e6e4be573def65b1055dc2d9720186",
        "nanodet",
        "OpenCV zoo, object_detection_nanodet_2022nov.onnx",
        "Apache-2.0",
        _COCO,
    ),
)
BY_SHA256 = {known.sha256: known for known in KNOWN}


def known_as(path: Path) -> KnownModel | None:
    """Which known file this is, by its bytes; None if it is none of them, or cannot be read."""
    try:
        return BY_SHA256.get(sha256_of(path))
    except OSError:
        return None


def reading_of_known(known: KnownModel, interface: Interface) -> Reading | None:
    """How a known file is read, all of it stated; None if its graph cannot be read so, which an honest hash excludes."""
    reading = read(interface, {Field.FAMILY: known.decoder, **(known.differs or {})})
    if reading.missing:
        return None
    evidence = because(OF_SOURCE, source=known.source)
    facts = {
        question: Fact(fact.value, Certainty.STATED, evidence, fact.options) for question, fact in reading.facts.items()
    }
    return replace(reading, name=known.name, facts=facts)


def card_of_known(known: KnownModel, interface: Interface) -> ModelCard | None:
    """The card of a known file; None as for :func:`reading_of_known`."""
    reading = reading_of_known(known, interface)
    if reading is None:
        return None
    card = card_of(reading, known.name)
    return replace(
        card, weights_sha256=known.sha256, licence=known.licence, training=known.training, producer=known.source
    )


def sha256_of(path: Path) -> str:
    """Of a file's bytes, in hexadecimal.

    Raises:
        OSError: it cannot be read.
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
