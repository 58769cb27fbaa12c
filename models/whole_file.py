"""Files written whole or not at all: a kill, a power cut or a full disk leaves what was there before."""

import contextlib
import os
from pathlib import Path


def write_whole(path: Path, content: bytes, *, passing: bool = False) -> None:
    """Writes beside the file first, waits until that is on the disk, and then takes the file's place. Makes its folder.

    Args:
        path: the file.
        content: all of it.
        passing: it may be lost to a power cut, and other processes may be writing it, too; then nothing waits for the disk.

    Raises:
        OSError: it cannot be written; `path` is as it was, and nothing is left beside it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial" if passing else f"{path.name}.partial")
    try:
        with partial.open("wb") as file:
            file.write(content)
            if not passing:
                file.flush()
                os.fsync(file.fileno())
        os.replace(partial, path)
    except OSError:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
        raise
