"""The options that every family has, and the description of all of them for a program that offers a form."""

from __future__ import annotations

from typing import Any

from export.arguments import Argument
from export.families import FAMILIES, Family
from export.variants import VARIANTS

PROGRESS = Argument("--progress", "how to report progress", "choice", default="text", choices=("text", "json"))
"""Not described: who starts the command for somebody else chooses it himself."""


def options_of(family: Family) -> tuple[Argument, ...]:
    """A family's own arguments, and those that all families have."""
    where = "the folder to write the .onnx files into" if family.cascade else "the .onnx file to write"
    place = "folder" if family.cascade else "file"
    common = (
        Argument("--out", where, place, required=True, suffixes=() if family.cascade else (".onnx",)),
        Argument("--name", "the model's name in its card; default: the name of --out"),
        Argument("--licence", "licence of the weights, for the card"),
        Argument("--no-picture", "leave out the picture of the proof beside the file", "flag"),
    )
    if family.cascade:  # the later stages take as many crops as the first one finds
        return (*family.arguments, *common)
    batch = Argument("--batch", "batch size of the graph", "choice", default="symbolic", choices=("symbolic", "1"))
    name = next(one for one, known in FAMILIES.items() if known is family)
    offered = [one for one in VARIANTS if not one.families or name in one.families]
    return (*family.arguments, *common, batch, *(argument for one in offered for argument in one.arguments))


def describe() -> dict[str, Any]:
    """All families with their arguments, as JSON values."""
    return {
        "families": [
            {
                "name": name,
                "help": family.help,
                "cascade": family.cascade,
                "arguments": [argument.described() for argument in options_of(family)],
            }
            for name, family in FAMILIES.items()
        ]
    }
