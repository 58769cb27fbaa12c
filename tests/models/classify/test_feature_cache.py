import errno
import hashlib
import io
import os
import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from models.backbones.registry import create
from models.classify.feature_cache import FeatureCache
from models.classify.feature_origin import AUGMENTS, origin_of
from models.classify.settings import ClassifySettings
from models.classify.spec import ClassifierSpec

KEY, OTHER = "ab" * 32, "cd" * 32
VALUES = np.arange(6, dtype=np.float32)


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_what_was_put_is_got(tmp_path: Path) -> None:
    cache = FeatureCache(tmp_path / "deep" / "cache", 1)
    assert cache.get(KEY) is None
    cache.put(KEY, VALUES)
    np.testing.assert_array_equal(cache.get(KEY), VALUES)  # type: ignore[arg-type] # it is there
    assert cache.get(OTHER) is None
    assert len(files(tmp_path)) == 1


@pytest.mark.parametrize("place", [0, 40, -1])
def test_a_damaged_file_is_none(tmp_path: Path, place: int) -> None:
    cache = FeatureCache(tmp_path, 1)
    cache.put(KEY, VALUES)
    (path,) = files(tmp_path)
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    assert cache.get(KEY) is None
    path.write_bytes(b"")
    assert cache.get(KEY) is None


class Bomb:
    """Unpickling it makes a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[Path]]:
        return Path.touch, (self.path,)


def put_foreign(folder: Path, content: bytes) -> FeatureCache:
    """A cache in which somebody put a file of their own, digest and all."""
    cache = FeatureCache(folder, 1)
    cache.put(KEY, VALUES)
    (path,) = files(folder)
    path.write_bytes(hashlib.sha256(content).digest() + content)
    return cache


def test_a_foreign_file_with_a_right_digest_is_none_and_is_never_unpickled(tmp_path: Path) -> None:
    memory, trace = io.BytesIO(), tmp_path / "trace"
    np.save(memory, np.array([Bomb(trace)], object), allow_pickle=True)
    for content in (memory.getvalue(), pickle.dumps(Bomb(trace)), b"", b"no array"):
        assert put_foreign(tmp_path / "cache", content).get(KEY) is None
    assert not trace.exists()


@pytest.mark.parametrize("array", [VALUES.astype(np.float64), VALUES[None], np.float32(1)])
def test_an_array_of_another_kind_is_none(tmp_path: Path, array: np.ndarray) -> None:
    memory = io.BytesIO()
    np.save(memory, array)
    assert put_foreign(tmp_path, memory.getvalue()).get(KEY) is None


def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_given: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    cache = FeatureCache(tmp_path, 1)
    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space") as told:
        cache.put(KEY, VALUES)
    assert str(told.value.filename).startswith(str(tmp_path)), "it is the cache's disk, not the run's"
    assert files(tmp_path) == []


def test_the_files_used_longest_ago_go_first(tmp_path: Path) -> None:
    keys = [f"{number:02x}" * 32 for number in range(4)]
    size = 32 + 128 + 24
    cache = FeatureCache(tmp_path, 2.5 * size / 2**30)
    for age, key in enumerate(keys):
        cache.put(key, VALUES)
        os.utime(files(tmp_path / key[:2])[0], (1000 + age, 1000 + age))
    assert cache.get(keys[0]) is not None, "which makes it the youngest"
    assert cache.shrink() == 2
    assert [cache.get(key) is not None for key in keys] == [True, False, False, True]
    assert cache.clear() == 2
    assert not files(tmp_path)


NETWORK = create("lenet5", 2)
SPEC = ClassifierSpec("lenet5", ("a", "b"), (32, 32), 1, (0.5,), (0.25,))
SETTINGS = ClassifySettings()


def key(
    settings: ClassifySettings = SETTINGS, spec: ClassifierSpec = SPEC, network: torch.nn.Module = NETWORK,
    picture: str = "picture", view: int = 0, principal: torch.Tensor | None = None,
) -> str:  # fmt: skip
    return origin_of(network, "output", spec, settings, principal).key(picture, view)


@pytest.mark.parametrize("name", AUGMENTS)
def test_any_strength_makes_another_key(name: str) -> None:
    assert key(replace(SETTINGS, **{name: getattr(SETTINGS, name) * 0.5 + 0.3})) != key()


def test_every_augmentation_is_in_the_key() -> None:
    """A new strength in the table must not be forgotten here."""
    learning = {
        "epochs", "batch", "learning_rate", "pretrained_rate", "weight_decay", "warmup", "label_smoothing", "auxiliary_weight",
        "patience", "val_fraction", "views", "cache_gib", "workers", "seed",
    }  # fmt: skip
    assert set(AUGMENTS) | learning == set(vars(SETTINGS))


def test_picture_view_seed_input_and_colours_make_other_keys() -> None:
    others = [
        key(picture="another"),
        key(view=1),
        key(replace(SETTINGS, seed=1)),
        key(spec=replace(SPEC, input_hw=(28, 28))),
        key(spec=replace(SPEC, mean=(0.4,))),
        key(principal=torch.eye(3)),
    ]
    assert len({key(), *others}) == 1 + len(others)


def test_one_weight_of_the_body_makes_another_key_and_the_head_and_learning_do_not() -> None:
    changed = create("lenet5", 2)
    changed.load_state_dict(NETWORK.state_dict())
    with torch.no_grad():
        changed.output.weight[0, 0] += 1  # type: ignore[union-attr,index,operator] # LeNet's head
    assert key(network=changed) == key()
    with torch.no_grad():
        changed.c1.bias[0] = torch.nextafter(changed.c1.bias[0], torch.tensor(1.0))  # type: ignore[union-attr,index,operator]
    assert key(network=changed) != key()
    assert key(replace(SETTINGS, epochs=3, learning_rate=0.5, views=9)) == key()
    assert key(spec=replace(SPEC, classes=("x", "y"))) == key()
