"""Panels dock, hide, share their place, make room and come back."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QLabel, QMainWindow

from detector_app.ui.actions import Actions
from detector_app.ui.docks import LEAST_WIDTH_PX, NARROW_PX, Docks


class Host:
    """A stage with two panels whose switches are borrowed from the table."""

    def __init__(self, qtbot, store: Path, width: int) -> None:  # type: ignore[no-untyped-def]
        self.stage = QMainWindow()
        qtbot.addWidget(self.stage)
        self.stage.setCentralWidget(QLabel("picture"))
        self.stage.resize(width, 600)
        self.actions = Actions(self.stage)
        self.actions["panel"].setChecked(True)
        self.words = "One"
        self.docks = Docks(self.stage, self.actions, QSettings(str(store), QSettings.Format.IniFormat))
        self.first = self.docks.add("first", QLabel("first"), "blur_strangers", lambda: self.words)
        self.second = self.docks.add("second", QLabel("second"), "face_names", lambda: "Two")
        self.stage.show()
        qtbot.waitExposed(self.stage)


@pytest.fixture
def host(qtbot, tmp_path: Path) -> Host:  # type: ignore[no-untyped-def]
    return Host(qtbot, tmp_path / "store.ini", NARROW_PX)


def test_the_switch_opens_and_closes_and_follows_the_close_button(host: Host) -> None:
    assert not host.first.isVisible()
    host.actions["blur_strangers"].setChecked(True)
    assert host.first.isVisible()
    assert host.first.width() >= LEAST_WIDTH_PX
    host.first.close()
    assert not host.actions["blur_strangers"].isChecked()


def test_two_panels_share_their_place(host: Host) -> None:
    host.actions["blur_strangers"].setChecked(True)
    host.actions["face_names"].setChecked(True)
    assert host.stage.tabifiedDockWidgets(host.first) == [host.second]
    assert host.actions["blur_strangers"].isChecked(), "a panel behind a tab is still open"


def test_results_make_room_in_a_narrow_window_and_come_back(host: Host) -> None:
    results = host.actions["panel"]
    host.actions["blur_strangers"].setChecked(True)
    assert not results.isChecked()
    assert host.docks.results_wanted
    host.actions["face_names"].setChecked(True)
    host.actions["blur_strangers"].setChecked(False)
    assert not results.isChecked()
    host.actions["face_names"].setChecked(False)
    assert results.isChecked()


def test_results_stay_in_a_wide_window_and_where_a_person_wants_them(qtbot, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    wide = Host(qtbot, tmp_path / "wide.ini", NARROW_PX + 1)
    wide.actions["blur_strangers"].setChecked(True)
    assert wide.actions["panel"].isChecked()
    narrow = Host(qtbot, tmp_path / "narrow.ini", NARROW_PX)
    narrow.actions["blur_strangers"].setChecked(True)
    narrow.actions["panel"].setChecked(True)
    narrow.actions["face_names"].setChecked(True)
    assert narrow.actions["panel"].isChecked()


def test_what_was_open_comes_back(qtbot, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    before = Host(qtbot, tmp_path / "store.ini", 1200)
    before.actions["face_names"].setChecked(True)
    before.docks.keep()
    after = Host(qtbot, tmp_path / "store.ini", 1200)
    after.docks.restore()
    assert after.second.isVisible()
    assert after.actions["face_names"].isChecked()
    assert not after.first.isVisible()


def test_full_screen_is_the_picture_alone(host: Host) -> None:
    host.actions["blur_strangers"].setChecked(True)
    host.docks.set_full_screen(True)
    assert not host.first.isVisible()
    host.docks.set_full_screen(False)
    assert host.first.isVisible()


def test_titles_follow_the_language(host: Host) -> None:
    host.words = "Eins"
    host.docks.retranslate()
    assert host.first.windowTitle() == "Eins"
    assert host.first.allowedAreas() & Qt.DockWidgetArea.LeftDockWidgetArea
