"""BENCHMARKS.md: the command, and chapter by chapter the question, the machine and the figures."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tests.benchmarks.interleaved import Row

HEADING = "## "
PREAMBLE = (
    "# Benchmarks\n\n"
    "`make bench` writes this file; `python -m tests.benchmarks --only NAME` writes single chapters anew. "
    "Ratios are medians over interleaved rounds of one run; absolute times depend on the machine.\n"
)


@dataclass(frozen=True)
class Table:
    """Figures as text.

    Attributes:
        head: of the columns; the first one names the lines and has usually none.
        lines: as many cells each as ``head`` has.
        caption: what it is about, where a chapter has several.
    """

    head: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    caption: str = ""


@dataclass(frozen=True)
class Chapter:
    """One question with its figures.

    Attributes:
        title: the heading.
        text: what was measured and how.
        bound: what must hold, in words; empty where nothing was asked.
        tables: the figures; none when it could not be measured here, and then ``text`` says why.
    """

    title: str
    text: str
    bound: str = ""
    tables: tuple[Table, ...] = ()


def timings(rows: Sequence[Row]) -> Table:
    """What :func:`interleave` gives, as a table."""
    lines = [(r.name, f"{r.median_ms:.2f} ms", f"{r.low_ms:.2f} – {r.high_ms:.2f}", f"{r.ratio:.3f}") for r in rows]
    return Table(("", "median", "quartiles", "ratio"), tuple(lines))


def machine() -> str:
    """Processor, cores, system and the libraries that matter, one line."""
    libraries = ", ".join(
        f"{name} {version(name)}" for name in ("onnxruntime-gpu", "opencv-python", "av", "numpy") if _has(name)
    )
    return (
        f"{_processor()}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}; {libraries}"
    )


def write(chapters: Iterable[Chapter], path: Path, *, keep: bool = False) -> None:
    """Write ``chapters`` to ``path``. One that could not be measured leaves what ``path`` said under its heading before.

    Args:
        chapters: in their order.
        path: of the file, which need not be there.
        keep: leave the other chapters of ``path`` as they are, each in its place; new ones come last.
    """
    former = parse(path.read_text(encoding="utf-8")) if path.is_file() else {}
    texts = dict(former) if keep else {}
    for chapter in chapters:
        measured = bool(chapter.tables) or chapter.title not in former
        texts[chapter.title] = body(chapter) if measured else former[chapter.title]
    sections = [f"{HEADING}{title}\n\n{text}\n" for title, text in texts.items()]
    path.write_text("\n".join([PREAMBLE, *sections]), encoding="utf-8")


def parse(text: str) -> dict[str, str]:
    """Title → text of every chapter of a file that :func:`write` has written, in their order."""
    sections = ("\n" + text).split("\n" + HEADING)[1:]
    pairs = (section.partition("\n") for section in sections)
    return {title.strip(): rest.strip() for title, _, rest in pairs}


def body(chapter: Chapter) -> str:
    """What stands under the heading of a chapter."""
    if not chapter.tables:
        return chapter.text
    parts = [chapter.text]
    if chapter.bound:
        parts.append(f"Must hold: {chapter.bound}.")
    parts.append(f"Measured {datetime.now(UTC):%Y-%m-%d} on {machine()}.")
    for table in chapter.tables:
        parts += [table.caption] if table.caption else []
        parts.append("\n".join([_line(table.head), "|" + "---|" * len(table.head), *map(_line, table.lines)]))
    return "\n\n".join(parts)


def _line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |".replace("|  |", "| |")


def _has(name: str) -> bool:
    try:
        version(name)
    except ModuleNotFoundError:
        return False
    return True


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
