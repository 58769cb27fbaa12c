"""One export from recipe to file, or to the files of a cascade: trace, verify, stamp the card in, write."""

from __future__ import annotations

import hashlib
import importlib.metadata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import onnx

from detector_app.model_card import CARD_KEY, PART_OF_KEY, ModelCard, Stage
from detector_app.parity import ParityReport
from export.errors import ExportError
from export.files import check_target, check_target_folder, replace_file, replace_files
from export.graph import trace
from export.progress import Progress
from export.recipe import CascadeRecipe, Recipe
from export.verification import verify


@dataclass(frozen=True)
class Exported:
    """What was written: the file (of a cascade its folder), the card with the parity report, nodes and bytes of the graphs."""

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


def export_cascade(recipe: CascadeRecipe, folder: Path, progress: Progress) -> Exported:
    """Write the verified ONNX files of ``recipe`` into ``folder``; the first one holds the card, and the others say so.

    Raises:
        ExportError: anything on the way fails, or a graph and its network disagree. Then nothing was written.
    """
    files = {stage.name: stage.file for stage in recipe.card.stages}
    check_target_folder(folder, list(files.values()))
    models, parities = {}, {}
    for name, stage in recipe.stages.items():
        progress.stage("trace", f"Tracing {stage.card.name}")
        models[name] = trace(stage)
        progress.stage("verify", f"Comparing {stage.card.name} under ONNX Runtime with PyTorch")
        parities[name] = verify(models[name].SerializeToString(), stage)
    first, *later = files
    contents = {}
    for name in later:
        contents[name] = _serialized(models[name], {PART_OF_KEY: files[first]}, folder / files[name])
    card = replace(
        recipe.card,
        stages=tuple(_with_sha256(stage, contents.get(stage.name)) for stage in recipe.card.stages),
        parity=_joined(parities),
        producer=_producer(),
    )
    contents[first] = _stamped(models[first], card, folder / files[first])
    progress.stage("write", f"Writing {folder}")
    replace_files(folder, {files[name]: content for name, content in contents.items()})
    nodes = sum(len(model.graph.node) for model in models.values())
    return Exported(folder, card, nodes, sum(map(len, contents.values())))


def _with_sha256(stage: Stage, content: bytes | None) -> Stage:
    """The stage with the hash of its file; that of the card's own file cannot be in it."""
    return stage if content is None else replace(stage, sha256=hashlib.sha256(content).hexdigest())


def _joined(parities: Mapping[str, ParityReport]) -> ParityReport:
    """One report of all stages, whose rows say which stage they are of."""
    rows = [replace(row, output=f"{name}.{row.output}") for name, report in parities.items() for row in report.rows]
    return replace(next(iter(parities.values())), rows=tuple(rows))


def _stamped(model: onnx.ModelProto, card: ModelCard, target: Path) -> bytes:
    """The file's bytes with the card inside, after a look whether the app will be able to read it."""
    text = card.to_json()
    ModelCard.from_json(text, str(target))
    return _serialized(model, {CARD_KEY: text}, target)


def _serialized(model: onnx.ModelProto, properties: Mapping[str, str], target: Path) -> bytes:
    onnx.helper.set_model_props(model, dict(properties))
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
