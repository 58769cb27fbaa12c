from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QSettings

from detector_app.ui.recent import LastFolders, RecentList, WindowShape, without_password


def reopened(store: QSettings) -> QSettings:
    store.sync()
    return QSettings(store.fileName(), QSettings.Format.IniFormat)


def test_newest_first_each_once_and_no_more_than_the_limit(store: QSettings) -> None:
    recent = RecentList(store, "inputs", limit=3)
    for item in ("a", "b", "c", "a", "d"):
        recent.add(item)
    assert recent.items() == ["d", "a", "c"]


@pytest.mark.parametrize("count", [0, 1, 2])
def test_it_survives_the_program(store: QSettings, count: int) -> None:
    names = [f"/films/ünï, {i}.mp4" for i in range(count)]
    for name in names:
        RecentList(store, "inputs").add(name)
    assert RecentList(reopened(store), "inputs").items() == names[::-1]


def test_lists_do_not_mix_and_can_be_emptied(store: QSettings) -> None:
    RecentList(store, "inputs").add("film.mp4")
    models = RecentList(store, "models")
    models.add("a.onnx")
    models.add("b.onnx")
    models.remove("b.onnx")
    assert models.items() == ["a.onnx"]
    models.clear()
    assert models.items() == []
    assert RecentList(store, "inputs").items() == ["film.mp4"]


def test_a_limit_of_nothing_remembers_nothing(store: QSettings) -> None:
    recent = RecentList(store, "inputs", limit=0)
    recent.add("a")
    assert recent.items() == []


@pytest.mark.parametrize(
    ("spec", "kept"),
    [
        ("rtsp://me:secret@host:554/x?y=1", "rtsp://me@host:554/x?y=1"),
        ("rtsp://me@host/x", "rtsp://me@host/x"),
        ("http://host/a@b:c.jpg", "http://host/a@b:c.jpg"),
        ("/home/me/a@b.mp4", "/home/me/a@b.mp4"),
        ("camera:Desk @ home", "camera:Desk @ home"),
    ],
)
def test_passwords_are_not_kept(store: QSettings, spec: str, kept: str) -> None:
    assert without_password(spec) == kept
    recent = RecentList(store, "streams")
    recent.add(spec)
    store.sync()
    assert recent.items() == [kept]
    assert "secret" not in Path(store.fileName()).read_text(encoding="utf-8")


def test_the_windows_shape_is_kept(store: QSettings) -> None:
    assert WindowShape(store).geometry is None
    assert WindowShape(store).panel_shown
    WindowShape(store).keep(QByteArray(b"\x01\x00shape"), panel_shown=False)
    again = WindowShape(reopened(store))
    assert again.geometry == QByteArray(b"\x01\x00shape")
    assert not again.panel_shown


def test_the_last_folder_is_kept_unless_it_is_gone(store: QSettings, tmp_path: Path, home: Path) -> None:
    folders = LastFolders(store)
    assert folders.get("media") == str(home)
    (tmp_path / "films").mkdir()
    folders.keep("media", str(tmp_path / "films" / "a.mp4"))
    assert folders.get("media") == str(tmp_path / "films")
    (tmp_path / "films").rmdir()
    assert folders.get("media") == str(home)
