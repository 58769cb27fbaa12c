"""The command `detector-export`: one subcommand per family of models."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence

from export.draft import Variant
from export.errors import ExportError
from export.exporting import Exported, export_cascade, export_recipe
from export.families import FAMILIES
from export.inspection.command import add_inspect, execute_inspect
from export.options import PROGRESS, describe, options_of
from export.progress import JsonProgress, Progress, TextProgress, stages_with
from export.recipe import CascadeRecipe, Recipe, with_fixed_batch
from export.ultralytics import add_ultralytics, execute_ultralytics
from export.variants import chosen_variants


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code: 0 when a verified file was written, 1 otherwise."""
    options = _parser().parse_args(arguments)
    execute = _COMMANDS.get(options.family, _export_family)
    return execute(options)


def _describe(_options: argparse.Namespace) -> int:
    print(json.dumps(describe(), ensure_ascii=False, indent=2))
    return 0


_COMMANDS = {"describe": _describe, "inspect": execute_inspect, "ultralytics": execute_ultralytics}
"""What the command does besides exporting."""


def _export_family(options: argparse.Namespace) -> int:
    family = FAMILIES[options.family]
    options.name = options.name or (options.out.resolve().name if family.cascade else options.out.stem)
    progress = _progress(options.progress, ())
    try:
        variants = () if family.cascade else chosen_variants(options)
        progress = _progress(options.progress, variants)
        progress.stage("read", "Reading the weights")
        exported = _export(family.recipe(options), options, variants, progress)
    except ExportError as error:
        progress.failed(error)
        return 1
    assert exported.card.parity is not None  # noqa: S101 (an export without one does not return)
    progress.done(str(exported.path), exported.size_bytes, exported.nodes, exported.card.parity, exported.picture)
    return 0


def _export(
    recipe: Recipe | CascadeRecipe, options: argparse.Namespace, variants: Sequence[Variant], progress: Progress
) -> Exported:
    picture = not options.no_picture
    if isinstance(recipe, CascadeRecipe):
        return export_cascade(recipe, options.out, progress, picture=picture)
    if options.batch == "1":
        recipe = with_fixed_batch(recipe)
    return export_recipe(recipe, options.out, progress, variants, picture=picture)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="detector-export", description="Trained models to verified ONNX files with a model card."
    )
    families = parser.add_subparsers(dest="family", required=True, metavar="FAMILY")
    for name, family in FAMILIES.items():
        subparser = families.add_parser(name, help=family.help, description=family.help)
        for argument in (*options_of(family), PROGRESS):
            argument.add_to(subparser)
    text = "print all families and their arguments as JSON"
    families.add_parser("describe", help=text, description=text)
    add_ultralytics(families)
    add_inspect(families)
    return parser


def _progress(kind: str, variants: Sequence[Variant]) -> Progress:
    stages = stages_with([variant.stage for variant in variants])

    def write(line: str) -> None:
        print(line, flush=True)

    def complain(line: str) -> None:
        print(f"detector-export: {line}", file=sys.stderr, flush=True)

    return JsonProgress(write, stages) if kind == "json" else TextProgress(write, complain, stages)


if __name__ == "__main__":
    sys.exit(main())
