"""`detector-train detect`."""

import argparse
from dataclasses import replace
from pathlib import Path

from models.detect.model_options import add_model_settings, given_model_settings
from models.detect.recipe import Recipe, read_recipe
from models.detect.registry import DEFAULT_MODEL, MODELS, best_name, entry_of
from models.errors import RecipeError
from models.machine import add_machine, given_machine
from models.option_help import HelpWithDefaults
from models.run_folder import (
    add_endings,
    add_source_note,
    export_best,
    given_notes,
    last_checkpoint,
    make_out_folder,
    require_unused,
)


def add_parser(families: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The subcommand; settings of a run come from the settings table."""
    parser = families.add_parser("detect", help="train a detector: what is where", formatter_class=HelpWithDefaults)
    parser.set_defaults(start=train_detector)
    _add_data(parser)
    add_model_settings(parser)
    add_machine(parser)


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
    add_source_note(group)
    group.add_argument(
        "--backgrounds",
        type=Path,
        action="append",
        default=[],
        metavar="PATH",
        help="pictures, or a folder of them, that show none of the classes; repeatable",
    )
    group.add_argument(
        "--from",
        type=Path,
        dest="start_weights",
        metavar="FILE",
        help="weights to start from: a .safetensors of ours, or a Darknet .weights with its .cfg beside it",
    )
    group.add_argument("--recipe", type=Path, help="TOML with data, classes and settings; options given here win")
    group.add_argument("--data-root", type=Path, default=Path(), help="folder that the recipe's paths start from")
    group.add_argument("--model", choices=[*MODELS], help=f"what to train; without, the recipe's, or {DEFAULT_MODEL}")
    group.add_argument("--out", type=Path, required=True, help="folder for weights, checkpoints and metrics")
    group.add_argument("--report-only", action="store_true", help="tell and draw what the data is like; train nothing")
    add_endings(group, "MODEL.onnx")


def recipe_from(given: argparse.Namespace) -> Recipe:
    """The recipe, with the options of the command line over it.

    Raises:
        RecipeError: no data at all, an option that cannot be, or one that the model does not have.
    """
    recipe = _starting_recipe(given)
    classes = tuple(name for name in given.classes.split(",") if name) or recipe.classes
    data = tuple(given.data) or recipe.data
    if not data:
        raise RecipeError("no data: give --data PATH or --recipe FILE")
    settings = replace(recipe.settings, **given_model_settings(recipe.model, given))
    return replace(
        recipe,
        settings=settings,
        data=data,
        classes=classes,
        notes={**recipe.notes, **given_notes(given)},
        backgrounds=tuple(given.backgrounds) or recipe.backgrounds,
        start=given.start_weights or recipe.start,
    )


def _starting_recipe(given: argparse.Namespace) -> Recipe:
    if given.recipe:
        return read_recipe(given.recipe, given.data_root, given.model)
    model = given.model or DEFAULT_MODEL
    return Recipe(entry_of(model).settings(), model=model)


def train_detector(given: argparse.Namespace) -> None:
    """Runs the subcommand.

    Raises:
        ModelsError: see `models.detect.run.train` and `models.exported.export_weights`.
    """
    recipe, resume = recipe_from(given), last_checkpoint(given.out, resume=given.resume)
    if not (resume or given.report_only):
        require_unused(given.out)
    make_out_folder(given.out)
    # torch takes seconds to import, and --help needs none of it
    from models.detect.run import Order, train

    train(
        Order(
            recipe,
            given.out,
            given_machine(given),
            resume=resume,
            json_progress=given.progress == "json",
            report_only=given.report_only,
            draw=not given.no_pictures,
        )
    )
    if not given.report_only:
        export_best(given, recipe.model, best_name(recipe.model), f"{recipe.model}.onnx")
