"""What results belong to: a video's content, a model, its card, and those settings that kept results cannot be selected by again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

SAMPLES, SAMPLE_BYTES = 16, 1 << 16


@dataclass(frozen=True)
class RunKey:
    """One model under certain settings.

    Attributes:
        model_sha256: of the model's file, or files, joined by "+".
        card_sha256: of the card that it is read by, as JSON.
        settings: canonical JSON of what the results were made with, see ``engine.kept_settings``.
    """

    model_sha256: str
    card_sha256: str
    settings: str


def content_key(path: Path) -> str:
    """The same text for the same video wherever it lies: sha256 of its size and of :data:`SAMPLES` blocks spread evenly over it.

    Two videos that differ only between the blocks would be taken for one; encoders leave no two films so alike. Reading all of an hour
    would take longer than opening it.

    Raises:
        OSError: it cannot be read.
    """
    size = path.stat().st_size
    digest = hashlib.sha256(str(size).encode())
    with path.open("rb") as file:
        for i in range(SAMPLES):
            file.seek(max(0, size - SAMPLE_BYTES) * i // (SAMPLES - 1))
            digest.update(file.read(SAMPLE_BYTES))
    return digest.hexdigest()


def file_sha256(path: Path) -> str:
    """Of all bytes of the file.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def canonical(values: object) -> str:
    """JSON that is the same for the same values."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"))
