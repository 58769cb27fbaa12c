"""The recipes of Fast and Faster R-CNN, each one graph.

Faster R-CNN is one graph, proposals and their suppression inside, and not two sessions with the host in between: the maps never leave
the provider, the host copies nothing, and the batch, the picture's sides and the number of proposals stay symbolic, zero among them.
On the CPU, where nothing has to be copied to a device, both ways cost the same (BENCHMARKS.md, "Faster R-CNN as one graph or two"): what
decides is that one file is simpler to run, and the copies that a GPU is spared.
"""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from detector_app.model_card import InputSpec, ModelCard, OutputSpec, RegionSpec, SizeRange
from export.card_parts import metrics_of, training_of
from export.classifier import read_names
from export.errors import ExportError, reading
from export.files import check_source, sha256_of
from export.recipe import Alteration, Companion, Recipe, Shape, TensorSpec, Tolerance
from export.region_operators import translations
from models.provenance import Provenance
from models.rcnn.checkpoint import load_fast_rcnn, load_faster_rcnn
from models.rcnn.faster_rcnn import FasterRcnn
from models.rcnn.spec import RegionHeadSpec
from models.rcnn.torchvision_weights import load_torchvision

MOST_PX = 4096
TORCHVISION = "fasterrcnn_resnet50_fpn"
REGIONS = "regions"
COUNTS = (7, 1, 40, 0)
"""Regions of the inputs of a verification in turn."""
# Boxes are pixels, and a side is up to thousands of them: float32 carries about seven digits.
BOX_TOLERANCE = Tolerance(absolute=5e-3, relative=1e-4)
# Probabilities: fifty layers of ResNet in another order of sums move them by 2e-4, and a box's score may differ by 1e-3.
SCORE_TOLERANCE = Tolerance(absolute=5e-4, relative=0.0)
TOLERANCES = {
    "region_boxes": BOX_TOLERANCE,
    "proposals": BOX_TOLERANCE,
    "region_scores": SCORE_TOLERANCE,
    "objectness": SCORE_TOLERANCE,
}
# Every proposed side becomes shorter than the least.
NO_PROPOSALS = Alteration("no proposals", {"proposing.box.bias": lambda bias: torch.full_like(bias, -1e4)})


def faster_rcnn_recipe(weights: Path, name: str, licence: str) -> Recipe:
    """The recipe of a ``.safetensors`` file of a Faster R-CNN, written by detector-train.

    Raises:
        ExportError: the file cannot be read, or holds another family of models.
    """
    check_source(weights)
    with reading(weights, todo="Give a file that detector-train detect --model faster-rcnn wrote."):
        network, _, provenance = load_faster_rcnn(weights)
    return recipe_of_faster(network, provenance, name, licence, sha256_of(weights))


def faster_rcnn_from_options(options: argparse.Namespace) -> Recipe:
    """The recipe of what the command was given: a file of ours, or with ``--model`` torchvision's state dict.

    Raises:
        ExportError: the options do not go together, or a file cannot be read or does not fit.
    """
    if options.model:
        return torchvision_recipe(options.weights, options.names, options.name, options.licence)
    if options.names is not None:
        what = "--names is for weights that do not name their classes"
        raise ExportError(str(options.weights), what=what, todo="Add --model, or leave it out.")
    return faster_rcnn_recipe(options.weights, options.name, options.licence)


def torchvision_recipe(weights: Path, names: Path | None, name: str, licence: str) -> Recipe:
    """The recipe of a state dict of torchvision's ``fasterrcnn_resnet50_fpn``; without ``names``, COCO's or numbers.

    Raises:
        ExportError: a file cannot be read, or holds another number of classes.
    """
    check_source(weights)
    with reading(weights, todo="Give a state dict of torchvision's fasterrcnn_resnet50_fpn."):
        network, spec = load_torchvision(weights)
    if names is not None:
        check_source(names)
        classes = read_names(names)
        if len(classes) != len(spec.classes):
            what = f"{len(classes)} names, but the weights have {len(spec.classes)} classes behind the background"
            raise ExportError(str(names), what=what, todo="Give the names that belong to the weights.")
        network.spec = dataclasses.replace(spec, classes=classes)
    return recipe_of_faster(network, Provenance(), name, licence, sha256_of(weights))


def recipe_of_faster(network: FasterRcnn, provenance: Provenance, name: str, licence: str, sha256: str) -> Recipe:
    """The recipe of a Faster R-CNN, however it was loaded; ``sha256`` is that of its file."""
    count = len(network.spec.classes)
    outputs = (
        TensorSpec("region_scores", (REGIONS, count)),
        TensorSpec("region_boxes", (REGIONS, count, 4)),
        TensorSpec("picture_ids", (REGIONS,), "int64"),
        TensorSpec("proposals", (REGIONS, 4)),
        TensorSpec("objectness", (REGIONS,)),
    )
    card = _card(network.spec, provenance, outputs, name, licence, sha256)
    card = dataclasses.replace(
        card, decoder="faster_rcnn", regions=RegionSpec(source="graph", most=network.spec.proposals)
    )
    return Recipe(
        network,
        card,
        outputs,
        tolerances=TOLERANCES,
        rows=True,
        alterations=(NO_PROPOSALS,),
        translations=translations(),
    )


def fast_rcnn_recipe(weights: Path, name: str, licence: str) -> Recipe:
    """The recipe of a ``.safetensors`` file of a Fast R-CNN, written by detector-train.

    Raises:
        ExportError: the file cannot be read, or holds another family of models.
    """
    check_source(weights)
    with reading(weights, todo="Give a file that detector-train detect --model fast-rcnn wrote."):
        network, spec, provenance = load_fast_rcnn(weights)
    count = len(spec.classes)
    outputs = (
        TensorSpec("region_scores", (REGIONS, count)),
        TensorSpec("region_boxes", (REGIONS, count, 4)),
    )
    card = _card(spec, provenance, outputs, name, licence, sha256_of(weights))
    source = RegionSpec("selective_search", spec.proposals, REGIONS, side_px=spec.side_px, scales=spec.scales)
    card = dataclasses.replace(card, decoder="fast_rcnn", regions=source)
    companion = Companion(TensorSpec(REGIONS, (REGIONS, 5)), some_regions)
    return Recipe(network, card, outputs, (companion,), tolerances=TOLERANCES, translations=translations())


def some_regions(pictures: Shape, number: int, generator: np.random.Generator) -> NDArray[Any]:
    """(R, 5) float32 regions of all pictures, some of them hardly a pixel wide, reaching over an edge, or the whole picture."""
    count, _, height, width = pictures
    wanted = COUNTS[number % len(COUNTS)]
    corners = np.sort(generator.uniform(-0.1, 1.1, (wanted, 2, 2)), axis=1).reshape(-1, 4) * np.array(
        [width, height] * 2
    )
    corners[1::5, 2:] = corners[1::5, :2] + 0.3
    corners[2::5] = 0, 0, width, height
    owners = generator.integers(0, count, (wanted, 1))
    return np.concatenate((owners, corners), axis=1).astype(np.float32)


def _card(
    spec: RegionHeadSpec,
    provenance: Provenance,
    outputs: tuple[TensorSpec, ...],
    name: str,
    licence: str,
    sha256: str,
) -> ModelCard:
    multiple = max(spec.backbone.strides)
    return ModelCard(
        name=name,
        task="detect",
        decoder="",
        input=InputSpec(
            name="images",
            size_hw=(spec.input_size, spec.input_size),
            dynamic=SizeRange(multiple, MOST_PX // multiple * multiple, multiple),
            channel_order=spec.channel_order.upper(),
            scale=spec.pixel_scale,
            resize="letterbox",
            pad_value=spec.pad_value,
        ),
        outputs=tuple(OutputSpec(output.name, output.name) for output in outputs),
        classes=spec.classes,
        weights_sha256=sha256,
        licence=licence,
        training=training_of(provenance),
        metrics=metrics_of(provenance),
    )
