"""``detector-app run``: detect in files, folders, cameras and streams without a window; every frame, restartable."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from detector_app.commands.interruption import EXIT_CODE, Interruption
from detector_app.commands.options import CASCADE_OPTIONS, add_setting, at_least, word_list
from detector_app.errors import SettingError

if TYPE_CHECKING:
    from detector_app.commands.run_session import RunSession

FAILED = 1

EPILOG = """\
exit codes: 0 all done; 1 an input could not be read or written completely; 2 the command itself is wrong; 130 interrupted.
Ctrl-C finishes the files with what they have. The same command again skips inputs that are complete and redoes the others;
a folder that holds the results of other parameters is left alone unless --overwrite is given.
A classifier's best classes of each picture are printed, too; score, iou, max-detections, classes and coco are for detectors alone.
Of files no frame is lost. A camera or stream does not wait: pictures that come faster than the detector are left out, and their
numbers are missing in the results.
"""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand and its options."""
    parser = subparsers.add_parser(
        "run",
        help="detect without a window and write the results",
        description="Detect in every frame of the inputs, or classify each with a classifier, and write the results.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--model", metavar="NAME|FILE", help="an embedded model or an .onnx file (default: the embedded one)"
    )
    add_options(parser)
    parser.set_defaults(execute=execute)


def add_options(parser: argparse.ArgumentParser) -> None:
    """The inputs and all options but the model: what every command has that runs a model over them."""
    parser.add_argument(
        "inputs", nargs="+", metavar="INPUT", help="video, picture, folder, pattern, camera:NAME, address"
    )
    parser.add_argument(
        "--card",
        type=Path,
        metavar="FILE",
        help="read the model as the card in this file says, not as its own does (JSON)",
    )
    add_detection(parser)
    parser.add_argument(
        "--track",
        action="store_true",
        help="follow things: the same number for the same thing in all frames (ByteTrack)",
    )
    parser.add_argument(
        "--zones", type=Path, metavar="FILE", help="with --track: count who crosses lines and is in zones (JSON)"
    )
    parser.add_argument(
        "--save",
        type=word_list,
        metavar="KINDS",
        help="video, jsonl, csv, coco, frames, sheet, counts (with --zones); several by commas",
    )
    parser.add_argument(
        "--out", type=Path, default=Path("detections"), metavar="DIR", help="folder (default: %(default)s)"
    )
    parser.add_argument("--overwrite", action="store_true", help="begin anew in a folder that holds other results")
    parser.add_argument("--every", type=at_least(1, int), default=1, metavar="N", help="only every N-th frame")
    parser.add_argument("--start", type=at_least(0, float), default=0.0, metavar="S", help="begin at second S")
    parser.add_argument("--end", type=at_least(0, float), metavar="S", help="end before second S")
    parser.add_argument(
        "--batch", type=at_least(1, int), metavar="N", help="frames per run of the network (default: 4; live inputs 1)"
    )
    parser.add_argument(
        "--providers", type=word_list, metavar="NAMES", help="processors in order, as in cuda,cpu (default: the best)"
    )
    add_setting(parser, "strict", default_text="off")
    add_setting(parser, "threads", default_text="the machine's")


def add_detection(parser: argparse.ArgumentParser) -> None:
    """What decides which boxes there are."""
    for name in ("score", "iou", "max_detections"):
        add_setting(parser, name, default_text="the model's own")
    add_setting(parser, "top_k", default_text="1000")
    add_setting(parser, "class_agnostic", default_text="off")
    faces = parser.add_argument_group("faces", "where the model is MTCNN, alone or beside objects")
    for name in CASCADE_OPTIONS:
        add_setting(faces, name, default_text="1" if name == "scan_every" else "the model's own")
    parser.add_argument(
        "--classes", type=word_list, metavar="NAMES", help="only these classes, as in cup,bottle; or by number: #3"
    )


def execute(args: argparse.Namespace) -> int:
    """Do it. Returns the exit code.

    Raises:
        SettingError: a class or kind of output that does not exist.
        ModelError: the model cannot be used.
        OtherRunError, SinkError: the folder holds another run or cannot be written.
    """
    from detector_app.commands.run_session import RunSession

    check_options(args)
    with Interruption() as interruption, RunSession(args, interruption) as session:
        return carry_out(session, interruption, args.out)


def carry_out(session: RunSession, interruption: Interruption, out_dir: Path) -> int:
    """Run, say what was done, and return the exit code."""
    try:
        session.run()
    except KeyboardInterrupt:
        interruption.requested = True
    print(session.tally.summary(out_dir, interrupted=interruption.requested))
    if interruption.requested:
        return EXIT_CODE
    return FAILED if session.tally.failures else 0


def check_options(args: argparse.Namespace) -> None:
    """What argparse cannot say about one option alone.

    Raises:
        SettingError: a kind of output is not known, or the end lies before the start.
    """
    from detector_app.sinks.opener import KINDS

    for kind in args.save or ():
        if kind not in KINDS:
            raise SettingError("--save", found=f"“{kind}”", expected=f"among {', '.join(KINDS)}")
    if args.zones is not None and not args.track:
        raise SettingError("--zones", found="without --track", expected="both: who is not followed cannot be counted")
    if "counts" in (args.save or ()) and args.zones is None:
        raise SettingError(
            "--save", found="“counts”", expected="used with --track and --zones, which say what is counted"
        )
    if args.end is not None and args.end <= args.start:
        raise SettingError("--end", found=f"{args.end:g}", expected=f"later than --start ({args.start:g})")
