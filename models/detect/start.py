"""Weights to start a detector from: another detector of ours, a Darknet file, or a checkpoint of the backbone's network."""

from dataclasses import dataclass
from pathlib import Path

from torch import Tensor, nn

from models.backbones.weights import read_state
from models.darknet.layers import Convolution
from models.darknet.network import read_network
from models.darknet.weights import load_weights
from models.detect.checkpoint import FAMILY, load_yolo
from models.detect.yolo import Yolo
from models.errors import WeightsFileError
from models.weights_file import stated_family


@dataclass(frozen=True)
class Started:
    """How many of a network's tensors were taken from a file; the rest stay as initialised."""

    taken: int
    of: int


def start_from(model: Yolo, path: Path) -> Started:
    """Copies what fits into a model.

    Args:
        model: freshly initialised.
        path: a `.safetensors` of ours, of which every tensor of the same name and shape is taken; a Darknet `.weights`
            with its `.cfg` beside it under the same name, or a state dict of the backbone's network (torchvision's, or a
            classifier of ours), of which the backbone is taken.

    Raises:
        WeightsFileError: the file cannot be read, or its backbone is another one.
        CfgError: the .cfg is missing or malformed.
    """
    if path.suffix == ".weights":
        tensors = _from_darknet(model, path)
    else:
        tensors = _from_ours(path) if stated_family(path) == FAMILY else _from_network(path)
    own = model.state_dict()
    fitting = {name: value for name, value in tensors.items() if name in own and own[name].shape == value.shape}
    if not all(name in fitting for name in own if name.startswith("backbone.") and own[name].ndim == 4):
        raise WeightsFileError(f"{path}: has another backbone than the model to train; choose it by --backbone")
    model.load_state_dict(fitting, strict=False)
    return Started(len(fitting), len(own))


def _from_network(path: Path) -> dict[str, Tensor]:
    return {f"backbone.body.{name}": value for name, value in read_state(path).items()}


def _from_ours(path: Path) -> dict[str, Tensor]:
    return dict(load_yolo(path)[0].state_dict())


def _from_darknet(model: Yolo, path: Path) -> dict[str, Tensor]:
    """Both networks list their convolutions in the order of computation; a Darknet file has no names to go by."""
    network = read_network(path.with_suffix(".cfg"))
    load_weights(network, path)
    theirs = [module for module in network.layers if isinstance(module, Convolution)]
    ours = _units(model.backbone, "backbone")
    tensors: dict[str, Tensor] = {}
    for (name, _unit), layer in zip(ours, theirs, strict=False):
        if layer.norm is None:
            break
        tensors |= {f"{name}.0.{key}": value for key, value in layer.conv.state_dict().items()}
        tensors |= {f"{name}.1.{key}": value for key, value in layer.norm.state_dict().items()}
    return tensors


def _units(network: nn.Module, prefix: str) -> list[tuple[str, nn.Sequential]]:
    """The convolution units of a network (convolution, batch norm, activation or none) by name."""
    return [
        (f"{prefix}.{name}", module)
        for name, module in network.named_modules()
        if isinstance(module, nn.Sequential) and len(module) > 1 and isinstance(module[1], nn.BatchNorm2d)
    ]
