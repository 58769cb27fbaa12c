"""``detector-app eval`` of a classifier: how often it is right, over one folder of pictures per class."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from tqdm import tqdm

from detector_app.errors import SettingError
from detector_app.evaluation.accuracy import Accuracy, labelled_pictures
from detector_app.pipelines.pipeline import DetectSettings, Pipeline, infer
from detector_app.sources.picture_file import read_picture
from detector_app.vision.classification import Classification
from detector_app.vision.frame import Frame


def judge_classifier(pipeline: Pipeline, args: argparse.Namespace) -> int:
    """Run the model over the pictures, judge, print. Returns the exit code.

    Raises:
        SettingError: an option that only boxes can have.
        SourceError: the folder or a picture cannot be read, or there is none.
        InferenceError: the model failed.
    """
    for option in ("annotations", "iou", "curves"):
        if getattr(args, option) is not None:
            expected = "left out: give --images with one folder of pictures per class"
            raise SettingError(f"--{option}", found="used with a classifier", expected=expected)
    found = labelled_pictures(args.images, pipeline.card.classes)
    started = time.perf_counter()
    tqdm.monitor_interval = 0  # it would start a thread of its own
    bar = tqdm(found.pictures, unit="picture", disable=None)
    answers = [(true, _classify(pipeline, path)) for path, true in bar]
    accuracy = Accuracy.of(pipeline.card.classes, answers)
    print(
        json.dumps(_summary(accuracy, found.unmatched, pipeline.card.name), ensure_ascii=False)
        if args.json
        else _table(accuracy, found.unmatched)
    )
    print(f"{accuracy.pictures} pictures in {time.perf_counter() - started:.1f} s", file=sys.stderr)
    return 0


def _classify(pipeline: Pipeline, path: Path) -> Classification:
    frame = Frame(read_picture(path), 0, 0.0, time.monotonic(), str(path))
    (answer,) = pipeline.select(infer(pipeline, [frame]), DetectSettings())
    assert isinstance(answer, Classification)  # noqa: S101  (the card says so, and the loader has checked it)
    return answer


def _summary(accuracy: Accuracy, unmatched: tuple[str, ...], model: str) -> dict[str, Any]:
    return {
        "model": model,
        "top1": accuracy.top1,
        "top5": accuracy.top5,
        "per_class": accuracy.per_class,
        "confused": [{"true": true, "said": said, "pictures": n} for true, said, n in accuracy.confused()],
        "images": accuracy.pictures,
        "unmatched_folders": list(unmatched),
    }


def _table(accuracy: Accuracy, unmatched: tuple[str, ...]) -> str:
    shares = sorted(accuracy.per_class.items(), key=lambda item: -item[1])
    width = max(5, *(len(name) for name, _ in shares))
    lines = [f"{'class':<{width}}   right", *(f"{name:<{width}}   {share:.3f}" for name, share in shares)]
    lines.append(f"{'all':<{width}}   {accuracy.top1:.3f}   among the best five {accuracy.top5:.3f}")
    lines += [f"taken for another: {true} for {said}, {n} times" for true, said, n in accuracy.confused()]
    if unmatched:
        lines.append(f"not judged, the model does not have them: {', '.join(unmatched)}")
    return "\n".join(lines)
