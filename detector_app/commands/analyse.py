"""``detector-app analyse``: look at every frame of videos and keep what is found beside them, for the window and for exports."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from detector_app.commands.options import word_list
from detector_app.commands.run import add_detection
from detector_app.errors import ModelError, SettingError
from detector_app.settings import TABLE

if TYPE_CHECKING:
    from detector_app.model_card import ModelCard

EPILOG = """\
What is kept of a frame goes down to a score of 0.05, so that the window and --export need no network for other scores. Frames that were
looked at before, here or while playing, are not looked at again. Ctrl-C ends it; the same command goes on where it was.
exit codes: 0 all done; 1 a video could not be read or written completely; 2 the command itself is wrong; 130 interrupted.
"""
EXPORTS = ("jsonl", "csv", "coco")


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand and its options."""
    parser = subparsers.add_parser(
        "analyse",
        help="look at every frame of videos once, and keep what is found",
        description="Look at every frame that nobody has looked at, and keep what is found in NAME.detections.sqlite.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("videos", nargs="+", metavar="VIDEO", help="a video file")
    parser.add_argument(
        "--model", metavar="NAME|FILE", help="an embedded model or an .onnx file (default: the embedded one)"
    )
    add_detection(parser)
    places = tuple(place for place in TABLE["keep_results"].choices if place != "nowhere")
    parser.add_argument(
        "--keep",
        choices=places,
        default="beside",
        help="beside the video, or in the app's folder (default: %(default)s)",
    )
    parser.add_argument(
        "--export", type=word_list, metavar="KINDS", default=(), help="then write jsonl, csv, coco; several by commas"
    )
    parser.add_argument(
        "--out", type=Path, default=Path("detections"), metavar="DIR", help="folder of exports (default: %(default)s)"
    )
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """Do it. Returns the exit code.

    Raises:
        SettingError: a kind of output or a class that does not exist.
        ModelError: the model cannot be used, or is a classifier.
    """
    from detector_app.commands.analysis_session import AnalysisSession
    from detector_app.commands.interruption import EXIT_CODE, Interruption
    from detector_app.pipelines.embedded import DEFAULT_MODEL

    for kind in args.export:
        if kind not in EXPORTS:
            raise SettingError("--export", found=f"“{kind}”", expected=f"among {', '.join(EXPORTS)}")
    model = args.model or DEFAULT_MODEL
    card = _detectors_card(model)
    with Interruption() as interruption:
        session = AnalysisSession(args, model, card, interruption)
        try:
            session.run()
        except KeyboardInterrupt:
            interruption.requested = True
        finally:
            session.close()
    if interruption.requested:
        return EXIT_CODE
    return 1 if session.failures else 0


def _detectors_card(model: str) -> ModelCard:
    from detector_app.pipelines.loader import load_pipeline

    pipeline = load_pipeline(model)
    card = pipeline.card
    pipeline.close()
    if card.task == "classify":
        raise ModelError(card.name, detail="a classifier finds nothing that could be kept; choose a detector")
    return card
