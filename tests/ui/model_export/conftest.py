"""The real exporter, and programs of a few lines that behave as it never should."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from detector_app.ui.model_export.child import Program, exporter
from detector_app.ui.model_export.export_model_dialog import ExportModelDialog
from detector_app.ui.model_export.exporter import ModelExporter
from detector_app.ui.recent import LastFolders

ANSWER_MS = 90_000
Until = Callable[[Callable[[], bool]], None]
MakeExporter = Callable[..., ModelExporter]
OFFER = """{"families": [{"name": "yolo", "help": "", "cascade": false, "arguments": [
    {"flag": "--weights", "help": "", "kind": "file", "required": true, "default": "", "choices": [], "suffixes": [".pt"]},
    {"flag": "--out", "help": "", "kind": "file", "required": true, "default": "", "choices": [], "suffixes": [".onnx"]}]}]}"""


@pytest.fixture(scope="session")
def digits(repository: Path) -> Path:
    """Weights of the classifier of digits; skipped where exports cannot run."""
    pytest.importorskip("torch", reason="exports need the train extra")
    return repository / "assets" / "weights" / "lenet-digits.safetensors"


@pytest.fixture
def until(qtbot: QtBot) -> Until:
    """Waits for what the exporter brings."""
    return lambda condition: qtbot.waitUntil(condition, timeout=ANSWER_MS)


@pytest.fixture
def script(tmp_path: Path) -> Callable[[str], Program]:
    """A program in place of the exporter: ``body`` is Python, ``args`` in it are the arguments, ``say`` prints at once."""

    def make(body: str) -> Program:
        head = "import os, sys, time\nargs = sys.argv[1:]\ndef say(x): print(x, flush=True)\n"
        describe = f"if args == ['describe']: say({OFFER!r}); sys.exit()\n"
        file = tmp_path / "program.py"
        file.write_text(head + describe + body, encoding="utf-8")
        return Program(sys.executable, ("-X", "utf8", str(file)))

    return make


@pytest.fixture
def make_exporter(qapp: QApplication) -> Iterator[MakeExporter]:
    """Makes one with a given program, or the real one; ends it after the test."""
    del qapp
    made: list[ModelExporter] = []

    def make(program: Program | None = None) -> ModelExporter:
        one = ModelExporter(program=exporter if program is None else lambda: program)
        made.append(one)
        return one

    yield make
    for one in made:
        one.close()
        one.deleteLater()


@pytest.fixture
def make_dialog(qtbot: QtBot, tmp_path: Path, until: Until) -> Callable[[ModelExporter], ExportModelDialog]:
    """Opens the window over an exporter and waits for its form."""
    store = QSettings(str(tmp_path / "folders.ini"), QSettings.Format.IniFormat)

    def make(one: ModelExporter, *, wait: bool = True) -> ExportModelDialog:
        dialog = ExportModelDialog(one, LastFolders(store))
        qtbot.addWidget(dialog)
        dialog.show()
        if wait:
            until(lambda: bool(one.families))
        return dialog

    return make
