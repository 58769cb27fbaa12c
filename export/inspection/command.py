"""`detector-export inspect FILE`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from export.errors import ExportError
from export.inspection.inspecting import inspect_file

HELP = "say what a file is, without running anything in it"
DESCRIPTION = (
    "Say what a file is, what is in it, and which command takes it: weights, checkpoints, ONNX, Darknet's files and others. "
    "Nothing in it is run, imported or unpacked. The exit status is 1 if it cannot be read, and 3 if something speaks against opening it."
)
OK, UNREADABLE, DANGEROUS = 0, 1, 3


def add_inspect(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("inspect", help=HELP, description=DESCRIPTION)
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else on standard output")


def execute_inspect(options: argparse.Namespace) -> int:
    """Inspect and print; returns the exit status."""
    try:
        found = inspect_file(options.file)
        size = options.file.stat().st_size
    except ExportError as error:
        print(f"detector-export: error: {error}", file=sys.stderr)
        return UNREADABLE
    if options.json:
        print(json.dumps(found.as_data(str(options.file), size), ensure_ascii=False, indent=2))
    else:
        print(found.as_text(str(options.file), size))
    return DANGEROUS if found.dangers else OK
