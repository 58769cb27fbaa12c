"""BENCHMARKS.md: the machine, the command, and one table per question."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tests.benchmarks.interleaved import Row


@dataclass(frozen=True)
class Chapter:
    """One question with its figures; ``bound`` is what must hold, in words."""

    title: str
    text: str
    bound: str
    rows: list[Row]


def machine() -> str:
    """Processor, cores, system and the libraries that matter, one line."""
    libraries = ", ".join(
        f"{name} {version(name)}" for name in ("onnxruntime-gpu", "opencv-python", "av", "numpy") if _has(name)
    )
    return (
        f"{_processor()}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}; {libraries}"
    )


def write(chapters: list[Chapter], path: Path) -> None:
    """Write all chapters to ``path``."""
    lines = [
        "# Benchmarks",
        "",
        "`make bench` writes this file. Ratios are medians over interleaved rounds of one run; absolute times depend on the machine.",
        "",
        f"Machine: {machine()}. Date: {datetime.now(UTC):%Y-%m-%d}.",
    ]
    for chapter in chapters:
        lines += ["", f"## {chapter.title}", "", chapter.text, "", f"Must hold: {chapter.bound}.", ""]
        lines += ["| | median | quartiles | ratio |", "|---|---|---|---|"]
        lines += [
            f"| {r.name} | {r.median_ms:.2f} ms | {r.low_ms:.2f} – {r.high_ms:.2f} | {r.ratio:.3f} |"
            for r in chapter.rows
        ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


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
