"""Names and order of providers."""

from __future__ import annotations

import os

import onnxruntime
import pytest

from detector_app.errors import SettingError
from detector_app.pipelines import providers
from detector_app.pipelines.providers import CPU, CUDA, TENSORRT, choose_providers, default_threads, usable


def test_short_and_full_names_in_any_case() -> None:
    assert choose_providers(["CUDA", "CPUExecutionProvider", "cpu", "TensorRT"]) == (CUDA, CPU, TENSORRT)


def test_unknown_name_lists_what_there_is() -> None:
    with pytest.raises(SettingError, match=r"providers cannot be “abacus”; it must be among .*cpu"):
        choose_providers(["abacus"])


def test_best_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: [CPU, CUDA, TENSORRT])
    monkeypatch.setattr(providers, "has_nvidia", lambda: True)
    monkeypatch.setattr(providers, "_has_tensorrt", lambda: True)
    assert choose_providers(None) == (TENSORRT, CUDA, CPU)
    monkeypatch.setattr(providers, "_has_tensorrt", lambda: False)
    assert choose_providers(None) == (CUDA, CPU)
    monkeypatch.setattr(providers, "has_nvidia", lambda: False)
    assert choose_providers(None) == (CPU,)


def test_the_cpu_is_the_last_resort() -> None:
    assert usable(()) == (CPU,)
    assert usable(("CoreMLExecutionProvider", CPU))[-1] == CPU


def test_threads_are_few_and_real() -> None:
    assert 1 <= default_threads() <= min(providers.MOST_THREADS, os.cpu_count() or 1)


def test_one_wheel_of_onnxruntime_or_a_warning() -> None:
    found = providers.conflicting_wheels()
    assert found == () or {name.split()[0] for name in found} == {"onnxruntime", "onnxruntime-gpu"}
