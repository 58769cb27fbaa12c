"""A copy of a model with its card inside, proved by opening it."""

from __future__ import annotations

from pathlib import Path

from detector_app.errors import DetectorError
from detector_app.model_card import ModelCard
from detector_app.pipelines.loader import load_pipeline
from detector_app.pipelines.reading.saving import save_copy


def saved_copy(path: Path, target: Path, card: ModelCard) -> Path:
    """Write a copy with the card inside, and open it once to see that it is read so.

    Raises:
        NotSavedError, ModelError: it cannot be written, or what was written cannot be opened; then it is taken away again.
    """
    existed = target.exists()
    save_copy(path, target, card)
    try:
        load_pipeline(target, providers=("cpu",)).close()
    except DetectorError:
        if not existed:
            target.unlink(missing_ok=True)
        raise
    return target
