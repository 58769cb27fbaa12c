"""The one list of what can be exported: families of models, the arguments that each takes, and how they become a recipe."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from export.arguments import Argument
from export.classifier import classifier_from_options
from export.darknet import DarknetFiles, darknet_recipe
from export.embedder import embedder_recipe
from export.mtcnn import mtcnn_recipe
from export.rcnn import rcnn_recipe
from export.recipe import CascadeRecipe, Recipe
from export.region_networks import TORCHVISION, fast_rcnn_recipe, faster_rcnn_from_options
from export.yolo import yolo_recipe
from export.yolo_v1 import yolo_v1_recipe

TRAINED = (".safetensors",)
STATE_DICTS = (".safetensors", ".pt", ".pth")


@dataclass(frozen=True)
class Family:
    """A subcommand of the command.

    Attributes:
        help: what it exports, in a few words.
        arguments: its own, besides those of :mod:`export.options` that all have.
        recipe: makes the recipe of what was parsed; raises ExportError.
        cascade: it is written as several files into a folder.
    """

    help: str
    arguments: tuple[Argument, ...]
    recipe: Callable[[argparse.Namespace], Recipe | CascadeRecipe]
    cascade: bool = False


def _weights(help_text: str, suffixes: tuple[str, ...] = TRAINED) -> Argument:
    return Argument("--weights", help_text, "file", required=True, suffixes=suffixes)


FAMILIES: Mapping[str, Family] = {
    "yolo": Family(
        "our own anchor YOLO",
        (_weights("the .safetensors file that detector-train wrote"),),
        lambda options: yolo_recipe(options.weights, options.name, options.licence),
    ),
    "yolo-v1": Family(
        "our own YOLOv1",
        (_weights("the .safetensors file that detector-train wrote"),),
        lambda options: yolo_v1_recipe(options.weights, options.name, options.licence),
    ),
    "rcnn": Family(
        "our own R-CNN, which takes crops",
        (_weights("the .safetensors file that detector-train wrote"),),
        lambda options: rcnn_recipe(options.weights, options.name, options.licence),
    ),
    "fast-rcnn": Family(
        "our own Fast R-CNN: a picture and proposals in",
        (_weights("the .safetensors file that detector-train wrote"),),
        lambda options: fast_rcnn_recipe(options.weights, options.name, options.licence),
    ),
    "faster-rcnn": Family(
        "Faster R-CNN as one graph: ours, and torchvision's",
        (
            _weights("the file that detector-train wrote; with --model, a state dict", STATE_DICTS),
            Argument("--model", "whose weights they are, if not ours", "choice", choices=(TORCHVISION,)),
            Argument("--names", "with --model: the class names, one a line", "file", suffixes=(".txt", ".names")),
        ),
        faster_rcnn_from_options,
    ),
    "classifier": Family(
        "classifiers: ours, and networks trained with torchvision",
        (
            _weights("what detector-train classify wrote; with --model, any state dict", STATE_DICTS),
            Argument("--model", "the network that the weights belong to, as detector-train list names it"),
            Argument("--names", "with --model: the class names, one a line", "file", suffixes=(".txt", ".names")),
            Argument("--size", "with --model: the input in pixels, if not the published one", metavar="H,W"),
            Argument("--option", "with --model: an option of the architecture", metavar="K=V", repeated=True),
        ),
        classifier_from_options,
    ),
    "mtcnn": Family(
        "MTCNN: three networks that find faces and their landmarks",
        (
            Argument(
                "--weights",
                "the folder of pnet, rnet and onet, .safetensors or .pt; default: the released weights in the package mtcnn",
                "folder",
            ),
        ),
        lambda options: mtcnn_recipe(options.weights, options.name, options.licence),
        cascade=True,
    ),
    "embedder": Family(
        "our own embedders of faces",
        (_weights("the .safetensors file that detector-train faces wrote"),),
        lambda options: embedder_recipe(options.weights, options.name, options.licence),
    ),
    "darknet": Family(
        "YOLOv2, v3 and v4 of Darknet",
        (
            Argument("--cfg", "the network's .cfg", "file", required=True, suffixes=(".cfg",)),
            _weights("its .weights", (".weights",)),
            Argument("--names", "its class names, one a line", "file", required=True, suffixes=(".names", ".txt")),
            Argument(
                "--resize",
                "how pictures are brought to the input's size; default: stretch, or letterbox if the .cfg says letter_box=1",
                "choice",
                choices=("letterbox", "stretch"),
            ),
        ),
        lambda options: darknet_recipe(
            DarknetFiles(options.cfg, options.weights, options.names), options.name, options.licence, options.resize
        ),
    ),
}
