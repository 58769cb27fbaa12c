"""The models that come with the app."""

from __future__ import annotations

from pathlib import Path

import detector_app

DEFAULT_MODEL = "desk-yolo"


def assets_folder() -> Path:
    """``detector_app/assets`` in an installed wheel, ``assets`` beside the package in a checkout."""
    package = Path(detector_app.__file__).resolve().parent
    inside = package / "assets"
    return inside if inside.is_dir() else package.parent / "assets"


def embedded_models() -> dict[str, Path]:
    """Name → file of every model in the assets, by name."""
    return {path.stem: path for path in sorted((assets_folder() / "models").glob("*.onnx"))}
