"""The training loop of a classifier on Lightning: one step, validation by accuracy, the schedule, what stays frozen."""

import json
from typing import Any

import lightning as L  # noqa: N812 (its own convention)
import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from models.classify.augmentation import Augmentation
from models.classify.layers import Division, freeze, set_training
from models.classify.measures import Answers, measure
from models.classify.pictures import Labelled
from models.classify.settings import ClassifySettings
from models.classify.spec import ClassifierSpec, spec_to_json
from models.errors import WeightsFileError
from models.schedule import cosine_with_warmup


class ClassifierTraining(L.LightningModule):
    """Teaches a network; `metrics` and `answers` are those of the latest validation.

    Args:
        network: maps (N, C, H, W) to logits (N, classes); in training mode possibly a tuple, the logits first, auxiliary ones after.
        spec: what it is.
        settings: how to train it.
        division: what stays as it is.
        augmentation: makes training pictures of canvases; None where they come as they are to be seen.
        pretrained: names of parameters that learn more slowly.
    """

    def __init__(
        self,
        network: nn.Module,
        spec: ClassifierSpec,
        settings: ClassifySettings,
        division: Division,
        augmentation: Augmentation | None = None,
        pretrained: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__()
        self.network, self.metrics = network, dict[str, float]()
        self.answers = Answers(np.zeros((0, len(spec.classes)), np.float32), np.zeros(0, np.int64))
        self._augmentation = augmentation
        self._spec, self._settings, self._division, self._pretrained = spec, settings, division, pretrained
        self._normalize = Normalize(spec)
        self._kept: dict[int, tuple[Tensor, int]] = {}
        freeze(network, division)

    def on_train_start(self) -> None:
        """A resumed run does not always announce its first epoch."""
        set_training(self.network, self._division)

    def on_train_epoch_start(self) -> None:
        """Lightning puts all of the network into training mode; what is frozen must not be."""
        set_training(self.network, self._division)

    def training_step(self, batch: Labelled, _index: int) -> Tensor:
        """The loss of one batch."""
        pictures = self._normalize.unit(batch.pictures)
        if self._augmentation is not None:
            pictures = self._augmentation(pictures)
        loss = self._loss(self.network(self._normalize(pictures)), batch.labels)
        self.log(
            "loss", loss.detach(), prog_bar=True, on_step=False, on_epoch=True, batch_size=len(pictures), sync_dist=True
        )
        return loss

    def _loss(self, out: Tensor | tuple[Tensor, ...], labels: Tensor) -> Tensor:
        logits, *auxiliary = out if isinstance(out, tuple) else (out,)
        smoothing = self._settings.label_smoothing
        loss = functional.cross_entropy(logits.float(), labels, label_smoothing=smoothing)
        for own in auxiliary:
            loss = loss + self._settings.auxiliary_weight * functional.cross_entropy(
                own.float(), labels, label_smoothing=smoothing
            )
        return loss

    def on_train_epoch_end(self) -> None:
        """Logs the rate of the epoch's last step."""
        self.log("learning_rate", self.trainer.optimizers[0].param_groups[0]["lr"], sync_dist=True)

    def validation_step(self, batch: Labelled, _index: int) -> None:
        """Keeps the answers until the epoch's end."""
        logits = self.network(self._normalize(self._normalize.unit(batch.pictures))).float().cpu()
        for index, one, label in zip(batch.indices.tolist(), logits, batch.labels.tolist(), strict=True):
            self._kept[index] = (one, label)

    def on_validation_epoch_end(self) -> None:
        """Scores the pictures of all processes."""
        answers = self.answers = self._take_answers()
        self.metrics = measure(answers, self._spec.classes)
        logits, labels = torch.from_numpy(answers.logits), torch.from_numpy(answers.labels)
        self.log("val_loss", functional.cross_entropy(logits, labels), sync_dist=True)
        self.log_dict({f"val_{name}": value for name, value in self.metrics.items()}, sync_dist=True)
        self.log("accuracy", self.metrics["accuracy"], prog_bar=True, logger=False, sync_dist=True)

    def _take_answers(self) -> Answers:
        """The answers kept so far, of all processes, in the order of the data set; a picture that was dealt twice counts once."""
        kept, self._kept = self._kept, {}
        if self.trainer.world_size > 1:
            parts: list[Any] = [None] * self.trainer.world_size
            torch.distributed.all_gather_object(parts, kept)
            kept = {index: one for part in parts for index, one in part.items()}
        ordered = [kept[index] for index in sorted(kept)]
        logits = torch.stack([logits for logits, _ in ordered])
        return Answers(logits.numpy(), np.array([label for _, label in ordered], np.int64))

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Notes what the weights belong to."""
        checkpoint["detector_app.task"] = self._task()

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Refuses to go on with another network.

        Raises:
            WeightsFileError: the checkpoint was trained for other classes, another network or another input.
        """
        if checkpoint.get("detector_app.task") != self._task():
            raise WeightsFileError(
                "the checkpoint belongs to another run (model, classes, size, --from or --transfer differ); "
                "resume with the same data and options, or start a new run"
            )

    def _task(self) -> str:
        task = [spec_to_json(self._spec), self._division.still, sorted(self._pretrained)]
        return json.dumps(task, sort_keys=True)

    def configure_optimizers(self) -> Any:
        """AdamW with a linear rise and a cosine to zero; norms and biases do not decay, pretrained layers learn more slowly."""
        given = self._settings
        groups: dict[tuple[float, float], list[nn.Parameter]] = {}
        for name, value in self.network.named_parameters():
            if value.requires_grad:
                rate = given.learning_rate * (given.pretrained_rate if name in self._pretrained else 1)
                groups.setdefault((rate, given.weight_decay if value.ndim > 1 else 0.0), []).append(value)
        optimizer = torch.optim.AdamW(
            [{"params": own, "lr": rate, "weight_decay": decay} for (rate, decay), own in groups.items()]
        )
        total = int(self.trainer.estimated_stepping_batches)
        rising = max(1, round(total * given.warmup))
        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: cosine_with_warmup(step, rising, total))
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}


class Normalize(nn.Module):
    """Pixels to what the network expects: (pixel / 255 − mean) / std per channel. Features of a frozen network pass as they are."""

    mean: Tensor
    std: Tensor

    def __init__(self, spec: ClassifierSpec) -> None:
        super().__init__()
        self.register_buffer("mean", torch.tensor(spec.mean)[:, None, None], persistent=False)
        self.register_buffer("std", torch.tensor(spec.std)[:, None, None], persistent=False)

    @staticmethod
    def unit(pictures: Tensor) -> Tensor:
        """uint8 to float32 in 0 to 1; floats stay."""
        return pictures if pictures.is_floating_point() else pictures.float() / 255

    def forward(self, pictures: Tensor) -> Tensor:
        """(N, C, H, W) in 0 to 1 to the same shape; other ranks are features."""
        return (pictures - self.mean) / self.std if pictures.ndim == 4 else pictures
