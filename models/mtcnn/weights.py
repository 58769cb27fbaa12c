"""Weights of the three networks: read from files by name or from the `mtcnn` package, and written after training."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

import torch
from torch import Tensor

from models.backbones.weights import read_state
from models.errors import WeightsFileError
from models.mtcnn.networks import STAGES, FaceNetwork, build
from models.mtcnn.package import package_states
from models.provenance import Provenance
from models.weights_file import StoredModel, read_weights, stated_family, write_weights

FAMILY = "mtcnn"
SUFFIXES = (".safetensors", ".pt")
Networks = Mapping[str, FaceNetwork]

# `digest_of` the weights that the authors released, whichever file they come from.
RELEASED_SHA256 = "305a42dff8cef57df058893bec8d09a63fc16e234d116daa45cd9b19375c71b3"


def networks_from_folder(folder: Path) -> dict[str, FaceNetwork]:
    """The cascade from {pnet,rnet,onet}.safetensors or .pt, in the names of facenet-pytorch's state dicts; in evaluation mode.

    Raises:
        WeightsFileError: a file is missing, unreadable, or holds another network.
    """
    return {stage: _read(stage, path) for stage, path in weight_files(folder).items()}


def networks_before(stage: str, folder: Path) -> list[FaceNetwork]:
    """The stages that come before one, of a folder as :func:`networks_from_folder` reads; in evaluation mode.

    Raises:
        WeightsFileError: a file is missing, unreadable, or holds another network.
    """
    before = list(STAGES)[: list(STAGES).index(stage)]
    return [_read(one, path) for one, path in weight_files(folder, before).items()]


def save_stage(path: Path, stage: str, network: FaceNetwork, provenance: Provenance) -> None:
    """Writes the weights of one network to a .safetensors file, whole or not at all."""
    write_weights(path, StoredModel(FAMILY, {"net": stage}, provenance, network.state_dict()))


def provenances_in(folder: Path) -> dict[str, Provenance]:
    """By stage what the files of :func:`save_stage` in a folder say of where they come from; others say nothing.

    Raises:
        WeightsFileError: a file is missing, or what it says cannot be understood.
    """
    paths = weight_files(folder)
    own = {stage: path for stage, path in paths.items() if stated_family(path) == FAMILY}
    return {stage: read_weights(path, FAMILY).provenance for stage, path in own.items()}


def _read(stage: str, path: Path) -> FaceNetwork:
    network = build(stage)
    wanted, given = network.state_dict(), read_state(path)
    if not network.has_landmarks:  # training may leave that head in the file
        given = {name: tensor for name, tensor in given.items() if not name.startswith(f"{network.landmark_head}.")}
    problems = [
        *(f"{name} is missing" for name in wanted if name not in given),
        *(f"{name} has no place" for name in given if name not in wanted),
        *(
            f"{name} is {tuple(given[name].shape)}, not {tuple(wanted[name].shape)}"
            for name in wanted
            if name in given and given[name].shape != wanted[name].shape
        ),
        *(f"{name} holds values that are not finite" for name in given if not given[name].isfinite().all()),
    ]
    if problems:
        raise WeightsFileError(f"{path}: does not fit {network.table.title}: {problems[0]}; give its own weights")
    network.load_state_dict(given)
    return network.eval()


def weight_files(folder: Path, stages: Iterable[str] = tuple(STAGES)) -> dict[str, Path]:
    """The file of each stage in a folder, a .safetensors before a .pt.

    Raises:
        WeightsFileError: the folder or a file is missing.
    """
    if not folder.is_dir():
        raise WeightsFileError(f"{folder}: there is no such folder; give the one that holds {', '.join(stages)}")
    found = {}
    for stage in stages:
        paths = [folder / f"{stage}{suffix}" for suffix in SUFFIXES]
        there = [path for path in paths if path.is_file()]
        if not there:
            raise WeightsFileError(
                f"{folder}: holds neither {paths[0].name} nor {paths[1].name}; train or get it first"
            )
        found[stage] = there[0]
    return found


def networks_from_package() -> dict[str, FaceNetwork]:
    """The cascade with the weights inside the `mtcnn` package, which is not imported; in evaluation mode.

    Raises:
        WeightsFileError: it is not installed, or its files are not those that are known.
    """
    networks = {}
    for stage, state in package_states().items():
        networks[stage] = build(stage)
        networks[stage].load_state_dict(state)
        networks[stage].eval()
    return networks


def digest_of(networks: Networks) -> str:
    """SHA-256 over names and float32 values of all tensors, hexadecimal: the same for the same weights, whatever file they were in."""
    digest = hashlib.sha256()
    for stage in STAGES:
        for name, tensor in sorted(networks[stage].state_dict().items()):
            digest.update(f"{stage}.{name} {list(tensor.shape)}\n".encode())
            digest.update(_bytes(tensor))
    return digest.hexdigest()


def _bytes(tensor: Tensor) -> bytes:
    return tensor.detach().to("cpu", torch.float32).contiguous().numpy().astype("<f4").tobytes()
