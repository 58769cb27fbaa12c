"""Rows read off a file's pages against what SQLite itself says."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detector_app.faces.leaf_pages import PAGE, leaf_rows

values = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30),
    st.binary(max_size=30),
    st.integers(3000, 30_000).map(lambda n: bytes(range(256)) * (n // 256 + 1)),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.lists(st.tuples(values, values, values), max_size=60))
def test_rows_are_those_of_sqlite(tmp_path: Path, rows: list[tuple[object, ...]]) -> None:
    path = tmp_path / "file.sqlite3"
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE things (id INTEGER PRIMARY KEY, a, b, c)")
        db.executemany("INSERT INTO things (a, b, c) VALUES (?, ?, ?)", rows)
        db.commit()
    found = {number: row for number, row in leaf_rows(path.read_bytes()) if row[0] is None}
    assert found == {i: (None, *row) for i, row in enumerate(rows, 1)}
    assert all(
        type(one) is type(two) for i, row in enumerate(rows, 1) for one, two in zip(found[i][1:], row, strict=True)
    )


@settings(max_examples=60)
@given(st.binary(min_size=0, max_size=3000), st.integers(0, 2))
def test_nonsense_gives_no_more_than_nonsense(noise: bytes, page: int) -> None:
    data = bytes([0x0D]) + noise
    list(leaf_rows((bytes(PAGE) * page + data).ljust((page + 1) * PAGE, b"\0")))
    list(leaf_rows(bytes(PAGE) * page + data))


@pytest.mark.parametrize("data", [b"", b"\x0d", bytes(PAGE), b"\xff" * PAGE * 3])
def test_files_without_rows(data: bytes) -> None:
    assert list(leaf_rows(data)) == []
