"""The recipe of a classifier: from the weights file that training writes, or from a state dict in torchvision's layout."""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from torch import Tensor, nn

from detector_app.model_card import InputSpec, ModelCard, OutputSpec
from export.card_parts import metrics_of, training_of
from export.errors import ExportError, reading
from export.files import check_source, sha256_of
from export.recipe import Recipe, TensorSpec
from models.backbones.registry import create, describe
from models.backbones.weights import load_weights
from models.classify.checkpoint import load_classifier
from models.classify.settings import parse_options, parse_size
from models.classify.spec import ClassifierSpec
from models.provenance import Provenance

# Of 256 pixels the centre 224, as torchvision's reference validates.
PUBLISHED_CROP = 0.875


class LogitsOnly(nn.Module):
    """A classifier as a graph with one output."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, pictures: Tensor) -> tuple[Tensor]:
        """(N, C, H, W) float32 to the logits, (N, classes)."""
        return (self.network(pictures),)


@dataclass(frozen=True)
class ForeignClassifier:
    """A state dict without a word about itself, and what must be known to use it.

    Attributes:
        model: a name of the registry of backbones.
        weights: .safetensors, .pt or .pth.
        names: class names, one a line.
        size_hw: (height, width) of the input; None for the published one.
        options: of the architecture.
    """

    model: str
    weights: Path
    names: Path
    size_hw: tuple[int, int] | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


def classifier_recipe(weights: Path, name: str, licence: str) -> Recipe:
    """The recipe of a ``.safetensors`` file written by detector-train classify.

    Raises:
        ExportError: the file cannot be read, or holds another family of models.
    """
    check_source(weights)
    todo = "Give a file that detector-train classify wrote, or say with --model and --names what it is."
    with reading(weights, todo=todo):
        network, spec, provenance = load_classifier(weights)
    return _recipe(network, _card(spec, provenance, name, licence, sha256_of(weights)))


def foreign_recipe(given: ForeignClassifier, name: str, licence: str) -> Recipe:
    """The recipe of a network of the registry with weights that somebody trained, in torchvision's layout.

    Raises:
        ExportError: a file is missing or malformed, the network is unknown, or they do not fit each other.
    """
    check_source(given.weights)
    check_source(given.names)
    classes = read_names(given.names)
    with reading(given.weights, todo="Check --model, and that the weights and the names belong together."):
        architecture = describe(given.model)
        spare = {"auxiliaries": False} if "auxiliaries" in architecture.options else {}
        network = create(given.model, len(classes), **{**spare, **given.options})
        load_weights(network, architecture, given.weights)
    spec = ClassifierSpec(
        architecture=architecture.name,
        classes=classes,
        input_hw=given.size_hw or architecture.input_hw,
        channels=architecture.input_channels,
        mean=architecture.mean,
        std=architecture.std,
        crop_fraction=PUBLISHED_CROP if architecture.input_channels == 3 else 1.0,
        options=given.options,
    )
    return _recipe(network, _card(spec, Provenance(), name, licence, sha256_of(given.weights)))


def classifier_from_options(options: argparse.Namespace) -> Recipe:
    """The recipe of what the command was given: a file of ours, or with ``--model`` a state dict.

    Raises:
        ExportError: the options do not go together; or as the two recipes raise it.
    """
    if not options.model:
        if options.names or options.size or options.option:
            what = "--names, --size and --option are for weights that do not say what they are"
            raise ExportError(str(options.weights), what=what, todo="Add --model, or leave them out.")
        return classifier_recipe(options.weights, options.name, options.licence)
    if options.names is None:
        raise ExportError(
            str(options.weights),
            what="the weights do not hold the names of their classes",
            todo="Give them with --names FILE.",
        )
    with reading(options.weights, todo="Mend the option."):
        size = parse_size(options.size) if options.size else None
        chosen = parse_options(options.option)
    foreign = ForeignClassifier(options.model, options.weights, options.names, size, chosen)
    return foreign_recipe(foreign, options.name, options.licence)


def read_names(path: Path) -> tuple[str, ...]:
    """One class name a line; a name that comes twice, as "crane" does in ImageNet's lists, gets a number."""
    todo = "Give a text file with one class name a line, in the order of the network's outputs."
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise ExportError(str(path), what="the names are not UTF-8 text", todo=todo) from error
    names = [line.strip() for line in lines if line.strip()]
    if not names:
        raise ExportError(str(path), what="there is no name in it", todo=todo)
    numbered = [
        f"{one} ({names[:place].count(one) + 1})" if one in names[:place] else one for place, one in enumerate(names)
    ]
    if len(set(numbered)) != len(numbered):
        raise ExportError(str(path), what="names come twice", todo=todo)
    return tuple(numbered)


def _recipe(network: nn.Module, card: ModelCard) -> Recipe:
    return Recipe(LogitsOnly(network).eval(), card, (TensorSpec("logits", ("batch", len(card.classes))),))


def _card(spec: ClassifierSpec, provenance: Provenance, name: str, licence: str, sha256: str) -> ModelCard:
    grey = spec.channels == 1
    mean, std = (tuple(values * 3 if grey else values) for values in (spec.mean, spec.std))
    return ModelCard(
        name=name,
        task="classify",
        decoder="classifier",
        input=InputSpec(
            name="pictures",
            size_hw=spec.input_hw,
            channel_order="GREY" if grey else "RGB",
            mean=(mean[0], mean[1], mean[2]),
            std=(std[0], std[1], std[2]),
            resize="crop",
            crop_fraction=spec.crop_fraction,
        ),
        outputs=(OutputSpec("logits", "logits"),),
        classes=spec.classes,
        weights_sha256=sha256,
        licence=licence,
        training=training_of(provenance),
        metrics=metrics_of(provenance),
    )
