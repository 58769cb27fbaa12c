"""From a recipe to what a run needs: the pictures of both sides, the network's spec, and where the weights will come from."""

from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from models.detect.anchor_picture import anchors_text, draw_anchors
from models.detect.architecture import AnchoredSpec, AnyArchitecture, DetectorSpec
from models.detect.backgrounds import background_sources, read_backgrounds, with_backgrounds
from models.detect.recipe import Recipe
from models.detect.records import LabelledPictures, read_labelled
from models.detect.report import DataReport, describe_data, letterboxed_sizes, report_json, report_text, write_json
from models.detect.report_pictures import draw_report, draw_samples
from models.detect.split import Split, split_as_given, split_by_content
from models.progress import emit
from models.provenance import Provenance


@dataclass(frozen=True)
class Prepared:
    """What a recipe comes to.

    Attributes:
        architecture: the model.
        labelled: the sets, merged.
        split: both sides, with backgrounds.
        spec: the network.
        report: what the data is like.
        provenance: without figures yet.
    """

    architecture: AnyArchitecture
    labelled: LabelledPictures
    split: Split
    spec: DetectorSpec
    report: DataReport
    provenance: Provenance


@dataclass(frozen=True)
class Material:
    """The pictures of a recipe: the sets merged, and both sides with backgrounds and without."""

    labelled: LabelledPictures
    own: Split
    split: Split
    provenance: Provenance


def read_material(recipe: Recipe) -> Material:
    """Reads and divides the data.

    Raises:
        TrainingDataError: the data cannot be used.
    """
    settings = recipe.settings
    labelled = read_labelled(recipe.data, recipe.classes, dict(recipe.notes))
    divide = split_as_given if settings.split == "own" else split_by_content
    own = divide(labelled.records, labelled.classes, settings.val_fraction)
    backgrounds = read_backgrounds(recipe.backgrounds, labelled.records, recipe.not_backgrounds)
    split = with_backgrounds(own, backgrounds, settings.val_fraction)
    sources = (*labelled.sources, *background_sources(recipe.backgrounds, backgrounds, recipe.notes))
    return Material(labelled, own, split, Provenance(sources, seed=settings.seed, split_sha256=split.sha256))


def prepare(recipe: Recipe, architecture: AnyArchitecture) -> Prepared:
    """Reads the data and plans the network.

    Raises:
        TrainingDataError: the data cannot be used.
        RecipeError: the network cannot be planned as asked.
    """
    material = read_material(recipe)
    spec = architecture.make_spec(material.labelled, material.own, recipe.settings)
    report = describe_data(material.labelled, material.split, recipe.settings.input_size)
    return Prepared(architecture, material.labelled, material.split, spec, report, material.provenance)


def tell(prepared: Prepared, out: Path, *, json_progress: bool, draw: bool) -> None:
    """Prints the report and writes it: `report.json`, and with `draw` `report.png`, `samples.png` and, where there are any, `anchors.png`.

    Raises:
        OSError: a file cannot be written.
        TrainingDataError: a picture cannot be read.
    """
    report, split, spec = prepared.report, prepared.split, prepared.spec
    anchors = _anchors(prepared)
    write_json(out / "report.json", report_json(report))
    if json_progress:
        emit("report", file=str(out / "report.json"), warnings=report.warnings)
    else:
        said = [report_text(report), *([anchors_text(*anchors)] if anchors else [])]
        print("\n".join(said) + "\n", flush=True)
    if draw:
        draw_report(report, split, out / "report.png")
        draw_samples([one for one in split.train if len(one.labels)], spec.classes, out / "samples.png")
        if anchors:
            draw_anchors(*anchors, out / "anchors.png")


def _anchors(prepared: Prepared) -> tuple[NDArray[np.float64], AnchoredSpec] | None:
    """Box sizes and the anchors that stand for them; None of a model without."""
    if not prepared.architecture.anchored:
        return None
    sizes = letterboxed_sizes(prepared.split.train, prepared.spec.input_size)
    return sizes, cast(AnchoredSpec, prepared.spec)
