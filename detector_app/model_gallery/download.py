"""A model of the gallery from its source into the folder: files fetched and checked, converted where needed, card written."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from detector_app.model_gallery.entry import GalleryEntry
from detector_app.model_gallery.folder import gallery_folder

FETCHING, CHECKING, CONVERTING = "fetch", "check", "convert"


@dataclass(frozen=True)
class DownloadProgress:
    """Where a download stands.

    Attributes:
        stage: :data:`FETCHING`, :data:`CHECKING` or :data:`CONVERTING` (which can take a minute, without further news).
        file: the file at hand.
        done_bytes, total_bytes: of all files of the entry together, those of earlier attempts included.
    """

    stage: str
    file: str
    done_bytes: int
    total_bytes: int


class Download:
    """One attempt to get ``entry``. ``run`` it once in a thread of its own; ``cancel`` may be called from any thread at any time.

    Args:
        entry: what to get.
        folder: where to; default :func:`gallery_folder`.
        on_progress: called from the thread of ``run``, at most a few times a second.
        tls: how servers prove who they are; default the system's.
    """

    def __init__(
        self,
        entry: GalleryEntry,
        folder: Path | None = None,
        on_progress: Callable[[DownloadProgress], None] | None = None,
        *,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.entry, self.folder = entry, folder or gallery_folder()
        self._tell, self._tls = on_progress, tls
        self._cancelled = threading.Event()

    def run(self) -> Path:
        """Get the model. Returns its file, which the app can open.

        Raises:
            DownloadError: it could not be fetched; each subclass says why.
            GalleryFolderError: the folder cannot be used.
            TrainingMissingError, ConversionError: it could not be converted.
        """
        raise NotImplementedError

    def cancel(self) -> None:
        """End ``run`` soon, with a DownloadCancelledError. What has come is kept."""
        self._cancelled.set()
