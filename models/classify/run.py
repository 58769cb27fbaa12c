"""One training run from a folder of pictures to a weights file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import lightning as L  # noqa: N812 (its own convention)
from torch import nn

from models.backbones.registry import describe
from models.classify.augmentation import Augmentation
from models.classify.checkpoint import load_classifier, save_classifier
from models.classify.feature_cache import FeatureCache, user_cache
from models.classify.head_training import HeadOnly, NextView, head_features
from models.classify.keeping import CURVES_NAME, Curves, KeptBest, make_judge, make_trainer
from models.classify.layers import Division, Transfer, divide, require_passing
from models.classify.loading import ClassifierData
from models.classify.measures import Answers, confusion
from models.classify.pictures import PictureSet
from models.classify.preparing import Prepared, prepare, write_sheet
from models.classify.report import print_data, print_part, print_result
from models.classify.settings import ClassifyRecipe, ClassifySettings
from models.classify.sheet import confusion_picture
from models.classify.spec import ClassifierSpec
from models.classify.start import Start, start_from, stored_spec
from models.classify.training import ClassifierTraining
from models.machine import Machine, is_first_process
from models.progress import emit
from models.progress_callback import JsonProgress
from models.provenance import Provenance
from models.quiet import quiet_lightning
from models.terminal_progress import TerminalProgress
from models.trouble import told_plainly
from models.whole_checkpoints import require_checkpoint

WEIGHTS_NAME = "classifier.safetensors"
SHEET_NAME = "augmentation.png"


@dataclass(frozen=True)
class Order:
    """What to train, where to put it, and how to speak of it.

    Attributes:
        recipe: settings, data, network and licence notes.
        out: folder for weights, checkpoints, metrics and pictures.
        machine: where to compute.
        transfer: what of a pretrained network is trained.
        start: a checkpoint to begin with, of ours or torchvision's.
        cache: folder for the features of frozen networks.
        resume: a `last.ckpt` to go on from.
        json_progress: lines of JSON on standard output instead of lines for people.
        draw: also the pictures.
    """

    recipe: ClassifyRecipe
    out: Path
    machine: Machine = field(default_factory=Machine)
    transfer: Transfer = field(default_factory=Transfer)
    start: Path | None = None
    cache: Path | None = None
    resume: Path | None = None
    json_progress: bool = False
    draw: bool = True


def train(order: Order) -> Mapping[str, float]:
    """Trains, and leaves in the output folder:

    `classifier.safetensors`, the best validation's weights; `checkpoints/last.ckpt`, to resume from;
    `metrics/version_N/metrics.csv`, one N for each start, and `curves.png`; `augmentation.png`; `confusion-PART.png`
    of each test part, or of validation where there is none.

    Returns:
        The figures of the best validation, and `PART_accuracy` of each test part.

    Raises:
        TrainingDataError: the data cannot be used.
        RecipeError: the network, an option, the transfer or the machine cannot be.
        WeightsFileError: the file to begin with, or the checkpoint to resume from, does not fit.
        MemoryShortError, DiskFullError, DivergedError, TrainingInterruptedError: see their words.
    """
    settings, size = order.recipe.settings, order.recipe.size_hw or describe(order.recipe.model).input_hw
    asked = f"batch {settings.batch} at {size[1]}×{size[0]}"
    with told_plainly(asked, "--size", order.out):
        return _train(order)


def _train(order: Order) -> Mapping[str, float]:
    quiet_lightning()
    settings = order.recipe.settings
    L.seed_everything(settings.seed, workers=True, verbose=False)
    if order.resume:
        require_checkpoint(order.resume)
    prepared = prepare(order.recipe, order.out, stored_spec(order.start) if order.start else None)
    spec, folders = prepared.spec, prepared.folders
    if is_first_process():
        print_data(folders, json_progress=order.json_progress)
        if order.draw:
            write_sheet(prepared, order.out / SHEET_NAME, settings.seed)
    begun = start_from(describe(spec.architecture), spec, order.start)
    partly = order.transfer.way in ("head", "last")
    chw = (spec.channels, *spec.input_hw)
    require_passing(begun.network, spec.architecture, chw, 0 if partly else settings.batch)
    lesson = _head_lesson(order, prepared, begun) if order.transfer.way == "head" else _lesson(order, prepared, begun)
    provenance = Provenance((folders.source,), seed=settings.seed, split_sha256=folders.split_sha256)
    kept = KeptBest(order.out / WEIGHTS_NAME, begun.network, spec, provenance)
    callbacks = [*lesson.callbacks, kept, *([Curves(order.out / CURVES_NAME)] if order.draw else [])]
    speaking = JsonProgress() if order.json_progress else TerminalProgress("accuracy")
    trainer = make_trainer(order.out, settings, lesson.machine, [*callbacks, speaking])
    if order.json_progress and trainer.is_global_zero:
        train, val = len(folders.train), len(folders.val)
        emit("start", classes=spec.classes, train=train, val=val, epochs=settings.epochs)
    trainer.fit(lesson.module, datamodule=lesson.data, ckpt_path=order.resume, weights_only=True)
    return _finish(order, prepared) if trainer.is_global_zero else kept.metrics


@dataclass(frozen=True)
class Lesson:
    """What is taught, on what, and where."""

    module: ClassifierTraining
    data: ClassifierData
    machine: Machine
    callbacks: Sequence[L.Callback] = ()


def _lesson(order: Order, prepared: Prepared, begun: Start) -> Lesson:
    """All of the network, or its last layers, taught on pictures changed anew in every epoch."""
    spec, settings = prepared.spec, order.recipe.settings
    division = divide(begun.network, describe(spec.architecture), order.transfer, (spec.channels, *spec.input_hw))
    augmentation = Augmentation(prepared.steps)
    module = ClassifierTraining(begun.network, spec, settings, division, augmentation, begun.pretrained)
    val = PictureSet(prepared.folders.val, spec.look, settings.cache_gib)
    return Lesson(module, ClassifierData(prepared.canvases, val, settings.batch, settings.workers), order.machine)


def _head_lesson(order: Order, prepared: Prepared, begun: Start) -> Lesson:
    """Only the head, taught on features that are computed once; one device is plenty for that."""
    machine = replace(order.machine, devices="1", num_nodes=1, strategy="auto")
    settings = order.recipe.settings
    cache = FeatureCache(order.cache or user_cache(), settings.cache_gib)
    train, val = head_features(prepared, begun.network, settings, make_judge(machine), cache)
    cache.shrink()
    head = HeadOnly(begun.network, describe(prepared.spec.architecture).head)
    module = ClassifierTraining(head, prepared.spec, settings, Division((), ("head",)))
    return Lesson(module, ClassifierData(train, val, settings.batch, 0), machine, (NextView(train),))


def _finish(order: Order, prepared: Prepared) -> Mapping[str, float]:
    """Measures the best weights on each test part, if there is any, and draws what they confuse, there or on validation."""
    path, settings = order.out / WEIGHTS_NAME, order.recipe.settings
    network, spec, provenance = load_classifier(path)
    for part, records in (prepared.folders.tests or {"val": prepared.folders.val}).items():
        pictures = PictureSet(records, spec.look, settings.cache_gib)
        counts = confusion(judge(network, spec, pictures, settings, order.machine))
        share = counts.trace() / counts.sum()
        if part != "val":
            provenance = replace(provenance, metrics={**provenance.metrics, f"{part}_accuracy": float(share)})
        if order.draw:
            title = f"{share:.1%} right on {len(records)} pictures of {part}"
            confusion_picture(order.out / f"confusion-{part}.png", counts, spec.classes, title)
        if not order.json_progress:
            print_part(part, spec.classes, counts)
    save_classifier(path, network, spec, provenance)
    print_result(order.out, provenance, json_progress=order.json_progress)
    return provenance.metrics


def judge(
    network: nn.Module, spec: ClassifierSpec, pictures: PictureSet, settings: ClassifySettings, machine: Machine
) -> Answers:
    """What a network answers to pictures as they are."""
    module = ClassifierTraining(network, spec, settings, Division((), ()))
    data = ClassifierData(pictures, pictures, settings.batch, settings.workers)
    make_judge(replace(machine, devices="1", num_nodes=1, strategy="auto")).validate(
        module, datamodule=data, verbose=False
    )
    return module.answers
