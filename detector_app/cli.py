"""The command ``detector-app``: the window, or one of the commands that need none."""

from __future__ import annotations

import argparse
import importlib
import io
import os
import sys
from collections.abc import Sequence
from typing import cast

from detector_app import __version__
from detector_app.errors import DetectorError, SettingError
from detector_app.settings import TABLE

OK, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130

COMMANDS: dict[str, tuple[str, str]] = {
    "run": ("detector_app.commands.run", "detect without a window and write the results"),
    "analyse": ("detector_app.commands.analyse", "look at every frame of videos once, and keep what is found"),
    "info": ("detector_app.commands.info", "what a model is, and where it runs"),
    "eval": ("detector_app.commands.evaluate", "how good a model is on annotated pictures"),
    "compare": ("detector_app.commands.compare", "how far two models agree on the same frames"),
    "explain": ("detector_app.commands.explain", "why a box is there, or why none is"),
    "layers": ("detector_app.commands.layers", "the layers of a network, their sizes and receptive fields"),
    "patches": ("detector_app.commands.patches", "the nine patches that most excite a unit of a network"),
    "faces": ("detector_app.commands.faces", "who a face is: enrol people, compare pictures, find somebody"),
    "models": ("detector_app.commands.models", "public trained models: list, get, remove, verify"),
}
"""Name → module with ``add_parser`` and ``execute``, and a line for the help. A module is imported only when its command is used."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``detector-app`` with ``arguments`` (default: the process's). Returns the exit code; argparse may exit with 0 or 2 itself."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that has no “→” must not end a run
    try:
        args = _command_parser(words[0]).parse_args(words) if words and words[0] in COMMANDS else _window(words)
        status = cast("int", args.execute(args))
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has left, as `head` does
        _write_to_nobody()
        return FAILED
    except DetectorError as error:
        print(f"detector-app: {error}", file=sys.stderr)
        return USAGE if isinstance(error, SettingError) else FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    return status


def _write_to_nobody() -> None:
    """Let what is still in the buffer of standard output go nowhere when Python closes it."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _command_parser(name: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="detector-app")
    importlib.import_module(COMMANDS[name][0]).add_parser(parser.add_subparsers(metavar="COMMAND"))
    return parser


def _window(words: Sequence[str]) -> argparse.Namespace:
    commands = "\n".join(f"  {name:<7} {line}" for name, (_, line) in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="detector-app",
        description="Object detection that you can see inside. Without a command it opens the window.",
        epilog=f"commands (each has its own --help):\n{commands}\n",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "input", nargs="?", metavar="INPUT", help="video, picture, folder, pattern, camera:NAME or address"
    )
    parser.add_argument("--model", metavar="NAME|FILE", help="an embedded or downloaded model, or an .onnx file")
    parser.add_argument("--language", choices=TABLE["language"].choices, help=TABLE["language"].description)
    parser.add_argument("--theme", choices=TABLE["theme"].choices, help=TABLE["theme"].description)
    parser.add_argument("--version", action="version", version=f"detector-app {__version__}")
    parser.set_defaults(execute=_open_window)
    return parser.parse_args(words)


def _open_window(args: argparse.Namespace) -> int:
    """Import Qt and run the app; a machine without Qt's libraries is told what still works there."""
    try:
        from detector_app.ui.app import run_app
    except ImportError as error:
        print(f"detector-app: the window needs Qt: {error}. Without it: detector-app run INPUT", file=sys.stderr)
        return USAGE
    return run_app(args.input, model=args.model, language=args.language, theme=args.theme)
