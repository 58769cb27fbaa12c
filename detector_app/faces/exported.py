"""``person.json`` of an exported person: its name, and embeddings of pictures that were not kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from detector_app.faces.distance import unit
from detector_app.faces.embedder import Embedder
from detector_app.faces.errors import ExchangeError
from detector_app.faces.people import EmbeddingModel, NewPicture

FACTS = "person.json"
FORMAT, VERSION = "detector-app person", 1


def read_facts(folder: Path) -> dict[str, Any] | None:
    """The facts in an exported person's folder; None if it is another folder."""
    try:
        facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    right = isinstance(facts, dict) and facts.get("format") == FORMAT and facts.get("version") == VERSION
    return facts if right and isinstance(facts.get("name"), str) and isinstance(facts.get("pictures"), list) else None


def unkept(facts: dict[str, Any]) -> list[dict[str, Any]]:
    """The facts of those pictures whose face was not kept: their embeddings are all that there is."""
    return [one for one in facts["pictures"] if isinstance(one, dict) and one.get("file") is None]


def embedded_picture(facts: dict[str, Any], embedder: Embedder, where: str) -> NewPicture:
    """A picture by its embedding alone.

    Raises:
        ExchangeError: it has none of this model, or it is no direction.
    """
    known = facts.get("embeddings")
    found = next(
        (one.get("vector") for one in known or () if isinstance(one, dict) and one.get("model") == embedder.model_hash),
        None,
    )
    if found is None:
        raise ExchangeError(where, detail="the face was not kept, and it was embedded by another model")
    try:
        vector = np.array(found, np.float32)
    except (TypeError, ValueError):
        vector = np.zeros(0, np.float32)
    if vector.shape != (embedder.spec.dimension,) or not np.isfinite(vector).all() or not vector.any():
        raise ExchangeError(where, detail="its embedding is damaged")
    model = EmbeddingModel(embedder.model_hash, embedder.name)
    return NewPicture(model, unit(vector[None])[0], source=str(facts.get("source", "")))
