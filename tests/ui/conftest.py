"""The real window over a real engine, in a home folder of its own; a clip and a model whose answers can be foreseen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from detector_app.settings_store import SettingsStore
from detector_app.ui.app import make_application
from detector_app.ui.main_window import MainWindow
from detector_app.ui.preferences import Preferences
from detector_app.ui.surroundings import Surroundings
from detector_app.ui.translation import Translations
from tests.onnx_files import tiny_anchor_model
from tests.ui.films import squares_film

MakeWindow = Callable[..., MainWindow]


@pytest.fixture(scope="session")
def qapp_cls() -> type[QApplication]:
    """The application as the app makes it."""
    make_application()
    return QApplication


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of a red square on grey that moves a cell at a time."""
    return squares_film(tmp_path_factory.mktemp("film") / "squares.mp4")


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A detector of red and blue squares."""
    return tiny_anchor_model(tmp_path_factory.mktemp("model") / "squares.onnx")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder, so that no test writes into the real one."""
    folder = tmp_path / "home"
    folder.mkdir()
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(folder))
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def store(tmp_path: Path) -> QSettings:
    """Where the window keeps its shape and recent inputs."""
    return QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def make_window(qtbot: QtBot, home: Path, store: QSettings, tmp_path: Path) -> Iterator[MakeWindow]:
    """Opens a window with settings given by name; closes it after the test, and the language and theme it chose."""
    del home
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    translations = Translations(application)
    opened: list[MainWindow] = []

    def make(**overrides: object) -> MainWindow:
        chosen = {"language": "en", "theme": "dark", "keep_results": "app", **overrides}
        preferences = Preferences(SettingsStore(tmp_path / "settings.json"), chosen)
        window = MainWindow(Surroundings(preferences, translations, store, tmp_path / "window.log"))
        qtbot.addWidget(window)
        opened.append(window)
        window.resize(1280, 720)
        window.show()
        qtbot.waitExposed(window)
        return window

    yield make
    for window in opened:
        window.close()
    translations.use("en")


@pytest.fixture
def window(make_window: MakeWindow) -> MainWindow:
    """The window as it is after the first start, in English."""
    return make_window()
