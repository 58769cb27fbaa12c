"""One export from recipe to file, or to the files of a cascade: trace, verify, change and verify again, stamp the card in, write."""

from __future__ import annotations

import hashlib
import importlib.metadata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import onnx

from detector_app.model_card import CARD_KEY, PART_OF_KEY, ModelCard, Stage
from export.draft import Draft, Variant
from export.errors import ExportError
from export.files import check_target, check_target_folder, replace_files
from export.graph import check_graph, trace
from export.parity_picture import parity_picture
from export.progress import Progress
from export.recipe import CascadeRecipe, Recipe
from export.verification import Allowed, Proof, joined, verify

PICTURE_SUFFIX = ".parity.png"


@dataclass(frozen=True)
class Exported:
    """What was written.

    Attributes:
        path: the file, of a cascade its folder.
        card: with the parity report.
        nodes, size_bytes: of all graphs.
        picture: of the proof, beside the file.
    """

    path: Path
    card: ModelCard
    nodes: int
    size_bytes: int
    picture: Path | None = None


def export_recipe(
    recipe: Recipe, target: Path, progress: Progress, variants: Sequence[Variant] = (), *, picture: bool = True
) -> Exported:
    """Write the verified ONNX file of ``recipe`` to ``target``, changed as ``variants`` say, and a picture of the proof beside it.

    Raises:
        ExportError: anything on the way fails, or graph and network disagree. Then nothing was written.
    """
    check_target(target)
    draft = _traced(recipe, progress)
    for variant in variants:
        draft = _changed(draft, variant, progress)
    card = replace(draft.card, parity=draft.proof.report, producer=_producer())
    contents = {target.name: _stamped(draft.model, card, target)}
    drawn = target.with_suffix(PICTURE_SUFFIX) if picture else None
    progress.stage("write", f"Writing {target}")
    _write(target.parent, contents, drawn, draft.proof, card.name)
    return Exported(target, card, len(draft.model.graph.node), len(contents[target.name]), drawn)


def export_cascade(recipe: CascadeRecipe, folder: Path, progress: Progress, *, picture: bool = True) -> Exported:
    """Write the verified ONNX files of ``recipe`` into ``folder``; the first one holds the card, and the others say so.

    Raises:
        ExportError: anything on the way fails, or a graph and its network disagree. Then nothing was written.
    """
    files = {stage.name: stage.file for stage in recipe.card.stages}
    check_target_folder(folder, list(files.values()))
    drafts = {name: _traced(stage, progress, f" {stage.card.name}") for name, stage in recipe.stages.items()}
    first, *later = files
    contents = {}
    for name in later:
        contents[name] = _serialized(drafts[name].model, {PART_OF_KEY: files[first]}, folder / files[name])
    proof = joined({name: draft.proof for name, draft in drafts.items()})
    card = replace(
        recipe.card,
        stages=tuple(_with_sha256(stage, contents.get(stage.name)) for stage in recipe.card.stages),
        parity=proof.report,
        producer=_producer(),
    )
    contents[first] = _stamped(drafts[first].model, card, folder / files[first])
    drawn = (folder / files[first]).with_suffix(PICTURE_SUFFIX) if picture else None
    progress.stage("write", f"Writing {folder}")
    _write(folder, {files[name]: content for name, content in contents.items()}, drawn, proof, card.name)
    nodes = sum(len(draft.model.graph.node) for draft in drafts.values())
    return Exported(folder, card, nodes, sum(map(len, contents.values())), drawn)


def _traced(recipe: Recipe, progress: Progress, which: str = " the network") -> Draft:
    """Trace, rewrite, check and verify; ``which`` names the network for people."""
    progress.stage("trace", f"Tracing{which}")
    model = trace(recipe)
    progress.stage("verify", f"Comparing{which} under ONNX Runtime with PyTorch")
    proof = verify(model.SerializeToString(), recipe, recipe.card, Allowed())
    return Draft(recipe, model, recipe.card, proof)


def _changed(draft: Draft, variant: Variant, progress: Progress) -> Draft:
    """Change the graph, check it, and verify it again."""
    progress.stage(variant.stage, variant.text)
    model, card = variant.change(draft.model, draft.card)
    check_graph(model, draft.recipe, card)
    draft = replace(draft, model=model, card=card)
    if variant.allowed is not None:
        proof = verify(model.SerializeToString(), draft.recipe, card, variant.allowed)
        draft = replace(draft, proof=proof)
    return draft if variant.judge is None else variant.judge(draft)


def _write(folder: Path, contents: Mapping[str, bytes], drawn: Path | None, proof: Proof, name: str) -> None:
    """All files at once, the picture among them; the last one is the one that makes the others a model."""
    pictures = {} if drawn is None else {drawn.name: parity_picture(name, proof)}
    replace_files(folder, {**pictures, **contents})


def _with_sha256(stage: Stage, content: bytes | None) -> Stage:
    """The stage with the hash of its file; that of the card's own file cannot be in it."""
    return stage if content is None else replace(stage, sha256=hashlib.sha256(content).hexdigest())


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
