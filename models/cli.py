"""`detector-train`: one subcommand for each family of models."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from models.detect.settings import Recipe, TrainingSettings, convert, item_type, read_recipe
from models.errors import ModelsError, RecipeError
from models.progress import emit


def build_parser() -> argparse.ArgumentParser:
    """The command line; settings of a run come from the settings table."""
    parser = argparse.ArgumentParser("detector-train", description="Train a model that detector-export can export.")
    families = parser.add_subparsers(dest="family", required=True)
    detect = families.add_parser("detect", help="a detector: what is where", formatter_class=_HelpWithDefaults)
    detect.set_defaults(start=train_detector)
    _add_data(detect)
    _add_settings(detect)
    _add_machine(detect)
    return parser


class _HelpWithDefaults(argparse.ArgumentDefaultsHelpFormatter):
    """Shows a default only where there is one."""

    def _get_help_string(self, action: argparse.Action) -> str | None:
        return action.help if action.default in (None, [], False) else super()._get_help_string(action)


def _add_data(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what to train on")
    group.add_argument(
        "--data",
        type=Path,
        action="append",
        default=[],
        metavar="PATH",
        help="COCO .json, YOLO .yaml, or a folder of either or of VOC .xml; repeat to merge sets by class name",
    )
    group.add_argument("--classes", default="", metavar="A,B", help="names to keep, in id order")
    group.add_argument(
        "--source-note",
        action="append",
        default=[],
        metavar="SET=LICENCE;ATTRIBUTION",
        help="what a set's licence asks to be said; otherwise read from its ORIGIN.md or LICENSE",
    )
    group.add_argument("--recipe", type=Path, help="TOML with data, classes and settings; options given here win")
    group.add_argument("--data-root", type=Path, default=Path(), help="folder that the recipe's paths start from")
    group.add_argument("--model", choices=["yolo"], default="yolo", help="architecture")
    group.add_argument("--out", type=Path, required=True, help="folder for weights, checkpoints and metrics")
    group.add_argument("--resume", action="store_true", help="go on from the last checkpoint in the output folder")
    group.add_argument("--progress", choices=["bar", "json"], default="bar", help="json: one object a line")


def _add_settings(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("settings")
    for one in fields(TrainingSettings):
        many = isinstance(one.default, tuple)
        text = f"{one.metadata['help']} (default: {one.default})"
        group.add_argument(
            f"--{one.name.replace('_', '-')}", type=item_type(one), nargs="*" if many else None, help=text
        )


def _add_machine(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("where to compute (passed to Lightning's Trainer)")
    group.add_argument("--accelerator", default="auto", help="cpu, gpu, mps or auto")
    group.add_argument("--devices", default="auto", help="how many, or which")
    group.add_argument("--num-nodes", type=int, default=1, help="machines")
    group.add_argument("--strategy", default="auto", help="ddp, fsdp and others")
    group.add_argument("--precision", default="32-true", help="32-true, 16-mixed, bf16-mixed and others")


def recipe_from(given: argparse.Namespace) -> Recipe:
    """The recipe, with the options of the command line over it.

    Raises:
        RecipeError: no data at all, or an option that cannot be.
    """
    recipe = read_recipe(given.recipe, given.data_root) if given.recipe else Recipe(TrainingSettings())
    named = {one.name: getattr(given, one.name) for one in fields(TrainingSettings)}
    changes: dict[str, Any] = {name: convert(name, value) for name, value in named.items() if value is not None}
    notes = dict(note.partition("=")[::2] for note in given.source_note)
    classes = tuple(name for name in given.classes.split(",") if name) or recipe.classes
    data = tuple(given.data) or recipe.data
    if not data:
        raise RecipeError("no data: give --data PATH or --recipe FILE")
    return Recipe(replace(recipe.settings, **changes), data, classes, {**recipe.notes, **notes})


def train_detector(given: argparse.Namespace) -> None:
    """Runs `detector-train detect`."""
    from models.detect.run import Machine, Order, train  # torch takes seconds to import, and --help needs none of it

    last = given.out / "checkpoints" / "last.ckpt"
    if given.resume and not last.is_file():
        raise RecipeError(f"{last}: no checkpoint to resume from; start without --resume")
    try:
        given.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RecipeError(f"{given.out}: the folder cannot be made ({error.strerror}); choose another --out") from error
    machine = Machine(given.accelerator, given.devices, given.num_nodes, given.strategy, given.precision)
    train(Order(recipe_from(given), given.out, machine, last if given.resume else None, given.progress == "json"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point of the command; returns the exit status."""
    given = build_parser().parse_args(arguments)
    try:
        given.start(given)
    except ModelsError as error:
        if given.progress == "json":
            emit("error", message=str(error))
        print(f"detector-train: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
