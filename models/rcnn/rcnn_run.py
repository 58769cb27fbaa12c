"""One run of R-CNN from data to weights file: it is not learnt end to end, but stage by stage (Girshick et al. 2014, section 2.3).

Regions are proposed, the network is fine-tuned on warped ones, features of all are computed, and from these the classes' machines and the
regression of boxes are learnt. Each stage leaves what it made on disk, so that a run that was ended goes on where it was.
"""

import datetime
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import lightning as L  # noqa: N812 (its own convention)
import numpy as np
from tqdm import tqdm

from models.classify.feature_cache import FeatureCache
from models.detect.augmentation import fit_matrix, move_boxes
from models.detect.backbone import backbone_table
from models.detect.evaluation import Found, Truth, false_boxes, mean_average_precision
from models.detect.keeping import METRICS_NAME, OUTCOME_NAME
from models.detect.loading import LetterboxedPictures
from models.detect.outcome import Outcome, save_outcome
from models.detect.outcome_pictures import draw_failures, draw_precision, outcome_text
from models.detect.pictures import Sample, SampleStore
from models.detect.preparing import Material, read_material
from models.detect.records import PictureRecord
from models.detect.registry import best_name
from models.detect.report import describe_data, report_json, report_text, write_json
from models.detect.report_pictures import draw_report, draw_samples
from models.detect.run import Order
from models.detect.start_backbone import start_backbone
from models.errors import RecipeError
from models.progress import emit
from models.quiet import quiet_lightning
from models.rcnn.checkpoint import RCNN, save_rcnn
from models.rcnn.crop_features import DescribedPicture, describe_picture, fingerprint
from models.rcnn.crop_network import CropNetwork
from models.rcnn.crops import Boxes
from models.rcnn.fine_tuning import fine_tune
from models.rcnn.judging import Learnt, judge_from
from models.rcnn.rcnn import RegionClassifier
from models.rcnn.rcnn_detection import Spent, detect, search
from models.rcnn.rcnn_settings import RcnnSettings
from models.rcnn.rcnn_spec import RcnnSpec
from models.rcnn.region_examples import RegionExamples
from models.rcnn.regions import FOLDER, regions_of

FEATURES = "features"
STAGES_NAME = "stages.json"
CACHE_GIB, LONGEST_PX = 4.0, 1024
"""Memory for decoded pictures; longer ones are shrunk to this side for training and figures."""
MEASURED = 20
"""Pictures that the times are the means of."""


@dataclass(frozen=True)
class Stage:
    """An order and how its stages are spoken of."""

    order: Order
    settings: RcnnSettings
    spec: RcnnSpec

    def say(self, sentence: str, **values: Any) -> None:
        """One sentence, or one line of JSON."""
        if self.order.json_progress:
            emit("stage", text=sentence, **values)
        else:
            print(sentence, flush=True)


def make_spec(classes: tuple[str, ...], settings: RcnnSettings) -> RcnnSpec:
    """The network for these classes.

    Raises:
        RecipeError: the backbone is unknown, or settings do not go together.
    """
    try:
        return RcnnSpec(
            classes=classes,
            backbone=backbone_table(settings.backbone),
            crop_size=settings.crop_size,
            context=settings.context,
            hidden=settings.hidden,
            dropout=settings.dropout,
            proposals=settings.proposals,
            side_px=settings.side_px,
            scales=settings.segment_scales,
            nms_iou=settings.nms_iou,
            input_size=settings.input_size,
        )
    except ValueError as error:
        raise RecipeError(str(error)) from error


def run(order: Order) -> Mapping[str, float]:
    """Trains, and leaves in the output folder:

    `rcnn.safetensors`; `metrics.json`, the figures of its validation; `stages.json`, what each class's machine was learnt from and
    where the time of a picture goes; `report.json`, what the data is like; `regions/` and `features/`, which a second run finds again;
    `checkpoints/last.ckpt` to resume the fine-tuning from. Pictures: `report.png`, `samples.png`, `failures.png`, `pr.png`.

    Returns:
        The figures of the validation: `mAP50`, `mAP50_95`, `AP50/<class>`; none where only the report was asked for.

    Raises:
        ModelsError: as `models.detect.run.train`.
        RegionsUnavailableError: scikit-image is not installed.
    """
    quiet_lightning()
    settings: RcnnSettings = order.recipe.settings
    L.seed_everything(settings.seed, workers=True, verbose=False)
    material = read_material(order.recipe)
    stage = Stage(order, settings, make_spec(material.labelled.classes, settings))
    _tell_data(material, stage)
    if order.report_only:
        return {}
    began_s = time.monotonic()
    train, val = (SampleStore(side, LONGEST_PX, CACHE_GIB / 2) for side in (material.split.train, material.split.val))
    regions = _searched(material.split.train, train, stage)
    network = _fine_tuned(material, train, regions, stage)
    pictures = _described(network, material.split.train, train, regions, stage)
    learnt: dict[str, Any] = {}

    def note(name: str, one: Learnt) -> None:
        learnt[name] = _figures_of(one)
        stage.say(f"{name}: {one.positives} objects, {one.machine.negatives} of {one.negatives} regions without, "
                  f"{one.machine.rounds} rounds; boxes from {one.regressed} regions")  # fmt: skip

    judge = judge_from(network, pictures, settings, note)
    return _finish(judge, material, val, stage, {"classes": learnt, "training_s": time.monotonic() - began_s})


def _figures_of(one: Learnt) -> dict[str, float]:
    machine = {"rounds": one.machine.rounds, "hard_negatives": one.machine.negatives}
    return {"objects": one.positives, "negatives": one.negatives, **machine, "regressed_from": one.regressed}


def _tell_data(material: Material, stage: Stage) -> None:
    order, split = stage.order, material.split
    report = describe_data(material.labelled, split, stage.settings.input_size)
    write_json(order.out / "report.json", report_json(report))
    if order.json_progress:
        emit("report", file=str(order.out / "report.json"), warnings=report.warnings)
        emit("start", classes=stage.spec.classes, train=len(split.train), val=len(split.val), epochs=stage.settings.epochs)  # fmt: skip
    else:
        print(f"{report_text(report)}\n", flush=True)
    if order.draw:
        draw_report(report, split, order.out / "report.png")
        draw_samples([one for one in split.train if len(one.labels)], stage.spec.classes, order.out / "samples.png")


def _searched(records: Sequence[PictureRecord], samples: Sequence[Sample], stage: Stage) -> list[Boxes]:
    """Regions of each training picture in the pixels that it is trained in; they are kept in the run's folder."""
    folder = stage.order.out / FOLDER
    folder.mkdir(exist_ok=True)
    stage.say(f"Looking for regions in {len(records)} pictures", stage="regions")
    found = []
    for record, sample in zip(tqdm(records, "regions", disable=None, leave=False), samples, strict=True):
        height, width = sample.rgb.shape[:2]
        stated = record.size_wh or (width, height)
        factors = np.array((width / stated[0], height / stated[1]) * 2, np.float32)
        found.append(regions_of(record, stage.spec, folder) * factors)
    return found


def _fine_tuned(material: Material, samples: Sequence[Sample], regions: Sequence[Boxes], stage: Stage) -> CropNetwork:
    network, order = CropNetwork(stage.spec), stage.order
    if order.recipe.start:
        started = start_backbone(network, order.recipe.start)
        if not order.resume:
            stage.say(started.text(order.recipe.start.name))
    stage.say(f"Fine-tuning the network on {stage.settings.regions_drawn} regions of each picture", stage="fine-tuning")
    return fine_tune(
        network,
        RegionExamples(samples, regions, stage.spec, stage.settings),
        material.split.train,
        stage.settings,
        order.out,
        order.machine,
        order.resume,
        json_progress=order.json_progress,
    )


def _described(
    network: CropNetwork,
    records: Sequence[PictureRecord],
    samples: Sequence[Sample],
    regions: Sequence[Boxes],
    stage: Stage,
) -> list[DescribedPicture]:
    """Features of all training pictures, of a picture with many regions of some drawn from them."""
    stage.say("Computing features", stage="features")
    cache, weights = FeatureCache(stage.order.out / FEATURES, CACHE_GIB), fingerprint(network)
    rng, most = np.random.default_rng(stage.settings.seed), stage.settings.svm_regions
    described = []
    shown = tqdm(records, "features", disable=None, leave=False)
    for record, sample, own in zip(shown, samples, regions, strict=True):
        chosen = own[np.sort(rng.permutation(len(own))[:most])]
        described.append(describe_picture(network, sample, chosen, f"{weights} {record.sha256}", cache))
    return described


def _finish(
    judge: RegionClassifier, material: Material, samples: Sequence[Sample], stage: Stage, noted: dict[str, Any]
) -> Mapping[str, float]:
    order, spec, split = stage.order, stage.spec, material.split
    stage.say(f"Validating on {len(split.val)} pictures", stage="validation")
    found, truths, times = _validated(judge, samples, spec)
    metrics = {**mean_average_precision(found, truths, spec.classes), **false_boxes(found, truths)}
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    provenance = replace(material.provenance, metrics=metrics, epochs=stage.settings.epochs, created=now)
    save_rcnn(order.out / best_name(RCNN), judge, provenance)
    outcome = Outcome(stage.settings.epochs, metrics, tuple(found), tuple(truths))
    (order.out / OUTCOME_NAME).parent.mkdir(exist_ok=True)
    save_outcome(order.out / OUTCOME_NAME, outcome)
    figures = {"epoch": stage.settings.epochs, **metrics}
    write_json(order.out / METRICS_NAME, {"best": figures, "last": figures})
    write_json(order.out / STAGES_NAME, {**noted, "per_picture": times})
    if order.draw:
        shown = LetterboxedPictures(samples, spec.input_size, spec.pad_value)
        names = [record.path.name for record in split.val]
        draw_failures(outcome, shown, names, spec.classes, order.out / "failures.png")
        draw_precision(outcome, spec.classes, order.out / "pr.png")
    weights = order.out / best_name(RCNN)
    if order.json_progress:
        emit("done", weights=str(weights), best_mAP50=metrics["mAP50"], metrics=metrics)
    else:
        print(f"\n{outcome_text(outcome, spec.classes)}\nA picture takes {json.dumps(times)}\nWeights: {weights}", flush=True)  # fmt: skip
    return metrics


def _validated(
    judge: RegionClassifier, samples: Sequence[Sample], spec: RcnnSpec
) -> tuple[list[Found], list[Truth], dict[str, float]]:
    """Detections and truths in pixels of the letterboxed square, as all runs keep them, and the mean times of the first pictures."""
    found, truths, spent, counted = [], [], Spent(), Spent()
    for index, sample in enumerate(tqdm(samples, "validation", disable=None, leave=False)):
        clock = spent if index < MEASURED else counted
        one = detect(sample.rgb, search(sample.rgb, judge, clock), judge, clock)
        to_canvas = fit_matrix(sample, spec.input_size)
        found.append(replace(one, boxes_xyxy=move_boxes(one.boxes_xyxy, to_canvas)))
        truths.append(Truth(move_boxes(sample.boxes_xyxy, to_canvas), sample.labels))
    times = spent.per(min(len(samples), MEASURED))
    return found, truths, {name: round(value, 2) for name, value in times.items()}
