"""Where engines are kept, and which are thrown away."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from detector_app.pipelines.engine_cache import (
    STAMP,
    EngineCache,
    EngineKey,
    device_names,
    engine_folder,
    tensorrt_version,
)

KEY = EngineKey("ab" * 32, "1.31.1", "101600", "NVIDIA H100", (("trt_fp16_enable", "True"),))
DAY_S = 86_400


def fill(folder: Path, size: int, days: float = 0.0) -> Path:
    """An engine of ``size`` bytes, last used so many days ago."""
    (folder / "a_sm90.engine").write_bytes(b"\0" * size)
    used = time.time() - days * DAY_S
    os.utime(folder / STAMP, (used, used))
    return folder


def test_one_folder_for_one_key(tmp_path: Path) -> None:
    cache = EngineCache(tmp_path)
    first = fill(cache.folder(KEY), 10)
    assert cache.folder(KEY) == first
    assert (first / "a_sm90.engine").is_file()
    assert first.parent == tmp_path


@pytest.mark.parametrize("field", ["model_sha256", "onnxruntime", "tensorrt", "device"])
def test_whatever_an_engine_depends_on_changes_the_folder(field: str) -> None:
    assert replace(KEY, **{field: "other"}).name != KEY.name
    assert replace(KEY, options=()).name != KEY.name


def test_what_another_onnxruntime_made_goes(tmp_path: Path) -> None:
    cache = EngineCache(tmp_path)
    old = fill(cache.folder(replace(KEY, onnxruntime="1.30.0")), 10)
    new = cache.folder(KEY)
    assert new.is_dir()
    assert not old.exists()


def test_what_is_long_unused_goes_and_use_renews_it(tmp_path: Path) -> None:
    cache = EngineCache(tmp_path, most_days=30)
    unused, used = replace(KEY, model_sha256="1"), replace(KEY, model_sha256="2")
    forgotten = fill(cache.folder(unused), 10)
    loved = fill(cache.folder(used), 10)
    for folder in (forgotten, loved):
        fill(folder, 10, days=31)
    cache.folder(used)
    assert not forgotten.exists()
    cache.folder(KEY)
    assert loved.is_dir()


def test_over_the_limit_the_longest_unused_go_first(tmp_path: Path) -> None:
    cache = EngineCache(tmp_path, most_bytes=2500)
    folders = [cache.folder(replace(KEY, model_sha256=str(i))) for i in range(4)]
    for age, folder in zip((4, 1, 3, 2), folders, strict=True):
        fill(folder, 1000, days=age)
    cache.folder(KEY)
    assert [folder.is_dir() for folder in folders] == [False, True, False, True]


def test_the_one_in_use_stays_however_large(tmp_path: Path) -> None:
    cache = EngineCache(tmp_path, most_bytes=10)
    folder = fill(cache.folder(KEY), 1000, days=400)
    assert cache.folder(KEY) == folder
    assert (folder / "a_sm90.engine").is_file()


def test_folders_that_are_not_ours_stay(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("x")
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / STAMP).write_text("{")
    EngineCache(tmp_path, most_bytes=0, most_days=0).folder(KEY)
    assert (tmp_path / "mine" / "thesis.txt").is_file()
    assert (tmp_path / "damaged").is_dir()


def test_the_folder_lies_in_the_users_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    model = tmp_path / "a.onnx"
    model.write_bytes(b"abc")
    folder = engine_folder(model, {})
    assert folder is not None
    assert folder.is_relative_to(tmp_path)
    model.write_bytes(b"abd")
    assert engine_folder(model, {}) != folder
    assert engine_folder(tmp_path / "absent.onnx", {}) is None


def test_devices_are_named_as_the_driver_names_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, name in enumerate(("NVIDIA H100", "NVIDIA L4")):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / "information").write_text(f"Model: \t\t {name}\nIRQ: 1\n")
    assert device_names(tmp_path) == "NVIDIA H100, NVIDIA L4"
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    assert device_names(tmp_path / "none") == ""
    assert isinstance(tensorrt_version(), str)
