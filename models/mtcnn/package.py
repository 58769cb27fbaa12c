"""The released weights as the `mtcnn` package (PyPI, MIT) brings them: pickled lists of arrays in Keras' layout, one file a network.

The package itself needs TensorFlow and is never imported: its files are found by its metadata. A pickle can run any code, so a file is
unpickled only when its SHA-256 is a known one.
"""

import hashlib
import importlib.metadata
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import joblib
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.errors import WeightsFileError
from models.mtcnn.networks import STAGES, build

PACKAGE = "mtcnn"
# Of the files of mtcnn 1.0.0.
KNOWN_SHA256: Mapping[str, str] = {
    "pnet": "ea6b0c3e685ebee3165326ad6484acc95f2ef78f1c94fbf40a55704fa989f7b5",
    "rnet": "cb00e6460f3c98b0bfafaba3c0a0ded4bdf6e62cee7174d969e8670d7e757fee",
    "onet": "94f6ea2f4cf985275ee958cdd762d17b6009348a4fb9d8c6be39ba73ffd22ca3",
}
# Keras lists the heads by what they put out: boxes, landmarks, scores; the numbers are those of our layers.
HEAD_ORDER = (2, 3, 1)


def package_states() -> dict[str, dict[str, Tensor]]:
    """The state dict of each stage.

    Raises:
        WeightsFileError: the package is not installed, or its files are not those that are known.
    """
    return {stage: state_from_keras(stage, _arrays(path, stage)) for stage, path in package_files().items()}


def package_files() -> dict[str, Path]:
    """The file of each stage.

    Raises:
        WeightsFileError: the package is not installed, or has no such files.
    """
    try:
        listed = importlib.metadata.files(PACKAGE) or []
    except importlib.metadata.PackageNotFoundError as error:
        raise WeightsFileError(
            "the package mtcnn is not installed; install the train extra, or give the weights as files"
        ) from error
    wanted = {f"{stage}.lz4": stage for stage in STAGES}
    found = {wanted[file.name]: Path(str(file.locate())) for file in listed if file.name in wanted}
    missing = [name for name, stage in wanted.items() if stage not in found or not found[stage].is_file()]
    if missing:
        raise WeightsFileError(f"the package mtcnn has no {missing[0]}; install mtcnn 1.0.0")
    return {stage: found[stage] for stage in STAGES}


def _arrays(path: Path, stage: str) -> Sequence[NDArray[np.float32]]:
    """What a file holds; the bytes that are checked are the bytes that are unpickled."""
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != KNOWN_SHA256[stage]:
        raise WeightsFileError(
            f"{path}: has SHA-256 {found}, not {KNOWN_SHA256[stage]}, so it is not read; install mtcnn 1.0.0"
        )
    arrays: Sequence[NDArray[np.float32]] = joblib.load(io.BytesIO(content))
    return arrays


def state_from_keras(stage: str, arrays: Sequence[NDArray[np.float32]]) -> dict[str, Tensor]:
    """Keras' weights of a stage in our names and axes.

    Args:
        stage: "pnet", "rnet" or "onet".
        arrays: in Keras' order: of each convolution kernel (rows, columns, in, out), bias and slopes (1, 1, out); of the dense layer
            (in, out), bias and slopes; of each head, in the order boxes, landmarks, scores, kernel and bias.

    Raises:
        WeightsFileError: they are too many, too few, or of other shapes.
    """
    wanted = build(stage).state_dict()
    names = _keras_order(list(wanted))
    if len(arrays) != len(names):
        raise WeightsFileError(f"{PACKAGE}, {stage}: holds {len(arrays)} arrays, {len(names)} were expected")
    state = {name: _in_our_axes(name, np.asarray(array)) for name, array in zip(names, arrays, strict=True)}
    for name, tensor in state.items():
        if tensor.shape != wanted[name].shape:
            shapes = f"is {tuple(tensor.shape)}, not {tuple(wanted[name].shape)}"
            raise WeightsFileError(f"{PACKAGE}, {stage}: {name} {shapes}; install mtcnn 1.0.0")
    return state


def _keras_order(names: Sequence[str]) -> list[str]:
    """Our names in the order of Keras' list, which differs in the heads alone; their names end in _1, _2 and _3."""
    heads = {place: [name for name in names if f"_{place}." in name] for place in HEAD_ORDER}
    body = [name for name in names if not any(name in head for head in heads.values())]
    return body + [name for place in HEAD_ORDER for name in heads[place]]


def _in_our_axes(name: str, array: NDArray[np.float32]) -> Tensor:
    if "prelu" in name:
        array = array.reshape(-1)
    elif array.ndim == 4:
        array = array.transpose(3, 2, 0, 1)
    elif array.ndim == 2:
        array = array.T
    return torch.from_numpy(np.array(array, np.float32, order="C"))
