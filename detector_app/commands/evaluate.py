"""``detector-app eval``: how good a model is on annotated pictures, or a classifier on pictures in folders by class."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detector_app.errors import AnnotationError, SettingError, SourceNotFoundError

if TYPE_CHECKING:
    from detector_app.evaluation.annotations import Annotations
    from detector_app.evaluation.average_precision import Precision
    from detector_app.pipelines.pipeline import Pipeline
    from detector_app.vision.frame import Frame

LEAST_SCORE = 0.001
MOST_DETECTIONS = 100


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand and its options."""
    parser = subparsers.add_parser(
        "eval",
        help="how good a model is on annotated pictures",
        description="Average precision of a detector on pictures with a COCO JSON; of a classifier, how often it is right.",
    )
    parser.add_argument("--model", required=True, metavar="NAME|FILE", help="an embedded model or an .onnx file")
    parser.add_argument(
        "--annotations", type=Path, metavar="COCO.json", help="of detectors: images, annotations, categories"
    )
    parser.add_argument(
        "--images",
        required=True,
        type=Path,
        metavar="DIR",
        help="the folder that holds the pictures; for a classifier a folder in it for each class, with its name",
    )
    parser.add_argument(
        "--score", type=float, default=LEAST_SCORE, help="least score taken into account (default %(default)s)"
    )
    parser.add_argument("--iou", type=float, default=None, help="NMS overlap (default: the model's own)")
    parser.add_argument("--curves", type=Path, metavar="PNG", help="where the curves go (default: pr-MODEL.png here)")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else on standard output")
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """Run the model over the pictures, judge, draw, print. Returns the exit code."""
    from detector_app.commands.judge_classifier import judge_classifier
    from detector_app.pipelines.loader import load_pipeline

    pipeline = load_pipeline(args.model)
    try:
        return (judge_classifier if pipeline.card.task == "classify" else _judge_detector)(pipeline, args)
    finally:
        pipeline.close()


def _judge_detector(pipeline: Pipeline, args: argparse.Namespace) -> int:
    from detector_app.evaluation.annotations import read_annotations
    from detector_app.evaluation.average_precision import judge
    from detector_app.evaluation.curves import save_curves

    if args.annotations is None:
        raise SettingError("--annotations", found="left out with a detector", expected="a COCO JSON")
    name = pipeline.card.name
    annotations = read_annotations(args.annotations, pipeline.card.classes)
    started = time.perf_counter()
    rows = _detect_all(pipeline, annotations, args)
    seconds = time.perf_counter() - started
    precision = judge(annotations, rows)
    curves: Path = args.curves or Path(f"pr-{name}.png")
    save_curves(precision, curves, f"{name} on {args.annotations.name}")
    print(
        json.dumps(_summary(precision, annotations, name), ensure_ascii=False)
        if args.json
        else _table(precision, annotations)
    )
    print(f"{precision.pictures} pictures in {seconds:.1f} s; curves: {curves}", file=sys.stderr)
    return 0


def _detect_all(pipeline: Pipeline, annotations: Annotations, args: argparse.Namespace) -> list[dict[str, Any]]:
    """COCO result rows of every picture, with a progress bar on standard error."""
    from tqdm import tqdm

    from detector_app.evaluation.average_precision import coco_rows
    from detector_app.pipelines.pipeline import DetectSettings, infer
    from detector_app.vision.frame_result import FrameResult, Timings

    iou = pipeline.card.thresholds.iou if args.iou is None else args.iou
    settings = DetectSettings(score=args.score, iou=iou, max_detections=MOST_DETECTIONS)
    rows: list[dict[str, Any]] = []
    for picture in tqdm(annotations.pictures, unit="picture", disable=None):
        frame = _read(args.images, picture.file_name, annotations.where)
        inference = infer(pipeline, [frame], settings)
        found = FrameResult.of(frame, pipeline.select(inference, settings)[0], Timings()).detections
        rows += coco_rows(found, picture.id, annotations.category_of_class)
    return rows


def _read(folder: Path, file_name: str, where: str) -> Frame:
    """The picture ``file_name`` of ``folder``; a name that leads out of the folder is refused."""
    from detector_app.sources.opener import open_source

    path = folder / file_name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise AnnotationError(where, detail=f"the picture “{file_name}” lies outside of {folder}")
    if not path.is_file():
        raise SourceNotFoundError(str(path))
    source = open_source(str(path))
    try:
        frame = source.read()
    finally:
        source.close()
    if frame is None:
        raise SourceNotFoundError(str(path))
    return frame


def _summary(precision: Precision, annotations: Annotations, model: str) -> dict[str, Any]:
    return {
        "model": model,
        "mAP50_95": precision.map_50_95,
        "mAP50": precision.map_50,
        "per_class": precision.per_class,
        "per_class_50": precision.per_class_50,
        "images": precision.pictures,
        "unmatched_categories": list(annotations.unmatched),
    }


def _table(precision: Precision, annotations: Annotations) -> str:
    width = max((len(name) for name in precision.per_class), default=5)
    lines = [f"{'class':<{width}}  AP50-95   AP50"]
    lines += [
        f"{name:<{width}}   {ap:.3f}   {precision.per_class_50[name]:.3f}"
        for name, ap in sorted(precision.per_class.items(), key=lambda item: -item[1])
    ]
    lines += [
        f"{'mean':<{width}}   {precision.map_50_95:.3f}   {precision.map_50:.3f}   ({precision.pictures} pictures)"
    ]
    if annotations.unmatched:
        lines += [f"not judged, the model does not have them: {', '.join(annotations.unmatched)}"]
    return "\n".join(lines)
