"""The command itself: what is imported when, and where words go."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import detector_app
from detector_app.cli import COMMANDS, main
from tests.onnx_files import tiny_anchor_model

HEAVY = ("PySide6", "cv2", "onnxruntime", "av", "numpy", "torch", "onnx", "matplotlib", "tqdm")
PROBE = f"""
import sys
from detector_app.cli import main
try:
    main(sys.argv[1:])
except SystemExit as end:
    assert end.code == 0, end.code
print("heavy:", [name for name in {HEAVY} if name in sys.modules])
"""


def run_python(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    root = str(Path(detector_app.__file__).parents[1])
    return subprocess.run(
        [sys.executable, *words],
        env={**os.environ, "PYTHONPATH": root, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("words", [("--help",), ("--version",), *((name, "--help") for name in COMMANDS)])
def test_help_is_quick_because_nothing_heavy_is_imported(words: tuple[str, ...]) -> None:
    done = run_python("-c", PROBE, *words)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "heavy: []"


def test_every_command_is_in_the_help_and_has_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])
    text = capsys.readouterr().out
    for name, (_, line) in COMMANDS.items():
        assert f"  {name}" in text
        assert line in text
        with pytest.raises(SystemExit, match="0"):
            main([name, "--help"])
        assert f"detector-app {name}" in capsys.readouterr().out


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    assert capsys.readouterr().out == f"detector-app {detector_app.__version__}\n"


@pytest.mark.parametrize("words", [("--no-such-option",), ("run",), ("run", "a.mp4", "--no-such-option"), ("a", "b")])
def test_a_command_that_is_wrong_ends_with_two(words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(words)


@pytest.mark.skipif(sys.platform != "linux", reason="only there a display can be missing")
def test_without_a_display_it_says_what_works_there() -> None:
    done = run_python("-m", "detector_app", "clip.mp4", QT_QPA_PLATFORM="", DISPLAY="", WAYLAND_DISPLAY="")
    assert done.returncode == 2
    assert "detector-app run" in done.stderr


def test_a_terminal_without_unicode_is_no_reason_to_fail() -> None:
    done = run_python("-m", "detector_app", "info", "no-such-“model”", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 1
    assert "There is no model no-such-?model?" in done.stderr


def test_nothing_is_written_into_the_home_folder(tmp_path: Path) -> None:
    """ONNX Runtime would leave a device id and usage events there, and send them."""
    model = tiny_anchor_model(tmp_path / "a.onnx")
    home = tmp_path / "home"
    home.mkdir()
    done = run_python("-m", "detector_app", "info", str(model), HOME=str(home), ORT_DISABLE_TELEMETRY="")
    assert done.returncode == 0, done.stderr
    assert not list(home.rglob("*"))


def test_a_reader_that_leaves_is_no_error_of_ours(tmp_path):
    command = [sys.executable, "-m", "detector_app", "info", str(tiny_anchor_model(tmp_path / "squares.onnx"))]
    root = str(Path(detector_app.__file__).parents[1])
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            command,
            stdout=writing,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            env={**os.environ, "PYTHONPATH": root},
        )
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (1, "")
