"""The training loop of an embedder on Lightning: balanced batches of augmented faces, one of the losses, validation on unseen people."""

import json
from dataclasses import asdict
from typing import Any

import lightning as L  # noqa: N812 (its own convention)
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from models.errors import WeightsFileError
from models.faces.augmentation import augmented, bends
from models.faces.crops import Faces
from models.faces.embedder import Embedder
from models.faces.losses.choosing import make_loss
from models.faces.losses.triplet import Lesson
from models.faces.pairs import all_pairs
from models.faces.sampling import BalancedBatches
from models.faces.settings import FacesSettings
from models.faces.spec import EmbedderSpec, spec_to_json
from models.faces.verification import balanced_accuracy, best_threshold, equal_error_rate, roc, true_accepts_at
from models.schedule import cosine_with_warmup

AT_ONCE = 128


def normalized(pictures: NDArray[np.uint8] | Tensor, spec: EmbedderSpec) -> Tensor:
    """(N, C, H, W) uint8, or float32 in 0 to 1, to what the network takes: (pixel / 255 − mean) / std."""
    tensor = pictures if isinstance(pictures, Tensor) else torch.from_numpy(pictures)
    unit = tensor if tensor.is_floating_point() else tensor.float() / 255
    mean, std = (torch.tensor(values, device=unit.device)[:, None, None] for values in (spec.mean, spec.std))
    return (unit - mean) / std


@torch.no_grad()
def embed(network: Embedder, pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(N, C, H, W) uint8 aligned faces to (N, D) float32 of unit length; the network must be in evaluation mode."""
    device = next(network.parameters()).device
    parts = [pictures[start : start + AT_ONCE] for start in range(0, len(pictures), AT_ONCE)]
    found = [network(normalized(part, network.spec).to(device)).cpu() for part in parts]
    return torch.cat(found).numpy() if found else np.zeros((0, network.spec.dimension), np.float32)


@torch.no_grad()
def features(network: Embedder, pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
    """What the trunk sees in (N, C, H, W) uint8 faces, the mean of picture and mirror image: (N, F) float32, never negative."""
    parts = [normalized(pictures[i : i + AT_ONCE], network.spec) for i in range(0, len(pictures), AT_ONCE)]
    return torch.cat([(network.features(x) + network.features(x.flip(3))) / 2 for x in parts]).numpy()


def figures_of(embeddings: NDArray[np.float32], people: NDArray[np.int64]) -> dict[str, float]:
    """Figures for people to watch a run by: `accuracy` is at the threshold that is best for these very pairs."""
    pairs = all_pairs(embeddings, people)
    curve = roc(pairs)
    accuracy = balanced_accuracy(pairs, best_threshold(curve))
    return {"accuracy": accuracy, "EER": equal_error_rate(curve), "TAR": true_accepts_at(curve, 0.01)}


class _Places(Dataset[int]):
    def __init__(self, count: int) -> None:
        self._count = count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: int) -> int:
        return index


class FacesTraining(L.LightningModule):
    """Teaches an embedder; `metrics` are those of the latest validation, empty without one.

    Args:
        network: to be taught.
        settings: how.
        train: faces of the people who train.
        val: faces of people who never train; None where everybody does.
    """

    def __init__(self, network: Embedder, settings: FacesSettings, train: Faces, val: Faces | None) -> None:
        super().__init__()
        self.network, self.metrics = network, dict[str, float]()
        known, labels = np.unique(train.labels, return_inverse=True)
        copies = 1 + settings.virtual
        self.loss = make_loss(settings, network.spec.dimension, copies * len(known))
        self._canvases = torch.from_numpy(train.canvases)
        self._labels = torch.from_numpy(np.concatenate([labels + copy * len(known) for copy in range(copies)]))
        self._bends = bends(copies * len(known), settings.bend, torch.Generator().manual_seed(settings.seed))
        self._bends[: len(known)] = 0  # the real people
        self._settings, self._val, self._people = settings, val, [train.names[person] for person in known]

    def train_dataloader(self) -> DataLoader[int]:
        """Places of balanced batches; the pictures are made in `training_step`."""
        given = self._settings
        labels = self._labels.tolist()
        batches = BalancedBatches(labels, given.people, given.pictures, given.batches)
        return DataLoader(_Places(len(labels)), batch_sampler=batches)

    def val_dataloader(self) -> DataLoader[int]:
        """One step: the validation embeds everybody at once."""
        return DataLoader(_Places(1))

    def training_step(self, places: Tensor, _index: int) -> Tensor:
        """The loss of one batch."""
        places = places.cpu()
        labels = self._labels[places]
        canvases = self._canvases[places % len(self._canvases)].float() / 255
        bend = self._bends[labels] if self._settings.virtual else None
        pictures = augmented(canvases, self.network.spec.input_hw, self._settings, bend).to(self.device)
        lesson: Lesson = self.loss(self.network.raw(normalized(pictures, self.network.spec)), labels.to(self.device))
        shown = {"loss": lesson.loss.detach(), **lesson.figures}
        self.log_dict(shown, on_step=False, on_epoch=True, batch_size=len(places))
        return lesson.loss

    def on_train_epoch_end(self) -> None:
        """Logs the rate of the epoch's last step."""
        self.log("learning_rate", self.trainer.optimizers[0].param_groups[0]["lr"])

    def validation_step(self, _batch: Tensor, _index: int) -> None:
        """Measures on people who do not train."""
        assert self._val is not None  # noqa: S101 (no step is made without them)
        self.metrics = figures_of(embed(self.network, self._val.inputs), self._val.labels)
        self.log_dict({f"val_{name}": value for name, value in self.metrics.items()}, batch_size=1)

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Notes what the weights belong to."""
        checkpoint["detector_app.task"] = self._task()

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Refuses to go on with another run.

        Raises:
            WeightsFileError: people, network or settings differ.
        """
        if checkpoint.get("detector_app.task") != self._task():
            raise WeightsFileError(
                "the checkpoint belongs to another run (people, network or settings differ); "
                "resume with the same data and options, or start a new run"
            )

    def _task(self) -> str:
        return task_of(self.network.spec, self._settings, self._people)

    def configure_optimizers(self) -> Any:
        """AdamW with a linear rise and a cosine to zero; norms and biases do not decay."""
        given = self._settings
        learning = [value for value in self.parameters() if value.requires_grad]
        groups = [
            {"params": [value for value in learning if value.ndim > 1], "weight_decay": given.weight_decay},
            {"params": [value for value in learning if value.ndim <= 1], "weight_decay": 0.0},
        ]
        optimizer = torch.optim.AdamW(groups, lr=given.learning_rate)
        total = given.epochs * given.batches
        rising = max(1, round(total * given.warmup))
        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: cosine_with_warmup(step, rising, total))
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}


def task_of(spec: EmbedderSpec, settings: FacesSettings, people: list[str]) -> str:
    """What a network is trained for, as text: equal texts mean that one run may go on with another's weights."""
    return json.dumps([{**spec_to_json(spec), "threshold": None}, asdict(settings), people], sort_keys=True)
