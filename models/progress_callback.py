"""What a training run tells a program that watches it."""

import time
from typing import Any, TextIO

import lightning as L  # noqa: N812 (its own convention)

from models.progress import emit


class JsonProgress(L.Callback):
    """Lines of training: `step` (at most about one a second) and `epoch`, with the seconds left by the pace so far.

    `step`: epoch (from 0), epochs, step, steps, fraction (0 to 1), seconds_left. `epoch`: epoch, epochs, loss, and
    `metrics` of the latest validation.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream
        self._began_s = self._spoke_s = 0.0
        self._began_at = 0

    def on_train_start(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:
        """Starts the clock; a resumed run counts its own pace only."""
        self._began_s = time.monotonic()
        self._began_at = trainer.global_step

    def on_train_batch_end(self, trainer: L.Trainer, pl_module: L.LightningModule, *_rest: Any) -> None:
        """One `step` line a second."""
        now = time.monotonic()
        if now - self._spoke_s < 1:
            return
        self._spoke_s = now
        total, done = int(trainer.estimated_stepping_batches), trainer.global_step
        pace_s = (now - self._began_s) / max(done - self._began_at, 1)
        self._emit(trainer, "step", step=done, steps=total, fraction=done / total, seconds_left=pace_s * (total - done))

    def on_train_epoch_end(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:
        """One `epoch` line."""
        loss = trainer.callback_metrics.get("loss")
        metrics = dict(getattr(pl_module, "metrics", {}))
        self._emit(trainer, "epoch", loss=None if loss is None else float(loss), metrics=metrics)

    def _emit(self, trainer: L.Trainer, event: str, **values: Any) -> None:
        if trainer.is_global_zero:
            emit(event, self._stream, epoch=trainer.current_epoch, epochs=trainer.max_epochs, **values)
