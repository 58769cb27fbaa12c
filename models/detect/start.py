"""Weights to start a detector from: another detector of ours, a Darknet file, or a checkpoint of the backbone's network."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import numpy as np
import torch
from torch import Tensor, nn

from models.darknet.layers import Convolution
from models.darknet.network import DarknetNetwork
from models.detect.anchors import overlap_of_sizes
from models.detect.checkpoint import FAMILY, load_yolo
from models.detect.spec import YoloSpec
from models.detect.start_backbone import Started, darknet_tensors, network_tensors, read_darknet, require_backbone
from models.detect.yolo import Yolo
from models.weights_file import stated_family

AnchorSizes = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class LearntHead:
    """The last layer of one scale, (B·(5+C), width, 1, 1) and its bias, and what its rows are about."""

    weight: Tensor
    bias: Tensor
    anchors_px: AnchorSizes
    scale_xy: float


@dataclass(frozen=True)
class StartingPoint:
    """What a file offers: tensors by our names, its last layers by stride, and their classes."""

    tensors: Mapping[str, Tensor]
    heads: Mapping[int, LearntHead] = field(default_factory=dict)
    classes: tuple[str, ...] = ()


def start_from(model: Yolo, path: Path) -> Started:
    """Copies what fits into a model.

    A last layer is carried over where all that leads to it is. Each anchor takes what the anchor most like it has learnt: boxes (which
    stay where they were, whatever the anchor's size), objectness, and the classes of the same name.

    Args:
        model: freshly initialised.
        path: a `.safetensors` of ours, of which every tensor of the same name and shape is taken; a Darknet `.weights`
            with its `.cfg` beside it under the same name (and its `.names`, if it is to know its classes), of which the backbone
            is taken, and neck and heads where they are `slim`; or a state dict of the backbone's network (torchvision's, or a
            classifier of ours), of which the backbone is taken.

    Raises:
        WeightsFileError: the file cannot be read, or its backbone is another one.
        CfgError: the .cfg is missing or malformed.
    """
    point = _read(path, model)
    own = model.state_dict()
    last = {name for name, module in model.named_modules() if module in _last_layers(model)}
    fitting = {
        name: value
        for name, value in point.tensors.items()
        if name in own and own[name].shape == value.shape and name.rpartition(".")[0] not in last
    }
    require_backbone(own, fitting, path)
    model.load_state_dict(fitting, strict=False)
    fresh = {name.rpartition(".")[0] for name in own.keys() - fitting.keys()} - last
    carried = sum(
        _carry(model, scale, point)
        for scale in range(len(model.spec.strides))
        if not any(layer.startswith(("neck.", f"heads.{scale}.")) for layer in fresh)
    )
    known = tuple(name for name in model.spec.classes if name in point.classes) if carried else ()
    return Started(len(fitting) + 2 * carried, len(own), known)


def _read(path: Path, model: Yolo) -> StartingPoint:
    if path.suffix == ".weights":
        return _from_darknet(model, path)
    if stated_family(path) == FAMILY:
        return _from_ours(path, model.spec)
    return StartingPoint(network_tensors(path))


def _from_ours(path: Path, wanted: YoloSpec) -> StartingPoint:
    network, spec, _ = load_yolo(path)
    factor = wanted.input_size / spec.input_size
    heads = {
        stride: LearntHead(layer.weight, cast(Tensor, layer.bias), _times(anchors, factor), spec.scale_xy)
        for stride, layer, anchors in zip(spec.strides, _last_layers(network), spec.anchors_px, strict=True)
    }
    return StartingPoint(network.state_dict(), heads, spec.classes)


def _from_darknet(model: Yolo, path: Path) -> StartingPoint:
    network = read_darknet(path)
    heads = _darknet_heads(network, model.spec.input_size / network.picture.width)
    return StartingPoint(darknet_tensors(_in_darknet_order(model), network), heads, _darknet_names(path, network))


def _darknet_heads(network: DarknetNetwork, factor: float) -> dict[int, LearntHead]:
    """The last convolutions by stride; none of a network that decodes otherwise than by `box_coder`."""
    found: dict[int, LearntHead] = {}
    for layer in network.plan:
        head = layer.head
        if head is None or head.squared_size or head.softmax or head.activated:
            continue
        conv = cast(Convolution, network.layers[layer.sources[0]]).conv
        anchors = _times(head.anchors_wh_px, factor)
        found[head.stride] = LearntHead(conv.weight, cast(Tensor, conv.bias), anchors, head.scale_xy)
    return found


def _darknet_names(path: Path, network: DarknetNetwork) -> tuple[str, ...]:
    """The lines of the `.names` file under the same name, or of the only one in the folder; () if they are not the heads' classes."""
    beside = path.with_suffix(".names")
    found = [beside] if beside.is_file() else sorted(path.parent.glob("*.names"))
    if len(found) != 1:
        return ()
    lines = found[0].read_text(encoding="utf-8", errors="replace").split("\n")
    names = tuple(line.strip() for line in lines if line.strip())
    return names if all(head.classes == len(names) for head in network.heads) else ()


def _carry(model: Yolo, scale: int, point: StartingPoint) -> bool:
    """Copies the rows of one scale's last layer that mean the same in both networks; tells whether there are any."""
    spec, last, learnt = model.spec, _last_layers(model)[scale], point.heads.get(model.spec.strides[scale])
    if learnt is None or learnt.weight.shape[1] != last.weight.shape[1]:
        return False
    ours, theirs = np.array(spec.anchors_px[scale]), np.array(learnt.anchors_px)
    closest = overlap_of_sizes(ours, theirs).argmax(axis=1)
    same = [(row, point.classes.index(name)) for row, name in enumerate(spec.classes) if name in point.classes]
    bias = cast(Tensor, last.bias).detach().view(len(ours), spec.values_per_anchor)
    for own, given in ((last.weight.detach(), learnt.weight), (bias, learnt.bias)):
        mine = own.view(len(ours), spec.values_per_anchor, -1)
        chosen = given.detach().view(len(theirs), -1, mine.shape[2])[closest]
        mine[:, :5] = chosen[:, :5]
        # A cell of another reach: the same centres to the first order, sigmoid(t)·s having the slope s / 4.
        mine[:, :2] *= learnt.scale_xy / spec.scale_xy
        for row, place in same:
            mine[:, 5 + row] = chosen[:, 5 + place]
    bias[:, 2:4] += torch.from_numpy(np.log(theirs[closest] / ours)).float()  # the same size: anchor·exp(t)
    return True


def _times(anchors: AnchorSizes, factor: float) -> AnchorSizes:
    return tuple((width * factor, height * factor) for width, height in anchors)


def _last_layers(model: Yolo) -> list[nn.Conv2d]:
    return [cast(nn.Conv2d, cast(nn.Sequential, head)[-1]) for head in model.heads]


def _in_darknet_order(model: Yolo) -> list[tuple[str, nn.Module]]:
    """The parts by name, as Darknet's files list them: the deep head before the shallow one."""
    parts: list[tuple[str, nn.Module]] = [("backbone", model.backbone)]
    if model.spec.heads == "slim":
        parts += [("neck", model.neck), *((f"heads.{i}", head) for i, head in reversed([*enumerate(model.heads)]))]
    return parts
