"""Where the gallery is unless another file is given."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_data_path

from detector_app.settings import APP_NAME

FILE_NAME = "faces.sqlite3"


def default_path() -> Path:
    """A file in the user's own data folder."""
    return user_data_path(APP_NAME, appauthor=False) / FILE_NAME
