"""From records to batches: the data sets, the sampler for rare classes, and Lightning's data module."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import lightning as L  # noqa: N812 (its own convention)
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, Sampler

from models.detect.architecture import DetectorSpec
from models.detect.augmentation import AugmentationSettings, Augmenter, letterbox
from models.detect.copy_paste import paste
from models.detect.pictures import Sample, SampleStore
from models.detect.settings import TrainingSettings
from models.detect.split import Split, repeat_factors
from models.detect.targets import Targets


class Batch(NamedTuple):
    """Pictures of one step, still as bytes: they are scaled on the device, where it is cheap."""

    pictures: Tensor
    """(N, 3, S, S) uint8 RGB."""
    targets: Targets
    indices: Tensor
    """(N,) int64 places in the data set."""


def collate(items: Sequence[tuple[int, Sample]]) -> Batch:
    """Stacks letterboxed samples of one size."""
    samples = [sample for _, sample in items]
    pictures = torch.from_numpy(np.stack([sample.rgb for sample in samples])).permute(0, 3, 1, 2)
    owners = np.repeat(np.arange(len(samples)), [len(sample.labels) for sample in samples])
    targets = Targets(
        torch.from_numpy(np.concatenate([sample.boxes_xyxy for sample in samples])),
        torch.from_numpy(np.concatenate([sample.labels for sample in samples])),
        torch.from_numpy(owners),
    )
    return Batch(pictures, targets, torch.tensor([index for index, _ in items]))


class AugmentedPictures(Dataset[tuple[int, Sample]]):
    """Training samples, changed anew at each look.

    `mosaic` lives in shared memory, so that worker processes see the end of the mosaics too.

    Args:
        samples: what to show.
        weights: how often each is drawn to accompany another in a mosaic or to give an object away.
        augmenter: how pictures change.
        copy_paste: chance that a picture gets one to three objects from others.
    """

    def __init__(
        self,
        samples: Sequence[Sample],
        weights: NDArray[np.float64],
        augmenter: Augmenter,
        copy_paste: float = 0.0,
    ) -> None:
        self.samples = samples
        self.augmenter = augmenter
        self._copy_paste = copy_paste
        self.mosaic: Tensor = torch.tensor(augmenter.settings.mosaic).share_memory_()  # type: ignore[no-untyped-call]
        self._chances = weights / weights.sum()

    def __len__(self) -> int:
        return len(self.samples)

    def __getitem__(self, index: int) -> tuple[int, Sample]:
        # Seeded from torch's generator: it is the one that Lightning and the workers keep apart and reproducible.
        rng = np.random.default_rng(int(torch.randint(2**62, ())))
        if rng.random() >= float(self.mosaic):
            return index, self.augmenter.single(self._furnished(index, rng), rng)
        others = self._drawn(3, rng)
        return index, self.augmenter.mosaic([self._furnished(i, rng) for i in (index, *others)], rng)

    def _furnished(self, index: int, rng: np.random.Generator) -> Sample:
        """A sample, now and then with objects of other samples in it."""
        sample = self.samples[index]
        if rng.random() >= self._copy_paste:
            return sample
        return paste(sample, [self.samples[i] for i in self._drawn(int(rng.integers(1, 4)), rng)], rng)

    def _drawn(self, count: int, rng: np.random.Generator) -> list[int]:
        chosen: list[int] = rng.choice(len(self.samples), size=count, p=self._chances).tolist()
        return chosen


class LetterboxedPictures(Dataset[tuple[int, Sample]]):
    """Validation samples, each the same at every look."""

    def __init__(self, samples: Sequence[Sample], size: int, pad_value: int) -> None:
        self.samples = samples
        self._size, self._pad_value = size, pad_value

    def __len__(self) -> int:
        return len(self.samples)

    def __getitem__(self, index: int) -> tuple[int, Sample]:
        return index, letterbox(self.samples[index], self._size, self._pad_value)


class RepeatSampler(Sampler[int]):
    """A shuffled epoch in which picture i appears `factors[i]` times on average."""

    def __init__(self, factors: NDArray[np.float64]) -> None:
        self._factors = factors
        self._length = round(float(factors.sum()))

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[int]:
        rng = np.random.default_rng(int(torch.randint(2**62, ())))
        # Systematic sampling: fractions are met in every epoch, and its length never changes.
        steps = np.arange(self._length) + rng.random()
        order = rng.permutation(len(self._factors))
        totals = np.cumsum(self._factors[order]) * (self._length / self._factors.sum())
        chosen = order[np.minimum(np.searchsorted(totals, steps, side="right"), len(order) - 1)]
        return iter(rng.permutation(chosen).tolist())


class DetectionData(L.LightningDataModule):
    """Loads both sides of a split into memory and serves batches."""

    def __init__(self, split: Split, spec: DetectorSpec, settings: TrainingSettings) -> None:
        super().__init__()
        self._split, self._spec, self._settings = split, spec, settings

    def setup(self, stage: str) -> None:
        """Decodes what memory is granted for."""
        given, spec = self._settings, self._spec
        changes = AugmentationSettings(
            mosaic=given.mosaic,
            rotation_deg=given.rotation_deg,
            quarter_turn=given.quarter_turn,
            scale=(given.smallest, given.largest),
            perspective=given.perspective,
            camera=given.camera,
        )
        self._factors = repeat_factors(self._split.train, len(spec.classes), given.repeat_threshold)
        samples = SampleStore(self._split.train, given.cache_px, given.cache_gib)
        unseen = SampleStore(self._split.val, 2 * given.input_size, given.cache_gib / 4)
        augmenter = Augmenter(changes, given.input_size, spec.pad_value)
        self.train = AugmentedPictures(samples, self._factors, augmenter, given.copy_paste)
        self.val = LetterboxedPictures(unseen, given.input_size, spec.pad_value)

    def stop_mosaic(self) -> None:
        """From the next batch on, each canvas shows one picture."""
        self.train.mosaic.zero_()

    def train_dataloader(self) -> DataLoader[tuple[int, Sample]]:
        """Augmented batches, rare classes repeated."""
        given = self._settings
        whole_batches = len(self.train) >= given.batch
        return DataLoader(
            self.train,
            batch_size=given.batch,
            sampler=RepeatSampler(self._factors),
            collate_fn=collate,
            num_workers=given.workers,
            drop_last=whole_batches,
        )

    def val_dataloader(self) -> DataLoader[tuple[int, Sample]]:
        """Letterboxed batches in order."""
        return DataLoader(self.val, batch_size=self._settings.batch, collate_fn=collate, num_workers=0)
