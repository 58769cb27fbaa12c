"""The receivers that a run is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

from detector_app.errors import SettingError
from detector_app.sinks.coco import CocoFile
from detector_app.sinks.contact_sheet import ContactSheet
from detector_app.sinks.counts_table import CountsTable
from detector_app.sinks.csv_table import CsvTable
from detector_app.sinks.frames import FrameFolder
from detector_app.sinks.jsonl import JsonLines
from detector_app.sinks.sink import Sink
from detector_app.sinks.video import VideoWriter
from detector_app.sinks.writing import make_folder
from detector_app.vision.zones import Layout


class SourceFacts(Protocol):
    """What receivers must know of the source of their frames."""

    @property
    def kind(self) -> str:
        """One of "video", "pictures", "camera", "stream"."""

    @property
    def fps(self) -> float:
        """Nominal frames a second, 0 if unknown."""


_OPENERS: dict[str, Callable[[Path, str, SourceFacts], Sink]] = {
    "video": lambda folder, stem, facts: VideoWriter(folder / f"{stem}.mp4", _frames_a_second(facts)),
    "jsonl": lambda folder, stem, facts: JsonLines(folder / f"{stem}.jsonl"),
    "csv": lambda folder, stem, facts: CsvTable(folder / f"{stem}.csv"),
    "coco": lambda folder, stem, facts: CocoFile(folder / f"{stem}.coco.json", facts.kind),
    "sheet": lambda folder, stem, facts: ContactSheet(folder / f"{stem}.sheet.png"),
    "frames": lambda folder, stem, facts: FrameFolder(folder / f"{stem}_frames", facts.kind),
}

COUNTS = "counts"
KINDS = (*_OPENERS, COUNTS)
"""What can be asked for."""


def open_sinks(
    kinds: Iterable[str],
    out_dir: Path,
    stem: str,
    info: SourceFacts,
    *,
    people: bool = False,
    layout: Layout | None = None,
) -> list[Sink]:
    """Open one receiver for each of ``kinds``; their files in ``out_dir`` (made if missing) begin with ``stem``.

    ``people`` says that faces will have names: then tables have columns for them. ``layout`` says that things are followed, and what
    they are counted by; None that they are not, and that there is nothing to count.

    Raises:
        SettingError: a kind is not known.
        DiskFullError, SinkError: one cannot be created; those before it are closed.
    """
    wanted = tuple(dict.fromkeys(kinds))
    for kind in wanted:
        if kind not in KINDS:
            raise SettingError("save", found=kind, expected=f"one of {', '.join(KINDS)}")
    if COUNTS in wanted and layout is None:
        raise SettingError("save", found=COUNTS, expected="other kinds, where nothing is followed")
    make_folder(out_dir)
    opened: list[Sink] = []
    try:
        for kind in wanted:
            if kind == COUNTS:
                opened.append(CountsTable(out_dir / f"{stem}.counts.csv", layout or Layout()))
            elif kind == "csv":
                table = CsvTable(out_dir / f"{stem}.csv", people=people, tracked=layout is not None)
                opened.append(table)
            else:
                opened.append(_OPENERS[kind](out_dir, stem, info))
    except BaseException:
        for sink in opened:
            sink.close()
        raise
    return opened


def _frames_a_second(facts: SourceFacts) -> float:
    """Each picture is shown for a second; elsewhere the source's own rate."""
    return 1.0 if facts.kind == "pictures" else facts.fps
