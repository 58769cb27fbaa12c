from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from detector_app.ui.display import display_problem

RUN = "import sys; from detector_app.ui.app import run_app; sys.exit(run_app(None))"


def test_without_a_display_the_remedy_is_named() -> None:
    problem = display_problem({}, "linux")
    assert problem is not None
    assert "DISPLAY is not set" in problem
    assert "detector-app run" in problem


def test_a_display_where_nobody_answers() -> None:
    problem = display_problem({"DISPLAY": ":987"}, "linux")
    assert problem is not None
    assert ":987" in problem


def test_a_remote_display_where_nobody_answers() -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))  # a port that is taken and refuses connections
        number = reserved.getsockname()[1] - 6000
        problem = display_problem({"DISPLAY": f"127.0.0.1:{number}.0"}, "linux")
    assert problem is not None
    assert "127.0.0.1" in problem


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_elsewhere_there_is_always_a_display(platform: str) -> None:
    assert display_problem({}, platform) is None


@pytest.mark.parametrize("name", ["offscreen", "minimal", "vnc:size=800x600"])
def test_a_platform_that_needs_none(name: str) -> None:
    assert display_problem({"QT_QPA_PLATFORM": name}, "linux") is None


def test_wayland_is_enough() -> None:
    assert display_problem({"WAYLAND_DISPLAY": "wayland-0"}, "linux") is None


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="there is always a display")
@pytest.mark.parametrize("display", [None, ":987"])
def test_the_app_says_so_and_does_not_abort(tmp_path: Path, repository: Path, display: str | None) -> None:
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), **({"DISPLAY": display} if display else {})}
    done = subprocess.run(
        [sys.executable, "-c", RUN],
        cwd=repository,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert "detector-app run INPUT" in done.stderr
    assert "Traceback" not in done.stderr
