"""One export from recipe to file: trace, verify, stamp the card in, write."""

from __future__ import annotations

import importlib.metadata
from dataclasses import dataclass, replace
from pathlib import Path

import onnx

from detector_app.model_card import CARD_KEY, ModelCard
from export.errors import ExportError
from export.files import check_target, replace_file
from export.graph import trace
from export.progress import Progress
from export.recipe import Recipe
from export.verification import verify


@dataclass(frozen=True)
class Exported:
    """What was written: the file, its card with the parity report, the graph's nodes and the file's bytes."""

    path: Path
    card: ModelCard
    nodes: int
    size_bytes: int


def export_recipe(recipe: Recipe, target: Path, progress: Progress) -> Exported:
    """Write the verified ONNX file of ``recipe`` to ``target``.

    Raises:
        ExportError: anything on the way fails, or graph and network disagree. Then nothing was written.
    """
    check_target(target)
    progress.stage("trace", "Tracing the network")
    model = trace(recipe)
    progress.stage("verify", "Comparing ONNX Runtime with PyTorch")
    parity = verify(model.SerializeToString(), recipe)
    card = replace(recipe.card, parity=parity, producer=_producer())
    content = _stamped(model, card, target)
    progress.stage("write", f"Writing {target}")
    replace_file(target, content)
    return Exported(target, card, len(model.graph.node), len(content))


def _stamped(model: onnx.ModelProto, card: ModelCard, target: Path) -> bytes:
    """The file's bytes with the card inside, after a look whether the app will be able to read it."""
    text = card.to_json()
    ModelCard.from_json(text, str(target))
    onnx.helper.set_model_props(model, {CARD_KEY: text})
    try:
        return bytes(model.SerializeToString())
    except ValueError as error:
        raise ExportError(
            str(target), what=f"the graph does not fit into one file: {error}", todo="Export a smaller network."
        ) from error


def _producer() -> str:
    """Name and version of the program, as far as it is installed."""
    try:
        return f"detector-export {importlib.metadata.version('detector-app')}"
    except importlib.metadata.PackageNotFoundError:
        return "detector-export"
