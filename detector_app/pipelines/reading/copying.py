"""Cards that are kept, beside their model or in a copy of it, proved by opening."""

from __future__ import annotations

from pathlib import Path

from detector_app.errors import DetectorError
from detector_app.model_card import ModelCard
from detector_app.pipelines.loader import load_pipeline
from detector_app.pipelines.reading.saving import save_copy, save_sidecar


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


def saved_sidecar(path: Path, card: ModelCard) -> Path:
    """Write the card beside its model, after opening the model with it: a card that does not fit is not worth keeping.

    Raises:
        NotSavedError, ModelError: it cannot be written, or the model cannot be read so; then nothing was written.
    """
    load_pipeline(path, providers=("cpu",), card=card).close()
    return save_sidecar(path, card)
