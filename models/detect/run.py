"""One training run from data to weights file."""

import datetime
import logging
import pickle
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import lightning as L  # noqa: N812 (its own convention)
import numpy as np
import torch
from lightning.fabric.utilities.exceptions import MisconfigurationException
from lightning.pytorch.callbacks import ModelCheckpoint, TQDMProgressBar
from lightning.pytorch.loggers import CSVLogger
from numpy.typing import NDArray

from models.detect.anchors import cluster_sizes, share_among_scales
from models.detect.checkpoint import save_yolo
from models.detect.loading import DetectionData
from models.detect.pictures import load_sample
from models.detect.records import LabelledPictures, read_labelled
from models.detect.settings import Recipe, TrainingSettings
from models.detect.spec import Provenance, YoloSpec
from models.detect.split import Split, split_by_content
from models.detect.training import AveragedWeights, YoloTraining
from models.errors import RecipeError, TrainingDataError, WeightsFileError
from models.progress import emit
from models.progress_callback import JsonProgress

BEST_NAME = "yolo.safetensors"
LAST_NAME = "yolo-last.safetensors"


@dataclass(frozen=True)
class Machine:
    """Where a run computes; the values are Lightning's Trainer's own."""

    accelerator: str = "auto"
    devices: str = "auto"
    num_nodes: int = 1
    strategy: str = "auto"
    precision: str = "32-true"


@dataclass(frozen=True)
class Order:
    """What to train, where to put it, and how to speak of it.

    Attributes:
        recipe: settings, data, classes and licence notes.
        out: folder for weights, checkpoints and metrics.
        machine: where to compute.
        resume: a `last.ckpt` to go on from.
        json_progress: lines of JSON on standard output instead of a progress bar.
    """

    recipe: Recipe
    out: Path
    machine: Machine = field(default_factory=Machine)
    resume: Path | None = None
    json_progress: bool = False


class KeptWeights(L.Callback):
    """Writes the averaged weights of each validation, and keeps those of the best one (by mAP50) besides."""

    def __init__(self, out: Path, averaged: AveragedWeights, provenance: Provenance) -> None:
        self._out, self._averaged, self._provenance = out, averaged, provenance
        self.best = -1.0

    def state_dict(self) -> dict[str, Any]:
        """What a resumed run must beat."""
        return {"best": self.best}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """The inverse of `state_dict`."""
        self.best = state_dict["best"]

    def on_validation_end(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:
        """Writes the latest file, and the best one when it got better."""
        if trainer.sanity_checking or not trainer.is_global_zero or not isinstance(pl_module, YoloTraining):
            return
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        epochs = trainer.current_epoch + 1
        provenance = replace(self._provenance, metrics=dict(pl_module.metrics), epochs=epochs, created=now)
        model = self._averaged.average_of(pl_module)
        save_yolo(self._out / LAST_NAME, model, provenance)
        if pl_module.metrics["mAP50"] > self.best:
            self.best = pl_module.metrics["mAP50"]
            save_yolo(self._out / BEST_NAME, model, provenance)


def letterboxed_sizes(split: Split, input_size: int) -> NDArray[np.float64]:
    """(M, 2) widths and heights of the training boxes in pixels of the network's input."""
    sizes = []
    for record in split.train:
        wide, high = record.size_wh or load_sample(record).rgb.shape[1::-1]
        sizes.append((record.boxes_xyxy[:, 2:] - record.boxes_xyxy[:, :2]) * (input_size / max(wide, high)))
    return np.concatenate(sizes).astype(np.float64)


def make_spec(labelled: LabelledPictures, split: Split, settings: TrainingSettings) -> YoloSpec:
    """The network for this data: its classes, and anchors from its training boxes.

    Raises:
        TrainingDataError: too few different boxes for the anchors.
    """
    sizes = letterboxed_sizes(split, settings.input_size)
    count = settings.anchors_per_scale * len(settings.strides)
    try:
        anchors = cluster_sizes(sizes, count, settings.seed)
    except ValueError as error:
        raise TrainingDataError(f"{error}; add pictures or lower anchors_per_scale") from error
    return YoloSpec(
        classes=labelled.classes,
        anchors_px=share_among_scales(anchors, len(settings.strides)),
        strides=settings.strides,
        input_size=settings.input_size,
        scale_xy=settings.scale_xy,
    )


def train(order: Order) -> Mapping[str, float]:
    """Trains, and leaves in the output folder:

    `yolo.safetensors`, the best validation's weights; `yolo-last.safetensors`, the latest one's; `checkpoints/last.ckpt`
    and `best.ckpt`, to resume from; `metrics/version_N/metrics.csv`, one N for each start.

    Returns:
        The figures of the last validation: `mAP50`, `mAP50_95`, `AP50/<class>`.

    Raises:
        TrainingDataError: the data cannot be used.
        RecipeError: Lightning does not know the accelerator, strategy or precision, or this machine lacks it.
        WeightsFileError: the checkpoint to resume from is missing, damaged or of another network.
    """
    _quiet_lightning()
    recipe = order.recipe
    settings = recipe.settings
    L.seed_everything(settings.seed, workers=True, verbose=False)
    labelled = read_labelled(recipe.data, recipe.classes, dict(recipe.notes))
    split = split_by_content(labelled.records, labelled.classes, settings.val_fraction)
    spec = make_spec(labelled, split, settings)
    averaged = AveragedWeights(settings.ema_decay)
    provenance = Provenance(labelled.sources, seed=settings.seed, split_sha256=split.sha256)
    kept = KeptWeights(order.out, averaged, provenance)
    module = YoloTraining(spec, settings)
    trainer = _trainer(order, [averaged, kept])
    if order.resume:
        _require_checkpoint(order.resume)
    if order.json_progress and trainer.is_global_zero:
        emit("start", classes=spec.classes, train=len(split.train), val=len(split.val), epochs=settings.epochs)
    trainer.fit(module, datamodule=DetectionData(split, spec, settings), ckpt_path=order.resume, weights_only=True)
    if order.json_progress and trainer.is_global_zero:
        emit("done", weights=str(order.out / BEST_NAME), best_mAP50=kept.best, metrics=module.metrics)
    return module.metrics


def _quiet_lightning() -> None:
    """What Lightning says to its own developers, and its advertisements, would bury our progress lines."""
    logging.getLogger("lightning.pytorch").setLevel(logging.WARNING)
    warnings.filterwarnings("ignore", message=".*treespec", module="lightning.*")
    warnings.filterwarnings("ignore", message=".*does not have many workers", module="lightning.*")
    warnings.filterwarnings("ignore", message=".*Checkpoint directory .* exists and is not empty", module="lightning.*")


def _require_checkpoint(path: Path) -> None:
    """Lightning would report a damaged file by a traceback of its own."""
    try:
        torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, EOFError, pickle.UnpicklingError) as error:
        raise WeightsFileError(f"{path}: not a readable checkpoint ({error}); start a new run") from error


def _trainer(order: Order, callbacks: list[L.Callback]) -> L.Trainer:
    try:
        return _make_trainer(order, callbacks)
    except (ValueError, TypeError, MisconfigurationException) as error:
        raise RecipeError(f"cannot compute as asked ({order.machine}): {error}") from error


def _make_trainer(order: Order, callbacks: list[L.Callback]) -> L.Trainer:
    settings, machine = order.recipe.settings, order.machine
    folder = order.out / "checkpoints"
    best = ModelCheckpoint(folder, "best", monitor="val_mAP50", mode="max", enable_version_counter=False)
    # Saved after the epoch, not after its validation: a resumed run then starts with the next epoch.
    last = ModelCheckpoint(folder, "last", save_on_train_epoch_end=True, enable_version_counter=False)
    return L.Trainer(
        accelerator=machine.accelerator,
        devices=machine.devices,
        num_nodes=machine.num_nodes,
        strategy=machine.strategy,
        precision=machine.precision,  # type: ignore[arg-type] # Lightning checks the word itself
        max_epochs=settings.epochs,
        check_val_every_n_epoch=min(settings.val_every, settings.epochs),
        gradient_clip_val=settings.clip_norm,
        logger=CSVLogger(order.out, name="metrics"),
        callbacks=[*callbacks, best, last, JsonProgress() if order.json_progress else TQDMProgressBar()],
        enable_progress_bar=not order.json_progress,
        num_sanity_val_steps=0,
        log_every_n_steps=1,
        enable_model_summary=False,
    )
