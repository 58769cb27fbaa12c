"""The exporter as a child process: started, listened to line by line, and ended with everything that it has started itself."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal

import detector_app
from detector_app.ui.model_export.events import LONGEST_LINE

log = logging.getLogger(__name__)

_LAST_WORDS = 65_536
"""Bytes of the error output that are kept, from its end."""
_NICENESS = 5
_END_MS = 5_000
_WINDOWS = sys.platform == "win32"


@dataclass(frozen=True)
class Program:
    """How the exporter is started: the executable, what comes before its own arguments, and what is added to the environment."""

    executable: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)


def exporter() -> Program:
    """The exporter that belongs to this app, under the interpreter that runs it, whether installed or in a checkout."""
    root = str(Path(detector_app.__file__).resolve().parent.parent)
    path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH", ""))))
    # -P: a file in the folder where the app was started must not be taken for one of the libraries.
    return Program(
        sys.executable, ("-P", "-X", "utf8", "-m", "export.cli"), {"PYTHONPATH": path, "PYTHONUNBUFFERED": "1"}
    )


@dataclass(frozen=True)
class Ending:
    """How a child ended.

    Attributes:
        code: its exit code; None if it was killed or did not even start.
        last_words: the end of its error output, or why it did not start.
        started: whether it did.
    """

    code: int | None
    last_words: str
    started: bool = True


class Child(QObject):
    """One run of a program. Ends at the latest when :meth:`kill` is called. A ``polite`` one lets others go first.

    Signals:
        line: one line of its output.
        ended: the ``Ending``, after all lines.
    """

    line = Signal(str)
    ended = Signal(object)

    def __init__(
        self, program: Program, arguments: Sequence[str], parent: QObject | None = None, *, polite: bool = False
    ) -> None:
        super().__init__(parent)
        self._program, self._arguments = program, list(arguments)
        self._rest, self._errors = bytearray(), bytearray()
        self._skipping = False
        self._process = QProcess(self)
        self._process.setProcessEnvironment(_environment(program.environment))
        self._process.setStandardInputFile(QProcess.nullDevice())
        if polite:
            self._process.started.connect(self._step_back)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.readyReadStandardError.connect(self._listen)
        self._process.finished.connect(self._finish)
        self._process.errorOccurred.connect(self._fail)
        if not _WINDOWS:  # a group of its own, so that it can be ended with its children
            parameters = QProcess.UnixProcessParameters()
            parameters.flags = QProcess.UnixProcessFlag.CreateNewSession
            self._process.setUnixProcessParameters(parameters)

    @property
    def process_id(self) -> int:
        """Of the running child; 0 when it does not run."""
        return int(self._process.processId())

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.state() != QProcess.ProcessState.NotRunning

    def start(self) -> None:
        """Start it; :attr:`ended` tells also of a start that fails."""
        self._process.start(self._program.executable, [*self._program.arguments, *self._arguments])

    def kill(self, *, wait: bool = False) -> None:
        """End it at once, and what it has started; with ``wait``, it is gone when this returns."""
        if self.running:
            if self.process_id:
                _kill_tree(self.process_id)
            self._process.kill()
            if wait:
                self._process.waitForFinished(_END_MS)

    def _step_back(self) -> None:
        """Let what is shown in the window go first: an export takes every core it can get."""
        if not _WINDOWS and self.process_id:
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, self.process_id, _NICENESS)

    def _read(self) -> None:
        self._rest += self._process.readAllStandardOutput().data()
        *lines, rest = self._rest.split(b"\n")
        self._rest = bytearray(rest)
        for line in lines:
            if not self._skipping:
                self.line.emit(line.decode("utf-8", "replace").rstrip("\r"))
            self._skipping = False
        if len(self._rest) > LONGEST_LINE:  # nothing of ours; its end is passed over when it comes
            self._rest.clear()
            self._skipping = True

    def _listen(self) -> None:
        self._errors += self._process.readAllStandardError().data()
        del self._errors[:-_LAST_WORDS]

    def _finish(self, code: int, status: QProcess.ExitStatus) -> None:
        self._read()
        self._listen()
        if self._rest and not self._skipping:
            self.line.emit(self._rest.decode("utf-8", "replace"))
        words = self._errors.decode("utf-8", "replace")
        if words.strip():
            log.info("The exporter says: %s", words.strip())
        self.ended.emit(Ending(code if status == QProcess.ExitStatus.NormalExit else None, words))

    def _fail(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self.ended.emit(Ending(None, self._process.errorString(), started=False))


def _environment(added: Mapping[str, str]) -> QProcessEnvironment:
    environment = QProcessEnvironment.systemEnvironment()
    for name, value in added.items():
        environment.insert(name, value)
    return environment


def _kill_tree(process_id: int) -> None:
    if _WINDOWS:
        tool = str(Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32" / "taskkill.exe")
        subprocess.run([tool, "/T", "/F", "/PID", str(process_id)], check=False, capture_output=True)  # noqa: S603
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process_id, signal.SIGKILL)
