"""`detector-train classify`."""

import argparse
from dataclasses import replace
from pathlib import Path

from models.classify.settings import ClassifyRecipe, ClassifySettings, parse_options, parse_size, read_recipe
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
from models.setting_table import add_settings, given_settings

ONNX_NAME = "classifier.onnx"


def add_parser(families: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The subcommand; settings of a run come from the settings table."""
    parser = families.add_parser("classify", help="train a classifier: what is it", formatter_class=HelpWithDefaults)
    parser.set_defaults(start=train_classifier)
    _add_data(parser)
    _add_transfer(parser)
    add_settings(parser, ClassifySettings)
    add_machine(parser)


def _add_data(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what to train")
    group.add_argument(
        "--data",
        default="",
        metavar="FOLDER",
        help="FOLDER/CLASS/… or FOLDER/{train,val,test}/CLASS/…; or the word digits",
    )
    group.add_argument("--model", default="", metavar="NAME", help="architecture: detector-train list shows them")
    group.add_argument("--option", action="append", default=[], metavar="K=V", help="an option of the architecture")
    group.add_argument("--size", default="", metavar="H,W", help="input in pixels; otherwise the published one")
    add_source_note(group)
    group.add_argument("--recipe", type=Path, help="TOML with data, model and settings; options given here win")
    group.add_argument("--data-root", type=Path, default=Path(), help="folder that the recipe's path starts from")
    group.add_argument("--out", type=Path, required=True, help="folder for weights, checkpoints, metrics and pictures")
    group.add_argument("--preview", type=Path, metavar="PNG", help="only write a sheet of augmented pictures")
    add_endings(group, ONNX_NAME)


def _add_transfer(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("learning from what another network knows")
    group.add_argument("--from", dest="start_from", type=Path, metavar="FILE", help="weights, ours or torchvision's")
    group.add_argument(
        "--transfer",
        default="",
        metavar="WAY",
        help="head: only the last layer learns, on features kept on disk; last:N: the last N layers; full: all",
    )
    group.add_argument("--cache", type=Path, metavar="DIR", help="folder for features; otherwise in the user's cache")
    group.add_argument("--clear-cache", action="store_true", help="forget the features of earlier runs first")


def recipe_from(given: argparse.Namespace) -> ClassifyRecipe:
    """The recipe, with the options of the command line over it.

    Raises:
        RecipeError: no data, no model, or an option that cannot be.
    """
    recipe = read_recipe(given.recipe, given.data_root) if given.recipe else ClassifyRecipe(ClassifySettings())
    recipe = replace(
        recipe,
        settings=replace(recipe.settings, **given_settings(ClassifySettings, given)),
        data=given.data or recipe.data,
        model=given.model or recipe.model,
        options={**recipe.options, **parse_options(given.option)},
        size_hw=parse_size(given.size) if given.size else recipe.size_hw,
        notes={**recipe.notes, **given_notes(given)},
    )
    if not recipe.data:
        raise RecipeError("no data: give --data FOLDER, --data digits, or --recipe FILE")
    if not recipe.model:
        raise RecipeError("no network: give --model NAME; detector-train list shows them")
    return recipe


def train_classifier(given: argparse.Namespace) -> None:
    """Runs the subcommand.

    Raises:
        ModelsError: see `models.classify.run.train`.
    """
    recipe = recipe_from(given)
    resume = last_checkpoint(given.out, resume=given.resume)
    if given.transfer and not given.start_from:
        raise RecipeError(f"--transfer {given.transfer}: say from which weights with --from FILE")
    # torch takes seconds to import, and --help needs none of it
    from models.classify.layers import parse_transfer
    from models.classify.preparing import prepare, write_sheet
    from models.classify.run import WEIGHTS_NAME, Order, train

    transfer = parse_transfer(given.transfer or ("full" if given.start_from else ""))
    make_out_folder(given.out)
    if given.preview:
        write_sheet(prepare(recipe, given.out), given.preview, recipe.settings.seed)
        print(f"{given.preview}: written; nothing was trained")
        return
    if not resume:
        require_unused(given.out)
    if given.clear_cache:
        _clear(given.cache)
    json_progress = given.progress == "json"
    machine, draw = given_machine(given), not given.no_pictures
    train(Order(recipe, given.out, machine, transfer, given.start_from, given.cache, resume, json_progress, draw))
    export_best(given, "classifier", WEIGHTS_NAME, ONNX_NAME)


def _clear(folder: Path | None) -> None:
    from models.classify.feature_cache import FeatureCache, user_cache

    gone = FeatureCache(folder or user_cache(), 0).clear()
    print(f"{gone} kept features removed")
