"""Batches for training and validation."""

from collections.abc import Sequence

import lightning as L  # noqa: N812 (its own convention)
from torch.utils.data import DataLoader, Dataset, default_collate

from models.classify.pictures import Labelled


def collate(parts: Sequence[Labelled]) -> Labelled:
    """Stacks what a data set gives."""
    return Labelled(*default_collate([tuple(part) for part in parts]))


class ClassifierData(L.LightningDataModule):
    """Loaders over data sets of `Labelled`; only the training one is shuffled, and a last batch of one picture is left out.

    (A batch norm has no statistics of a single value.)
    """

    def __init__(self, train: Dataset[Labelled], val: Dataset[Labelled], batch: int, workers: int) -> None:
        super().__init__()
        self._train, self._val, self._batch, self._workers = train, val, batch, workers

    def train_dataloader(self) -> DataLoader[Labelled]:
        """Every picture once, in a random order."""
        return self._loader(self._train, shuffle=True)

    def val_dataloader(self) -> DataLoader[Labelled]:
        """In order."""
        return self._loader(self._val, shuffle=False)

    def _loader(self, chosen: Dataset[Labelled], *, shuffle: bool) -> DataLoader[Labelled]:
        count = len(chosen)  # type: ignore[arg-type] # our data sets have a length
        return DataLoader(
            chosen,
            self._batch,
            shuffle=shuffle,
            collate_fn=collate,
            num_workers=self._workers,
            persistent_workers=self._workers > 0,
            drop_last=shuffle and count > 1 and count % self._batch == 1,
        )
