"""Other packages that are measured beside ours, each in an environment of its own."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path

CACHE = "detector-app-bench"
COMPLETE = "complete"
"""A file that is there once everything is installed."""
INSTALL_LIMIT_S = 1800
HERE = Path(__file__).resolve().parent


class PeerAbsentError(Exception):
    """A peer cannot be installed, imported or run here; the text says why."""


@dataclass(frozen=True)
class Peer:
    """A package to compare with.

    Attributes:
        name: with its version, as the tables name it.
        script: beside this module; what answers in the peer's environment.
        installs: arguments of ``pip install``, one call after the other, versions pinned.
        spins: leave the threads of OpenMP to spin for a while when they wait, as is their way, rather than to sleep at once.
            Faster on an idle machine or slower on a busy one, so that a peer may be measured both ways.
    """

    name: str
    script: str
    installs: tuple[tuple[str, ...], ...]
    spins: bool = False

    @property
    def folder_name(self) -> str:
        """Another one whenever what is installed changes."""
        wanted = json.dumps([self.installs, sys.version_info[:2]])
        return f"{self.script.removesuffix('.py')}-{hashlib.sha256(wanted.encode()).hexdigest()[:12]}"


def environment(peer: Peer, cache: Path | None = None) -> Path:
    """The Python of the peer's environment, which is made if it is not there yet.

    Args:
        peer: what to install.
        cache: folder of all environments; the user's cache if None.

    Raises:
        PeerAbsentError: it cannot be made.
    """
    folder = (cache or user_cache_path(CACHE, appauthor=False)) / peer.folder_name
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if (folder / COMPLETE).is_file():
        return python
    # What an interrupted run left is not worth mending.
    shutil.rmtree(folder, ignore_errors=True)
    print(f"{peer.name}: making its environment in {folder}", file=sys.stderr, flush=True)
    _call([sys.executable, "-m", "venv", "--without-pip", str(folder)])
    pip = [sys.executable, "-m", "pip", "--python", str(folder), "--disable-pip-version-check"]
    for arguments in peer.installs:
        _call([*pip, "install", "--quiet", *arguments])
    (folder / COMPLETE).touch()
    return python


def _call(command: list[str]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=INSTALL_LIMIT_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PeerAbsentError(str(error)) from error
    if done.returncode:
        raise PeerAbsentError(last_line(done.stderr) or f"{command[0]} ended with {done.returncode}")


def last_line(text: str) -> str:
    """The last line with anything in it: of a traceback or of pip's complaint the one that says what is wrong."""
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "")
