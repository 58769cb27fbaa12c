"""The app as a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

DEADLINE_S = 60
PROGRAM = """
import json, os, sys, threading
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from detector_app.ui import app

def until(condition, then):
    QTimer.singleShot(20, lambda: then() if condition() else until(condition, then))

def window():
    return next((w for w in QApplication.topLevelWidgets() if type(w).__name__ == "MainWindow"), None)

def ready():
    ACTION

QTimer.singleShot(0, lambda: until(lambda: window() and window().area.showing_picture, ready))
code = app.run_app(sys.argv[1], model=sys.argv[2], language="en", theme="dark")
heavy = [name for name in ("torch", "onnx", "models", "export", "lightning") if name in sys.modules]
foreign = [name for name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR") if name in os.environ]
print(json.dumps({"heavy": heavy, "foreign": foreign}))
sys.exit(code)
"""


def start(action: str, tmp_path: Path, repository: Path, film: Path, model: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
        environment.pop(name, None)
    command = [sys.executable, "-c", PROGRAM.replace("ACTION", action), str(film), str(model)]
    return subprocess.Popen(
        command, cwd=repository, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def log_of(tmp_path: Path) -> str:
    (file,) = tmp_path.rglob("window.log")
    return file.read_text(encoding="utf-8")


def test_it_plays_closes_and_never_loads_torch(tmp_path: Path, repository: Path, film: Path, model: Path) -> None:
    app = start("window().close()", tmp_path, repository, film, model)
    out, err = app.communicate(timeout=DEADLINE_S)
    assert app.returncode == 0, err
    assert json.loads(out) == {"heavy": [], "foreign": []}


@pytest.mark.skipif(sys.platform == "win32", reason="there is no polite kill")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_closes_it_as_its_button_does(
    tmp_path: Path, repository: Path, film: Path, model: Path, number: signal.Signals
) -> None:
    app = start('print("ready", flush=True)', tmp_path, repository, film, model)
    assert app.stdout is not None
    assert app.stdout.readline() == "ready\n"
    app.send_signal(number)
    out, err = app.communicate(timeout=DEADLINE_S)
    assert app.returncode == 0, err
    assert json.loads(out)["heavy"] == []
    assert "Traceback" not in err


@pytest.mark.skipif(sys.platform == "win32", reason="there is no polite kill")
def test_a_signal_in_the_middle_of_an_event_closes_it_after_that_event(
    tmp_path: Path, repository: Path, film: Path, model: Path
) -> None:
    action = "import signal; signal.raise_signal(signal.SIGINT); print(window().isVisible(), flush=True)"
    app = start(action, tmp_path, repository, film, model)
    out, err = app.communicate(timeout=DEADLINE_S)
    assert app.returncode == 0, err
    assert out.startswith("True\n")


def test_an_error_that_nobody_caught_is_shown_and_logged_and_the_app_goes_on(
    tmp_path: Path, repository: Path, film: Path, model: Path
) -> None:
    action = (
        "messages = window().area.messages; QTimer.singleShot(0, lambda: 1 / 0); "
        "until(lambda: messages.message, lambda: (print(messages.message.text, flush=True), messages.clear(), "
        "threading.Thread(target=lambda: [].pop()).start(), until(lambda: messages.message, window().close)))"
    )
    app = start(action, tmp_path, repository, film, model)
    out, err = app.communicate(timeout=DEADLINE_S)
    assert app.returncode == 0, err
    assert "Something went wrong inside the app" in out
    log = log_of(tmp_path)
    assert "ZeroDivisionError" in log
    assert "IndexError" in log


def test_what_the_engine_reports_is_in_the_log(tmp_path: Path, repository: Path, film: Path, model: Path) -> None:
    action = "window().bridge.failed.connect(lambda error: window().close()); window().inputs.open('/nowhere/x.mp4')"
    app = start(action, tmp_path, repository, film, model)
    _, err = app.communicate(timeout=DEADLINE_S)
    assert app.returncode == 0, err
    assert "/nowhere/x.mp4" in log_of(tmp_path)


def test_the_window_waits_for_no_heavy_library() -> None:
    """They come on threads of their own, or with the dialogs that need them."""
    code = "import sys, detector_app.ui.main_window; print([m for m in ('onnxruntime', 'matplotlib', 'torch') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
