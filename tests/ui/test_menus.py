from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSettings
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from detector_app.model_gallery.folder import FOLDER_VARIABLE
from detector_app.pipelines.embedded import models_by_name
from detector_app.sources.opener import CameraName
from detector_app.ui.background import Background
from detector_app.ui.menus import CameraMenu, ModelMenu, RecentMenu
from detector_app.ui.recent import RecentList

FRONT, BACK = CameraName("Front & left", 0, 0), CameraName("Back", 1, 0)


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    parent = QWidget()
    qtbot.addWidget(parent)
    return parent


@pytest.fixture
def background() -> Iterator[Background]:
    background = Background()
    yield background
    background.close()


def texts(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if not action.isSeparator()]


def test_cameras_are_listed_by_name(qtbot: QtBot, parent: QWidget, background: Background) -> None:
    menu = CameraMenu(background, parent, lambda: (FRONT, BACK))
    menu.aboutToShow.emit()
    assert texts(menu) == ["Looking for cameras…"]
    qtbot.waitUntil(lambda: len(texts(menu)) == 2)
    assert texts(menu) == ["Front && left", "Back"]
    with qtbot.waitSignal(menu.chosen) as chosen:
        menu.actions()[0].trigger()
    assert chosen.args == ["camera:Front & left"]


def test_no_camera_is_said_and_cannot_be_chosen(qtbot: QtBot, parent: QWidget, background: Background) -> None:
    menu = CameraMenu(background, parent, lambda: ())
    menu.look()
    qtbot.waitUntil(lambda: texts(menu) == ["No camera found"])
    assert not menu.actions()[0].isEnabled()


@pytest.mark.parametrize(
    ("cameras", "preferred", "spec"), [((BACK,), "", "camera:Back"), ((FRONT, BACK), "Back", "camera:Back")]
)
def test_where_there_is_no_choice_none_is_asked(
    qtbot: QtBot, parent: QWidget, background: Background, cameras: tuple[CameraName, ...], preferred: str, spec: str
) -> None:
    menu = CameraMenu(background, parent, lambda: cameras)
    with qtbot.waitSignal(menu.chosen) as chosen:
        menu.choose(preferred, QPoint(0, 0))
    assert chosen.args == [spec]


def test_where_there_is_a_choice_the_menu_opens(qtbot: QtBot, parent: QWidget, background: Background) -> None:
    menu = CameraMenu(background, parent, lambda: (FRONT, BACK))
    menu.choose("", QPoint(0, 0))
    qtbot.waitUntil(menu.isVisible)
    qtbot.waitUntil(lambda: len(texts(menu)) == 2)
    menu.close()


def test_the_running_model_is_marked(parent: QWidget, store: QSettings, tmp_path: Path, qtbot: QtBot) -> None:
    recent = RecentList(store, "models")
    recent.add("/nets/mine.onnx")
    menu = ModelMenu(lambda: {"desk-yolo": tmp_path / "desk-yolo.onnx"}, recent, QAction("Open…", parent), parent)
    menu.set_current("/nets/mine.onnx")
    menu.aboutToShow.emit()
    assert [action.isChecked() for action in menu.actions() if action.isCheckable()] == [False, True]
    assert texts(menu) == ["desk-yolo", "mine.onnx  —  nets", "Open…"]
    with qtbot.waitSignal(menu.chosen) as chosen:
        menu.actions()[0].trigger()
    assert chosen.args == ["desk-yolo"]


def test_a_model_downloaded_meanwhile_is_offered(
    parent: QWidget, store: QSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    menu = ModelMenu(models_by_name, RecentList(store, "models"), QAction("Open…", parent), parent)
    menu.aboutToShow.emit()
    assert "met-meanwhile" not in texts(menu)
    (tmp_path / "met-meanwhile").mkdir()
    (tmp_path / "met-meanwhile" / "met-meanwhile.onnx").touch()
    menu.aboutToShow.emit()
    assert "met-meanwhile" in texts(menu)


def test_recent_inputs_can_be_opened_and_forgotten(parent: QWidget, store: QSettings, qtbot: QtBot) -> None:
    recent = RecentList(store, "inputs")
    menu = RecentMenu(recent, parent)
    menu.aboutToShow.emit()
    assert texts(menu) == ["Nothing yet"]
    recent.add("/films/" + "long " * 30 + ".mp4")
    menu.aboutToShow.emit()
    assert len(texts(menu)[0]) < 60
    with qtbot.waitSignal(menu.chosen) as chosen:
        menu.actions()[0].trigger()
    assert chosen.args == recent.items()
    menu.actions()[-1].trigger()
    assert recent.items() == []
