"""``detector-app compare``: how far two models agree on the same frames, as a quantised model with the one it was made from."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detector_app.commands.options import add_setting, at_least, reader
from detector_app.errors import ModelError, SettingError
from detector_app.settings import TABLE

if TYPE_CHECKING:
    from detector_app.commands.compared_frames import ComparedFrames

EPILOG = """\
Boxes are partners if their classes have the same name and they overlap by an IoU of at least 0.5. Classes that only one model knows are
listed apart. With the same classes both select with the thresholds of A's card, otherwise each with its own, unless told otherwise.
The models take turns on each frame, so that both meet the same load: the times can be compared.

--json prints one object:
  input, least_iou, frames      what was looked at: its name, the least IoU of partners, the number of frames
  a, b                          each model: name, file, score, iou, detections, and prepare_ms, run_ms, select_ms, total_ms (medians)
  agreement                     both, only_a, only_b, and share: things both found among all that were found, 0 to 1 (1 without any)
  by_class                      the same for each class that both know
  only_a_knows, only_b_knows    boxes of classes that the other does not know
  mean_iou                      of partners; null without any
  worst                         frames with most boxes without partner: index, time_s, source, both, differing
--csv prints a line for each class: class,both,only_a,only_b,share
"""
WORST = 10


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand and its options."""
    parser = subparsers.add_parser(
        "compare",
        help="how far two models agree on the same frames",
        description="Run two models on the same frames: agreement by class, the frames where they differ most, and what each costs.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("input", metavar="VIDEO|FOLDER", help="a video, a picture, a folder or a pattern")
    parser.add_argument("--model", required=True, metavar="A", help="the first model: an embedded one or an .onnx file")
    parser.add_argument("--with", required=True, dest="other", metavar="B", help="the second model")
    add_setting(parser, "score", default_text="the models' own")
    add_setting(parser, "iou", default_text="the models' own")
    parser.add_argument("--score-b", type=reader(TABLE["score"]), metavar="N", help="least score of B alone")
    parser.add_argument("--every", type=at_least(1, int), default=1, metavar="N", help="only every Nth frame")
    parser.add_argument("--limit", type=at_least(1, int), metavar="N", help="no more than N frames")
    parser.add_argument(
        "--worst",
        type=at_least(0, int),
        default=WORST,
        metavar="N",
        help="list the N worst frames (default: %(default)s)",
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print one JSON object")
    form.add_argument("--csv", action="store_true", help="print agreement by class as CSV")
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """Compare and tell. Returns the exit code.

    Raises:
        SettingError: the input is live.
        ModelError: a model cannot be used, or finds no boxes.
        SourceError: the input cannot be read.
    """
    from detector_app.commands.compared_frames import ComparedFrames
    from detector_app.pipelines.loader import load_pipeline
    from detector_app.sources.opener import open_source

    first = load_pipeline(args.model)
    try:
        second = load_pipeline(args.other)
        try:
            for pipeline in (first, second):
                if pipeline.card.task == "classify":
                    raise ModelError(
                        pipeline.card.name, detail="a classifier has no boxes to compare; choose a detector"
                    )
            source = open_source(args.input)
            try:
                if source.info.live:
                    raise SettingError("input", found=args.input, expected="files: a live input never ends")
                compared = ComparedFrames.of(first, second, args)
                compared.run(source, args.every, args.limit)
            finally:
                source.close()
        finally:
            second.close()
    finally:
        first.close()
    record = _record(args, compared)
    if args.json:
        print(json.dumps(record, ensure_ascii=False))
    elif args.csv:
        _print_csv(record)
    else:
        _print_text(record)
    return 0


def _record(args: argparse.Namespace, compared: ComparedFrames) -> dict[str, Any]:
    from detector_app.vision.agreement import LEAST_IOU, Tally

    def told(tally: Tally) -> dict[str, Any]:
        return {
            "both": tally.both,
            "only_a": tally.only_first,
            "only_b": tally.only_second,
            "share": round(tally.share, 6),
        }

    found = compared.differences
    apart_a, apart_b = found.apart
    return {
        "input": args.input,
        "least_iou": LEAST_IOU,
        "frames": found.frames,
        "a": compared.first.record(args.model),
        "b": compared.second.record(args.other),
        "agreement": told(found.total),
        "by_class": {name: told(tally) for name, tally in found.by_class.items()},
        "only_a_knows": apart_a,
        "only_b_knows": apart_b,
        "mean_iou": compared.mean_iou,
        "worst": [
            {
                "index": one.index,
                "time_s": round(one.time_s, 6),
                "source": compared.sources.get(one.index, args.input),
                "both": one.both,
                "differing": one.differing,
            }
            for one in found.worst(args.worst)
        ],
    }


def _print_csv(record: dict[str, Any]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["class", "both", "only_a", "only_b", "share"])
    for name, tally in record["by_class"].items():
        writer.writerow([name, tally["both"], tally["only_a"], tally["only_b"], tally["share"]])


def _print_text(record: dict[str, Any]) -> None:
    for letter in "ab":
        one = record[letter]
        cost = f"{one['total_ms']:.2f} ms = {one['prepare_ms']:.2f} prepare + {one['run_ms']:.2f} run + {one['select_ms']:.2f} select"
        print(f"{letter.upper()}  {one['file']}: {one['detections']} boxes, score ≥ {one['score']:g}, {cost}")
    rows = [*record["by_class"].items(), ("together", record["agreement"])] if record["by_class"] else []
    width = max((len(name) for name, _ in rows), default=0)
    print(
        f"\n{'class':<{width}}    both  only A  only B   agree"
        if rows
        else "\nnothing was found of a class that both know"
    )
    for name, tally in rows:
        share = f"{100 * tally['share']:.1f} %"
        print(f"{name:<{width}}  {tally['both']:>6}  {tally['only_a']:>6}  {tally['only_b']:>6}  {share:>7}")
    for letter in "ab":
        apart = record[f"only_{letter}_knows"]
        if apart:
            print(f"only {letter.upper()} knows: {', '.join(f'{name} {count}' for name, count in apart.items())}")
    iou = "" if record["mean_iou"] is None else f"; partners overlap by {record['mean_iou']:.3f} on average"
    print(f"\n{record['frames']} frames{iou}")
    for one in record["worst"]:
        # A picture of a folder is known by its name, a frame of a video by its time.
        place = f"at {one['time_s']:.3f} s" if one["source"] == record["input"] else Path(one["source"]).name
        print(f"  frame {one['index']} {place}: {one['differing']} differ, {one['both']} agree")
