"""What a run keeps while it goes: weights, checkpoints to resume from, figures and curves."""

import datetime
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import lightning as L  # noqa: N812 (its own convention)
from lightning.pytorch.loggers import CSVLogger

from models.curves import draw_curves
from models.detect.architecture import AnyArchitecture
from models.detect.outcome import Outcome, save_outcome
from models.detect.registry import best_name, last_name
from models.detect.report import write_json
from models.detect.training import AveragedWeights, DetectorTraining
from models.provenance import Provenance

OUTCOME_NAME = "checkpoints/best-validation.json"
METRICS_NAME, CURVES_NAME = "metrics.json", "curves.png"


class KeptWeights(L.Callback):
    """Writes the averaged weights of each validation, and keeps those of the best one (by mAP50) besides."""

    def __init__(
        self, out: Path, architecture: AnyArchitecture, averaged: AveragedWeights, provenance: Provenance
    ) -> None:
        self._architecture, self._out, self._averaged, self._provenance = architecture, out, averaged, provenance
        self.best = -1.0
        self._figures: dict[str, Any] = {}

    def state_dict(self) -> dict[str, Any]:
        """What a resumed run must beat."""
        return {"best": self.best, "figures": self._figures}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """The inverse of `state_dict`."""
        self.best, self._figures = state_dict["best"], state_dict.get("figures", {})

    def on_validation_end(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:
        """Writes the latest file, and the best one when it got better."""
        if trainer.sanity_checking or not isinstance(pl_module, DetectorTraining):
            return
        metrics, epoch = dict(pl_module.metrics), trainer.current_epoch + 1
        better = metrics["mAP50"] > self.best
        self.best = max(self.best, metrics["mAP50"])
        self._figures = {**self._figures, "last": _figures(epoch, metrics)}
        if better:
            self._figures = {**self._figures, "best": _figures(epoch, metrics)}
        if trainer.is_global_zero:
            self._write(pl_module, epoch, better)

    def _write(self, training: DetectorTraining, epoch: int, better: bool) -> None:
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        provenance = replace(self._provenance, metrics=dict(training.metrics), epochs=epoch, created=now)
        model = self._averaged.average_of(training)
        self._architecture.save(self._out / last_name(self._architecture.name), model, provenance)
        if better:
            save_outcome(self._out / OUTCOME_NAME, Outcome(epoch, training.metrics, *training.judged))
            self._architecture.save(self._out / best_name(self._architecture.name), model, provenance)
        write_json(self._out / METRICS_NAME, self._figures)


def _figures(epoch: int, metrics: Mapping[str, float]) -> dict[str, float]:
    return {"epoch": epoch, **metrics}


class Curves(L.Callback):
    """Logs the learning rate, writes what was logged once an epoch, and redraws the curves after each validation."""

    def __init__(self, out: Path, *, draw: bool) -> None:
        self._out, self._draw = out, draw
        self._validated = False

    def on_validation_end(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:
        """The loss of this epoch is logged only after it."""
        self._validated = not trainer.sanity_checking

    def on_train_epoch_end(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:
        """Logs the rate of the epoch's last step."""
        pl_module.log("learning_rate", trainer.optimizers[0].param_groups[0]["lr"], sync_dist=True)

    def on_train_epoch_start(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:
        """Writes what the last epoch logged."""
        self._write(trainer)

    def on_train_end(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:
        """Writes what is left."""
        self._write(trainer)

    def _write(self, trainer: L.Trainer) -> None:
        if not trainer.is_global_zero or not isinstance(trainer.logger, CSVLogger):
            return
        trainer.logger.save()
        if self._validated and self._draw:
            draw_curves(Path(trainer.logger.log_dir) / "metrics.csv", self._out / CURVES_NAME)
        self._validated = False
