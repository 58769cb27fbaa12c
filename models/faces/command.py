"""`detector-train faces`."""

import argparse
from dataclasses import replace
from pathlib import Path

from models.classify.settings import parse_options, parse_size
from models.errors import RecipeError
from models.faces.settings import FacesRecipe, FacesSettings, read_recipe
from models.machine import add_machine, given_machine
from models.option_help import HelpWithDefaults
from models.run_folder import add_endings, add_source_note, export_best, given_notes, make_out_folder, require_unused
from models.setting_table import add_settings, given_settings

ONNX_NAME = "embedder.onnx"
COLOURS = ("grey", "rgb")


def add_parser(families: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The subcommand; settings of a run come from the settings table."""
    parser = families.add_parser("faces", help="train an embedder: who is it", formatter_class=HelpWithDefaults)
    parser.set_defaults(start=train_faces)
    group = parser.add_argument_group("what to train")
    group.add_argument("--data", default="", metavar="FOLDER", help="FOLDER/PERSON/pictures")
    group.add_argument("--model", default="", metavar="NAME", help="small, deepid, or an architecture of the registry")
    group.add_argument("--option", action="append", default=[], metavar="K=V", help="an option of the architecture")
    group.add_argument("--size", default="", metavar="H,W", help="input in pixels (default: 64)")
    group.add_argument("--dimension", type=int, help="of the embedding (default: 128; DeepID's is 160)")
    group.add_argument("--colour", choices=COLOURS, help="of the input (default: grey)")
    group.add_argument(
        "--mirrored",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="embeddings are means over a picture and its mirror image (default: they are)",
    )
    group.add_argument("--context", type=float, help="how much around the face the input shows (default: 1)")
    group.add_argument(
        "--mtcnn", type=Path, metavar="FOLDER", help="weights that find landmarks; otherwise the package's"
    )
    group.add_argument("--threshold", type=float, metavar="T", help="for the model file, in place of the measured one")
    group.add_argument(
        "--measure", type=Path, metavar="FILE", help="train nothing: measure a weights file on people who are new to it"
    )
    add_source_note(group)
    group.add_argument("--recipe", type=Path, help="TOML with data, model and settings; options given here win")
    group.add_argument("--data-root", type=Path, default=Path(), help="folder that the recipe's path starts from")
    group.add_argument("--out", type=Path, required=True, help="folder for weights, checkpoints, metrics and pictures")
    add_endings(group, ONNX_NAME)
    add_settings(parser, FacesSettings)
    add_machine(parser)


def recipe_from(given: argparse.Namespace) -> FacesRecipe:
    """The recipe, with the options of the command line over it.

    Raises:
        RecipeError: no data, or an option that cannot be.
    """
    recipe = read_recipe(given.recipe, given.data_root) if given.recipe else FacesRecipe(FacesSettings())
    recipe = replace(
        recipe,
        settings=replace(recipe.settings, **given_settings(FacesSettings, given)),
        data=given.data or recipe.data,
        model=given.model or recipe.model,
        options={**recipe.options, **parse_options(given.option)},
        size_hw=parse_size(given.size) if given.size else recipe.size_hw,
        dimension=given.dimension or recipe.dimension,
        colour=given.colour or recipe.colour,
        mirrored=recipe.mirrored if given.mirrored is None else given.mirrored,
        context=given.context or recipe.context,
        notes={**recipe.notes, **given_notes(given)},
    )
    if not recipe.data:
        raise RecipeError("no data: give --data FOLDER with a folder of pictures for each person, or --recipe FILE")
    if recipe.colour not in COLOURS or not 1 <= recipe.dimension <= 4096:
        raise RecipeError(
            f"colour {recipe.colour!r}, dimension {recipe.dimension}: grey or rgb, and 1 to 4096, are wanted"
        )
    if not 0.5 <= recipe.context <= 2:
        raise RecipeError(f"context {recipe.context}: 0.5 to 2 is wanted")
    return recipe


def train_faces(given: argparse.Namespace) -> None:
    """Runs the subcommand.

    Raises:
        ModelsError: see `models.faces.run.train`.
    """
    recipe = recipe_from(given)
    # torch takes seconds to import, and --help needs none of it
    from models.faces.measuring import LANDMARKS_NAME, Telling, measure
    from models.faces.run import WEIGHTS_NAME, Order, train

    make_out_folder(given.out)
    if given.measure:
        telling = Telling(given.out, given.progress == "json", not given.no_pictures)
        measure(given.measure, Path(recipe.data), given.mtcnn, telling)
        return
    if given.resume:
        if not (given.out / LANDMARKS_NAME).is_file():
            raise RecipeError(f"{given.out}: no run to resume; start without --resume")
    else:
        for folder in (given.out, given.out / "fold-1"):
            require_unused(folder)
    json_progress, draw = given.progress == "json", not given.no_pictures
    machine = given_machine(given)
    train(Order(recipe, given.out, machine, given.mtcnn, given.threshold, given.resume, json_progress, draw))
    export_best(given, "embedder", WEIGHTS_NAME, ONNX_NAME)
