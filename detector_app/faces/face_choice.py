"""What an attendant of faces is opened with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class FaceChoice:
    """What an attendant is opened with.

    Attributes:
        embedder: name or file; empty for the embedded one.
        gallery: file; None for the user's own.
        providers, strict, threads: see :func:`~detector_app.pipelines.loader.load_pipeline`.
    """

    embedder: str = ""
    gallery: Path | None = None
    providers: tuple[str, ...] | None = None
    strict: bool = False
    threads: int | None = None
