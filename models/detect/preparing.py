"""From a recipe to what a run needs: the pictures of both sides, the network's spec, and where the weights will come from."""

from dataclasses import dataclass
from pathlib import Path

from models.detect.anchor_picture import anchors_text, draw_anchors
from models.detect.anchors import cluster_sizes, share_among_scales
from models.detect.backbone import backbone_table
from models.detect.backgrounds import background_sources, read_backgrounds, with_backgrounds
from models.detect.records import LabelledPictures, read_labelled
from models.detect.report import DataReport, describe_data, letterboxed_sizes, report_json, report_text, write_json
from models.detect.report_pictures import draw_report, draw_samples
from models.detect.settings import Recipe, TrainingSettings
from models.detect.spec import YoloSpec
from models.detect.split import Split, split_as_given, split_by_content
from models.errors import RecipeError, TrainingDataError
from models.progress import emit
from models.provenance import Provenance


@dataclass(frozen=True)
class Prepared:
    """What a recipe comes to.

    Attributes:
        labelled: the sets, merged.
        split: both sides, with backgrounds.
        spec: the network.
        report: what the data is like.
        provenance: without figures yet.
    """

    labelled: LabelledPictures
    split: Split
    spec: YoloSpec
    report: DataReport
    provenance: Provenance


def prepare(recipe: Recipe) -> Prepared:
    """Reads the data and finds anchors.

    Raises:
        TrainingDataError: the data cannot be used.
        RecipeError: the backbone is unknown.
    """
    settings = recipe.settings
    labelled = read_labelled(recipe.data, recipe.classes, dict(recipe.notes))
    divide = split_as_given if settings.split == "own" else split_by_content
    split = divide(labelled.records, labelled.classes, settings.val_fraction)
    spec = make_spec(labelled, split, settings)
    backgrounds = read_backgrounds(recipe.backgrounds, labelled.records, recipe.not_backgrounds)
    split = with_backgrounds(split, backgrounds, settings.val_fraction)
    sources = (*labelled.sources, *background_sources(recipe.backgrounds, backgrounds, recipe.notes))
    report = describe_data(labelled, split, settings.input_size)
    return Prepared(labelled, split, spec, report, Provenance(sources, seed=settings.seed, split_sha256=split.sha256))


def make_spec(labelled: LabelledPictures, split: Split, settings: TrainingSettings) -> YoloSpec:
    """The network for this data: its classes, and anchors from its training boxes.

    Raises:
        TrainingDataError: too few different boxes for the anchors.
        RecipeError: the backbone is unknown, or settings do not go together.
    """
    sizes = letterboxed_sizes(split.train, settings.input_size)
    count = settings.anchors_per_scale * len(settings.strides)
    try:
        anchors = cluster_sizes(sizes, count, settings.seed)
    except ValueError as error:
        raise TrainingDataError(f"{error}; add pictures or lower --anchors-per-scale") from error
    try:
        return YoloSpec(
            classes=labelled.classes,
            anchors_px=share_among_scales(anchors, len(settings.strides)),
            strides=settings.strides,
            backbone=backbone_table(settings.backbone),
            heads=settings.heads,
            neck=settings.neck,
            input_size=settings.input_size,
            scale_xy=settings.scale_xy,
        )
    except ValueError as error:
        raise RecipeError(str(error)) from error


def tell(prepared: Prepared, out: Path, *, json_progress: bool, draw: bool) -> None:
    """Prints the report and writes it: `report.json`, and with `draw` `report.png`, `samples.png` and `anchors.png`.

    Raises:
        OSError: a file cannot be written.
        TrainingDataError: a picture cannot be read.
    """
    report, split, spec = prepared.report, prepared.split, prepared.spec
    sizes = letterboxed_sizes(split.train, spec.input_size)
    write_json(out / "report.json", report_json(report))
    if json_progress:
        emit("report", file=str(out / "report.json"), warnings=report.warnings)
    else:
        print(f"{report_text(report)}\n{anchors_text(sizes, spec)}\n", flush=True)
    if draw:
        draw_report(report, split, out / "report.png")
        draw_samples([one for one in split.train if len(one.labels)], spec.classes, out / "samples.png")
        draw_anchors(sizes, spec, out / "anchors.png")
