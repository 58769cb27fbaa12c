"""BENCHMARKS.md is written whole or in parts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.interleaved import Row
from tests.benchmarks.report import Chapter, Table, parse, timings, write


def chapter(title: str, figure: str) -> Chapter:
    return Chapter(title, f"About {title}.", "figure ≤ 2", (Table(("", "figure"), (("ours", figure),)),))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file of three chapters."""
    path = tmp_path / "BENCHMARKS.md"
    write([chapter("One", "1"), chapter("Two", "2"), chapter("Three", "3")], path)
    return path


def test_a_chapter_has_its_text_its_bound_its_machine_and_its_tables(path: Path) -> None:
    text = parse(path.read_text(encoding="utf-8"))["Two"]
    about, bound, measured, table = text.split("\n\n")
    assert (about, bound) == ("About Two.", "Must hold: figure ≤ 2.")
    assert measured.startswith("Measured 20")
    assert table == "| | figure |\n|---|---|\n| ours | 2 |"


def test_what_is_not_measured_anew_stays_as_it_was_and_where_it_was(path: Path) -> None:
    before = path.read_text(encoding="utf-8").replace("Measured 20", "Measured long ago, 20")
    path.write_text(before, encoding="utf-8")
    write([chapter("Two", "22"), chapter("Four", "4")], path, keep=True)
    old, new = parse(before), parse(path.read_text(encoding="utf-8"))
    assert list(new) == ["One", "Two", "Three", "Four"]
    assert (new["One"], new["Three"]) == (old["One"], old["Three"])
    assert "| ours | 22 |" in new["Two"]
    assert "long ago" not in new["Two"]


def test_writing_the_same_again_changes_nothing(path: Path) -> None:
    before = path.read_text(encoding="utf-8")
    write([chapter("Two", "2")], path, keep=True)
    assert path.read_text(encoding="utf-8") == before


def test_measuring_all_drops_chapters_that_are_no_more(path: Path) -> None:
    write([chapter("Two", "22")], path)
    assert list(parse(path.read_text(encoding="utf-8"))) == ["Two"]


def test_what_cannot_be_measured_here_leaves_the_figures_of_before(path: Path) -> None:
    before = parse(path.read_text(encoding="utf-8"))
    write([Chapter("Two", "The clip is not here."), Chapter("Five", "Nor that one.")], path)
    assert parse(path.read_text(encoding="utf-8")) == {"Two": before["Two"], "Five": "Nor that one."}


def test_a_first_file_needs_none_before(tmp_path: Path) -> None:
    write([chapter("One", "1")], tmp_path / "new.md", keep=True)
    assert list(parse((tmp_path / "new.md").read_text(encoding="utf-8"))) == ["One"]


def test_the_file_of_the_repository_can_be_written_in_parts(repository: Path) -> None:
    chapters = parse((repository / "BENCHMARKS.md").read_text(encoding="utf-8"))
    assert chapters
    assert all("Measured 20" in text for text in chapters.values())


def test_times_as_a_table() -> None:
    table = timings([Row("ours", 12.345, 10.0, 15.0, 0.5)])
    assert table.lines == (("ours", "12.35 ms", "10.00 – 15.00", "0.500"),)
