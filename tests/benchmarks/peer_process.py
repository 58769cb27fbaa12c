"""A peer in a process of its own, which waits for its turn and measures itself."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.benchmarks.peers import PeerAbsentError, last_line

START_LIMIT_S = 300
ANSWER_LIMIT_S = 120
CLOSE_LIMIT_S = 10


@dataclass(frozen=True)
class Answer:
    """What a peer found in a picture, and how long that took inside its own process.

    Attributes:
        spent_ms: without the way to the process and back.
        xyxy: one box a face, in pixels.
    """

    spent_ms: float
    xyxy: list[list[float]]


class Child:
    """A peer in a process of its own, idle until it is asked. Close it, or use it as a context.

    Args:
        name: for messages.
        python: of the peer's environment.
        script: to run in it; it says one line of JSON when it is ready, and then answers each line with one.
        threads: it may use.
        spins: see :class:`~tests.benchmarks.peers.Peer`.

    Raises:
        PeerAbsentError: it does not get as far as that line.
    """

    def __init__(self, name: str, python: Path, script: Path, threads: int, *, spins: bool = False) -> None:
        self.name = name
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 -- lives as long as the process
        try:
            self._process = subprocess.Popen(
                [str(python), str(script)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._complaints,
                env=_surroundings(threads, spins=spins),
                text=True,
                encoding="utf-8",
            )
        except OSError as error:
            self._complaints.close()
            raise PeerAbsentError(str(error)) from error
        try:
            self.versions = str(self._read(START_LIMIT_S)["ready"])
        except BaseException:
            self.close()
            raise

    def find(self, picture: Path, settings: Mapping[str, Any]) -> Answer:
        """Look for faces once.

        Args:
            picture: .npy of H×W×3 uint8, red-green-blue; the process reads it once and keeps it.
            settings: ``min_face_px``, ``scale_factor`` and the three ``scores``.

        Raises:
            PeerAbsentError: the process failed.
        """
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps({"picture": str(picture), **settings}) + "\n")
            self._process.stdin.flush()
        except OSError as error:
            raise PeerAbsentError(f"{self.name} has ended: {self._last_words()}") from error
        answer = self._read(ANSWER_LIMIT_S)
        return Answer(float(answer["ms"]), [[float(x) for x in box] for box in answer["boxes"]])

    def close(self) -> None:
        """End the process. May be called twice."""
        if self._process.stdin is not None and not self._process.stdin.closed:
            try:
                self._process.stdin.close()
            except OSError:
                self._process.kill()
        try:
            self._process.wait(CLOSE_LIMIT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._complaints.close()

    def __enter__(self) -> Child:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _read(self, limit_s: float) -> dict[str, Any]:
        """The next line. A process that says nothing is ended, which ends the reading."""
        assert self._process.stdout is not None
        watch = threading.Timer(limit_s, self._process.kill)
        watch.start()
        try:
            line = self._process.stdout.readline()
        finally:
            watch.cancel()
            watch.join()
        if not line:
            self._process.wait()
            raise PeerAbsentError(f"{self.name} does not run: {self._last_words()}")
        return dict(json.loads(line))

    def _last_words(self) -> str:
        self._complaints.seek(0)
        return last_line(self._complaints.read().decode(errors="replace")) or "it said nothing"


def _surroundings(threads: int, *, spins: bool) -> dict[str, str]:
    """As many threads as ours, and, unless it ``spins``, none that turns in a circle while another candidate is measured."""
    count = str(threads)
    waiting = {} if spins else {"OMP_WAIT_POLICY": "PASSIVE", "KMP_BLOCKTIME": "0"}
    unwanted = ("PYTHONPATH", "PYTHONHOME", "OMP_WAIT_POLICY", "KMP_BLOCKTIME")
    return {
        **{name: value for name, value in os.environ.items() if name not in unwanted},
        "OMP_NUM_THREADS": count,
        "MKL_NUM_THREADS": count,
        "OPENBLAS_NUM_THREADS": count,
        **waiting,
        "CUDA_VISIBLE_DEVICES": "",
        "TF_CPP_MIN_LOG_LEVEL": "2",
    }
