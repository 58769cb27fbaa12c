"""From a PyTorch network to an ONNX graph: traced with symbolic axes, folded, tidied and checked."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import onnx
import torch
from torch.onnx.errors import OnnxExporterError

from export.errors import ExportError
from export.folding import without_batch_norms
from export.recipe import OPSET, Recipe, input_shapes

MAX_BATCH = 1024
MAP_AXES = 4
"""N, C, H, W."""


def trace(recipe: Recipe) -> onnx.ModelProto:
    """The graph of a recipe's network, with batch norms folded into convolutions, and rewritten as the recipe says.

    Raises:
        ExportError: PyTorch cannot trace the network with the axes that the card declares, or the result is not sound.
    """
    example = torch.zeros(input_shapes(recipe.card.input).traced)
    try:
        with torch.no_grad(), _quiet():
            program = torch.onnx.export(
                without_batch_norms(recipe.network),
                (example,),
                dynamo=True,
                opset_version=OPSET,
                input_names=[recipe.card.input.name],
                output_names=[output.name for output in recipe.card.outputs],
                dynamic_shapes=(_symbolic_axes(recipe),),
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
    _tidy(model, recipe)
    for rewrite in recipe.rewritings:
        model = rewrite(model)
    _check(model, recipe)
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


def _tidy(model: onnx.ModelProto, recipe: Recipe) -> None:
    """Drop what the exporter notes for its own debugging (paths of source files among it), and name the axes for readers."""
    graph = model.graph
    del graph.value_info[:]
    for item in (*graph.node, *graph.input, *graph.output, *graph.initializer, graph):
        del item.metadata_props[:]
        item.doc_string = ""
    model.producer_name, model.producer_version, model.doc_string = "detector-export", "", ""
    _name_axes(graph.input[0], 1)
    for output in graph.output:
        head = recipe.card.head_of(output.name)
        _name_axes(output, head.stride if head is not None else 0)


def _name_axes(value: onnx.ValueInfoProto, stride: int) -> None:
    """Call the symbolic axes batch, height and width, the latter divided by ``stride``; 0 names them after the map."""
    suffix = "" if stride == 1 else f"/{stride}"
    sides = {2: f"height{suffix}", 3: f"width{suffix}"} if stride else {2: "map height", 3: "map width"}
    names = {0: "batch", **(sides if len(value.type.tensor_type.shape.dim) == MAP_AXES else {})}
    for axis, dimension in enumerate(value.type.tensor_type.shape.dim):
        if dimension.dim_param and axis in names:
            dimension.dim_param = names[axis]


def _check(model: onnx.ModelProto, recipe: Recipe) -> None:
    """The graph is valid, has the names that the card says, the pinned opset, and no batch norm left."""
    name = recipe.card.name
    try:
        onnx.checker.check_model(model, full_check=True)
    except onnx.checker.ValidationError as error:
        raise ExportError(name, what=f"the graph is not valid: {error}", todo="Nothing was written.") from error
    opset = next(entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx"))
    findings = {
        "opset": (opset, OPSET),
        "inputs": ([value.name for value in model.graph.input], [recipe.card.input.name]),
        "outputs": ([value.name for value in model.graph.output], [output.name for output in recipe.card.outputs]),
        "batch norms": (sum(node.op_type == "BatchNormalization" for node in model.graph.node), 0),
    }
    for subject, (found, expected) in findings.items():
        if found != expected:
            raise ExportError(
                name, what=f"{subject} of the graph: found {found}, expected {expected}", todo="Nothing was written."
            )
