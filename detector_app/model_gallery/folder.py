"""Where downloaded models lie, and which are there: ``FOLDER/NAME/NAME.onnx``, what it was made from, and its card beside it."""

from __future__ import annotations

import enum
import os
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_path

from detector_app.model_gallery.entry import DIRECT, GalleryEntry, GalleryFile
from detector_app.settings import APP_NAME

FOLDER_VARIABLE = "DETECTOR_APP_MODELS"
PARTIAL = ".partial"


class State(enum.Enum):
    """How much of an entry is on this machine."""

    ABSENT = "absent"
    PARTIAL = "partial"
    INSTALLED = "installed"


@dataclass(frozen=True)
class Installed:
    """What is there of an entry.

    Attributes:
        state: see :class:`State`.
        path: the model file, where it is or would be.
        have_bytes: how much of the downloads is there, whole files and begun ones.
    """

    state: State
    path: Path
    have_bytes: int


def gallery_folder() -> Path:
    """The folder that ``DETECTOR_APP_MODELS`` names, or ``models`` in the user's data folder. It need not exist."""
    named = os.environ.get(FOLDER_VARIABLE, "")
    return Path(named).expanduser() if named else user_data_path(APP_NAME, appauthor=False) / "models"


def entry_folder(entry: GalleryEntry, folder: Path) -> Path:
    """Where everything of ``entry`` lies."""
    return folder / entry.name


def model_path(entry: GalleryEntry, folder: Path) -> Path:
    """The file that the app opens."""
    return entry_folder(entry, folder) / f"{entry.name}.onnx"


def card_path(entry: GalleryEntry, folder: Path) -> Path:
    """Its card, for a file that brings none."""
    return model_path(entry, folder).with_suffix(".card.json")


def file_path(entry: GalleryEntry, file: GalleryFile, folder: Path) -> Path:
    """Where ``file`` is kept: under its own name, or as the model itself if it is one already."""
    return model_path(entry, folder) if entry.kind == DIRECT else entry_folder(entry, folder) / file.name


def state_of(entry: GalleryEntry, folder: Path) -> Installed:
    """How much of ``entry`` is in ``folder``, by names and sizes; ``verify`` looks at the bytes."""
    path = model_path(entry, folder)
    have = sum(_have(file, file_path(entry, file, folder)) for file in entry.files)
    if path.is_file():
        return Installed(State.INSTALLED, path, have)
    return Installed(State.PARTIAL if have else State.ABSENT, path, have)


def installed_models(folder: Path | None = None) -> dict[str, Path]:
    """Name → file of every model that was downloaded, by name; cheap: one look into each sub-folder, and none into the table."""
    folder = folder or gallery_folder()
    try:
        names = sorted(item.name for item in folder.iterdir())
    except OSError:
        return {}
    paths = {name: folder / name / f"{name}.onnx" for name in names}
    return {name: path for name, path in paths.items() if path.is_file()}


def _have(file: GalleryFile, path: Path) -> int:
    for place in (path, path.with_name(f"{path.name}{PARTIAL}")):
        try:
            return min(place.stat().st_size, file.size_bytes)
        except OSError:
            continue
    return 0
