"""Trained weights to a verified ONNX file: by `detector-export` as a child process, because training never imports it."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from models.errors import ExportFailedError
from models.progress import emit

ROOT = Path(__file__).resolve().parent.parent


def export_weights(family: str, weights: Path, out: Path, *arguments: str, json_progress: bool = False) -> Path:
    """Runs `detector-export FAMILY`, which writes nothing that does not agree with PyTorch.

    Its lines are passed on as they come: sentences, or with `json_progress` events named `export` that hold its own
    event under `did` (`stage`, `done`).

    Args:
        family: a subcommand of detector-export, such as "yolo".
        weights: the file to export.
        out: the .onnx file to write.
        arguments: further options of the subcommand.
        json_progress: one JSON object a line.

    Returns:
        The file.

    Raises:
        ExportFailedError: it could not be exported, and why; the weights are as they were.
    """
    command = [sys.executable, "-m", "export.cli", family, "--weights", str(weights), "--out", str(out)]
    command += [*arguments, "--progress", "json"]
    said = ""
    # Standard error goes to a file: a pipe that nobody empties would stop the child.
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as complaints:
        with subprocess.Popen(  # noqa: S603 (our own module, by our own interpreter)
            command, env=_environment(), stdout=subprocess.PIPE, stderr=complaints, text=True, encoding="utf-8"
        ) as child:
            for event in _events(child.stdout or ()):
                said = str(event.get("message", said))
                _pass_on(event, json_progress)
        complaints.seek(0)
        complaint = complaints.read()
    if child.returncode != 0:
        why = said or (complaint.strip().splitlines() or [f"exit status {child.returncode}"])[-1]
        raise ExportFailedError(f"{weights}: trained, but not exported: {why}")
    return out


def _environment() -> dict[str, str]:
    """The child finds this code wherever the command was started, and speaks UTF-8 on every system."""
    places = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(places), "PYTHONIOENCODING": "utf-8"}


def _events(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """JSON objects; anything else that a library prints is left out."""
    for line in lines:
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if isinstance(event, dict):
            yield event


def _pass_on(event: dict[str, Any], json_progress: bool) -> None:
    kind = event.pop("event", "")
    if json_progress:
        emit("export", did=kind, **event)
    elif kind == "stage":
        print(f"export {event['step']}/{event['steps']}: {event['text']} …", flush=True)
    elif kind == "done":
        print(f"export done: {event['file']}, {event['size_bytes'] / 1e6:.1f} MB, agrees with PyTorch", flush=True)
