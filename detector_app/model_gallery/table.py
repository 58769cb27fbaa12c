"""The table of the gallery, ``gallery.toml``, as values; and the cards that go beside files which bring none."""

from __future__ import annotations

import functools
import tomllib
from importlib.resources import files
from typing import Any

from detector_app.model_gallery.entry import GalleryEntry, GalleryFile, Metric
from detector_app.model_gallery.errors import UnknownEntryError

PACKAGE = "detector_app.model_gallery"


@functools.cache
def entries() -> tuple[GalleryEntry, ...]:
    """Every model of the gallery, in the order of the table."""
    table = tomllib.loads((files(PACKAGE) / "gallery.toml").read_text(encoding="utf-8"))
    return tuple(_entry(row) for row in table["model"])


def find_entry(name: str) -> GalleryEntry:
    """The model of that name.

    Raises:
        UnknownEntryError: there is none; the message has the names.
    """
    found = next((entry for entry in entries() if entry.name == name), None)
    if found is None:
        raise UnknownEntryError(name, known=", ".join(entry.name for entry in entries()))
    return found


def card_text(entry: GalleryEntry) -> str:
    """The card that is written beside the file, JSON; "" if the entry has none."""
    return (files(PACKAGE) / "cards" / entry.card).read_text(encoding="utf-8") if entry.card else ""


def _entry(row: dict[str, Any]) -> GalleryEntry:
    return GalleryEntry(
        **{key: row[key] for key in ("name", "task", "texts", "licence", "licence_page", "source_page", "kind")},
        card=row.get("card", ""),
        files=tuple(
            GalleryFile(file["name"], tuple(file["urls"]), file["size_bytes"], file["sha256"]) for file in row["files"]
        ),
        metrics=tuple(Metric(**metric) for metric in row.get("metrics", ())),
        unchecked=tuple(row.get("unchecked", ())),
    )
