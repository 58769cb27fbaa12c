"""The table of settings and its store."""

from __future__ import annotations

import dataclasses
import logging
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector_app.errors import SettingError
from detector_app.settings import TABLE, Setting, Settings, changed
from detector_app.settings_store import SettingsStore


def _values(row: Setting) -> st.SearchStrategy[Any]:
    """Allowed values of ``row``."""
    if row.choices:
        return st.sampled_from(row.choices)
    bounds: dict[str, Any] = {"min_value": row.least, "max_value": row.most}
    strategies: dict[type, st.SearchStrategy[Any]] = {bool: st.booleans(), str: st.text(max_size=20)}
    if row.kind in strategies:
        return strategies[row.kind]
    return st.integers(**bounds) if row.kind is int else st.floats(**bounds)


ALL_SETTINGS = st.fixed_dictionaries({name: _values(row) for name, row in TABLE.items()}).map(
    lambda values: changed(Settings(), **values)
)


def test_every_setting_is_described_bounded_and_allows_its_default() -> None:
    assert [row.name for row in TABLE.values()] == [item.name for item in dataclasses.fields(Settings)]
    for row in TABLE.values():
        assert row.label
        assert row.description.endswith(".")
        assert row.check(row.default) == row.default
        assert row.kind in (bool, str) or (row.least is not None and row.most is not None), row.name


@given(settings=ALL_SETTINGS)
def test_what_is_saved_is_loaded(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> None:
    store = SettingsStore(tmp_path_factory.mktemp("settings") / "new" / "settings.json")
    store.save(settings)
    assert store.load() == settings
    assert [path.name for path in store.path.parent.iterdir()] == ["settings.json"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("score", 1.01),
        ("score", float("nan")),
        ("score", "0.5"),
        ("score", True),
        ("threads", 1.5),
        ("threads", True),
        ("loop", 1),
        ("theme", "pink"),
        ("no_such", 1),
    ],
)
def test_a_value_that_is_not_allowed_is_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(SettingError, match=name):
        changed(Settings(), **{name: value})


def test_a_whole_number_is_a_float() -> None:
    assert repr(changed(Settings(), score=1).score) == "1.0"


def test_without_a_file_there_are_defaults(tmp_path: Path) -> None:
    assert SettingsStore(tmp_path / "none.json").load() == Settings()


@pytest.mark.parametrize("text", ["", "{", "[1]", "\x00\xff", "null"])
def test_a_broken_file_is_set_aside(text: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = SettingsStore(tmp_path / "settings.json")
    store.path.write_bytes(text.encode("latin-1"))
    with caplog.at_level(logging.WARNING):
        assert store.load() == Settings()
    assert "set aside" in caplog.text
    assert (tmp_path / "settings.json.broken").read_bytes() == text.encode("latin-1")
    assert not store.path.exists()


def test_one_bad_value_does_not_cost_the_others(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = SettingsStore(tmp_path / "settings.json")
    store.path.write_text('{"score": 7, "iou": 0.7, "gone_since": 1}', encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        assert store.load() == changed(Settings(), iou=0.7)
    assert "score" in caplog.text
    assert "gone_since" in caplog.text


def test_a_place_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(SettingError, match="file"):
        SettingsStore(tmp_path / "file" / "settings.json").save(Settings())
