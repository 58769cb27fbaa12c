"""A run whose loss is no number any more is stopped before it is saved."""

from typing import Any

import lightning as L  # noqa: N812 (its own convention)
import torch

from models.errors import DivergedError


class SoundLoss(L.Callback):
    """Looks at the loss of each step, and at the weights before those of an epoch are validated and saved."""

    def on_train_batch_end(
        self, trainer: L.Trainer, pl_module: L.LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Stops the run when something is not finite.

        Raises:
            DivergedError: with the learning rate, the usual cause.
        """
        loss = outputs["loss"] if isinstance(outputs, dict) else outputs
        sound = torch.isfinite(loss).all()
        if batch_idx + 1 == trainer.num_training_batches:
            sound = sound & torch.stack([torch.isfinite(value).all() for value in pl_module.parameters()]).all()
        if not sound:
            rate = trainer.optimizers[0].param_groups[0]["lr"]
            raise DivergedError(
                f"the loss is no number any more (epoch {trainer.current_epoch + 1}, step {batch_idx + 1}, learning rate "
                f"{rate:.2g}); start again with a lower --learning-rate, or longer --warmup-epochs. The weights of the "
                "best validation so far are kept"
            )
