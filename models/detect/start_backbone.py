"""Weights for the first part of a network: from a detector of ours, a Darknet file, or a checkpoint of the backbone's network."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor, nn

from models.backbones.weights import read_state
from models.darknet.layers import Convolution
from models.darknet.network import DarknetNetwork, read_network
from models.darknet.weights import load_weights
from models.errors import WeightsFileError
from models.weights_file import read_weights, stated_family

BACKBONE = "backbone."
DETECTORS = ("yolo", "yolo-v1", "faster-rcnn", "fast-rcnn")
"""Families whose files hold a backbone under that name."""


@dataclass(frozen=True)
class Started:
    """How many of a network's tensors were taken from a file, and which of its classes the file knew; the rest stay as initialised."""

    taken: int
    of: int
    known: tuple[str, ...] = ()

    def text(self, file: str) -> str:
        """One sentence."""
        known = f"; of the classes it knows {', '.join(self.known)}" if self.known else ""
        return f"{self.taken} of {self.of} tensors start from {file}{known}"


def start_backbone(model: nn.Module, path: Path) -> Started:
    """Copies the backbone of a file into `model.backbone`, and of a detector of the same family whatever else fits.

    Args:
        model: freshly initialised; it has a `backbone`.
        path: a `.safetensors` of ours, a Darknet `.weights` with its `.cfg` beside it under the same name, or a state dict of the
            backbone's network (torchvision's, or a classifier of ours).

    Raises:
        WeightsFileError: the file cannot be read, or its backbone is another one.
        CfgError: the .cfg is missing or malformed.
    """
    own = model.state_dict()
    found = _tensors(model, path)
    fitting = {name: value for name, value in found.items() if name in own and own[name].shape == value.shape}
    require_backbone(own, fitting, path)
    model.load_state_dict(fitting, strict=False)
    return Started(len(fitting), len(own))


def require_backbone(own: Mapping[str, Tensor], fitting: Mapping[str, Tensor], path: Path) -> None:
    """Refuses a file of which only some convolutions of the backbone can be taken.

    Raises:
        WeightsFileError: so it is.
    """
    if not all(name in fitting for name in own if name.startswith(BACKBONE) and own[name].ndim == 4):
        raise WeightsFileError(f"{path}: has another backbone than the model to train; choose it by --backbone")


def _tensors(model: nn.Module, path: Path) -> Mapping[str, Tensor]:
    if path.suffix == ".weights":
        return darknet_tensors([("backbone", model.get_submodule("backbone"))], read_darknet(path))
    if (family := stated_family(path)) in DETECTORS:
        return read_weights(path, family).tensors
    return network_tensors(path)


def network_tensors(path: Path) -> dict[str, Tensor]:
    """A state dict of a backbone's network by the names that a detector with it has."""
    return {f"{BACKBONE}body.{name}": value for name, value in read_state(path).items()}


def read_darknet(path: Path) -> DarknetNetwork:
    """The network of a Darknet `.weights` with its `.cfg` beside it.

    Raises:
        WeightsFileError: the weights do not fit.
        CfgError: the .cfg is missing or malformed.
    """
    network = read_network(path.with_suffix(".cfg"))
    load_weights(network, path)
    return network


def darknet_tensors(parts: Sequence[tuple[str, nn.Module]], network: DarknetNetwork) -> dict[str, Tensor]:
    """Darknet's tensors by our names, as far as the kinds of convolution agree.

    Both networks list their convolutions in the order of computation; a Darknet file has no names to go by.

    Args:
        parts: modules of ours with their names, in that order.
        network: the Darknet network.
    """
    theirs = [module for module in network.layers if isinstance(module, Convolution)]
    tensors: dict[str, Tensor] = {}
    for (name, unit), layer in zip((u for prefix, part in parts for u in _units(part, prefix)), theirs, strict=False):
        if isinstance(unit, nn.Conv2d) != (layer.norm is None):
            break
        if layer.norm is not None:
            tensors |= {f"{name}.0.{key}": value for key, value in layer.conv.state_dict().items()}
            tensors |= {f"{name}.1.{key}": value for key, value in layer.norm.state_dict().items()}
    return tensors


def _units(network: nn.Module, prefix: str) -> list[tuple[str, nn.Module]]:
    """The convolution units of a network (convolution, batch norm, activation or none) and its bare convolutions with a bias."""
    return [
        (f"{prefix}.{name}", module)
        for name, module in network.named_modules()
        if (isinstance(module, nn.Sequential) and len(module) > 1 and isinstance(module[1], nn.BatchNorm2d))
        or (isinstance(module, nn.Conv2d) and module.bias is not None)
    ]
