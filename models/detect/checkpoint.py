"""The weights file: safetensors whose metadata says what the tensors are and where they came from."""

import json
import os
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from models.detect.spec import Provenance, YoloSpec, provenance_from_json, spec_from_json, to_json_value
from models.detect.yolo import Yolo
from models.errors import WeightsFileError

METADATA_KEY = "detector_app.model"
SCHEMA = 1


def save_yolo(path: Path, model: Yolo, provenance: Provenance) -> None:
    """Writes weights, spec and provenance to one file, whole or not at all."""
    entry = {
        "schema": SCHEMA,
        "family": "yolo",
        "spec": to_json_value(model.spec),
        "provenance": to_json_value(provenance),
    }
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in model.state_dict().items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(save(tensors, metadata={METADATA_KEY: json.dumps(entry, sort_keys=True)}))
    os.replace(partial, path)


def load_yolo(path: Path) -> tuple[Yolo, YoloSpec, Provenance]:
    """Reads a file of `save_yolo` onto the CPU, in evaluation mode.

    Raises:
        WeightsFileError: no such file, not safetensors, without our metadata, of another family or a later schema, or
            with tensors that do not fit the spec.
    """
    entry, tensors = _read(path)
    if entry.get("family") != "yolo":
        raise WeightsFileError(f"{path}: holds a {entry.get('family')!r} model, a 'yolo' was expected")
    spec = spec_from_json(entry.get("spec", {}))
    model = Yolo(spec)
    try:
        model.load_state_dict(tensors)
    except RuntimeError as error:
        raise WeightsFileError(f"{path}: the tensors do not fit the spec stored with them: {error}") from error
    return model.eval(), spec, provenance_from_json(entry.get("provenance", {}))


def _read(path: Path) -> tuple[dict[str, Any], dict[str, torch.Tensor]]:
    if not path.is_file():
        raise WeightsFileError(f"{path}: no such weights file; train one with `detector-train detect`")
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (safe_open is no dict)
    except SafetensorError as error:
        raise WeightsFileError(f"{path}: not a readable safetensors file ({error})") from error
    if METADATA_KEY not in metadata:
        raise WeightsFileError(
            f"{path}: has no {METADATA_KEY!r} metadata; only files written by detector-train are read"
        )
    entry: dict[str, Any] = json.loads(metadata[METADATA_KEY])
    if entry.get("schema") != SCHEMA:
        raise WeightsFileError(f"{path}: schema {entry.get('schema')} found, {SCHEMA} supported; update the program")
    return entry, tensors
