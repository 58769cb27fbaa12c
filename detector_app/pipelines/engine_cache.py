"""Where TensorRT's engines are kept between runs of the app: building one takes minutes.

An engine fits one model, one onnxruntime, one TensorRT, one kind of device and one set of options, and onnxruntime does not check all of
that. So each such set has a folder of its own, named by their hash. Folders that nobody has used for long are removed, and the longest
unused ones when all together are too large.
"""

from __future__ import annotations

import contextlib
import ctypes
import ctypes.util
import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import onnxruntime
import platformdirs

STAMP = "made-for.json"
MOST_BYTES = 4 * 1024**3
MOST_DAYS = 90
_DAY_S = 86_400


@dataclass(frozen=True)
class EngineKey:
    """All that an engine depends on."""

    model_sha256: str
    onnxruntime: str
    tensorrt: str
    device: str
    options: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        """Of the folder: a hash of the fields."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class EngineCache:
    """The folders of engines below ``root``.

    Attributes:
        most_bytes: of all folders together.
        most_days: for which a folder may go unused.
    """

    root: Path
    most_bytes: int = MOST_BYTES
    most_days: int = MOST_DAYS

    def folder(self, key: EngineKey) -> Path:
        """The folder of ``key``, made if it is not there and marked as used now; before, others that are stale are removed.

        Raises:
            OSError: it cannot be made.
        """
        folder = self.root / key.name
        self._clean(keep=folder, onnxruntime_version=key.onnxruntime)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / STAMP).write_text(json.dumps(asdict(key), indent=1), encoding="utf-8")
        return folder

    def _clean(self, keep: Path, onnxruntime_version: str) -> None:
        """Remove what another onnxruntime made, what is long unused, and then the longest unused while all is too large."""
        entries = sorted((e for e in self._entries() if e.folder != keep), key=lambda entry: entry.used_s)
        oldest_s = time.time() - self.most_days * _DAY_S
        stale = [e for e in entries if e.onnxruntime != onnxruntime_version or e.used_s < oldest_s]
        total = sum(e.bytes for e in entries if e not in stale) + (_bytes_in(keep) if keep.is_dir() else 0)
        for entry in (e for e in entries if e not in stale):
            if total <= self.most_bytes:
                break
            total -= entry.bytes
            stale.append(entry)
        for entry in stale:
            shutil.rmtree(entry.folder, ignore_errors=True)  # in use by another process: next time

    def _entries(self) -> Iterator[_Entry]:
        """Folders that are ours: those with a stamp. Others are left alone."""
        for stamp in sorted(self.root.glob(f"*/{STAMP}")):
            with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
                made_for = json.loads(stamp.read_text(encoding="utf-8"))["onnxruntime"]
                yield _Entry(stamp.parent, str(made_for), stamp.stat().st_mtime, _bytes_in(stamp.parent))


@dataclass(frozen=True)
class _Entry:
    folder: Path
    onnxruntime: str
    used_s: float
    bytes: int


def engine_folder(model: Path, options: Mapping[str, str]) -> Path | None:
    """The folder for the engines of ``model`` with ``options`` in the user's cache; None where it cannot be made."""
    try:
        with model.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        key = EngineKey(
            sha256, onnxruntime.__version__, tensorrt_version(), device_names(), tuple(sorted(options.items()))
        )
        return EngineCache(platformdirs.user_cache_path("detector-app", appauthor=False) / "tensorrt").folder(key)
    except OSError:
        return None


def tensorrt_version() -> str:
    """What TensorRT's library says of itself, as "101600"; empty where there is none."""
    name = ctypes.util.find_library("nvinfer")
    if name is None:
        return ""
    try:
        return str(int(ctypes.CDLL(name).getInferLibVersion()))
    except (OSError, AttributeError):
        return name


def device_names(folder: Path = Path("/proc/driver/nvidia/gpus")) -> str:
    """Models of the NVIDIA devices as the driver tells them, in order; empty where it does not."""
    names = []
    for file in sorted(folder.glob("*/information")):
        with contextlib.suppress(OSError):
            lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
            names += [line.partition(":")[2].strip() for line in lines if line.startswith("Model:")]
    return ", ".join(names) or os.environ.get("CUDA_VISIBLE_DEVICES", "")


def _bytes_in(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
