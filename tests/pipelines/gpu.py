"""What stands in for a GPU at the border to onnxruntime: a session that says it runs on CUDA or TensorRT, and runs on the CPU."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import onnxruntime

from detector_app.pipelines.placement import CPU

RealSession = onnxruntime.InferenceSession
RealValue = onnxruntime.OrtValue


class FakeGpu:
    """Takes the place of ``onnxruntime.InferenceSession`` and ``OrtValue``; ``opened`` are the providers of each session asked for.

    Args:
        present: providers that sessions get; asking for others is an ``error`` or passes silently, as onnxruntime does.
        profile: a recording that sessions give as theirs.
    """

    def __init__(self, present: Sequence[str], profile: Path, error: Exception | None = None) -> None:
        self.present, self.profile, self.error = tuple(present), profile, error
        self.opened: list[list[tuple[str, dict[str, str]]]] = []
        self.devices: list[str] = []

    def session(self, path: str, options: Any, providers: Sequence[Any], **more: Any) -> Any:
        named = [(p, {}) if isinstance(p, str) else p for p in providers]
        self.opened.append(named)
        if self.error is not None and named[0][0] != CPU:
            raise self.error
        real = RealSession(path, options, providers=[CPU], **more)
        return _Session(real, [name for name, _ in named if name in self.present], self)

    def value(self, shape: Sequence[int], dtype: Any, device: str, number: int) -> Any:
        self.devices.append(device)
        return RealValue.ortvalue_from_shape_and_type(list(shape), dtype, "cpu", number)


class _Session:
    def __init__(self, real: Any, providers: list[str], gpu: FakeGpu) -> None:
        self._real, self._providers, self._gpu = real, providers, gpu

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def get_providers(self) -> list[str]:
        return self._providers

    def end_profiling(self) -> str:
        path = str(self._real.end_profiling())
        if self._providers != [CPU]:
            shutil.copy(self._gpu.profile, path)
        return path

    def io_binding(self) -> Any:
        return _Binding(self._real.io_binding(), self._gpu)

    def run_with_iobinding(self, binding: Any) -> None:
        self._real.run_with_iobinding(binding.real)


class _Binding:
    def __init__(self, real: Any, gpu: FakeGpu) -> None:
        self.real, self._gpu = real, gpu

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    def bind_output(self, name: str, device: str) -> None:
        self._gpu.devices.append(device)
        self.real.bind_output(name, "cpu")


def without(profile: Path, operators: Sequence[str], target: Path) -> Path:
    """A recording less the nodes of some ``operators``."""
    return _changed(profile, target, lambda events: [e for e in events if e["args"].get("op_name") not in operators])


def _changed(profile: Path, target: Path, change: Callable[[list[Any]], list[Any]]) -> Path:
    target.write_text(json.dumps(change(json.loads(profile.read_text(encoding="utf-8")))), encoding="utf-8")
    return target
