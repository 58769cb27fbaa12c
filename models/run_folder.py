"""The folder that a run writes to: the options that name it, what may be in it, and the model file that it ends in."""

import argparse
from pathlib import Path

from models.errors import RecipeError
from models.machine import is_first_process


def add_source_note(group: "argparse._ArgumentGroup") -> None:
    """What licences ask to be said of the data."""
    group.add_argument(
        "--source-note",
        action="append",
        default=[],
        metavar="SET=LICENCE;ATTRIBUTION",
        help="what a set's licence asks to be said; otherwise read from its ORIGIN.md or LICENSE",
    )


def given_notes(given: argparse.Namespace) -> dict[str, str]:
    """The notes of the command line by set name."""
    return dict(note.partition("=")[::2] for note in given.source_note)


def add_endings(group: "argparse._ArgumentGroup", onnx_name: str) -> None:
    """How a run goes on, ends and speaks; `onnx_name` is the model file's where none is given."""
    group.add_argument("--no-pictures", action="store_true", help="draw none of the PNG files beside the weights")
    group.add_argument("--resume", action="store_true", help="go on from the last checkpoint in the output folder")
    group.add_argument(
        "--export",
        nargs="?",
        type=Path,
        const=Path(),
        metavar="ONNX",
        help=f"end with a verified model file for the app; without a path, OUT/{onnx_name}",
    )
    group.add_argument("--licence", default="", metavar="TEXT", help="of the weights, for the exported file's card")
    group.add_argument("--progress", choices=["bar", "json"], default="bar", help="json: one object a line")


def last_checkpoint(out: Path, *, resume: bool) -> Path | None:
    """The checkpoint to go on from, if that is asked for.

    Raises:
        RecipeError: it is, and there is none.
    """
    last = out / "checkpoints" / "last.ckpt"
    if resume and not last.is_file():
        raise RecipeError(f"{last}: no checkpoint to resume from; start without --resume")
    return last if resume else None


def require_unused(out: Path) -> None:
    """A new run must not write over another one.

    Raises:
        RecipeError: the folder holds a run.
    """
    if (out / "checkpoints" / "last.ckpt").is_file():
        raise RecipeError(f"{out}: holds a run already; go on with --resume, or choose another --out")


def make_out_folder(out: Path) -> None:
    """Makes the folder, before anything is read.

    Raises:
        RecipeError: it cannot be made.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RecipeError(f"{out}: the folder cannot be made ({error.strerror}); choose another --out") from error


def export_best(given: argparse.Namespace, family: str, weights_name: str, onnx_name: str) -> None:
    """Makes the model file of the best weights, if that is asked for; of several processes of one run, the first does it.

    Raises:
        ExportFailedError: see `models.exported.export_weights`.
    """
    if given.export is None or not is_first_process():
        return
    from models.exported import export_weights

    out = given.out / onnx_name if given.export == Path() else given.export
    licence = ["--licence", given.licence] if given.licence else []
    export_weights(family, given.out / weights_name, out, *licence, json_progress=given.progress == "json")
