"""Lightning's trainer as every run of ours uses it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import lightning as L  # noqa: N812 (its own convention)
from lightning.fabric.utilities.exceptions import MisconfigurationException
from lightning.pytorch.callbacks import ModelCheckpoint
from lightning.pytorch.loggers import CSVLogger

from models.errors import RecipeError
from models.machine import Machine
from models.whole_checkpoints import WholeCheckpoints


def make_run_trainer(out: Path, machine: Machine, callbacks: Sequence[L.Callback], **options: Any) -> L.Trainer:
    """The trainer of a run: figures go to `out/metrics`, the last checkpoint to `out/checkpoints/last.ckpt`.

    Args:
        out: the run's folder.
        machine: where to compute.
        callbacks: besides the one that keeps the last checkpoint.
        options: more of Lightning's Trainer's own.

    Raises:
        RecipeError: Lightning does not know the accelerator, strategy or precision, or this machine lacks it.
    """
    # Saved after the epoch, not after its validation: a resumed run then starts with the next epoch.
    last = ModelCheckpoint(out / "checkpoints", "last", save_on_train_epoch_end=True, enable_version_counter=False)
    try:
        return L.Trainer(
            **vars(machine),
            **options,
            logger=CSVLogger(out, name="metrics"),
            callbacks=[*callbacks, last],
            plugins=[WholeCheckpoints()],
            enable_progress_bar=False,
            num_sanity_val_steps=0,
            log_every_n_steps=1,
            enable_model_summary=False,
        )
    except (ValueError, TypeError, MisconfigurationException) as error:
        raise RecipeError(f"cannot compute as asked ({machine}): {error}") from error
