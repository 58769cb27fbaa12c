"""Darknet files to a model, by ``detector-export`` as a child process: the app itself never imports what that needs."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import detector_app
from detector_app.model_gallery.entry import GalleryEntry
from detector_app.model_gallery.errors import ConversionError, TrainingMissingError
from detector_app.model_gallery.folder import entry_folder, model_path

NEEDED = ("torch", "onnx", "onnxscript", "export")
POLL_S = 0.2


def can_convert() -> bool:
    """Whether what conversion needs is installed; looked for, not imported."""
    return all(importlib.util.find_spec(name) is not None for name in NEEDED)


def require_conversion(entry: GalleryEntry) -> None:
    """Nothing, if ``entry`` can be made usable here.

    Raises:
        TrainingMissingError: it must be converted, and what does that is not installed.
    """
    if entry.needs_train and not can_convert():
        raise TrainingMissingError(entry.name)


def convert(entry: GalleryEntry, folder: Path, check_cancelled: Callable[[], None]) -> None:
    """Make the model of ``entry`` from its downloaded files; the file appears whole or not at all.

    Raises:
        ConversionError: the child failed, and what it said.
        DownloadCancelledError: from ``check_cancelled``, which is asked now and then; the child is ended.
    """
    # Standard output goes to a file: a pipe that nobody empties would stop the child.
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(  # noqa: S603 (our own program with file names of the table)
            _command(entry, folder),
            stdout=said,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env=_environment(),
        )
        try:
            while _running(child):
                check_cancelled()
        finally:
            if child.poll() is None:
                child.kill()
                child.wait()
        if child.returncode or not model_path(entry, folder).is_file():
            said.seek(0)
            raise ConversionError(entry.name, detail=_last_error(said.read().decode(errors="replace").splitlines()))


def _command(entry: GalleryEntry, folder: Path) -> Sequence[str]:
    at = entry_folder(entry, folder)
    files = {Path(file.name).suffix: str(at / file.name) for file in entry.files}
    return [
        *(sys.executable, "-m", "export.cli", "darknet", "--progress", "json"),
        *("--cfg", files[".cfg"], "--weights", files[".weights"], "--names", files[".names"]),
        *("--out", str(model_path(entry, folder)), "--name", entry.name, "--licence", entry.licence),
    ]


def _environment() -> dict[str, str]:
    """So that a checkout finds its own ``export`` from any working folder."""
    root = str(Path(detector_app.__file__).resolve().parent.parent)
    before = os.environ.get("PYTHONPATH", "")
    return {**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{before}" if before else root}


def _running(child: subprocess.Popen[bytes]) -> bool:
    try:
        child.wait(POLL_S)
    except subprocess.TimeoutExpired:
        return True
    return False


def _last_error(lines: Sequence[str]) -> str:
    """What the converter said of its failure, or the last thing that it said at all."""
    for line in reversed(lines):
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if isinstance(event, dict) and event.get("event") == "error":
            return str(event.get("message"))
    return next((line.strip() for line in reversed(lines) if line.strip()), "the converter ended without a word")
