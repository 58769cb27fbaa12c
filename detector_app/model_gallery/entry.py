"""What the gallery knows of a model: values without behaviour. Standard library only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

DIRECT, DARKNET = "onnx", "darknet"
"""How an entry becomes a model: its file is one already, or its files are converted by ``detector-export darknet``."""
ENGLISH = "en"


@dataclass(frozen=True)
class GalleryFile:
    """One file to download.

    Attributes:
        name: under which it is kept, a plain file name.
        urls: https addresses of the same bytes, tried in order.
        size_bytes: of the whole file.
        sha256: of the whole file, hexadecimal.
    """

    name: str
    urls: tuple[str, ...]
    size_bytes: int
    sha256: str


@dataclass(frozen=True)
class Metric:
    """A published figure: ``name`` such as "mAP50", 0 to 1, on which ``data``, and the page that says so."""

    name: str
    value: float
    data: str
    source: str


@dataclass(frozen=True)
class GalleryEntry:
    """A model that can be downloaded.

    Attributes:
        name: under which it is listed, kept and opened.
        task: "detect", "faces", "classify" or "embed", as in the model card.
        texts: language → what it is, in one sentence; English is always there.
        files: what is downloaded.
        kind: :data:`DIRECT` or :data:`DARKNET`.
        card: name of the card in ``cards`` that is written beside the file; "" where the file becomes or brings its own.
        licence: SPDX name, or words.
        licence_page: where it is stated.
        source_page: a page for people.
        metrics: published figures; none where nobody published any for these very weights.
        unchecked: what could not be compared with its source when the table was made, in English: an address, the licence.
    """

    name: str
    task: str
    texts: Mapping[str, str]
    files: tuple[GalleryFile, ...]
    kind: str
    card: str
    licence: str
    licence_page: str
    source_page: str
    metrics: tuple[Metric, ...] = ()
    unchecked: tuple[str, ...] = ()

    @property
    def needs_train(self) -> bool:
        """It is converted on this machine, which needs the ``train`` extra."""
        return self.kind == DARKNET

    @property
    def size_bytes(self) -> int:
        """Of all downloads together."""
        return sum(file.size_bytes for file in self.files)

    def what(self, language: str = ENGLISH) -> str:
        """What it is in one sentence; English where there is no other."""
        return self.texts.get(language, self.texts[ENGLISH])
