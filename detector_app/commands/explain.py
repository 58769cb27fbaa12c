"""``detector-app explain``: why a box is there, or why none is."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from detector_app.commands.options import CASCADE_OPTIONS, add_setting, at_least, word_list
from detector_app.errors import ModelError, SettingError, SourceError

if TYPE_CHECKING:
    from detector_app.pipelines.pipeline import DetectSettings, Pipeline
    from detector_app.vision.frame import Frame
    from detector_app.vision.nearby import Reason
    from detector_app.vision.trace import Trace

EPILOG = """\
Without --at the candidates that came closest to being found are listed, best first; with it those near the point.
--json prints one object: the stages, every candidate of every look with its fate, and with --at what would show those near the point.
"""
LISTED = 20


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand and its options."""
    parser = subparsers.add_parser(
        "explain",
        help="why a box is there, or why none is",
        description="Show each stage of a detector with its count, and what became of every candidate.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("input", metavar="PICTURE", help="a picture or a video")
    parser.add_argument("--model", metavar="NAME|FILE", help="an embedded model or an .onnx file")
    parser.add_argument("--frame", type=at_least(0, int), metavar="N", help="of a video: frame N (default: 0)")
    parser.add_argument("--time", type=at_least(0, float), metavar="S", help="of a video: the frame at second S")
    parser.add_argument(
        "--at", type=_point, metavar="X,Y", help="only candidates near this pixel, and what would show them"
    )
    parser.add_argument(
        "--limit",
        type=at_least(1, int),
        default=None,
        metavar="N",
        help=f"list N candidates (default: {LISTED}; 5 with --at)",
    )
    for name in ("score", "iou", "max_detections"):
        add_setting(parser, name, default_text="the model's own")
    add_setting(parser, "class_agnostic", default_text="off")
    faces = parser.add_argument_group("faces", "where the model is MTCNN, alone or beside objects")
    for name in CASCADE_OPTIONS:
        if name != "scan_every":
            add_setting(faces, name, default_text="the model's own")
    parser.add_argument("--classes", type=word_list, metavar="NAMES", help="only these classes, as in cup,bottle")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else on standard output")
    parser.set_defaults(execute=execute, scan_every=None)


def execute(args: argparse.Namespace) -> int:
    """Look at one frame and tell. Returns the exit code.

    Raises:
        SettingError: the point lies outside the frame, or an option does not fit.
        ModelError: the model cannot be used, or is a classifier.
        SourceError: the frame cannot be read.
    """
    from dataclasses import replace

    from detector_app.commands.chosen_settings import chosen_settings
    from detector_app.commands.explained_text import print_trace
    from detector_app.pipelines.embedded import DEFAULT_MODEL
    from detector_app.pipelines.loader import load_pipeline
    from detector_app.pipelines.pipeline import infer
    from detector_app.vision.nearby import nearby

    frame = _frame(args)
    if args.at is not None and not (0 <= args.at[0] < frame.width_px and 0 <= args.at[1] < frame.height_px):
        found = f"{args.at[0]:g},{args.at[1]:g}"
        raise SettingError("--at", found=found, expected=f"a pixel of the frame, {frame.width_px}×{frame.height_px}")
    pipeline: Pipeline = load_pipeline(args.model or DEFAULT_MODEL)
    try:
        if pipeline.card.task == "classify":
            raise ModelError(pipeline.card.name, detail="a classifier has no boxes to explain; choose a detector")
        settings: DetectSettings = replace(chosen_settings(pipeline.card, args), traced=True)
        trace = pipeline.trace(infer(pipeline, [frame], settings), settings, floor=0.0)
    finally:
        pipeline.close()
    if trace is None:
        raise ModelError(pipeline.card.name, detail="it keeps nothing of its candidates")
    traces = (trace, *trace.also)
    near = [nearby(one, args.at[0], args.at[1], args.limit or 5) for one in traces] if args.at is not None else None
    if args.json:
        print(json.dumps(_record(frame, trace, near), ensure_ascii=False))
        return 0
    for number, one in enumerate(traces):
        print_trace(one, None if near is None else near[number], args.limit or LISTED)
    return 0


def _record(frame: Frame, trace: Trace, near: list[tuple[Reason, ...]] | None) -> dict[str, Any]:
    from detector_app.sinks.trace_record import reason_record, trace_record

    record = {"source": frame.source, "index": frame.index, "width": frame.width_px, "height": frame.height_px}
    record |= trace_record(trace)
    if near is not None:
        traces = (trace, *trace.also)
        record["near"] = [reason_record(one, r) for one, reasons in zip(traces, near, strict=True) for r in reasons]
    return record


def _frame(args: argparse.Namespace) -> Frame:
    """The frame that is meant.

    Raises:
        SettingError: both a number and a time are given.
        SourceError: there is no such frame, or it cannot be read.
    """
    from detector_app.sources.opener import open_source

    if args.frame is not None and args.time is not None:
        raise SettingError("--frame", found="given together with --time", expected="one of the two")
    source = open_source(args.input)
    try:
        if source.info.seekable and args.frame:
            source.seek_index(args.frame)
        elif source.info.seekable and args.time:
            source.seek(args.time)
        frame = source.read()
    finally:
        source.close()
    if frame is None or (args.frame is not None and frame.index != args.frame):
        raise SourceError(args.input, detail="there is no such frame: it ends before")
    return frame


def _point(word: str) -> tuple[float, float]:
    parts = word.split(",")
    try:
        x, y = (float(part) for part in parts)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{word}” is no point; write X,Y in pixels, as in 412,180") from None
    return x, y
