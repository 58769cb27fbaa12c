"""The training loop of a detector on Lightning: one step, validation by mAP, the schedule, the averaged weights."""

import copy
import json
from typing import Any, cast

import lightning as L  # noqa: N812 (its own convention)
import torch
from lightning.pytorch.callbacks import WeightAveraging
from torch import Tensor, nn
from torch.nn import functional

from models.detect.architecture import AnyArchitecture, DetectorSpec
from models.detect.evaluation import Found, Truth, false_boxes, mean_average_precision
from models.detect.loading import Batch, DetectionData
from models.detect.pictures import REGION
from models.detect.settings import TrainingSettings
from models.detect.targets import Targets
from models.errors import WeightsFileError
from models.schedule import cosine_with_warmup


class DetectorTraining(L.LightningModule):
    """Teaches a detector; `self.metrics` holds the figures of the latest validation, `self.judged` its detections and truths."""

    def __init__(self, architecture: AnyArchitecture, spec: DetectorSpec, settings: TrainingSettings) -> None:
        super().__init__()
        self.model: nn.Module = architecture.build(spec, settings).to(memory_format=torch.channels_last)
        self.metrics: dict[str, float] = {}
        self._architecture, self._spec, self._settings = architecture, spec, settings
        self.judged: tuple[tuple[Found, ...], tuple[Truth, ...]] = ((), ())
        self._found: dict[int, tuple[Found, Truth]] = {}
        self._frozen = tuple(architecture.frozen(self.model, settings.freeze)) if settings.freeze else ()
        for part in self._frozen:
            part.requires_grad_(requires_grad=False)

    def train(self, mode: bool = True) -> "DetectorTraining":
        """Frozen stages stay in evaluation mode: their batch norms would drift otherwise."""
        super().train(mode)
        for part in self._frozen:
            part.eval()
        return self

    @property
    def _plain(self) -> bool:
        """Whether the run is in its last part, where pictures look as they will in use."""
        return self.current_epoch >= self._settings.epochs * (1 - self._settings.plain_fraction)

    def _as_input(self, pictures: Tensor) -> Tensor:
        return pictures.to(memory_format=torch.channels_last).float().mul_(self._spec.pixel_scale)

    def on_train_epoch_start(self) -> None:
        """Ends the mosaics in time, and lets the network know of the epoch."""
        data = self.trainer.datamodule  # type: ignore[attr-defined]
        if self._plain and isinstance(data, DetectionData):
            data.stop_mosaic()
        self._architecture.begin_epoch(self.model, self.current_epoch, self._settings)

    def training_step(self, batch: Batch, _index: int) -> Tensor:
        """The loss of one batch, at a size drawn from `train_sizes`."""
        pictures, targets = self._resized(self._as_input(batch.pictures), batch.targets)
        losses = self._architecture.loss(self.model, pictures, targets, self._settings)
        terms = {f"loss_{name}": value.detach() for name, value in losses.items() if name != "total"}
        count = len(pictures)
        self.log_dict(terms, on_step=False, on_epoch=True, batch_size=count, sync_dist=True)
        self.log(
            "loss",
            losses["total"].detach(),
            prog_bar=True,
            on_step=False,
            on_epoch=True,
            batch_size=count,
            sync_dist=True,
        )
        return losses["total"]

    def _resized(self, pictures: Tensor, targets: Targets) -> tuple[Tensor, Targets]:
        sizes = self._settings.train_sizes
        if self._plain or not sizes:
            return pictures, targets
        size = sizes[int(torch.randint(len(sizes), ()))]
        factor = size / pictures.shape[-1]
        smaller = functional.interpolate(pictures, size=(size, size), mode="bilinear", align_corners=False)
        return smaller, targets._replace(boxes_xyxy=targets.boxes_xyxy * factor)

    def validation_step(self, batch: Batch, _index: int) -> None:
        """Keeps the detections until the epoch's end."""
        found = self._architecture.detect(self.model, self._as_input(batch.pictures), batch.targets)
        boxes, labels, owners = (values.cpu().numpy() for values in batch.targets)
        for row, (index, one) in enumerate(zip(batch.indices.tolist(), found, strict=True)):
            own = (owners == row) & (labels != REGION)
            self._found[index] = (one, Truth(boxes[own], labels[own]))

    def on_validation_epoch_end(self) -> None:
        """Scores all pictures of all processes; a picture that a sampler dealt twice counts once."""
        pairs = self._gathered()
        self._found = {}
        if self.trainer.sanity_checking:
            return
        found, truths = zip(*(pairs[index] for index in sorted(pairs)), strict=True)
        self.judged = (found, truths)
        self.metrics = {**mean_average_precision(found, truths, self._spec.classes), **false_boxes(found, truths)}
        self.log_dict({f"val_{name}": value for name, value in self.metrics.items()}, sync_dist=True)
        self.log("mAP50", self.metrics["mAP50"], prog_bar=True, logger=False, sync_dist=True)

    def _gathered(self) -> dict[int, tuple[Found, Truth]]:
        if self.trainer.world_size == 1:
            return self._found
        parts: list[Any] = [None] * self.trainer.world_size
        torch.distributed.all_gather_object(parts, self._found)
        return {index: pair for part in parts for index, pair in part.items()}

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Notes what the weights belong to."""
        checkpoint["detector_app.spec"] = json.dumps(self._architecture.spec_json(self._spec))

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Refuses to go on with another network.

        Raises:
            WeightsFileError: the checkpoint was trained for other classes, anchors or sizes.
        """
        if checkpoint.get("detector_app.spec") != json.dumps(self._architecture.spec_json(self._spec)):
            raise WeightsFileError(
                "the checkpoint belongs to another network or other data (classes, anchors or sizes differ); "
                "resume with the same data and settings, or start a new run"
            )

    def configure_optimizers(self) -> Any:
        """AdamW with a warm-up and a cosine to zero; norms and biases do not decay."""
        given = self._settings
        learning = [value for value in self.parameters() if value.requires_grad]
        decaying = [value for value in learning if value.ndim > 1]
        others = [value for value in learning if value.ndim <= 1]
        groups = [{"params": decaying, "weight_decay": given.weight_decay}, {"params": others, "weight_decay": 0.0}]
        optimizer = torch.optim.AdamW(groups, lr=given.learning_rate)
        total = int(self.trainer.estimated_stepping_batches)
        warmup = max(1.0, total * given.warmup_epochs / given.epochs)
        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: cosine_with_warmup(step, warmup, total))
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}


class AveragedWeights(WeightAveraging):
    """Lightning's averaged weights, with a decay that starts low, so that early validations are not of noise.

    A share of the weights that the run started from can be mixed in (WiSE-FT, Wortsman et al., arXiv 2109.01903, section 3): what a small
    set teaches costs some of what was known of the rest of the world, and a straight line between both gives much of it back. The mixture
    is what is validated and kept; training goes on without it.

    Args:
        decay: of the average.
        share: of the weights to start from, 0 to 1.
    """

    def __init__(self, decay: float, share: float = 0.0) -> None:
        def blend(average: Tensor, current: Tensor, updates: Tensor | int) -> Tensor:
            keep = min(decay, (1 + int(updates)) / (10 + int(updates)))
            return torch.lerp(average, current, 1 - keep) if average.is_floating_point() else current

        super().__init__(use_buffers=True, avg_fn=blend)
        self._share = share
        self._start: dict[str, Tensor] = {}
        self._unmixed: dict[str, Tensor] = {}

    def remember(self, model: nn.Module) -> None:
        """Takes the weights to mix in; they are copied."""
        if self._share:
            self._start = {
                name: value.clone() for name, value in model.state_dict().items() if value.is_floating_point()
            }

    def average_of(self, training: DetectorTraining) -> nn.Module:
        """The averaged network, mixed; the network itself before the first step."""
        averaged = training if self._average_model is None else cast(DetectorTraining, self._average_model.module)
        if not self._start:
            return averaged.model
        mixed = copy.deepcopy(averaged.model)
        self._mix(mixed)
        return mixed

    def on_validation_epoch_start(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:
        """Puts the mixture in the network's place."""
        super().on_validation_epoch_start(trainer, pl_module)
        if self._start and isinstance(pl_module, DetectorTraining):
            self._unmixed = {name: value.clone() for name, value in pl_module.model.state_dict().items()}
            self._mix(pl_module.model)

    def on_validation_epoch_end(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:
        """Takes it out again."""
        if self._unmixed and isinstance(pl_module, DetectorTraining):
            pl_module.model.load_state_dict(self._unmixed)
            self._unmixed = {}
        super().on_validation_epoch_end(trainer, pl_module)

    def _mix(self, model: nn.Module) -> None:
        for name, value in model.state_dict().items():
            if name in self._start:
                value.lerp_(self._start[name].to(value.device), self._share)
