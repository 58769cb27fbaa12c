"""``detector-export ultralytics``: a card for a file that Ultralytics has exported, made from what it says of itself.

It is a graph already, and its PyTorch original is not at hand. So nothing is compared: the graph is run at the sizes and batches that the
card will promise, and its parity report stays empty.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray

from detector_app.errors import DetectorError
from detector_app.foreign_card import ultralytics_card
from detector_app.graph import Graph, TensorInfo
from detector_app.model_card import CARD_KEY, ModelCard
from detector_app.onnx_outline import OutlineValue, read_outline
from detector_app.onnx_safety import dangers
from detector_app.wire_format import WireError
from export.errors import ExportError
from export.files import check_source, check_target, replace_file
from export.recipe import input_shapes

HELP = "Ultralytics' own ONNX files (v5, v8, v11 detection): a graph already, to which a card is added"
TODO = "Nothing was written."


@dataclass(frozen=True)
class Stamped:
    """What was written: the file and its card."""

    path: Path
    card: ModelCard


def add_ultralytics(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("ultralytics", help=HELP, description=HELP)
    parser.add_argument("--onnx", type=Path, required=True, help="the file that Ultralytics' export has written")
    parser.add_argument("--out", type=Path, required=True, help="the .onnx file to write")
    parser.add_argument("--name", default="", help="the model's name in its card; default: the name of --out")
    parser.add_argument("--licence", default="", help="licence of the weights; default: what the file says")


def execute_ultralytics(options: argparse.Namespace) -> int:
    """Stamp and say so; returns the exit status."""
    try:
        done = stamp(options.onnx, options.out, options.name or options.out.stem, options.licence)
    except DetectorError as error:
        print(f"detector-export: error: {error}", file=sys.stderr)
        return 1
    spec = done.card.input
    print(
        f"{done.path}: {len(done.card.classes)} classes, {spec.size_hw[1]}×{spec.size_hw[0]}, decoder {done.card.decoder}"
    )
    print("The graph runs as its card says. It was not compared with PyTorch: its original is not at hand.")
    return 0


def stamp(source: Path, target: Path, name: str, licence: str = "") -> Stamped:
    """Write a copy of ``source`` with a card inside to ``target``.

    Raises:
        ExportError: the file is no such graph, would harm who loads it, does not run as it says, or nothing can be written.
        DetectorError: its metadata are damaged, or it is for another task; see :func:`ultralytics_card`.
    """
    check_source(source)
    check_target(target)
    try:
        outline = read_outline(source)
    except WireError as error:
        raise ExportError(
            str(source), what=f"this is no ONNX file: {error}", todo="Get a complete copy of it."
        ) from error
    if found := next(dangers(outline, source), ""):
        raise ExportError(str(source), what=f"the file is not opened: {found}", todo="Get it from a source you trust.")
    graph = Graph(_described(outline.inputs), _described(outline.outputs))
    card = ultralytics_card(outline.metadata, graph, name, str(source))
    if card is None:
        what = "there are no metadata of Ultralytics in it"
        raise ExportError(str(source), what=what, todo="Open it in the app, which shows how it would be read.")
    card = replace(card, licence=licence or card.licence)
    model = onnx.load(source)
    _run(model, card, str(source))
    text = card.to_json()
    ModelCard.from_json(text, str(target))
    onnx.helper.set_model_props(model, {**dict(outline.metadata), CARD_KEY: text})
    replace_file(target, model.SerializeToString())
    return Stamped(target, card)


def _described(values: Sequence[OutlineValue]) -> tuple[TensorInfo, ...]:
    return tuple(TensorInfo(one.name, one.shape or (), one.dtype) for one in values)


def _run(model: onnx.ModelProto, card: ModelCard, where: str) -> None:
    """Run the graph on noise at the sizes and batches of the card; raise ExportError if it does not, or its boxes are not numbers."""
    generator = np.random.default_rng(0)
    (output,) = card.outputs
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    try:
        session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
        for shape in dict.fromkeys(input_shapes(card.input).verified):
            pictures = generator.random(shape).astype(card.input.dtype)
            (found,) = session.run([output.name], {card.input.name: pictures})
            _check(found, shape, card, where)
    except ExportError:
        raise
    except Exception as error:  # onnxruntime's errors have no common root of their own
        what = f"the graph does not run as its metadata say: {' '.join(str(error).split())[:300].rstrip('.')}"
        raise ExportError(where, what=what, todo=TODO) from error


def _check(found: NDArray[Any], shape: tuple[int, ...], card: ModelCard, where: str) -> None:
    """The output has the batch of the input and the values of the card's classes, all of them finite."""
    axis, width = (2, 5) if card.outputs[0].role == "dense_objectness" else (1, 4)
    expected = width + len(card.classes)
    if found.ndim != 3 or found.shape[0] != shape[0] or found.shape[axis] != expected:
        what = f"its output is {list(found.shape)} for an input of {list(shape)}, where {expected} values a place are expected"
        raise ExportError(where, what=what, todo=TODO)
    if not np.isfinite(found).all():
        raise ExportError(where, what="it puts out values that are not finite", todo=TODO)
