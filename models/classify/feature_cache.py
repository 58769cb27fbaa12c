"""Features on disk: computed once, never stale because their name says what they were computed from, never half a file."""

import hashlib
import io
import os
from pathlib import Path

import numpy as np
import platformdirs
from numpy.typing import NDArray

from models.whole_file import write_whole

DIGEST_BYTES = 32


def user_cache() -> Path:
    """The folder in the user's cache."""
    return platformdirs.user_cache_path("detector-app") / "features"


class FeatureCache:
    """Arrays by key, one file each: written whole or not at all, read only if what was written is still what is there.

    Args:
        folder: where; made if need be.
        limit_gib: the files used longest ago are removed beyond this.
    """

    def __init__(self, folder: Path, limit_gib: float) -> None:
        self.folder, self._limit = folder, limit_gib * 2**30
        folder.mkdir(parents=True, exist_ok=True)

    def get(self, key: str) -> NDArray[np.float32] | None:
        """The array, or None if it is not there, is damaged or is no such array."""
        path = self._path(key)
        try:
            content = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        digest, body = content[:DIGEST_BYTES], content[DIGEST_BYTES:]
        if hashlib.sha256(body).digest() != digest:
            return None
        try:
            array = np.load(io.BytesIO(body), allow_pickle=False)
        except (ValueError, EOFError, MemoryError):
            return None
        return array if isinstance(array, np.ndarray) and array.dtype == np.float32 and array.ndim == 1 else None

    def put(self, key: str, array: NDArray[np.float32]) -> None:
        """Keeps an array, of one dimension.

        Nothing waits for the disk: what a power cut leaves half written does not have its digest, and is computed again.

        Raises:
            OSError: it cannot be written.
        """
        memory = io.BytesIO()
        np.save(memory, array, allow_pickle=False)
        body = memory.getvalue()
        path = self._path(key)
        try:
            write_whole(path, hashlib.sha256(body).digest() + body, passing=True)
        except OSError as error:
            # A full disk does not say where; the folder may be on another one than the run's.
            raise OSError(error.errno, error.strerror, str(path)) from error

    def shrink(self) -> int:
        """Removes the files used longest ago until the rest is within the limit; returns how many went."""
        files = sorted(((file.stat(), file) for file in self.folder.glob("??/*")), key=lambda pair: -pair[0].st_mtime)
        total, removed = 0, 0
        for status, file in files:
            total += status.st_size
            if total > self._limit:
                file.unlink(missing_ok=True)
                removed += 1
        return removed

    def clear(self) -> int:
        """Removes everything; returns how many features went."""
        files = list(self.folder.glob("??/*"))
        for file in files:
            file.unlink(missing_ok=True)
        return len(files)

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key[2:]
