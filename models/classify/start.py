"""The network that a run begins with: new, or filled from a checkpoint of ours or of torchvision's."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from torch import nn

from models.backbones.registry import Architecture, create
from models.backbones.weights import load_weights, read_state
from models.classify.checkpoint import FAMILY
from models.classify.spec import ClassifierSpec, spec_from_json
from models.weights_file import stated_entry


@dataclass(frozen=True)
class Start:
    """A network, and the names of its parameters that came from a file."""

    network: nn.Module
    pretrained: frozenset[str] = frozenset()


def start_from(architecture: Architecture, spec: ClassifierSpec, path: Path | None) -> Start:
    """The network of `spec`, filled from a file as far as that fits.

    The head is taken over only if the file has the same classes: by name where the file is ours, by number where it is not.
    Otherwise it begins anew, the auxiliary classifiers' heads with it.

    Args:
        architecture: of the network.
        spec: what is to be trained.
        path: a checkpoint of ours or torchvision's, or None for random weights.

    Raises:
        WeightsFileError: the file is missing, unreadable or of another network.
    """
    network = create(spec.architecture, len(spec.classes), **spec.options)
    if path is None:
        return Start(network)
    new_head = not _same_classes(path, architecture, spec.classes)
    report = load_weights(network, architecture, path, new_head=new_head)
    return Start(network, frozenset(report.loaded))


def _same_classes(path: Path, architecture: Architecture, classes: Sequence[str]) -> bool:
    ours = stored_spec(path)
    if ours is not None:
        return ours.classes == tuple(classes)
    heads = [tensor for name, tensor in read_state(path).items() if name == f"{architecture.head}.weight"]
    return bool(heads) and len(heads[0]) == len(classes)


def stored_spec(path: Path) -> ClassifierSpec | None:
    """What a file says of itself, if it is a classifier of ours.

    Raises:
        WeightsFileError: it says so, but in a way that is not understood.
    """
    if path.suffix != ".safetensors" or not path.is_file():
        return None
    entry = stated_entry(path)
    return spec_from_json(entry["spec"]) if entry.get("family") == FAMILY else None
