"""The weights file: safetensors whose metadata says what the tensors are (family and spec) and where they came from."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from models.errors import WeightsFileError
from models.provenance import Provenance, provenance_from_json, provenance_to_json
from models.whole_file import write_whole

METADATA_KEY = "detector_app.model"
SCHEMA = 1


@dataclass(frozen=True)
class StoredModel:
    """The content of a weights file.

    Attributes:
        family: "yolo", "classifier", …: which code understands the spec.
        spec: what is needed to build the network, JSON values.
        provenance: where the weights come from.
        tensors: the state dict, on the CPU.
    """

    family: str
    spec: Mapping[str, Any]
    provenance: Provenance
    tensors: Mapping[str, Tensor]


def write_weights(path: Path, stored: StoredModel) -> None:
    """Writes one file, whole or not at all."""
    entry = {
        "schema": SCHEMA,
        "family": stored.family,
        "spec": stored.spec,
        "provenance": provenance_to_json(stored.provenance),
    }
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in stored.tensors.items()}
    write_whole(path, save(tensors, metadata={METADATA_KEY: json.dumps(entry, sort_keys=True)}))


def read_weights(path: Path, family: str) -> StoredModel:
    """Reads a file of `write_weights`.

    Args:
        path: the file.
        family: what the caller can build.

    Raises:
        WeightsFileError: no such file, not safetensors, without our metadata, of another family or a later schema.
    """
    entry, tensors = _read(path)
    if entry.get("family") != family:
        raise WeightsFileError(f"{path}: holds a {entry.get('family')!r} model, a {family!r} was expected")
    try:
        provenance = provenance_from_json(entry.get("provenance", {}))
    except WeightsFileError as error:
        raise WeightsFileError(f"{path}: {error}") from error
    return StoredModel(family, entry.get("spec", {}), provenance, tensors)


def stated_entry(path: Path) -> Mapping[str, Any]:
    """What a safetensors file says of itself, without reading its tensors; {} if `write_weights` did not write it.

    Raises:
        WeightsFileError: it cannot be read as safetensors, or what it says is no JSON object.
    """
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
    except (SafetensorError, OSError) as error:
        raise WeightsFileError(f"{path}: not a readable safetensors file ({error})") from error
    return _entry(path, metadata) if METADATA_KEY in metadata else {}


def stated_family(path: Path) -> str:
    """The family that a file of `write_weights` states; "" for any other file, whatever it is."""
    try:
        return str(stated_entry(path).get("family", ""))
    except WeightsFileError:
        return ""


def _read(path: Path) -> tuple[dict[str, Any], dict[str, Tensor]]:
    if not path.is_file():
        raise WeightsFileError(f"{path}: no such weights file; train one with detector-train")
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
    entry = _entry(path, metadata)
    if entry.get("schema") != SCHEMA:
        raise WeightsFileError(f"{path}: schema {entry.get('schema')} found, {SCHEMA} supported; update the program")
    return entry, tensors


def _entry(path: Path, metadata: Mapping[str, str]) -> dict[str, Any]:
    try:
        entry = json.loads(metadata[METADATA_KEY])
    except (ValueError, RecursionError):
        entry = None
    if not isinstance(entry, dict):
        raise WeightsFileError(f"{path}: its {METADATA_KEY!r} metadata is no JSON object; train or export it again")
    return entry
