"""R-CNN's network learns to tell regions apart: C classes and the background (Girshick et al. 2014, section 2.3)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import lightning as L  # noqa: N812 (its own convention)
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.data import DataLoader

from models.detect.keeping import Curves
from models.detect.loading import RepeatSampler
from models.detect.records import PictureRecord
from models.detect.split import repeat_factors
from models.machine import Machine
from models.progress_callback import JsonProgress
from models.rcnn.crop_network import CropNetwork
from models.rcnn.crops import as_input
from models.rcnn.rcnn_settings import RcnnSettings
from models.rcnn.region_examples import Crops, RegionExamples, collate
from models.run_trainer import make_run_trainer
from models.schedule import cosine_with_warmup
from models.seeded_epochs import SeededEpochs
from models.sound_loss import SoundLoss
from models.terminal_progress import TerminalProgress
from models.whole_checkpoints import require_checkpoint

WARMUP = 0.05
"""Part of the steps over which the rate rises from zero."""


class FineTuning(L.LightningModule):
    """The network under a classifier that is thrown away afterwards: the machines take its place."""

    def __init__(self, network: CropNetwork, settings: RcnnSettings) -> None:
        super().__init__()
        self.model: nn.Module = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._spec = network.spec
        self.classifier = nn.Sequential(
            nn.Dropout(network.spec.dropout), nn.Linear(network.spec.hidden, len(network.spec.classes) + 1)
        )
        self._settings = settings
        first = network.backbone.first_stages(settings.freeze)
        self._frozen = tuple(first)
        for part in self._frozen:
            part.requires_grad_(requires_grad=False)

    def train(self, mode: bool = True) -> "FineTuning":
        """Frozen stages stay in evaluation mode: their batch norms would drift otherwise."""
        super().train(mode)
        for part in self._frozen:
            part.eval()
        return self

    def training_step(self, batch: Crops, _index: int) -> Tensor:
        """The cross-entropy of one batch of crops."""
        logits = self.classifier(self.model(as_input(batch.pixels, self._spec)).hidden)
        loss = functional.cross_entropy(logits, batch.labels)
        self.log("loss", loss.detach(), on_step=False, on_epoch=True, batch_size=len(logits), sync_dist=True)
        return loss

    def configure_optimizers(self) -> Any:
        """AdamW with a warm-up and a cosine to zero; norms and biases do not decay."""
        learning = [value for value in self.parameters() if value.requires_grad]
        groups = [
            {"params": [value for value in learning if value.ndim > 1], "weight_decay": self._settings.weight_decay},
            {"params": [value for value in learning if value.ndim <= 1], "weight_decay": 0.0},
        ]
        optimizer = torch.optim.AdamW(groups, lr=self._settings.learning_rate)
        total = int(self.trainer.estimated_stepping_batches)
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimizer, lambda step: cosine_with_warmup(step, max(1.0, total * WARMUP), total)
        )
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}


def fine_tune(
    network: CropNetwork,
    examples: RegionExamples,
    records: Sequence[PictureRecord],
    settings: RcnnSettings,
    out: Path,
    machine: Machine,
    resume: Path | None,
    *,
    json_progress: bool,
) -> CropNetwork:
    """Trains, and leaves `checkpoints/last.ckpt` after each epoch; a run that is resumed goes on behind it.

    Args:
        network: is trained in place.
        examples: of the pictures.
        records: the same pictures, for how often each is shown.
        settings: how.
        out: the run's folder.
        machine: where to compute.
        resume: a `last.ckpt` to go on from.
        json_progress: lines of JSON instead of sentences.

    Returns:
        The network on the processor, in evaluation mode.

    Raises:
        RecipeError: Lightning does not know the accelerator, strategy or precision, or this machine lacks it.
        WeightsFileError: the checkpoint to resume from is missing or damaged.
        DivergedError: the loss is no number any more.
    """
    if resume:
        require_checkpoint(resume)
    factors = repeat_factors(records, len(network.spec.classes), settings.repeat_threshold)
    loader = DataLoader(
        examples,
        batch_size=settings.batch,
        sampler=RepeatSampler(factors),
        collate_fn=collate,
        num_workers=settings.workers,
    )
    speaking: L.Callback = JsonProgress() if json_progress else TerminalProgress("mAP50")
    watching = [SeededEpochs(settings.seed), SoundLoss(), Curves(out, draw=False), speaking]
    trainer = make_run_trainer(out, machine, watching, max_epochs=settings.epochs, gradient_clip_val=settings.clip_norm)
    training = FineTuning(network, settings)
    trainer.fit(training, loader, ckpt_path=resume, weights_only=True)
    return network.cpu().eval()
