"""An argument of the command as a declaration, from which the parser, its help and the description for other programs are made."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KINDS = ("file", "folder", "choice", "flag", "text")


@dataclass(frozen=True)
class Argument:
    """One option of the command line.

    Attributes:
        flag: with its dashes.
        help: an English sentence, without capital and full stop.
        kind: one of :data:`KINDS`; a "flag" takes no value.
        required: it must be given.
        default: what counts when it is left out, as it would be written; paths have none.
        choices: of a "choice".
        suffixes: of a "file": endings that fit, with their dots; none for any.
        metavar: stands for the value in the help.
        repeated: it may be given several times, and its value is a list.
    """

    flag: str
    help: str
    kind: str = "text"
    required: bool = False
    default: str = ""
    choices: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    metavar: str | None = None
    repeated: bool = False

    def add_to(self, parser: argparse.ArgumentParser) -> None:
        """Make ``parser`` understand it."""
        if self.kind == "flag":
            parser.add_argument(self.flag, action="store_true", help=self.help)
            return
        options: dict[str, Any] = {"help": self.help, "required": self.required}
        if self.kind in ("file", "folder"):
            options |= {"type": Path, "metavar": self.metavar or ("DIR" if self.kind == "folder" else "FILE")}
        else:
            options |= {"default": self.default}
        if self.kind == "text" and self.metavar:
            options |= {"metavar": self.metavar}
        if self.choices:
            # argparse does not compare a default with the choices, so that an empty one stands for "as it was trained".
            options |= {"choices": self.choices}
        if self.repeated:
            options |= {"action": "append", "default": []}
        parser.add_argument(self.flag, **options)

    def described(self) -> dict[str, Any]:
        """The same for another program, as JSON values."""
        return {
            "flag": self.flag,
            "help": self.help,
            "kind": self.kind,
            "required": self.required,
            "default": self.default,
            "choices": list(self.choices),
            "suffixes": list(self.suffixes),
            "repeated": self.repeated,
        }
