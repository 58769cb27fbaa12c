"""What a run keeps: the best weights, and checkpoints to resume from."""

import datetime
import math
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import lightning as L  # noqa: N812 (its own convention)
from lightning.pytorch.callbacks import EarlyStopping
from lightning.pytorch.loggers import CSVLogger
from torch import nn

from models.classify.checkpoint import save_classifier
from models.classify.settings import ClassifySettings
from models.classify.spec import ClassifierSpec
from models.classify.training import ClassifierTraining
from models.curves import draw_curves
from models.machine import Machine
from models.provenance import Provenance
from models.run_trainer import make_run_trainer
from models.seeded_epochs import SeededEpochs
from models.sound_loss import SoundLoss

CURVES_NAME = "curves.png"
DRAWN_AT_MOST = 20  # parts of the time, of which drawing takes one
LAST_NAME = "last.ckpt"


def is_better(reached: tuple[float, float], kept: tuple[float, float], highest: float, pictures: int) -> bool:
    """Whether one validation is to be preferred to another.

    Accuracies that are no more than one standard error below the highest count as equal, and the loss, which sees every picture's
    probabilities, decides between them: else the luckiest of many noisy validations would win, often an early one (the rule of
    one standard error: Breiman, Friedman, Olshen and Stone 1984, section 3.4.3).

    Args:
        reached: (accuracy, −loss) of the newer one.
        kept: the same of the older one.
        highest: accuracy of all so far, these two among them.
        pictures: how many were judged.
    """
    least = highest - math.sqrt(highest * (1 - highest) / max(pictures, 1))
    return reached[0] >= least and (kept[0] < least or reached[1] > kept[1])


class KeptBest(L.Callback):
    """Writes the weights of the best validation: see `is_better`."""

    def __init__(self, path: Path, network: nn.Module, spec: ClassifierSpec, provenance: Provenance) -> None:
        self._path, self._network, self._spec, self._provenance = path, network, spec, provenance
        self.best, self.highest = (-1.0, -math.inf), 0.0
        self.metrics: dict[str, float] = {}

    def state_dict(self) -> dict[str, Any]:
        """What a resumed run must beat."""
        return {"best": list(self.best), "highest": self.highest, "metrics": self.metrics}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """The inverse of `state_dict`."""
        self.best, self.metrics = tuple(state_dict["best"]), state_dict["metrics"]
        self.highest = state_dict.get("highest", self.best[0])

    def on_validation_end(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:
        """Writes the file when it got better."""
        if trainer.sanity_checking or not isinstance(pl_module, ClassifierTraining):
            return
        reached = (pl_module.metrics["accuracy"], -float(trainer.callback_metrics["val_loss"]))
        self.highest = max(self.highest, reached[0])
        if not is_better(reached, self.best, self.highest, len(pl_module.answers.labels)):
            return
        self.best, self.metrics = reached, dict(pl_module.metrics)
        if trainer.is_global_zero:
            now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
            epochs = trainer.current_epoch + 1
            provenance = replace(self._provenance, metrics=self.metrics, epochs=epochs, created=now)
            save_classifier(self._path, self._network, self._spec, provenance)


class Curves(L.Callback):
    """Draws the run's curves: at the end, and meanwhile so seldom that it takes a twentieth of the time at most."""

    def __init__(self, path: Path) -> None:
        self._path, self._next_s = path, 0.0

    def on_train_epoch_end(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:
        """Rewrites the picture with what is logged so far."""
        if time.monotonic() >= self._next_s:
            self._draw(trainer)

    def on_train_end(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:
        """The last one."""
        self._draw(trainer)

    def _draw(self, trainer: L.Trainer) -> None:
        if trainer.is_global_zero and isinstance(trainer.logger, CSVLogger):
            began_s = time.monotonic()
            trainer.logger.save()
            draw_curves(Path(trainer.logger.log_dir) / "metrics.csv", self._path)
            ended_s = time.monotonic()
            self._next_s = ended_s + DRAWN_AT_MOST * (ended_s - began_s)


def make_trainer(out: Path, settings: ClassifySettings, machine: Machine, callbacks: Sequence[L.Callback]) -> L.Trainer:
    """The trainer of a run.

    Raises:
        RecipeError: Lightning does not know the accelerator, strategy or precision, or this machine lacks it.
    """
    stop = EarlyStopping("val_accuracy", patience=settings.patience or settings.epochs + 1, mode="max")
    watching = [SeededEpochs(settings.seed), SoundLoss(), stop]
    return make_run_trainer(out, machine, [*callbacks, *watching], max_epochs=settings.epochs)


def make_judge(machine: Machine) -> L.Trainer:
    """A trainer that only measures or predicts, and says nothing."""
    return L.Trainer(
        **vars(machine),
        logger=False,
        enable_progress_bar=False,
        enable_checkpointing=False,
        enable_model_summary=False,
    )
