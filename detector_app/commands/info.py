"""``detector-app info``: what a model file is, what it takes and gives, and where it really runs."""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from detector_app.commands.card_parts import part_rows
from detector_app.commands.options import add_setting, word_list
from detector_app.commands.placement_text import placement_data, placement_rows

if TYPE_CHECKING:
    from pathlib import Path

    from detector_app.graph import TensorInfo
    from detector_app.model_card import ModelCard
    from detector_app.parity import ParityReport
    from detector_app.pipelines.pipeline import Pipeline

NAME_WIDTH = 14
MOST_CLASSES = 100
"""So many names are printed; --json has them all."""
DESCRIPTION = "Print the card of a model, its inputs and outputs, and where it really runs."


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand and its options."""
    parser = subparsers.add_parser(
        "info",
        help="what a model is, and where it runs",
        description="Print the card of a model, its inputs and outputs, and where it runs.",
    )
    parser.add_argument("model", metavar="FILE.onnx|NAME", help="an .onnx file or an embedded model")
    parser.add_argument(
        "--providers", type=word_list, metavar="NAMES", help="processors in order, as in cuda,cpu (default: the best)"
    )
    add_setting(parser, "strict", default_text="off")
    parser.add_argument(
        "--guess",
        action="store_true",
        help="of a file without a card: show how it would be read, and why, instead of opening it",
    )
    parser.add_argument(
        "--save-card",
        action="store_true",
        help="with --guess: keep that as NAME.card.json beside the file, which counts from then on",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else on standard output")
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """Load the model, run it once, print. Returns the exit code.

    Raises:
        ModelError: the model cannot be used.
        SettingError: a processor of that name does not exist.
    """
    from detector_app.pipelines.loader import load_pipeline, resolve

    path = resolve(args.model)
    if args.guess or args.save_card:
        from detector_app.commands.guess import guess

        text, complete = guess(path, save=args.save_card, as_json=args.json)
        print(text)
        return 0 if complete else 1
    pipeline = load_pipeline(path, providers=args.providers, strict=args.strict)
    try:
        text = (
            json.dumps(_as_data(path, pipeline), indent=2, ensure_ascii=False)
            if args.json
            else _as_text(path, pipeline)
        )
    finally:
        pipeline.close()
    print(text)
    return 0


def _as_data(path: Path, pipeline: Pipeline) -> dict[str, Any]:
    placement = pipeline.placement
    return {
        "file": str(path),
        "card": dataclasses.asdict(pipeline.card),
        "inputs": [dataclasses.asdict(info) for info in pipeline.graph.inputs],
        "outputs": [dataclasses.asdict(info) for info in pipeline.graph.outputs],
        "provider": placement.main,
        "placement": placement_data(placement),
    }


def _as_text(path: Path, pipeline: Pipeline) -> str:
    blocks = [
        [("file", str(path)), *_card_rows(pipeline.card)],
        [*_tensor_rows("input", pipeline.graph.inputs), *_tensor_rows("output", pipeline.graph.outputs)],
        list(placement_rows(pipeline.placement)),
    ]
    texts = ["\n".join(f"{name:<{NAME_WIDTH}}{value}" for name, value in rows) for rows in blocks]
    return "\n\n".join([*texts, _parity_text(pipeline.card.parity)])


def _card_rows(card: ModelCard) -> Iterator[tuple[str, str]]:
    spec, limits = card.input, card.thresholds
    height, width = spec.size_hw
    yield "name", card.name
    yield "task", f"{card.task}, decoder {card.decoder}"
    if card.precision != "float32":
        yield "precision", f"{card.precision} in the layers, float32 in boxes and scores"
    more = ", …" if len(card.classes) > MOST_CLASSES else ""
    yield "classes", f"{len(card.classes)}: {', '.join(card.classes[:MOST_CLASSES])}{more}"
    sides = f"; {spec.dynamic.least} to {spec.dynamic.most} in steps of {spec.dynamic.multiple}" if spec.dynamic else ""
    part = f" of {spec.crop_fraction:g}" if spec.resize == "crop" and spec.crop_fraction < 1 else ""
    if card.task != "faces" or card.cascade is None:
        shown = "crop" if card.decoder == "rcnn" else "picture"
        yield shown, f"{width}×{height} {spec.channel_order}, {spec.resize}{part}{sides}"
    if card.cascade is not None:
        start = card.cascade
        scores = ", ".join(f"{stage.name} {score:g}" for stage, score in zip(card.stages, start.scores, strict=False))
        yield "cascade", f"faces from {start.min_face_px:g} px, pyramid by {start.scale_factor:g}, scores {scores}"
    yield from part_rows(card)
    if card.task != "classify":
        yield "thresholds", f"score {limits.score:g}, IoU {limits.iou:g}, at most {limits.max_detections} detections"
    for data in card.training:
        notes = ", ".join(
            note
            for note in (data.licence, f"{data.pictures} pictures" if data.pictures else "", data.attribution)
            if note
        )
        yield "trained on", f"{data.name} ({notes})" if notes else data.name
    if card.metrics:
        yield "metrics", ", ".join(f"{name} {value:.4g}" for name, value in card.metrics.items())
    for name, value in (("licence", card.licence), ("weights", card.weights_sha256), ("made by", card.producer)):
        if value:
            yield name, value


def _tensor_rows(role: str, tensors: Iterable[TensorInfo]) -> Iterator[tuple[str, str]]:
    for tensor in tensors:
        shape = " × ".join("?" if side is None else str(side) for side in tensor.shape)
        yield role, f"{tensor.name}  {shape}  {tensor.dtype}"


def _parity_text(parity: ParityReport | None) -> str:
    """The proof of the export as a table."""
    if parity is None:
        return "No parity report: nobody has shown that this file says what its original said."
    head = ("output", "input shape", "max |Δ|", "mean |Δ|", "tolerance", "")
    rows = [
        (
            row.output,
            "×".join(map(str, row.input_shape)),
            *(f"{value:.2g}" for value in (row.max_abs, row.mean_abs, row.tolerance)),
            "passed" if row.passed else "FAILED",
        )
        for row in parity.rows
    ]
    made = (
        f"opset {parity.opset}, torch {parity.torch_version}, onnxruntime {parity.onnxruntime_version} {parity.created}"
    )
    return "\n".join(
        [
            f"parity with torch: {'passed' if parity.passed else 'FAILED'} ({made.strip()})",
            *_table([head, *rows]),
            *_box_lines(parity),
        ]
    )


def _box_lines(parity: ParityReport) -> Iterator[str]:
    """What the same report says of boxes; older ones say nothing."""
    if not parity.boxes:
        return
    head = ("boxes on", "input shape", "score from", "found", "max |Δ| px", "max |Δ| score", "by a hair", "")
    rows = [
        (
            row.input,
            "×".join(map(str, row.input_shape)),
            f"{row.score_threshold:.3g}",
            str(row.detections),
            f"{row.max_box_px:.2g}",
            f"{row.max_score:.2g}",
            str(row.borderline),
            "passed" if row.passed else "FAILED",
        )
        for row in parity.boxes
    ]
    yield from ("", *_table([head, *rows]))


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
