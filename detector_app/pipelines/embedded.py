"""The models that come with the app."""

from __future__ import annotations

import sys
from pathlib import Path

import detector_app
from detector_app.model_gallery.folder import installed_models

DEFAULT_MODEL = "desk-yolo"
FACE_MODEL = "mtcnn"
SIGN = "+"
"""Between the names of two models that run together: ``desk-yolo+mtcnn``."""
CASCADE_FILE = "pnet.onnx"
"""In the folder of a cascade the file with the card."""


def assets_folder() -> Path:
    """``assets`` beside the package in a checkout; where a wheel puts it, ``share/detector-app`` of the environment."""
    beside = Path(detector_app.__file__).resolve().parent.parent / "assets"
    return beside if (beside / "models").is_dir() else Path(sys.prefix) / "share" / "detector-app"


def embedded_models() -> dict[str, Path]:
    """Name → file of every model in the assets, by name; of a cascade, which is a folder, its first file."""
    folder = assets_folder() / "models"
    alone = {path.stem: path for path in folder.glob("*.onnx")}
    cascades = {path.parent.name: path for path in folder.glob(f"*/{CASCADE_FILE}")}
    return dict(sorted({**alone, **cascades}.items()))


def models_by_name() -> dict[str, Path]:
    """Name → file of every model that can be opened by its name: those that come with the app, then those that were downloaded."""
    embedded = embedded_models()
    return embedded | {name: path for name, path in installed_models().items() if name not in embedded}


def embedded_embedders() -> dict[str, Path]:
    """Name → file of every model in the assets that tells faces apart."""
    return {path.stem: path for path in sorted((assets_folder() / "models" / "embedders").glob("*.onnx"))}
