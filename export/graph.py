"""From a PyTorch network to an ONNX graph: traced with symbolic axes, folded, rewritten, tidied, checked, and its shapes inferred.

The graph is optimised before it is written: batch norms are folded into convolutions, and the exporter folds constants and removes
what is superfluous. ONNX Runtime's own offline optimisation is not run on top. Its level BASIC, the only one whose result is still plain
ONNX for every processor, removes no node from seven of the eight graphs in ``assets/models`` and 3 of 546 from the eighth, a Faster
R-CNN; and ONNX Runtime does the same whenever it opens a file.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import onnx
import torch
from torch.onnx.errors import OnnxExporterError

from detector_app.model_card import ModelCard
from export.errors import ExportError
from export.folding import without_batch_norms
from export.recipe import OPSET, Companion, Recipe, input_shapes
from export.signature import check_signature, name_axes

MAX_BATCH = 1024
MAX_ROWS = 1_000_000
"""Of an input beside the pictures; regions, for example."""


def trace(recipe: Recipe) -> onnx.ModelProto:
    """The graph of a recipe's network, with batch norms folded into convolutions, and rewritten as the recipe says.

    Raises:
        ExportError: PyTorch cannot trace the network with the axes that the card declares, or the result is not sound.
    """
    shape = input_shapes(recipe.card.input).traced
    generator = np.random.default_rng(0)
    companions = [torch.from_numpy(one.make(shape, 0, generator)) for one in recipe.companions]
    try:
        with torch.no_grad(), _quiet():
            program = torch.onnx.export(
                without_batch_norms(recipe.network),
                (torch.zeros(shape), *companions),
                dynamo=True,
                opset_version=OPSET,
                input_names=[recipe.card.input.name, *(one.tensor.name for one in recipe.companions)],
                output_names=[output.name for output in recipe.outputs],
                dynamic_shapes=(_symbolic_axes(recipe), *map(_symbolic_rows, recipe.companions)),
                custom_translation_table=dict(recipe.translations) or None,
                optimize=True,
                verbose=False,
            )
    except OnnxExporterError as error:
        cause = str(error.__cause__ or error).strip().splitlines()[0]
        raise ExportError(
            recipe.card.name, what=f"PyTorch could not trace the network: {cause}", todo="Nothing was written."
        ) from error
    assert program is not None  # noqa: S101 (None is returned only when a file is written)
    model: onnx.ModelProto = program.model_proto
    _tidy(model)
    for rewrite in recipe.rewritings:
        model = rewrite(model)
    check_graph(model, recipe, recipe.card)
    return model


@contextmanager
def _quiet() -> Iterator[None]:
    """The exporter warns about its own internals; nothing of it helps the user."""
    logger = logging.getLogger("torch.onnx")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)


def _symbolic_axes(recipe: Recipe) -> dict[int, Any]:
    spec = recipe.card.input
    axes: dict[int, Any] = {}
    if spec.dynamic_batch:
        axes[0] = torch.export.Dim("batch", min=1, max=MAX_BATCH)
    if spec.dynamic is not None:
        step = spec.dynamic.multiple
        least, most = spec.dynamic.least // step, spec.dynamic.most // step
        for axis, name in ((2, "rows"), (3, "columns")):
            cells = torch.export.Dim(name, min=least, max=most)
            # A multiple of 1 is no expression for torch, but the dimension itself.
            axes[axis] = cells if step == 1 else step * cells
    return axes


def _symbolic_rows(companion: Companion) -> dict[int, Any]:
    axes = enumerate(companion.tensor.axes)
    return {place: torch.export.Dim(name, min=0, max=MAX_ROWS) for place, name in axes if isinstance(name, str)}


def _tidy(model: onnx.ModelProto) -> None:
    """Drop what the exporter notes for its own debugging, paths of source files among it."""
    graph = model.graph
    del graph.value_info[:]
    for item in (*graph.node, *graph.input, *graph.output, *graph.initializer, graph):
        del item.metadata_props[:]
        item.doc_string = ""
    model.producer_name, model.producer_version, model.doc_string = "detector-export", "", ""


def check_graph(model: onnx.ModelProto, recipe: Recipe, card: ModelCard) -> None:
    """Raise ExportError unless the graph is valid and what was declared: inputs, outputs, opset, and no batch norm left.

    Symbolic axes get the names of the declaration, and the shapes inferred of all values in between are noted in the graph.
    """
    where = recipe.card.name
    check_signature(model, recipe, card)
    name_axes(model, recipe, card)
    try:
        onnx.checker.check_model(model, full_check=True)
        inferred = onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
        raise ExportError(where, what=f"the graph is not valid: {error}", todo="Nothing was written.") from error
    del model.graph.value_info[:]
    model.graph.value_info.extend(inferred.graph.value_info)
    opset = next(entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx"))
    norms = sum(node.op_type == "BatchNormalization" for node in model.graph.node)
    for subject, found, expected in (("opset", opset, OPSET), ("batch norms", norms, 0)):
        if found != expected:
            what = f"{subject} of the graph: found {found}, expected {expected}"
            raise ExportError(where, what=what, todo="Nothing was written.")
