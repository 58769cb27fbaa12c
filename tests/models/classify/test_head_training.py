"""Features that are kept give what features that are computed anew would give."""

from dataclasses import replace
from pathlib import Path

import lightning as L  # noqa: N812 (its own convention)
import numpy as np
import pytest
import torch
from torch.utils.data import Dataset

from models.backbones.registry import create, describe
from models.classify.augmentation import Augmentation
from models.classify.feature_cache import FeatureCache
from models.classify.feature_origin import Origin, origin_of
from models.classify.head_training import Body, FeatureSet, FeatureWork, HeadOnly, NextView, ViewSet
from models.classify.keeping import make_judge
from models.classify.layers import Division, Transfer, divide
from models.classify.loading import ClassifierData
from models.classify.pictures import Labelled, PictureSet
from models.classify.preparing import Prepared, prepare
from models.classify.settings import ClassifyRecipe, ClassifySettings
from models.classify.spec import ClassifierSpec
from models.classify.training import ClassifierTraining
from models.machine import Machine
from models.quiet import quiet_lightning
from models.seeded_epochs import SeededEpochs
from tests.models.classify.drawn import draw, write_folders

CPU = Machine(accelerator="cpu", devices="1")
SETTINGS = ClassifySettings(epochs=4, batch=4, learning_rate=0.01, views=2, seed=5, val_fraction=0.25)
RECIPE = ClassifyRecipe(SETTINGS, model="resnet18", options={"width": 0.125}, size_hw=(32, 32))


@pytest.fixture(autouse=True)
def _quiet() -> None:
    quiet_lightning()


@pytest.fixture
def prepared(tmp_path: Path) -> Prepared:
    return prepare(replace(RECIPE, data=str(write_folders(tmp_path / "set", 5))), tmp_path / "out")


@pytest.fixture
def network() -> torch.nn.Module:
    torch.manual_seed(0)
    return create("resnet18", 2, width=0.125).eval()


def work_on(prepared: Prepared, network: torch.nn.Module, folder: Path) -> tuple[FeatureWork, Origin]:
    origin = origin_of(network, "fc", prepared.spec, SETTINGS, prepared.principal)
    return FeatureWork(Body(network, "fc", prepared.spec), make_judge(CPU), FeatureCache(folder, 1), 4), origin


def computed(prepared: Prepared, network: torch.nn.Module, folder: Path, **changes: object) -> tuple[int, FeatureSet]:
    """How many features had to be computed, and all of them."""
    work, origin = work_on(prepared, network, folder)
    features = work.features(prepared.canvases, replace(origin, **changes), 2, Augmentation(prepared.steps))  # type: ignore[arg-type]
    return work.computed, features


def test_a_second_run_computes_nothing_and_gives_the_same(
    prepared: Prepared, network: torch.nn.Module, tmp_path: Path
) -> None:
    count = len(prepared.canvases)
    first, features = computed(prepared, network, tmp_path / "cache")
    second, again = computed(prepared, network, tmp_path / "cache")
    assert (first, second) == (2 * count, 0)
    for view in range(2):
        features.view = again.view = view
        assert all(torch.equal(features[i].pictures, again[i].pictures) for i in range(count))
    features.view = 0
    again.view = 1
    assert not torch.equal(features[0].pictures, again[0].pictures), "views differ"


def test_only_what_changed_is_computed_again(prepared: Prepared, network: torch.nn.Module, tmp_path: Path) -> None:
    computed(prepared, network, tmp_path / "cache")
    record = prepared.canvases.records[1]
    touched = replace(record, sha256="another picture")
    prepared.canvases.records = (prepared.canvases.records[0], touched, *prepared.canvases.records[2:])
    assert computed(prepared, network, tmp_path / "cache")[0] == 2, "two views of one picture"
    damaged = min((tmp_path / "cache").glob("??/*"))
    damaged.write_bytes(damaged.read_bytes()[:-1])
    assert computed(prepared, network, tmp_path / "cache")[0] <= 1, "the damaged one, unless it was of the old picture"


def test_what_an_interrupted_run_computed_is_kept(
    prepared: Prepared, network: torch.nn.Module, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.classify.head_training.AT_ONCE", 1)
    work, origin = work_on(prepared, network, tmp_path / "cache")
    looked, look = [0], PictureSet.__getitem__

    def die_at_the_seventh(self: PictureSet, index: int) -> Labelled:
        looked[0] += 1
        if looked[0] == 7:
            raise ConnectionAbortedError
        return look(self, index)

    monkeypatch.setattr(PictureSet, "__getitem__", die_at_the_seventh)
    with pytest.raises(ConnectionAbortedError):
        work.features(prepared.canvases, origin, 2, Augmentation(prepared.steps))
    assert len(list((tmp_path / "cache").glob("??/*"))) == 4, "a batch"
    monkeypatch.undo()
    rest, features = computed(prepared, network, tmp_path / "cache")
    assert rest == 2 * len(prepared.canvases) - 4
    _, whole = computed(prepared, network, tmp_path / "another")
    assert all(torch.allclose(features[i].pictures, whole[i].pictures, atol=1e-6) for i in range(len(features)))


def test_features_of_another_precision_are_others(prepared: Prepared, network: torch.nn.Module, tmp_path: Path) -> None:
    first, _ = computed(prepared, network, tmp_path / "cache")
    assert computed(prepared, network, tmp_path / "cache", precision="bf16-mixed")[0] == first


def test_a_weight_or_a_strength_computes_all_again(
    prepared: Prepared, network: torch.nn.Module, tmp_path: Path
) -> None:
    everything, _ = computed(prepared, network, tmp_path / "cache")
    assert computed(prepared, network, tmp_path / "cache", augmentation={"noise": 0.5})[0] == everything
    with torch.no_grad():
        network.bn1.running_mean[0] += 1e-3  # type: ignore[union-attr,index,operator] # a buffer counts as well
    assert computed(prepared, network, tmp_path / "cache")[0] == everything


def test_one_byte_of_a_picture_is_another_picture(tmp_path: Path) -> None:
    data = replace(RECIPE, data=str(write_folders(tmp_path / "set", 5)))

    def digests() -> dict[str, str]:
        folders = prepare(data, tmp_path).folders
        return {str(record.path): record.sha256 for record in (*folders.train, *folders.val)}

    before = digests()
    path = tmp_path / "set" / "red" / "002.png"
    path.write_bytes(path.read_bytes() + b"\0")
    after = digests()
    assert {name for name in before if before[name] != after[name]} == {str(path)}


class Views(Dataset[Labelled]):
    """The views that head training keeps, made anew at each look."""

    def __init__(self, prepared: Prepared) -> None:
        self._prepared, self.view = prepared, 0

    def __len__(self) -> int:
        return len(self._prepared.canvases)

    def __getitem__(self, index: int) -> Labelled:
        one = ViewSet(
            self._prepared.canvases, [(index, self.view % 2)], Augmentation(self._prepared.steps), SETTINGS.seed
        )
        return one[0]._replace(indices=torch.tensor(index))


def teach(module: ClassifierTraining, train: Dataset[Labelled], view: NextView, epochs: int = 4) -> None:
    trainer = L.Trainer(
        accelerator="cpu", devices=1, max_epochs=epochs, logger=False, enable_checkpointing=False, num_sanity_val_steps=0,
        enable_progress_bar=False, enable_model_summary=False, log_every_n_steps=1, limit_val_batches=0,
        callbacks=[SeededEpochs(SETTINGS.seed), view],
    )  # fmt: skip
    trainer.fit(module, datamodule=ClassifierData(train, train, 4, 0))


def test_the_head_learns_from_kept_features_what_it_learns_from_pictures(
    prepared: Prepared, network: torch.nn.Module, tmp_path: Path
) -> None:
    twin = create("resnet18", 2, width=0.125)
    twin.load_state_dict(network.state_dict())
    _, kept = computed(prepared, network, tmp_path / "cache")
    head = ClassifierTraining(HeadOnly(network, "fc"), prepared.spec, SETTINGS, Division((), ("head",)))
    teach(head, kept, NextView(kept))

    division = divide(twin, describe("resnet18"), Transfer("head"), (3, 32, 32))
    views = Views(prepared)
    teach(ClassifierTraining(twin, prepared.spec, SETTINGS, division), views, NextView(views))  # type: ignore[arg-type]

    torch.testing.assert_close(network.fc.weight, twin.fc.weight, atol=1e-6, rtol=0)  # type: ignore[union-attr]
    torch.testing.assert_close(network.fc.bias, twin.fc.bias, atol=1e-6, rtol=0)  # type: ignore[union-attr]
    start = create("resnet18", 2, width=0.125)
    assert not torch.equal(network.fc.weight, start.fc.weight)  # type: ignore[union-attr,arg-type]


@pytest.mark.parametrize("name", ["resnet18", "darknet19", "vgg11"])
def test_the_head_on_features_is_the_network(name: str) -> None:
    torch.manual_seed(0)
    row = describe(name)
    network = create(name, 4, width=0.125).eval()
    pictures = torch.from_numpy(np.stack([draw("red", seed, (64, 64)).transpose(2, 0, 1) for seed in range(2)]))
    told = ClassifierSpec(name, tuple("abcd"), (64, 64), 3, row.mean, row.std)
    body = Body(network, row.head, told)
    with torch.no_grad():
        expected = network(body._normalize(pictures.float() / 255))
        found = HeadOnly(network, row.head)(body(pictures))
    torch.testing.assert_close(found, expected, atol=1e-4, rtol=1e-4)
