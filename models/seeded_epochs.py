"""Randomness that depends on the seed and the epoch alone, so that a resumed run draws what an uninterrupted one draws."""

import hashlib
import random

import lightning as L  # noqa: N812 (its own convention)
import numpy as np
import torch


class SeededEpochs(L.Callback):
    """Seeds all generators anew at the start of each epoch, from the run's seed and the epoch's number.

    Checkpoints are saved between epochs: with the same data, settings and machine, a run that was killed and resumed then
    ends with the weights of one that was not. On a processor they are equal to the bit; a GPU adds in an order of its own.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._seeded_epoch = -1

    def on_train_start(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:
        """The first epoch's pictures were chosen before any hook was called: they are chosen again, now from the seed."""
        seed_epoch(self._seed, trainer.current_epoch)
        fetcher = trainer.fit_loop._data_fetcher
        if fetcher is not None:
            iter(fetcher)
        self._seeded_epoch = trainer.current_epoch

    def on_train_epoch_start(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:
        """Before the pictures of a later epoch are chosen."""
        if trainer.current_epoch != self._seeded_epoch:
            seed_epoch(self._seed, trainer.current_epoch)


def seed_epoch(seed: int, epoch: int) -> None:
    """Seeds Python, NumPy and PyTorch."""
    mixed = int.from_bytes(hashlib.sha256(f"{seed}/{epoch}".encode()).digest()[:4], "little")
    random.seed(mixed)
    np.random.seed(mixed)  # noqa: NPY002 (what libraries draw from)
    torch.manual_seed(mixed)
