"""The command `detector-export`: one subcommand per family of models."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from export.classifier import ForeignClassifier, classifier_recipe, foreign_recipe
from export.darknet import DarknetFiles, darknet_recipe
from export.embedder import embedder_recipe
from export.errors import ExportError, reading
from export.exporting import Exported, export_cascade, export_recipe
from export.mtcnn import mtcnn_recipe
from export.progress import JsonProgress, Progress, TextProgress
from export.recipe import CascadeRecipe, Recipe, with_fixed_batch
from export.yolo import yolo_recipe
from models.classify.settings import parse_options, parse_size


@dataclass(frozen=True)
class Family:
    """A subcommand: its help, its own arguments, and how they become a recipe; a cascade is written as several files into a folder."""

    help: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    recipe: Callable[[argparse.Namespace], Recipe | CascadeRecipe]
    cascade: bool = False


def _yolo_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--weights", type=Path, required=True, help="the .safetensors file that detector-train wrote")


def _darknet_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--cfg", type=Path, required=True, help="the network's .cfg")
    parser.add_argument("--weights", type=Path, required=True, help="its .weights")
    parser.add_argument("--names", type=Path, required=True, help="its class names, one a line")
    parser.add_argument(
        "--resize",
        choices=("letterbox", "stretch"),
        default="",
        help="how pictures are brought to the input's size; default: stretch, or letterbox if the .cfg says letter_box=1",
    )


def _darknet_recipe(options: argparse.Namespace) -> Recipe:
    files = DarknetFiles(options.cfg, options.weights, options.names)
    return darknet_recipe(files, options.name, options.licence, options.resize)


def _mtcnn_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--weights",
        type=Path,
        metavar="DIR",
        help="the folder of pnet, rnet and onet, .safetensors or .pt; default: the released weights in the package mtcnn",
    )


def _classifier_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--weights", type=Path, required=True, help="what detector-train classify wrote; with --model, any state dict"
    )
    parser.add_argument(
        "--model", default="", help="the network that the weights belong to, as detector-train list names it"
    )
    parser.add_argument("--names", type=Path, help="with --model: the class names, one a line")
    parser.add_argument(
        "--size", default="", metavar="H,W", help="with --model: the input in pixels, if not the published one"
    )
    parser.add_argument(
        "--option", action="append", default=[], metavar="K=V", help="with --model: an option of the architecture"
    )


def _classifier_recipe(options: argparse.Namespace) -> Recipe:
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


FAMILIES: Mapping[str, Family] = {
    "yolo": Family(
        "our own anchor YOLO",
        _yolo_arguments,
        lambda options: yolo_recipe(options.weights, options.name, options.licence),
    ),
    "classifier": Family(
        "classifiers: ours, and networks trained with torchvision", _classifier_arguments, _classifier_recipe
    ),
    "mtcnn": Family(
        "MTCNN: three networks that find faces and their landmarks",
        _mtcnn_arguments,
        lambda options: mtcnn_recipe(options.weights, options.name, options.licence),
        cascade=True,
    ),
    "embedder": Family(
        "our own embedders of faces",
        _yolo_arguments,
        lambda options: embedder_recipe(options.weights, options.name, options.licence),
    ),
    "darknet": Family("YOLOv2, v3 and v4 of Darknet", _darknet_arguments, _darknet_recipe),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code: 0 when a verified file was written, 1 otherwise."""
    options = _parser().parse_args(arguments)
    family = FAMILIES[options.family]
    options.name = options.name or (options.out.resolve().name if family.cascade else options.out.stem)
    progress = _progress(options.progress)
    try:
        progress.stage("read", "Reading the weights")
        exported = _export(family.recipe(options), options, progress)
    except ExportError as error:
        progress.failed(error)
        return 1
    assert exported.card.parity is not None  # noqa: S101 (an export without one does not return)
    progress.done(str(exported.path), exported.size_bytes, exported.nodes, exported.card.parity)
    return 0


def _export(recipe: Recipe | CascadeRecipe, options: argparse.Namespace, progress: Progress) -> Exported:
    if isinstance(recipe, CascadeRecipe):
        return export_cascade(recipe, options.out, progress)
    if options.batch == "1":
        recipe = replace(recipe, card=with_fixed_batch(recipe.card))
    return export_recipe(recipe, options.out, progress)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="detector-export", description="Trained models to verified ONNX files with a model card."
    )
    families = parser.add_subparsers(dest="family", required=True, metavar="FAMILY")
    for name, family in FAMILIES.items():
        subparser = families.add_parser(name, help=family.help, description=family.help)
        family.add_arguments(subparser)
        out = "the folder to write the .onnx files into" if family.cascade else "the .onnx file to write"
        subparser.add_argument("--out", type=Path, required=True, help=out)
        subparser.add_argument("--name", default="", help="the model's name in its card; default: the name of --out")
        subparser.add_argument("--licence", default="", help="licence of the weights, for the card")
        if not family.cascade:  # the later stages take as many crops as the first one finds
            subparser.add_argument(
                "--batch", choices=("symbolic", "1"), default="symbolic", help="batch size of the graph"
            )
        subparser.add_argument("--progress", choices=("text", "json"), default="text", help="how to report progress")
    return parser


def _progress(kind: str) -> Progress:
    def write(line: str) -> None:
        print(line, flush=True)

    def complain(line: str) -> None:
        print(f"detector-export: {line}", file=sys.stderr, flush=True)

    return JsonProgress(write) if kind == "json" else TextProgress(write, complain)


if __name__ == "__main__":
    sys.exit(main())
