"""One training run from data to weights file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import lightning as L  # noqa: N812 (its own convention)
from lightning.pytorch.callbacks import EarlyStopping, ModelCheckpoint

from models.detect.architecture import AnyArchitecture, Architecture
from models.detect.keeping import OUTCOME_NAME, Curves, KeptWeights
from models.detect.loading import DetectionData
from models.detect.outcome import load_outcome
from models.detect.outcome_pictures import draw_failures, draw_precision, outcome_text
from models.detect.preparing import Prepared, prepare, tell
from models.detect.recipe import Recipe
from models.detect.registry import best_name, entry_of
from models.detect.training import AveragedWeights, DetectorTraining
from models.errors import RecipeError
from models.machine import Machine
from models.progress import emit
from models.progress_callback import JsonProgress
from models.quiet import quiet_lightning
from models.run_trainer import make_run_trainer
from models.seeded_epochs import SeededEpochs
from models.sound_loss import SoundLoss
from models.terminal_progress import TerminalProgress
from models.trouble import told_plainly
from models.whole_checkpoints import require_checkpoint


@dataclass(frozen=True)
class Order:
    """What to train, where to put it, and how to speak of it.

    Attributes:
        recipe: settings, data, classes and licence notes.
        out: folder for weights, checkpoints, figures and pictures; it exists.
        machine: where to compute.
        resume: a `last.ckpt` to go on from.
        json_progress: lines of JSON on standard output instead of sentences.
        report_only: tell what the data is like, and train nothing.
        draw: write pictures, too.
    """

    recipe: Recipe
    out: Path
    machine: Machine = field(default_factory=Machine)
    resume: Path | None = None
    json_progress: bool = False
    report_only: bool = False
    draw: bool = True


def train(order: Order) -> Mapping[str, float]:
    """Trains, and leaves in the output folder:

    `MODEL.safetensors`, the best validation's weights; `MODEL-last.safetensors`, the latest one's; `checkpoints/last.ckpt`
    and `best.ckpt`, to resume from; `metrics/version_N/metrics.csv`, one N for each start; `metrics.json`, the figures of the
    best and the last validation; `report.json`, what the data is like. Pictures: `report.png`, `samples.png`,
    `anchors.png` before, `curves.png` meanwhile, `failures.png` and `pr.png` of the best validation at the end.

    With the same data, settings and machine the weights are the same, whether the run was interrupted or not; to the bit on
    a processor, and nearly on a GPU, which adds in an order of its own.

    Returns:
        The figures of the last validation: `mAP50`, `mAP50_95`, `AP50/<class>`; none where only the report was asked for.

    Raises:
        TrainingDataError: the data cannot be used.
        RecipeError: Lightning does not know the accelerator, strategy or precision, or this machine lacks it.
        WeightsFileError: the checkpoint to resume from is missing, damaged or of another network.
        MemoryShortError, DiskFullError, DivergedError, TrainingInterruptedError: see their words.
    """
    settings = order.recipe.settings
    learner = entry_of(order.recipe.model).load()
    largest = max(settings.input_size, *getattr(settings, "train_sizes", ()), 0)
    batch = f"batch {settings.batch} at " if hasattr(settings, "batch") else ""
    with told_plainly(f"{batch}input_size {largest}", "--input-size", order.out):
        if isinstance(learner, Architecture):
            return _train(order, learner)
        figures: Mapping[str, float] = learner(order)
        return figures


def _train(order: Order, architecture: AnyArchitecture) -> Mapping[str, float]:
    quiet_lightning()
    recipe = order.recipe
    if recipe.settings.start_share and not recipe.start:
        raise RecipeError("start_share mixes in the weights to start from, and there are none; give --from")
    L.seed_everything(recipe.settings.seed, workers=True, verbose=False)
    prepared = prepare(recipe, architecture)
    averaged = AveragedWeights(recipe.settings.ema_decay, recipe.settings.start_share)
    kept = KeptWeights(order.out, architecture, averaged, prepared.provenance)
    trainer = _trainer(order, [averaged, kept])
    if trainer.is_global_zero:
        tell(prepared, order.out, json_progress=order.json_progress, draw=order.draw)
    if order.report_only:
        return {}
    module = DetectorTraining(architecture, prepared.spec, recipe.settings)
    if recipe.start:
        started = architecture.start(module.model, recipe.start)
        averaged.remember(module.model)
        if trainer.is_global_zero and not (order.json_progress or order.resume):
            print(f"{started.text(recipe.start.name)}\n", flush=True)
    if order.resume:
        require_checkpoint(order.resume)
    _announce(order, prepared, trainer)
    split = architecture.accompany(prepared.split, prepared.spec, recipe.settings, order.out)
    data = DetectionData(split, prepared.spec, recipe.settings)
    trainer.fit(module, datamodule=data, ckpt_path=order.resume, weights_only=True)
    if trainer.is_global_zero:
        _finish(order, prepared, data, trainer)
        if order.json_progress:
            emit(
                "done",
                weights=str(order.out / best_name(architecture.name)),
                best_mAP50=kept.best,
                metrics=module.metrics,
            )
    return module.metrics


def _announce(order: Order, prepared: Prepared, trainer: L.Trainer) -> None:
    split, epochs = prepared.split, order.recipe.settings.epochs
    if order.json_progress and trainer.is_global_zero:
        emit("start", classes=prepared.spec.classes, train=len(split.train), val=len(split.val), epochs=epochs)


def _finish(order: Order, prepared: Prepared, data: DetectionData, trainer: L.Trainer) -> None:
    """Tells and draws how good the best weights are and where they fail."""
    path, classes = order.out / OUTCOME_NAME, prepared.spec.classes
    if not path.is_file():  # resumed behind its end, in a folder that an earlier version wrote
        return
    outcome = load_outcome(path)
    if order.draw:
        names = [record.path.name for record in prepared.split.val]
        draw_failures(outcome, data.val, names, classes, order.out / "failures.png")
        draw_precision(outcome, classes, order.out / "pr.png")
    if order.json_progress:
        return
    if trainer.current_epoch < order.recipe.settings.epochs:
        patience = order.recipe.settings.patience
        print(f"Stopped after epoch {trainer.current_epoch}: {patience} validations without a better mAP50")
    print(f"\n{outcome_text(outcome, classes)}")
    pictures = "; pictures beside them: curves, pr, failures" if order.draw else ""
    print(f"Weights: {order.out / best_name(prepared.architecture.name)}{pictures}", flush=True)


def _trainer(order: Order, callbacks: list[L.Callback]) -> L.Trainer:
    settings = order.recipe.settings
    best = ModelCheckpoint(
        order.out / "checkpoints", "best", monitor="val_mAP50", mode="max", enable_version_counter=False
    )
    return make_run_trainer(
        order.out,
        order.machine,
        [*callbacks, *_watching(order), best],
        max_epochs=settings.epochs,
        check_val_every_n_epoch=min(settings.val_every, settings.epochs),
        gradient_clip_val=settings.clip_norm,
    )


def _watching(order: Order) -> list[L.Callback]:
    speaking: L.Callback = JsonProgress() if order.json_progress else TerminalProgress("mAP50")
    settings = order.recipe.settings
    stop: list[Any] = [EarlyStopping("val_mAP50", patience=settings.patience, mode="max")] if settings.patience else []
    return [SeededEpochs(settings.seed), SoundLoss(), Curves(order.out, draw=order.draw), speaking, *stop]
