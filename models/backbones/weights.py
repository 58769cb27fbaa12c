"""Weights from files of others and of ours into a network of the registry, without running anything that a file brings.

Read are safetensors, and what `torch.save` wrote of a plain state dict: torchvision's and timm's checkpoints, those of training
scripts that keep theirs under "state_dict" or "model", and those of networks within others; see `foreign_names`.
"""

import functools
import pickle
import types
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from models.backbones.architecture import Architecture
from models.backbones.foreign_names import NESTED, in_our_names
from models.backbones.registry import create, describe, names
from models.errors import WeightsFileError
from models.torch_archive import ArchiveError, check_archive

COUNTER = "num_batches_tracked"
SHOWN = 3
STARTS = (b"PK", b"\x80")  # of what `torch.save` writes: a zip archive; before 2020, a pickle


@dataclass(frozen=True)
class LoadReport:
    """What became of a file's tensors.

    Attributes:
        loaded: names that were taken over.
        left: names that the network keeps as it was initialised, with the reason.
        ignored: names of the file that the network has no place for, with the reason.
    """

    loaded: tuple[str, ...]
    left: Mapping[str, str] = field(default_factory=lambda: types.MappingProxyType({}))
    ignored: Mapping[str, str] = field(default_factory=lambda: types.MappingProxyType({}))


def load_weights(model: nn.Module, architecture: Architecture, path: Path, *, new_head: bool = False) -> LoadReport:
    """Fills a network from a file; it is left untouched if the file does not fit.

    Args:
        model: a network that `architecture` builds; its tensors are overwritten where they are (dtype and device stay).
        architecture: what it is.
        path: .safetensors, .pt or .pth.
        new_head: keep the head, and auxiliary heads, as initialised: the file may be of another number of classes.

    Returns:
        What was loaded and what was not.

    Raises:
        WeightsFileError: the file is missing, unreadable, holds more than tensors, or belongs to another network.
    """
    given = read_state(path)
    wanted = model.state_dict()
    left = _left(architecture, wanted, given, new_head=new_head)
    ignored = _ignored(architecture, wanted, given)
    taken = {name: tensor for name, tensor in given.items() if name not in left and name not in ignored}
    problems = _problems(wanted, taken, left)
    if problems:
        raise WeightsFileError(_message(path, architecture, given, problems))
    for name, tensor in taken.items():
        if not tensor.to(wanted[name].dtype).isfinite().all():
            raise WeightsFileError(
                f"{path}: {name} holds values that are not finite in {wanted[name].dtype}; use an earlier checkpoint"
            )
    with torch.no_grad():
        for name, tensor in taken.items():
            wanted[name].copy_(tensor)
    return LoadReport(tuple(taken), types.MappingProxyType(left), types.MappingProxyType(ignored))


def read_state(path: Path) -> dict[str, Tensor]:
    """The state dict of a file, on the CPU, in the names that our networks have.

    Raises:
        WeightsFileError: the file is missing, unreadable, or holds more than tensors.
    """
    if not path.is_file():
        raise WeightsFileError(f"{path}: no such weights file")
    held = _read_safetensors(path) if path.suffix == ".safetensors" else _read_torch(path)
    for key in NESTED:
        if isinstance(held, Mapping) and isinstance(held.get(key), Mapping):
            held = held[key]
    if not isinstance(held, Mapping) or not held:
        raise WeightsFileError(f"{path}: holds {type(held).__name__}, a state dict was expected; {_REMEDY}")
    odd = [name for name, tensor in held.items() if not (isinstance(name, str) and isinstance(tensor, Tensor))]
    if odd:
        raise WeightsFileError(f"{path}: entry {odd[0]!r} is no tensor, so this is no state dict; {_REMEDY}")
    special = [name for name, tensor in held.items() if not _plain(tensor)]
    if special:
        raise WeightsFileError(f"{path}: {special[0]} is quantised, sparse, complex or without values; {_REMEDY}")
    return in_our_names(held)


def _plain(tensor: Tensor) -> bool:
    return tensor.layout == torch.strided and not (tensor.is_quantized or tensor.is_complex() or tensor.is_meta)


_REMEDY = "save `model.state_dict()` by itself, best as safetensors"


def _read_safetensors(path: Path) -> Any:
    try:
        return load_file(path)
    except (SafetensorError, OSError) as error:
        raise WeightsFileError(f"{path}: not a readable safetensors file ({error})") from error


def _read_torch(path: Path) -> Any:
    try:
        _check_start(path)
        check_archive(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch warns of TorchScript archives and then refuses them
            return torch.load(path, map_location="cpu", weights_only=True)
    except ArchiveError as error:
        raise WeightsFileError(f"{path}: not a readable PyTorch file ({error}); {_REMEDY}") from error
    except pickle.UnpicklingError as error:
        raise WeightsFileError(
            f"{path}: holds Python objects besides tensors, and loading those could run any code; where you trust it, {_REMEDY}"
        ) from error
    except (RuntimeError, EOFError, OSError, ValueError, KeyError, AttributeError) as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise WeightsFileError(f"{path}: not a readable PyTorch file ({first}); {_REMEDY}") from error


def _check_start(path: Path) -> None:
    """Torch takes a text for a pickle and warns of the code in it."""
    with path.open("rb") as file:
        if not file.read(2).startswith(STARTS):
            raise ValueError("nothing that torch.save wrote begins like this")


def _inside(name: str, modules: tuple[str, ...]) -> bool:
    return any(name.startswith(f"{module}.") for module in modules)


def _left(
    architecture: Architecture, wanted: Mapping[str, Tensor], given: Mapping[str, Tensor], *, new_head: bool
) -> dict[str, str]:
    left: dict[str, str] = {}
    for name in wanted:
        if new_head and _inside(name, (architecture.head, *architecture.auxiliary_heads)):
            left[name] = "a new head was asked for"
        elif name not in given and _inside(name, architecture.auxiliaries):
            left[name] = "the file has no auxiliary classifiers"
        elif name not in given and name.endswith(COUNTER):
            left[name] = "the file is from before batch norms counted"
    return left


def _ignored(architecture: Architecture, wanted: Mapping[str, Tensor], given: Mapping[str, Tensor]) -> dict[str, str]:
    return {
        name: "the network has no auxiliary classifiers"
        for name in given
        if name not in wanted and _inside(name, architecture.auxiliaries)
    }


def _problems(wanted: Mapping[str, Tensor], given: Mapping[str, Tensor], left: Mapping[str, str]) -> list[str]:
    missing = [f"{name} is missing" for name in wanted if name not in given and name not in left]
    strange = [f"{name} has no place" for name in given if name not in wanted]
    shapes = [
        f"{name} is {tuple(given[name].shape)}, not {tuple(wanted[name].shape)}"
        for name in given
        if name in wanted and given[name].shape != wanted[name].shape
    ]
    return shapes + missing + strange


def _message(path: Path, architecture: Architecture, given: Mapping[str, Tensor], problems: list[str]) -> str:
    more = f" and {len(problems) - SHOWN} more" if len(problems) > SHOWN else ""
    found = f"{path}: does not fit {architecture.title}: {'; '.join(problems[:SHOWN])}{more}"
    return f"{found}; {_remedy(architecture, given)}"


def _remedy(architecture: Architecture, given: Mapping[str, Tensor]) -> str:
    likely = identify(given)
    if likely not in (None, architecture.name):
        return f"this looks like {likely}"
    if likely or _outline(given, architecture).keys() == _known_outline(architecture.name).keys():
        return "it is this network with other options or classes: build it alike, or ask for a new head"
    return "it is none of the networks that are known here"


Outline = Mapping[str, tuple[int, ...]]
"""Shapes by name, of what all state dicts of one network share: without heads' shapes, auxiliaries and counters."""


def identify(state: Mapping[str, Tensor]) -> str | None:
    """The name of the network that a state dict belongs to, whatever its number of classes; None if it is none."""
    return next((name for name in names() if _known_outline(name) == _outline(state, describe(name))), None)


@functools.cache
def _known_outline(name: str) -> Outline:
    with torch.device("meta"):
        return _outline(create(name).state_dict(), describe(name))


def _outline(state: Mapping[str, Tensor], row: Architecture) -> Outline:
    heads = (row.head, *row.auxiliary_heads)
    names_of_body = (name for name in state if not _inside(name, row.auxiliaries) and not name.endswith(COUNTER))
    return {name: () if _inside(name, heads) else tuple(state[name].shape) for name in names_of_body}
