"""Programs that talk, are silent, talk too much, do not start, and have children of their own."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

import detector_app
from detector_app.ui.model_export.child import Child, Ending, Program, exporter
from detector_app.ui.model_export.events import LONGEST_LINE
from tests.ui.model_export.conftest import Until

Script = Callable[[str], Program]


def heard(qtbot: QtBot, program: Program, *arguments: str) -> tuple[list[str], Ending]:
    parent = QObject()
    lines: list[str] = []
    child = Child(program, arguments, parent)
    child.line.connect(lines.append)
    with qtbot.waitSignal(child.ended, timeout=30_000) as ended:
        child.start()
    return lines, ended.args[0]


def test_lines_arguments_and_the_end(qtbot: QtBot, script: Script) -> None:
    program = script(
        "say(args); sys.stdout.write('no newline'); sys.stdout.flush(); print('oh', file=sys.stderr)\nsys.exit(3)"
    )
    lines, ending = heard(qtbot, program, "a b", "--x=é\n中")
    assert lines == [str(["a b", "--x=é\n中"]), "no newline"]
    assert (ending.code, ending.last_words.strip(), ending.started) == (3, "oh", True)


def test_a_letter_that_comes_in_two_pieces_is_one(qtbot: QtBot, script: Script) -> None:
    body = "raw = '中\\n'.encode()\nfor part in (raw[:1], raw[1:]): os.write(1, part); time.sleep(0.2)"
    assert heard(qtbot, script(body))[0] == ["中"]


def test_bytes_that_are_no_text_are_survived(qtbot: QtBot, script: Script) -> None:
    assert len(heard(qtbot, script("os.write(1, bytes(range(256)) + b'\\n')"))[0]) == 2  # 0x0a is among them


def test_a_line_without_end_is_not_kept(qtbot: QtBot, script: Script) -> None:
    body = f"for _ in range(12): sys.stdout.write('x' * {LONGEST_LINE // 4})\nsay(''); say('after')"
    lines, ending = heard(qtbot, script(body))
    assert lines[-1] == "after"
    assert max(map(len, lines)) <= LONGEST_LINE + 65_536
    assert ending.code == 0


def test_only_the_last_words_are_kept(qtbot: QtBot, script: Script) -> None:
    _, ending = heard(qtbot, script("sys.stderr.write('x' * 1_000_000 + 'end')"))
    assert ending.last_words.endswith("end")
    assert len(ending.last_words) <= 65_536


def test_a_program_that_is_not_there(qtbot: QtBot, tmp_path: Path) -> None:
    lines, ending = heard(qtbot, Program(str(tmp_path / "nothing"), ()))
    assert (lines, ending.started, ending.code) == ([], False, None)
    assert ending.last_words


def test_nothing_is_read_from_the_terminal(qtbot: QtBot, script: Script) -> None:
    assert heard(qtbot, script("say(repr(sys.stdin.read()))"))[0] == ["''"]


@pytest.mark.skipif(sys.platform == "win32", reason="process groups are POSIX's")
def test_killing_ends_the_children_too(qtbot: QtBot, script: Script, until: Until) -> None:
    body = """
import subprocess
inner = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
say(inner.pid)
time.sleep(600)
"""
    parent = QObject()
    child = Child(script(body), [], parent)
    with qtbot.waitSignal(child.line, timeout=30_000) as line:
        child.start()
    grandchild = int(line.args[0])
    child.kill(wait=True)
    assert not child.running
    until(lambda: not alive(grandchild))


def test_the_exporter_is_this_apps_own() -> None:
    program = exporter()
    assert program.executable == sys.executable
    root = program.environment["PYTHONPATH"].split(os.pathsep)[0]
    assert Path(root) == Path(detector_app.__file__).resolve().parent.parent
    assert "-P" in program.arguments


def alive(process_id: int) -> bool:
    """Whether it runs; one that has ended and that nobody has asked for yet does not."""
    stat = Path(f"/proc/{process_id}/stat")
    if stat.parent.parent.is_dir() and Path("/proc/self").exists():
        return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True
