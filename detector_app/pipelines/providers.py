"""Which processors a session is asked to use, in which order, and how many threads."""

from __future__ import annotations

import contextlib
import ctypes.util
import importlib.metadata
import io
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

import onnxruntime

from detector_app.errors import SettingError
from detector_app.pipelines.placement import CPU, CUDA, TENSORRT, short_name

PREFERRED = (TENSORRT, CUDA, CPU)
MOST_THREADS = 8
"""More threads than this gain nothing on networks of a few milliseconds, and take the machine from its user."""


def choose_providers(asked: Iterable[str] | None) -> tuple[str, ...]:
    """Full names of the providers to ask for, in order.

    Args:
        asked: short or full names in any case ("cuda", "CPUExecutionProvider"), or None for the best that this machine
            seems to have: TensorRT → CUDA → CPU, the first two only if an NVIDIA device (and TensorRT's library) is
            there, because the GPU wheel offers them everywhere.

    Raises:
        SettingError: a name that onnxruntime does not know.
    """
    if asked is None:
        present = {CPU} | ({CUDA} if has_nvidia() else set()) | ({TENSORRT} if _has_tensorrt() else set())
        return tuple(p for p in PREFERRED if p in present and p in onnxruntime.get_available_providers())
    known = {short_name(p).lower(): p for p in onnxruntime.get_all_providers()}
    names = tuple(dict.fromkeys(short_name(name).lower().removesuffix("executionprovider") for name in asked))
    for name in names:
        if name not in known:
            offered = [short_name(p).lower() for p in onnxruntime.get_available_providers()]
            raise SettingError("providers", found=f"“{name}”", expected=f"among {', '.join(offered)}")
    return tuple(known[name] for name in names)


def usable(asked: tuple[str, ...]) -> tuple[str, ...]:
    """Those of ``asked`` that this onnxruntime was built with, and the CPU as the last resort."""
    available = onnxruntime.get_available_providers()
    return tuple(dict.fromkeys([*(p for p in asked if p in available), CPU]))


def load_cuda_libraries() -> None:
    """Let onnxruntime load the CUDA libraries that pip has put into site-packages (since 1.21). What it prints is not for users."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(AttributeError, OSError, RuntimeError):
        onnxruntime.preload_dlls()


def conflicting_wheels() -> tuple[str, ...]:
    """Both onnxruntime wheels if both are installed: they overwrite each other's files, so either may be broken. Else nothing."""
    found = []
    for name in ("onnxruntime", "onnxruntime-gpu"):
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            found.append(f"{name} {importlib.metadata.version(name)}")
    return tuple(found) if len(found) > 1 else ()


def default_threads() -> int:
    """Physical cores that this process may use (affinity and container quota counted), 1 to :data:`MOST_THREADS`."""
    return max(1, min(MOST_THREADS, _physical_cores(), _quota()))


def _physical_cores() -> int:
    """Cores in our affinity, hardware threads of one core counted once where the system tells."""
    try:
        allowed = os.sched_getaffinity(0)
    except AttributeError:  # neither macOS nor Windows has it
        return os.cpu_count() or 1
    cores = set()
    for cpu in allowed:
        siblings = Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list")
        cores.add(siblings.read_text().strip() if siblings.is_file() else str(cpu))
    return len(cores)


def _quota() -> int:
    """Whole processors that a container's quota (cgroup v2) grants; :data:`MOST_THREADS` without one."""
    limit = Path("/sys/fs/cgroup/cpu.max")
    quota, period = limit.read_text().split() if limit.is_file() else ("max", "1")
    return MOST_THREADS if quota == "max" else max(1, int(quota) // int(period))


def has_nvidia() -> bool:
    """Whether an NVIDIA device seems to be there, as far as its driver shows."""
    return Path("/dev/nvidiactl").exists() or shutil.which("nvidia-smi") is not None


def _has_tensorrt() -> bool:
    return has_nvidia() and ctypes.util.find_library("nvinfer") is not None
