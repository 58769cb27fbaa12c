"""Where the results of a video are kept."""

from __future__ import annotations

import os
from enum import Enum
from pathlib import Path

from platformdirs import user_data_path

from detector_app.settings import APP_NAME

SUFFIX = ".detections.sqlite"


class Keep(Enum):
    """Where a person wants results to be kept."""

    BESIDE = "beside"
    """Beside the video, so that they go with it; in the app's folder where that cannot be written."""
    APP = "app"
    """In the app's own folder."""
    NOWHERE = "nowhere"
    """In memory, until another video is opened."""


def app_folder() -> Path:
    """The app's folder for results."""
    return user_data_path(APP_NAME, appauthor=False) / "results"


def beside_path(video: Path) -> Path:
    """The file beside ``video``."""
    return video.with_name(video.name + SUFFIX)


def sidecar_path(video: Path, content_key: str, keep: Keep, folder: Path | None = None) -> Path | None:
    """The file for the results of ``video``; None if they are not to be kept.

    Args:
        video: the file.
        content_key: of the video, which names the file in the app's folder.
        keep: where it is wanted.
        folder: the app's folder; None for the usual one.
    """
    if keep is Keep.NOWHERE:
        return None
    beside = beside_path(video)
    # SQLite puts its journal into the folder, too.
    writable = os.access(video.parent, os.W_OK) and (not beside.exists() or os.access(beside, os.W_OK))
    if keep is Keep.BESIDE and writable:
        return beside
    return (folder or app_folder()) / f"{content_key[:32]}{SUFFIX}"
