"""A model of the gallery from its source into the folder: files fetched and checked, converted where needed, card written."""

from __future__ import annotations

import shutil
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from detector_app.model_gallery.conversion import convert, require_conversion
from detector_app.model_gallery.entry import GalleryEntry, GalleryFile
from detector_app.model_gallery.errors import GalleryFolderError, NotEnoughSpaceError
from detector_app.model_gallery.fetching import Fetch, Patience
from detector_app.model_gallery.folder import (
    State,
    card_path,
    entry_folder,
    file_path,
    gallery_folder,
    model_path,
    state_of,
)
from detector_app.model_gallery.lock import locked
from detector_app.model_gallery.partial import typed_errors
from detector_app.model_gallery.removal import clear
from detector_app.model_gallery.table import card_text
from detector_app.model_gallery.verification import same_bytes, write_manifest

FETCHING, CHECKING, CONVERTING = "fetch", "check", "convert"
NEWS_S = 0.1
SPARE_BYTES = 16 << 20
"""What must be left on the disk beyond the files."""


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
        on_progress: called from the thread of ``run``, at most about ten times a second.
        tls: how servers prove who they are; default the system's.
        patience: with servers that are slow or away.
    """

    def __init__(
        self,
        entry: GalleryEntry,
        folder: Path | None = None,
        on_progress: Callable[[DownloadProgress], None] | None = None,
        *,
        tls: ssl.SSLContext | None = None,
        patience: Patience | None = None,
    ) -> None:
        self.entry, self.folder = entry, folder or gallery_folder()
        self._tell = on_progress or (lambda _: None)
        self._fetch = Fetch(tls or ssl.create_default_context(), patience or Patience(), self._heard)
        self._file, self._before, self._told_at = "", 0, 0.0

    def run(self) -> Path:
        """Get the model; one that is there, and is whole, is left as it is. Returns its file, which the app can open.

        Raises:
            DownloadError: it could not be fetched; each subclass says why.
            GalleryFolderError: the folder cannot be used.
            TrainingMissingError, ConversionError: it could not be converted.
        """
        require_conversion(self.entry)
        path = model_path(self.entry, self.folder)
        with locked(entry_folder(self.entry, self.folder), self.entry.name):
            if state_of(self.entry, self.folder).state is State.INSTALLED:
                self._news(CHECKING, self.entry.size_bytes)
                if same_bytes(self.entry, self.folder):
                    return path
                clear(self.entry, self.folder, keep_card=True)
            self._require_space()
            self._write_card()
            for file in self.entry.files:
                self._get(file)
            if self.entry.needs_train:
                self._news(CONVERTING, self.entry.size_bytes)
                convert(self.entry, self.folder, lambda: self._fetch.check_cancelled(self.entry.name))
            write_manifest(self.entry, self.folder)
        return path

    def cancel(self) -> None:
        """End ``run`` soon, with a DownloadCancelledError. What has come is kept."""
        self._fetch.cancel()

    def _get(self, file: GalleryFile) -> None:
        """One file, unless it is there and right."""
        self._file, target = file.name, file_path(self.entry, file, self.folder)
        self._news(FETCHING, self._before)
        if not same_bytes(self.entry, self.folder, file):
            self._fetch.run(file, target)
        self._before += file.size_bytes

    def _heard(self, file_bytes: int) -> None:
        now = time.monotonic()
        if now - self._told_at >= NEWS_S or self._before + file_bytes == self.entry.size_bytes:
            self._told_at = now
            self._news(FETCHING, self._before + file_bytes)

    def _news(self, stage: str, done_bytes: int) -> None:
        self._tell(DownloadProgress(stage, self._file, done_bytes, self.entry.size_bytes))

    def _require_space(self) -> None:
        """Room for what is still to come, once more for what is converted, and some to spare."""
        rest = self.entry.size_bytes - state_of(self.entry, self.folder).have_bytes
        needed = rest + (self.entry.size_bytes if self.entry.needs_train else 0) + SPARE_BYTES
        try:
            free = shutil.disk_usage(entry_folder(self.entry, self.folder)).free
        except OSError as error:
            raise GalleryFolderError(str(self.folder), detail=error.strerror or str(error)) from error
        if free < needed:
            sizes = {"expected": f"{needed / 1e6:.0f} MB", "found": f"{free / 1e6:.0f} MB"}
            raise NotEnoughSpaceError(self.entry.name, **sizes)

    def _write_card(self) -> None:
        """Beside the model before the model; one that somebody has corrected stays."""
        path, text = card_path(self.entry, self.folder), card_text(self.entry)
        if not text or path.exists():
            return
        part = path.with_name(f".{path.name}.part")
        with typed_errors(path):
            part.write_text(text, encoding="utf-8")
            part.replace(path)
