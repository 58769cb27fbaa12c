"""The recipe of a Darknet detector, from its .cfg, .weights and .names."""

from dataclasses import dataclass
from pathlib import Path

from detector_app.model_card import AnchorHead, InputSpec, ModelCard, OutputSpec, SizeRange, Thresholds
from export.errors import ExportError, reading
from export.files import check_source, sha256_of
from export.recipe import Recipe
from export.yolo import head_tensors
from models.darknet.network import DarknetNetwork, read_network
from models.darknet.weights import load_weights

MOST_PX = 4096
# Darknet letterboxes on a grey of 0.5.
PAD_VALUE = 127
# What `darknet detector test` starts with.
THRESHOLDS = Thresholds(score=0.25, iou=0.45)


@dataclass(frozen=True)
class DarknetFiles:
    """The three files of a Darknet model."""

    cfg: Path
    weights: Path
    names: Path


def darknet_recipe(files: DarknetFiles, name: str, licence: str, resize: str = "") -> Recipe:
    """The recipe of a YOLOv2, v3 or v4 of Darknet.

    Args:
        files: the model.
        name: for the card.
        licence: of the weights, for the card.
        resize: "letterbox" or "stretch". Empty: as the network was trained, which in AlexeyAB's fork means stretched, unless its
            .cfg says ``letter_box=1``. (The original Darknet letterboxes; its .cfg files do not say so.)

    Raises:
        ExportError: a file is missing or malformed, they do not fit each other, or the .cfg asks for what is not supported.
    """
    for path in (files.cfg, files.weights, files.names):
        check_source(path)
    with reading(files.cfg, todo="Give the .cfg of a YOLOv2, v3 or v4 of these layers."):
        network = read_network(files.cfg)
    classes = _read_names(files.names, network)
    with reading(files.weights, todo="Check that the files belong together."):
        load_weights(network, files.weights)
    resize = resize or ("letterbox" if network.letterbox else "stretch")
    card = _card(network, classes, name, licence, resize, sha256_of(files.weights))
    return Recipe(network, card, head_tensors(card))


def _read_names(path: Path, network: DarknetNetwork) -> tuple[str, ...]:
    """One class name per line; as many as every head of the network has classes."""
    todo = "Give the .names file that the network was trained with."
    if not network.heads:
        todo = "Give the .cfg of a YOLOv2, v3 or v4."
        raise ExportError(network.where, what="it describes a classifier; only detectors are exported", todo=todo)
    if network.picture.channels != 3:
        what = f"the network takes {network.picture.channels} channels; only pictures in colour are supported"
        raise ExportError(network.where, what=what, todo="Give the .cfg of a network with channels=3.")
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise ExportError(str(path), what="the names are not UTF-8 text", todo=todo) from error
    names = tuple(line.strip() for line in lines if line.strip())
    expected = sorted({head.classes for head in network.heads})
    if [len(names)] != expected:
        what = f"{len(names)} names, but {network.where} has {' and '.join(map(str, expected))} classes"
        raise ExportError(str(path), what=what, todo=todo)
    return names


def _card(
    network: DarknetNetwork, classes: tuple[str, ...], name: str, licence: str, resize: str, sha256: str
) -> ModelCard:
    multiple = network.multiple
    heads = _heads(network)
    return ModelCard(
        name=name,
        task="detect",
        decoder="yolo_anchor",
        input=InputSpec(
            name="images",
            size_hw=network.picture.size,
            dynamic=SizeRange(multiple, max(MOST_PX // multiple, 8) * multiple, multiple),
            resize=resize,
            pad_value=PAD_VALUE,
        ),
        outputs=tuple(OutputSpec(head.output, "head") for head in heads),
        classes=classes,
        heads=heads,
        thresholds=THRESHOLDS,
        weights_sha256=sha256,
        licence=licence,
    )


def _heads(network: DarknetNetwork) -> tuple[AnchorHead, ...]:
    """The card's heads, named by stride; a second head of the same stride gets a number."""
    names: list[str] = []
    for head in network.heads:
        repeats = sum(other.stride == head.stride for other in network.heads[: len(names)])
        names.append(f"head_{head.stride}" + (f"_{repeats + 1}" if repeats else ""))
    return tuple(
        AnchorHead(
            output=output,
            stride=head.stride,
            anchors_wh_px=head.anchors_wh_px,
            scale_xy=head.scale_xy,
            box_transform="square" if head.squared_size else "exp",
            class_activation="softmax" if head.softmax else "sigmoid",
            activated=head.activated,
        )
        for output, head in zip(names, network.heads, strict=True)
    )
