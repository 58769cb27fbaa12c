"""Transfer with a frozen body: every view of every picture passes it once, then only the head is taught, in seconds."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace

import lightning as L  # noqa: N812 (its own convention)
import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset
from tqdm import tqdm

from models.backbones.registry import describe
from models.classify.augmentation import Augmentation, seeded
from models.classify.feature_cache import FeatureCache
from models.classify.feature_origin import Origin, origin_of
from models.classify.loading import collate
from models.classify.pictures import Labelled, PictureSet
from models.classify.preparing import Prepared
from models.classify.settings import ClassifySettings
from models.classify.spec import ClassifierSpec
from models.classify.training import Normalize
from models.errors import RecipeError

AGREEMENT = 1e-3
AT_ONCE = 8  # batches whose features are computed before they are put on disk


class ViewSet(Dataset[Labelled]):
    """Some views of some pictures, each decided by seed, picture and number alone."""

    def __init__(
        self, pictures: PictureSet, wanted: Sequence[tuple[int, int]], augmentation: Augmentation | None, seed: int
    ) -> None:
        self._pictures, self._wanted, self._augmentation, self._seed = pictures, wanted, augmentation, seed

    def __len__(self) -> int:
        return len(self._wanted)

    def __getitem__(self, place: int) -> Labelled:
        index, view = self._wanted[place]
        one = self._pictures[index]
        if self._augmentation is None:
            return one._replace(indices=torch.tensor(place))
        own = self._pictures.records[index].sha256
        number = int.from_bytes(hashlib.sha256(f"{self._seed} {view} {own}".encode()).digest()[:8], "big", signed=True)
        changed = seeded(self._augmentation, Normalize.unit(one.pictures)[None], number)[0]
        return Labelled(changed, one.labels, torch.tensor(place))


class Body(L.LightningModule):
    """A network up to its head, for `Trainer.predict`."""

    def __init__(self, network: nn.Module, head: str, spec: ClassifierSpec) -> None:
        super().__init__()
        self._normalize, self._network = Normalize(spec), network
        self._head = head

    def forward(self, pictures: Tensor) -> Tensor:
        """(N, C, H, W) to what the head gets, averaged over places where the head is a convolution: (N, F) float32."""
        seen: list[Tensor] = []
        head = self._network.get_submodule(self._head)
        handle = head.register_forward_pre_hook(lambda _module, given: seen.append(given[0]))
        try:
            self._network(self._normalize(Normalize.unit(pictures)))
        finally:
            handle.remove()
        return seen[0].flatten(2).mean(2) if seen[0].ndim == 4 else seen[0]

    def predict_step(self, batch: Labelled, _index: int) -> Tensor:
        """Features of a batch, in memory of the processor."""
        features: Tensor = self(batch.pictures).float().cpu()
        return features


class FeatureSet(Dataset[Labelled]):
    """Features of pictures; `view` says which of each picture's views is given.

    Args:
        features: (views, n, F) float32.
        labels: (n,) int64.
    """

    def __init__(self, features: Tensor, labels: Tensor) -> None:
        self._features, self._labels = features, labels
        self.view = 0

    def __len__(self) -> int:
        return len(self._labels)

    def __getitem__(self, index: int) -> Labelled:
        return Labelled(
            self._features[self.view % len(self._features), index], self._labels[index], torch.tensor(index)
        )


class NextView(L.Callback):
    """Every epoch looks at the next view of each picture."""

    def __init__(self, features: FeatureSet) -> None:
        self._features = features

    def on_train_start(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:
        """A resumed run does not always announce its first epoch."""
        self._features.view = trainer.current_epoch

    def on_train_epoch_start(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:
        """Turns to the epoch's view."""
        self._features.view = trainer.current_epoch


class HeadOnly(nn.Module):
    """The head of a network, the very same module, fed with features."""

    def __init__(self, network: nn.Module, head: str) -> None:
        super().__init__()
        self.head = network.get_submodule(head)

    def forward(self, features: Tensor) -> Tensor:
        """(N, F) to logits (N, classes); a head that is a convolution sees each picture as one place."""
        if isinstance(self.head, nn.Conv2d):
            out: Tensor = self.head(features[:, :, None, None]).flatten(1)
        else:
            out = self.head(features)
        return out


def head_features(
    prepared: Prepared, network: nn.Module, settings: ClassifySettings, predictor: L.Trainer, cache: FeatureCache
) -> tuple[FeatureSet, FeatureSet]:
    """Features of the training pictures, `settings.views` augmented views each, and of the validation pictures as they are.

    Raises:
        RecipeError: the network does something behind its head that features alone cannot tell.
    """
    spec, head = prepared.spec, describe(prepared.spec.architecture).head
    _require_plain_head(network, head, spec)
    body = Body(network, head, spec)
    changed = replace(origin_of(network, head, spec, settings, prepared.principal), precision=str(predictor.precision))
    plain = replace(changed, augmentation={}, seed=0)
    val = PictureSet(prepared.folders.val, spec.look, settings.cache_gib)
    work = FeatureWork(body, predictor, cache, settings.batch)
    return (
        work.features(prepared.canvases, changed, settings.views, Augmentation(prepared.steps)),
        work.features(val, plain, 1, None),
    )


class FeatureWork:
    """Looks features up, and computes those that are not kept."""

    def __init__(self, body: Body, predictor: L.Trainer, cache: FeatureCache, batch: int) -> None:
        self._body, self._predictor, self._cache, self._batch = body, predictor, cache, batch
        self.computed = 0

    def features(
        self, pictures: PictureSet, origin: Origin, views: int, augmentation: Augmentation | None
    ) -> FeatureSet:
        """All views of all pictures. What is computed is kept at once, so that an interrupted run need not do it again."""
        places = [(index, view) for view in range(views) for index in range(len(pictures))]
        keys = [origin.key(pictures.records[index].sha256, view) for index, view in places]
        kept = {key: self._cache.get(key) for key in keys}
        missing = [place for place, key in enumerate(keys) if kept[key] is None]
        for some in self._parts(missing):
            wanted = ViewSet(pictures, [places[place] for place in some], augmentation, origin.seed)
            for place, features in zip(some, self._compute(wanted), strict=True):
                self._cache.put(keys[place], features.numpy())
                kept[keys[place]] = features.numpy()
        found = torch.from_numpy(np.stack([array for key in keys if (array := kept[key]) is not None]))
        labels = torch.tensor([int(record.labels[0]) for record in pictures.records])
        return FeatureSet(found.view(views, len(pictures), -1), labels)

    def _parts(self, missing: Sequence[int]) -> Iterator[Sequence[int]]:
        """Some batches at a time, under a bar on a terminal."""
        size = AT_ONCE * self._batch
        with tqdm(total=len(missing), desc="features", leave=False, disable=None, unit="picture") as bar:
            for start in range(0, len(missing), size):
                yield missing[start : start + size]
                bar.update(min(size, len(missing) - start))

    def _compute(self, wanted: ViewSet) -> Sequence[Tensor]:
        self.computed += len(wanted)
        loader = DataLoader(wanted, self._batch, collate_fn=collate)
        batches = self._predictor.predict(self._body, loader)
        return [row for batch in batches or [] for row in batch]


def _require_plain_head(network: nn.Module, head: str, spec: ClassifierSpec) -> None:
    pictures = torch.rand(2, spec.channels, *spec.input_hw, generator=torch.Generator().manual_seed(0))
    network.eval()
    with torch.no_grad():
        whole = network(Normalize(spec)(pictures))
        parts = HeadOnly(network, head)(Body(network, head, spec)(pictures))
    if not torch.allclose(whole, parts, atol=AGREEMENT, rtol=AGREEMENT):
        raise RecipeError(f"{spec.architecture} cannot be taught by its head alone; use --transfer last:1")
