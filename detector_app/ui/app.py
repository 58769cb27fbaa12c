"""Starts the window: application, language, log, and what happens to errors that nobody caught."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

import cv2  # noqa: F401  (before Qt starts: what it does to the environment is undone below)
from platformdirs import user_log_path
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

import detector_app
from detector_app.settings import APP_NAME
from detector_app.settings_store import SettingsStore
from detector_app.ui.display import display_problem
from detector_app.ui.icons import icon
from detector_app.ui.main_window import MainWindow
from detector_app.ui.preferences import Preferences
from detector_app.ui.recent import default_store
from detector_app.ui.surroundings import Surroundings
from detector_app.ui.translation import Translations

log = logging.getLogger(__name__)

NO_DISPLAY_EXIT = 2
_LOG_BYTES = 1_000_000
_LOG_FILES = 3
_SIGNAL_POLL_MS = 200


def run_app(
    input: str | None, *, model: str | None = None, language: str | None = None, theme: str | None = None
) -> int:
    """Open the window and stay until it is closed.

    Args:
        input: what to open at once, as ``sources.opener`` takes it.
        model: name or file of the model, instead of the one in the settings.
        language: "system", "en" or "zh_CN", instead of the one in the settings.
        theme: "system", "light" or "dark", instead of the one in the settings.

    Returns:
        Exit code: 0; 2 when there is no display to open a window on (a message on stderr says what to do).

    Raises:
        SettingError: ``language`` or ``theme`` is not allowed.
    """
    problem = display_problem(os.environ)
    if problem is not None:
        print(problem, file=sys.stderr)
        return NO_DISPLAY_EXIT
    overrides = {"model": model, "language": language, "theme": theme}
    preferences = Preferences(SettingsStore(), {name: value for name, value in overrides.items() if value is not None})
    log_file = start_log()
    application = make_application()
    window = MainWindow(Surroundings(preferences, Translations(application), default_store(), log_file))
    with _crashes_shown(window), _interrupt_closes(window):
        window.show()
        window.start(input)
        if input is None:
            window.tour.start_once()
        return application.exec()


def make_application() -> QApplication:
    """The one application, named, with OpenCV's traces removed from the environment that Qt reads."""
    for name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
        if "cv2" in os.environ.get(name, ""):
            del os.environ[name]
    present = QApplication.instance()
    application = present if isinstance(present, QApplication) else QApplication(sys.argv[:1])
    application.setApplicationName(APP_NAME)
    application.setApplicationDisplayName("")  # the window's title says it already
    application.setDesktopFileName(APP_NAME)
    application.setWindowIcon(QIcon(icon("inspect").pixmap(128)))
    return application


def start_log(folder: Path | None = None) -> Path:
    """Write the log to a file in ``folder`` (by default the user's log folder), too; returns the file.

    Where that cannot be written the app runs without it, and says so on stderr.
    """
    file = (folder or user_log_path(APP_NAME, appauthor=False)) / "window.log"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(file, maxBytes=_LOG_BYTES, backupCount=_LOG_FILES, encoding="utf-8", delay=True)
    except OSError as error:
        print(f"There is no log: {error}", file=sys.stderr)
        return file
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    log.info("Detector App %s starts", detector_app.__version__)
    return file


class _Crashes(QObject):
    """Brings what the hooks caught, on any thread, to the window."""

    caught = Signal(str)


@contextmanager
def _crashes_shown(window: MainWindow) -> Iterator[None]:
    """While active, an exception that nobody caught is logged and shown, and the app goes on."""
    crashes = _Crashes()
    crashes.caught.connect(window.show_crash)

    def on_main(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        log.critical("Nobody caught this", exc_info=(kind, error, trace))
        crashes.caught.emit(f"{kind.__name__}: {error}")

    def on_thread(caught: threading.ExceptHookArgs) -> None:
        on_main(caught.exc_type, caught.exc_value or caught.exc_type(), caught.exc_traceback)

    before = sys.excepthook, threading.excepthook
    sys.excepthook, threading.excepthook = on_main, on_thread
    try:
        yield
    finally:
        sys.excepthook, threading.excepthook = before


@contextmanager
def _interrupt_closes(window: MainWindow) -> Iterator[None]:
    """While active, Ctrl-C and a polite kill close the window as its own button does."""

    def close_soon(*_: object) -> None:
        # Python may run this in the middle of a paint event, where closing takes the window from under the painter.
        QTimer.singleShot(0, window, window.close)

    before = {number: signal.signal(number, close_soon) for number in (signal.SIGINT, signal.SIGTERM)}
    # Python runs its signal handlers between bytecodes, and Qt's loop runs none while nothing happens.
    ticking = QTimer(window, interval=_SIGNAL_POLL_MS)
    ticking.timeout.connect(lambda: None)
    ticking.start()
    try:
        yield
    finally:
        ticking.stop()
        for number, handler in before.items():
            signal.signal(number, handler)
