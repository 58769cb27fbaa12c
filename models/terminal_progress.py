"""What a training run tells a person: a bar within the epoch on a terminal, and a line after each epoch anywhere."""

import sys
import time
from typing import Any

import lightning as L  # noqa: N812 (its own convention)
from tqdm import tqdm

from models.sparkline import sparkline


class TerminalProgress(L.Callback):
    """After each epoch its loss, and after each validation the score, with their courses so far as small curves.

    The courses are kept in the checkpoint: those of a resumed run begin where the run began.

    Args:
        score: the figure of `pl_module.metrics` that counts.
    """

    def __init__(self, score: str) -> None:
        self._score = score
        self._losses: list[float] = []
        self._scores: list[float] = []
        self._validated = False
        self._bar: tqdm[Any] | None = None
        self._began_s, self._began_at = 0.0, 0

    def state_dict(self) -> dict[str, Any]:
        """The courses."""
        return {"losses": self._losses, "scores": self._scores}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """The inverse of `state_dict`."""
        self._losses, self._scores = list(state_dict["losses"]), list(state_dict["scores"])

    def on_train_start(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:
        """Starts the clock; a resumed run counts its own pace only."""
        self._began_s, self._began_at = time.monotonic(), trainer.global_step

    def on_train_batch_end(self, trainer: L.Trainer, pl_module: L.LightningModule, *_rest: Any) -> None:
        """Moves the bar."""
        if not trainer.is_global_zero:
            return
        if self._bar is None:
            name = f"epoch {trainer.current_epoch + 1}/{trainer.max_epochs}"
            self._bar = tqdm(total=int(trainer.num_training_batches), desc=name, leave=False, disable=None, unit="step")
        self._bar.update()

    def on_validation_end(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:
        """Remembers the score."""
        if not trainer.sanity_checking:
            self._scores.append(float(pl_module.metrics[self._score]))  # type: ignore[index]
            self._validated = True

    def on_train_epoch_end(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:
        """Writes the line."""
        self._close()
        self._losses.append(float(trainer.callback_metrics.get("loss", float("nan"))))
        if trainer.is_global_zero:
            print(self._line(trainer), flush=True)
        self._validated = False

    def on_exception(self, trainer: L.Trainer, pl_module: L.LightningModule, exception: BaseException) -> None:
        """Leaves the terminal's line free for the message."""
        self._close()

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def _line(self, trainer: L.Trainer) -> str:
        encoding = sys.stdout.encoding or "ascii"
        digits = len(str(trainer.max_epochs))
        parts = [f"epoch {trainer.current_epoch + 1:>{digits}}/{trainer.max_epochs}"]
        parts.append(f"loss {self._losses[-1]:8.4g} {sparkline(self._losses, encoding=encoding):<16}")
        if self._validated:
            best = max(self._scores)
            mark = "best so far" if self._scores[-1] >= best else f"best {best:.3f}"
            parts.append(f"{self._score} {self._scores[-1]:.3f} {sparkline(self._scores, encoding=encoding)} {mark}")
        parts.append(f"{in_words(self._left_s(trainer))} left")
        return "  ".join(parts)

    def _left_s(self, trainer: L.Trainer) -> float:
        done = max(trainer.global_step - self._began_at, 1)
        left = max(int(trainer.estimated_stepping_batches) - trainer.global_step, 0)
        return (time.monotonic() - self._began_s) / done * left


def in_words(seconds: float) -> str:
    """Seconds as people say them: "45 s", "12 min", "3 h 05 min"."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60:02d} min"
