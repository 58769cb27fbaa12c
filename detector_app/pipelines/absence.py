"""Why a provider that was asked for is not in the session: onnxruntime itself only logs it and takes the next one."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import onnxruntime

from detector_app.pipelines.placement import CPU, CUDA, TENSORRT, Absence, Reason
from detector_app.pipelines.providers import has_nvidia

NEEDS_NVIDIA = (CUDA, TENSORRT)
_STEMS = {CUDA: "onnxruntime_providers_cuda", TENSORRT: "onnxruntime_providers_tensorrt"}
_MOST_CHARACTERS = 300


def absences(asked: Iterable[str], session: Iterable[str], words: Mapping[str, str]) -> tuple[Absence, ...]:
    """Of each provider that was ``asked`` for and is not in the ``session``, why.

    Args:
        asked: full names.
        session: providers that the session has.
        words: what onnxruntime said where setting up a provider ended in an exception, by provider.
    """
    present = frozenset(session) | {CPU}
    return tuple(_absence(provider, words.get(provider, "")) for provider in asked if provider not in present)


def _absence(provider: str, words: str) -> Absence:
    if provider not in onnxruntime.get_available_providers():
        return Absence(provider, Reason.NOT_BUILT)
    if provider in NEEDS_NVIDIA and not has_nvidia():
        return Absence(provider, Reason.NO_DEVICE)
    missing = _missing_library(provider)
    if missing:
        return Absence(provider, Reason.LIBRARY, missing)
    return Absence(provider, Reason.REFUSED, words[:_MOST_CHARACTERS])


def _missing_library(provider: str) -> str:
    """What the system says when it loads the provider's library, which names the one it cannot find; empty if it loads.

    The session has just tried the same, so that a second try has no effects that the first had not.
    """
    library = _library(provider)
    if library is None:
        return ""
    try:
        ctypes.CDLL(str(library))
    except OSError as error:
        return str(error).replace(f"{library.parent}/", "")[:_MOST_CHARACTERS]
    return ""


def _library(provider: str) -> Path | None:
    """The provider's own shared library in the wheel; None for providers that are built in, and where there is none."""
    stem = _STEMS.get(provider)
    name = f"{stem}.dll" if sys.platform == "win32" else f"lib{stem}.so"
    path = Path(onnxruntime.__file__).parent / "capi" / name
    return path if stem and path.is_file() else None
