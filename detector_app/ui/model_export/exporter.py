"""One export at a time, in the background; it goes on while its window is closed."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from detector_app.errors import DetectorError, SinkError
from detector_app.ui.model_export.child import Child, Ending, Program, exporter
from detector_app.ui.model_export.events import DoneEvent, ErrorEvent, Event, StageEvent, parse_event
from detector_app.ui.model_export.offer import Family, read_offer
from detector_app.ui.model_export.staging import Staging

_MISSING_MODULE = re.compile(r"No module named '([\w.]+)'")
_PREFIX = re.compile(r"^detector-export[\w -]*: (error: )?")
_MOST_OFFERED = 1_000_000
"""Characters of a description; more is none of ours."""


@dataclass(frozen=True)
class Order:
    """What is to be exported: family, ``target`` file (of a cascade its folder), and all other arguments of the command."""

    family: str
    target: Path
    arguments: tuple[str, ...] = ()


class Trouble(Enum):
    """Kinds of failure."""

    REFUSED = "the exporter says why"
    MISSING = "a package that only exporting needs is not installed"
    UNSTARTED = "the program cannot be started"
    KILLED = "it was ended from outside"
    SILENT = "it ended without a word"
    UNWRITTEN = "the result cannot be put in its place"


@dataclass(frozen=True)
class Failure:
    """Why nothing was written. ``detail`` is the exporter's own sentence, the missing package, or empty; ``error`` is one of our own."""

    trouble: Trouble
    detail: str = ""
    error: DetectorError | None = None


@dataclass(frozen=True)
class Cancelled:
    """A person ended it; nothing was written."""


@dataclass(frozen=True)
class Run:
    """The present export, or the last one.

    Attributes:
        began_s: on the clock of ``time.monotonic``.
        outcome: None while it runs.
    """

    order: Order
    began_s: float
    stage: StageEvent | None = None
    outcome: DoneEvent | Failure | Cancelled | None = None
    ended_s: float | None = None

    @property
    def elapsed_s(self) -> float:
        """How long it has taken, or takes so far."""
        return (time.monotonic() if self.ended_s is None else self.ended_s) - self.began_s


class ModelExporter(QObject):
    """Asks the exporter what it can do, and lets it do that.

    Signals:
        offered: the families, or the ``Failure`` to learn them.
        changed: :attr:`run` is another now.
    """

    offered = Signal(object)
    changed = Signal()

    def __init__(self, parent: QObject | None = None, program: Callable[[], Program] = exporter) -> None:
        super().__init__(parent)
        self._program = program
        self._asking: Child | None = None
        self._child: Child | None = None
        self._staging: Staging | None = None
        self._said: list[Event] = []
        self.run: Run | None = None
        self.families: tuple[Family, ...] = ()

    @property
    def running(self) -> bool:
        """Whether an export goes on."""
        return self.run is not None and self.run.outcome is None

    @property
    def process_id(self) -> int:
        """Of the exporter while it runs; 0 otherwise."""
        return 0 if self._child is None else self._child.process_id

    def ask(self) -> None:
        """Learn what can be exported; :attr:`offered` tells."""
        if self.families:
            self.offered.emit(self.families)
            return
        if self._asking is not None:
            return
        lines: list[str] = []
        self._asking = child = Child(self._program(), ["describe"], self)
        child.line.connect(lambda line: lines.append(line) if sum(map(len, lines)) < _MOST_OFFERED else None)
        child.ended.connect(lambda ending: self._answer("\n".join(lines), ending))
        child.start()

    def start(self, order: Order) -> None:
        """Export; does nothing while an export goes on."""
        if self.running:
            return
        self.run, self._said = Run(order, time.monotonic()), []
        try:
            self._staging = Staging.begin(order.target)
        except SinkError as error:
            self._conclude(Failure(Trouble.UNWRITTEN, error=error))
            return
        arguments = [order.family, *order.arguments, "--out", str(self._staging.out), "--progress", "json"]
        self._child = child = Child(self._program(), arguments, self, polite=True)
        child.line.connect(self._hear)
        child.ended.connect(self._end)
        self.changed.emit()
        child.start()

    def cancel(self) -> None:
        """End the export; nothing of it is left."""
        if self.running and self._child is not None:
            self._conclude(Cancelled(), kill=True)

    def forget(self) -> None:
        """Have no last export any more."""
        if not self.running:
            self.run = None
            self.changed.emit()

    def close(self) -> None:
        """End everything; nothing is told any more."""
        self.blockSignals(True)
        self.cancel()
        if self._asking is not None:
            self._asking.kill(wait=True)

    def _answer(self, text: str, ending: Ending) -> None:
        if self._asking is not None:
            self._asking.deleteLater()
            self._asking = None
        if ending.code != 0:
            self.offered.emit(explain(ending))
            return
        try:
            self.families = read_offer(text)
        except DetectorError as error:
            self.offered.emit(Failure(Trouble.REFUSED, error=error))
        else:
            self.offered.emit(self.families)

    def _hear(self, line: str) -> None:
        event = parse_event(line)
        if event is None or self.run is None:
            return
        self._said.append(event)
        if isinstance(event, StageEvent) and self._staging is not None:
            self.run = replace(self.run, stage=replace(event, text=self._staging.spoken(event.text)))
            self.changed.emit()

    def _end(self, ending: Ending) -> None:
        staging = self._staging
        if not self.running or staging is None:
            return
        done = next((event for event in self._said if isinstance(event, DoneEvent)), None)
        if ending.code != 0 or done is None:
            refused = next((event for event in reversed(self._said) if isinstance(event, ErrorEvent)), None)
            told = explain(ending) if refused is None else Failure(Trouble.REFUSED, refused.message)
            self._conclude(replace(told, detail=staging.spoken(told.detail)))
            return
        try:
            staging.publish()
        except SinkError as error:
            self._conclude(Failure(Trouble.UNWRITTEN, error=error))
        else:
            picture = None if done.picture is None else staging.in_place(done.picture)
            self._conclude(replace(done, file=staging.in_place(done.file), picture=picture))

    def _conclude(self, outcome: DoneEvent | Failure | Cancelled, *, kill: bool = False) -> None:
        """Write down how it ended, and leave neither a process nor a file behind."""
        if self.run is not None:
            self.run = replace(self.run, outcome=outcome, ended_s=time.monotonic())
        child, self._child = self._child, None
        if child is not None:
            if kill:
                child.kill(wait=True)
            child.deleteLater()
        if self._staging is not None:
            self._staging.discard()
            self._staging = None
        self.changed.emit()


def explain(ending: Ending) -> Failure:
    """Why a child failed that has told of no error itself."""
    if not ending.started:
        return Failure(Trouble.UNSTARTED, ending.last_words.strip())
    if ending.code is None:
        return Failure(Trouble.KILLED)
    missing = _MISSING_MODULE.findall(ending.last_words)
    if missing:
        return Failure(Trouble.MISSING, missing[-1].split(".")[0])
    words = [line.strip() for line in ending.last_words.splitlines() if line.strip()]
    return Failure(Trouble.REFUSED, _PREFIX.sub("", words[-1])) if words else Failure(Trouble.SILENT)
