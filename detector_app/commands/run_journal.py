"""What a run into a folder has done so far, kept in that folder, so that the same command can go on after an interruption."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detector_app.commands.inputs import fingerprint, identity
from detector_app.engine.output_names import free_stem
from detector_app.errors import SettingError, SinkError, message
from detector_app.settings_store import write_atomically
from detector_app.sinks.writing import make_folder

FILE_NAME = "run.json"
SCHEMA = 1

RUNNING, COMPLETE, INCOMPLETE, INTERRUPTED = "running", "complete", "incomplete", "interrupted"


class OtherRunError(SettingError):
    """The folder holds the results of a run with other parameters."""

    summary = message("{where} holds the results of another run ({detail}).")
    remedy = message("Choose another folder with --out, or replace them with --overwrite.")


@dataclass(frozen=True)
class Entry:
    """One input.

    Attributes:
        input: what it is; see :func:`~detector_app.commands.inputs.identity`.
        stem: its outputs begin with this; no two entries share one.
        state: "running" (also after a crash), "complete", "incomplete" (something could not be read or written) or "interrupted".
        fingerprint: see :func:`~detector_app.commands.inputs.fingerprint`; what has none is never complete for good.
        frames, detections: written.
        outputs: files and folders, relative to the run's folder.
        error: why it is incomplete.
    """

    input: str
    stem: str
    state: str = RUNNING
    fingerprint: str = ""
    frames: int = 0
    detections: int = 0
    outputs: tuple[str, ...] = ()
    error: str = ""


class RunJournal:
    """``run.json`` of a folder: parameters and one :class:`Entry` per input; on disk after every change.

    Cameras and streams give another take each time: they get a new entry, and former takes stay.
    """

    def __init__(self, folder: Path, parameters: dict[str, Any], *, overwrite: bool = False) -> None:
        """Go on with the run in ``folder``, or begin one.

        Args:
            folder: made if it is missing.
            parameters: everything that the results depend on besides the inputs, as JSON values.
            overwrite: forget what was done, and replace files of the same names.

        Raises:
            OtherRunError: the folder holds a run with other parameters.
            SinkError: the folder cannot be made, or its journal not be read.
        """
        self._path = folder / FILE_NAME
        self._folder = folder
        self._parameters = parameters
        self._overwrite = overwrite
        make_folder(folder)
        try:
            self._entries = {} if overwrite or not self._path.exists() else self._read()
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise SinkError(str(self._path), detail=f"it is no journal of a run: {error}") from error

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All inputs so far."""
        return tuple(self._entries.values())

    def finished(self, spec: str) -> Entry | None:
        """The entry of ``spec`` if nothing is left to do for it as it is now.

        Raises:
            SourceError: see :func:`~detector_app.commands.inputs.fingerprint`.
        """
        entry = self._of(spec)
        now = fingerprint(spec)
        return entry if entry and now and entry.state == COMPLETE and entry.fingerprint == now else None

    def wrote(self, spec: str) -> bool:
        """Whether this is an output of the run, complete or not: a folder may hold the inputs and the results."""
        path = Path(identity(spec))
        entry = self._entries.get(path.stem)
        return entry is not None and path.parent == self._folder.absolute() and entry.input != str(path)

    def begin(self, spec: str, name: str) -> Entry:
        """Note that ``spec`` is being worked on; ``name`` is what a person calls it. What was begun before keeps its file names.

        Raises:
            SinkError: the journal cannot be written.
            SourceError: see :func:`~detector_app.commands.inputs.fingerprint`.
        """
        now, before = fingerprint(spec), self._of(spec)
        stem = before.stem if now and before else self._stem(spec, name)
        entry = Entry(identity(spec), stem, fingerprint=now)
        self.note(entry)
        return entry

    def note(self, entry: Entry) -> None:
        """Replace the entry of the same stem, on disk, too.

        Raises:
            SinkError: the journal cannot be written.
        """
        self._entries[entry.stem] = entry
        inputs = [dataclasses.asdict(item) for item in self.entries]
        data = {"schema": SCHEMA, "parameters": self._parameters, "inputs": inputs}
        try:
            write_atomically(self._path, json.dumps(data, indent=2, ensure_ascii=False) + "\n")
        except OSError as error:
            raise SinkError(str(self._path), detail=error.strerror or str(error)) from error

    def _read(self) -> dict[str, Entry]:
        data = json.loads(self._path.read_text(encoding="utf-8"))
        if data["schema"] != SCHEMA:
            raise ValueError(f"schema {data['schema']}, expected {SCHEMA}")
        if data["parameters"] != self._parameters:
            raise OtherRunError(str(self._folder), detail=_difference(data["parameters"], self._parameters))
        entries = [Entry(**{**item, "outputs": tuple(item["outputs"])}) for item in data["inputs"]]
        return {entry.stem: entry for entry in entries}

    def _of(self, spec: str) -> Entry | None:
        wanted = identity(spec)
        return next((entry for entry in self._entries.values() if entry.input == wanted), None)

    def _stem(self, spec: str, name: str) -> str:
        """A name that no other input has, nor a file of somebody else, least of all the input itself."""
        beside_input = Path(spec).expanduser().absolute().parent == self._folder.absolute()
        return free_stem(self._folder, name, self._entries, overwrite=self._overwrite and not beside_input)


def _difference(before: dict[str, Any], now: dict[str, Any]) -> str:
    """The first parameter that differs, with both values."""
    name = next(name for name in {**before, **now} if before.get(name) != now.get(name))
    return f"{name} was {before.get(name)}, now {now.get(name)}"
