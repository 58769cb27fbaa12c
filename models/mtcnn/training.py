"""The training loop of one network of MTCNN on Lightning: one step, validation, the schedule, and the best weights."""

import datetime
import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import lightning as L  # noqa: N812 (its own convention)
import torch
from torch import Tensor

from models.errors import WeightsFileError
from models.mtcnn.faces import POINTS
from models.mtcnn.loading import Crop
from models.mtcnn.losses import TASK_WEIGHTS, Kind, Losses, joint_loss
from models.mtcnn.networks import FaceNetwork, Predictions
from models.mtcnn.settings import MtcnnSettings
from models.mtcnn.weights import save_stage
from models.provenance import Provenance
from models.schedule import cosine_with_warmup


class MtcnnTraining(L.LightningModule):
    """Teaches a network; `metrics` are those of the latest validation.

    They are `accuracy`, the share of negatives and positives that are told right; `box_error`, the mean distance of an edge from the
    truth; and with landmarks `landmark_error`, the mean distance of a point: both in parts of the square's side.

    Args:
        stage: "pnet", "rnet" or "onet".
        network: of that stage.
        settings: how to train it.
    """

    def __init__(self, stage: str, network: FaceNetwork, settings: MtcnnSettings) -> None:
        super().__init__()
        self.network, self.metrics = network, dict[str, float]()
        self._stage, self._settings, self._weights = stage, settings, TASK_WEIGHTS[stage]

    def training_step(self, batch: Crop, _index: int) -> Tensor:
        """The loss of one batch."""
        losses = joint_loss(self._predict(batch), batch.truth, self._weights, self._settings.hard_share)
        size = len(batch.pictures)
        self.log("loss", losses.total.detach(), on_step=False, on_epoch=True, batch_size=size, sync_dist=True)
        return losses.total

    def _predict(self, batch: Crop) -> Predictions:
        """Of squares of the network's own size, so that P-Net's maps are single cells."""
        pixels = batch.pictures.permute(0, 3, 1, 2)
        said = self.network.predict((pixels.to(self.dtype) - 127.5) / 128)
        landmarks = None if said.landmarks is None else said.landmarks.flatten(1).float()
        return Predictions(said.logits.flatten(1).float(), said.boxes.flatten(1).float(), landmarks)

    def on_train_epoch_end(self) -> None:
        """Logs the rate of the epoch's last step."""
        self.log("learning_rate", self.trainer.optimizers[0].param_groups[0]["lr"], sync_dist=True)

    def validation_step(self, batch: Crop, _index: int) -> None:
        """All squares count, the easy ones too."""
        predictions = self._predict(batch)
        losses: Losses = joint_loss(predictions, batch.truth, self._weights, 1.0)
        size = len(batch.pictures)
        self.log("val_loss", losses.total, batch_size=size, sync_dist=True)
        for name, (value, count) in measures(predictions, batch).items():
            if count:
                self.log(f"val_{name}", value, batch_size=count, sync_dist=True)

    def on_validation_epoch_end(self) -> None:
        """Keeps the means over all batches."""
        known = self.trainer.callback_metrics
        self.metrics = {
            name.removeprefix("val_"): float(value)
            for name, value in known.items()
            if name.startswith("val_") and name != "val_loss"
        }

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Notes what the weights belong to."""
        checkpoint["detector_app.task"] = self._task()

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Refuses to go on with another network.

        Raises:
            WeightsFileError: the checkpoint is of another stage, or of one with or without landmarks where this is not.
        """
        if checkpoint.get("detector_app.task") != self._task():
            raise WeightsFileError(
                "the checkpoint belongs to another run (another network, or landmarks in one of both only); "
                "resume with the same data and options, or start a new run"
            )

    def _task(self) -> str:
        return json.dumps([self._stage, self.network.has_landmarks])

    def configure_optimizers(self) -> Any:
        """AdamW with a linear rise and a cosine to zero; slopes and biases do not decay."""
        given, parameters = self._settings, list(self.network.parameters())
        optimizer = torch.optim.AdamW(
            [
                {"params": [one for one in parameters if one.ndim > 1], "weight_decay": given.weight_decay},
                {"params": [one for one in parameters if one.ndim == 1], "weight_decay": 0.0},
            ],
            lr=given.learning_rate,
        )
        total = int(self.trainer.estimated_stepping_batches)
        rising = max(1, round(total * given.warmup))
        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: cosine_with_warmup(step, rising, total))
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}


def measures(predictions: Predictions, batch: Crop) -> dict[str, tuple[Tensor, int]]:
    """Each figure of a batch with the number of squares that it is the mean of; see `MtcnnTraining`."""
    kinds, boxes, landmarks = batch.truth
    judged = (kinds == Kind.NEGATIVE) | (kinds == Kind.POSITIVE)
    right = (predictions.logits.argmax(dim=1) == 1) == (kinds == Kind.POSITIVE)
    boxed = (kinds == Kind.POSITIVE) | (kinds == Kind.PART)
    found = {
        "accuracy": (right[judged].float().mean(), int(judged.sum())),
        "box_error": ((predictions.boxes - boxes)[boxed].abs().mean(), int(boxed.sum())),
    }
    if predictions.landmarks is not None:
        marked = kinds == Kind.LANDMARK
        apart = (predictions.landmarks - landmarks)[marked].view(-1, 2, POINTS).norm(dim=1)
        found["landmark_error"] = (apart.mean(), int(marked.sum()))
    return found


class KeptBest(L.Callback):
    """Writes the weights of the validation with the least loss."""

    def __init__(self, path: Path, stage: str, provenance: Provenance) -> None:
        self._path, self._stage, self._provenance = path, stage, provenance
        self.least, self.metrics = math.inf, dict[str, float]()

    def state_dict(self) -> dict[str, Any]:
        """What a resumed run must beat."""
        return {"least": self.least, "metrics": self.metrics}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """The inverse of `state_dict`."""
        self.least, self.metrics = state_dict["least"], state_dict["metrics"]

    def on_validation_end(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:
        """Writes the file when it got better."""
        reached = float(trainer.callback_metrics["val_loss"])
        if not isinstance(pl_module, MtcnnTraining) or reached >= self.least:
            return
        self.least, self.metrics = reached, dict(pl_module.metrics)
        if trainer.is_global_zero:
            now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
            epochs = trainer.current_epoch + 1
            provenance = replace(self._provenance, metrics=self.metrics, epochs=epochs, created=now)
            save_stage(self._path, self._stage, pl_module.network, provenance)
