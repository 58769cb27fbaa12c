"""`detector-train`: one subcommand for each thing that can be trained or shown."""

import argparse
import io
import os
import sys
from collections.abc import Callable, Sequence

from models.classify.command import add_parser as add_classify
from models.detect.command import add_parser as add_detect
from models.errors import ModelsError
from models.faces.command import add_parser as add_faces
from models.mtcnn.command import add_parser as add_mtcnn
from models.progress import emit
from models.summary.command import add_parser as add_summary

COMMANDS: tuple[Callable[["argparse._SubParsersAction[argparse.ArgumentParser]"], None], ...] = (
    add_detect,
    add_classify,
    add_mtcnn,
    add_faces,
    add_summary,
)


def build_parser() -> argparse.ArgumentParser:
    """The command line; a subcommand's `start` runs it."""
    parser = argparse.ArgumentParser("detector-train", description="Train a model that detector-export can export.")
    families = parser.add_subparsers(dest="family", required=True)
    for add in COMMANDS:
        add(families)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point of the command; returns the exit status."""
    _write_in_any_encoding()
    given = build_parser().parse_args(arguments)
    try:
        given.start(given)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has left, as `head` does
        _write_to_nobody()
        return 1
    except ModelsError as error:
        if getattr(given, "progress", "") == "json":
            emit("error", message=str(error))
        print(f"detector-train: {error}", file=sys.stderr)
        return error.status
    except KeyboardInterrupt:
        print("detector-train: interrupted", file=sys.stderr)
        return 130
    return 0


def _write_in_any_encoding() -> None:
    """Puts "?" for what an output's encoding lacks, such as "─" or somebody's class names: no run is to die of that."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _write_to_nobody() -> None:
    """Lets what is still in the buffer of standard output go nowhere when Python closes it."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


if __name__ == "__main__":
    sys.exit(main())
