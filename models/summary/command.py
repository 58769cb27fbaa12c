"""`detector-train summary` and `detector-train list`."""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from models.errors import RecipeError
from models.option_help import HelpWithDefaults

WEIGHTS = ".safetensors"
LONGEST_SIDE_PX = 1_000_000


def add_parser(families: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Both subcommands."""
    _add_summary(families)
    parser = families.add_parser("list", help="list the networks that there are", formatter_class=HelpWithDefaults)
    parser.set_defaults(start=list_networks)
    parser.add_argument("--json", action="store_true", help="print JSON")


def _add_summary(families: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = families.add_parser(
        "summary",
        help="show a network layer by layer",
        description="Output size, channels, stride, receptive field, parameters and multiply-adds of every layer.",
        formatter_class=HelpWithDefaults,
    )
    parser.set_defaults(start=show_summary)
    parser.add_argument("name", metavar="NAME", help=f"network that `list` shows, or {WEIGHTS} file of a trained one")
    parser.add_argument("--size", metavar="H,W", help="size of the picture; the published or trained one by default")
    parser.add_argument("--classes", type=int, metavar="N", help="outputs; the published number by default")
    parser.add_argument(
        "--option", action="append", default=[], metavar="K=V", help="option of the network; repeatable"
    )
    parser.add_argument("--layers", action="store_true", help="also layers that change no map: activations, dropout")
    parser.add_argument("--json", action="store_true", help="print JSON, with all layers")


def show_summary(given: argparse.Namespace) -> None:
    """Runs `summary`."""
    from models.summary.subject import named, read_options, trained  # torch takes seconds to import
    from models.summary.summary import summarise
    from models.summary.table import json_table, text_table

    if given.name.endswith(WEIGHTS):
        if given.classes or given.option:
            raise RecipeError(
                "a trained network has its classes and options already; leave --classes and --option away"
            )
        subject = trained(Path(given.name))
    else:
        subject = named(given.name, given.classes, read_options(given.name, given.option))
    height, width = _size(given.size) if given.size else subject.input_shape[1:]
    summary = summarise(subject.model, (subject.input_shape[0], height, width))
    if given.json:
        print(json.dumps({"title": subject.title, **json_table(summary)}))
    else:
        print(f"{subject.title}\n\n{text_table(summary, plain=given.layers)}")


def _size(text: str) -> tuple[int, int]:
    """Height and width of "H,W", or "N" for both."""
    try:
        sides = [int(part) for part in text.split(",")]
    except ValueError:
        sides = []
    if len(sides) not in (1, 2) or min(sides) < 1 or max(sides) > LONGEST_SIDE_PX:
        raise RecipeError(
            f"--size {text}: give height and width in pixels, as in 224,224; each from 1 to {LONGEST_SIDE_PX:,}"
        )
    return sides[0], sides[-1]


def list_networks(given: argparse.Namespace) -> None:
    """Runs `list`."""
    from models.summary.listing import listed, text_listing  # torch takes seconds to import

    if given.json:
        print(json.dumps([asdict(row) for row in listed()]))
        return
    for line in text_listing(listed()):
        print(line)
