"""Whether a window can be opened here, found out before Qt tries: Qt ends the process when it cannot."""

from __future__ import annotations

import ctypes
import re
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

import PySide6

CONNECT_TIMEOUT_S = 2.0
_X_TCP_PORT = 6000
_NO_DISPLAY = "There is no display to open a window on ({detail})."
_REMEDY = "Without a window, detect with: detector-app run INPUT"
_PACKAGES = "libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-xkb1 libxkbcommon-x11-0 libxcb-shape0"


def display_problem(environment: Mapping[str, str], platform: str = sys.platform) -> str | None:
    """Why no window can be opened, with the remedy, in English for a terminal; None when one can.

    ``environment`` is the process's; ``platform`` as ``sys.platform`` says. Only Linux and the BSDs can lack a display.
    """
    chosen = environment.get("QT_QPA_PLATFORM", "").split(":")[0]
    if platform in ("darwin", "win32") or chosen not in ("", "xcb", "wayland"):
        return None
    if environment.get("WAYLAND_DISPLAY") and chosen != "xcb":
        return None
    display = environment.get("DISPLAY", "")
    if not display:
        return f"{_NO_DISPLAY.format(detail='DISPLAY is not set')} {_REMEDY}"
    if not _answers(display):
        return f"{_NO_DISPLAY.format(detail=f'nothing answers at DISPLAY={display}')} {_REMEDY}"
    return _missing_library()


def _answers(display: str) -> bool:
    """Whether an X server listens at ``display``: ``[host]:number[.screen]``."""
    match = re.fullmatch(r"(?P<host>[^:]*):(?P<number>\d+)(\.\d+)?", display)
    if match is None:
        return Path(display).exists()  # macOS's XQuartz and others name a socket
    host, number = match["host"], int(match["number"])
    if host in ("", "unix"):
        return any(_connects(socket.AF_UNIX, f"{prefix}/tmp/.X11-unix/X{number}") for prefix in ("", "\0"))  # noqa: S108
    return _connects(socket.AF_INET, (host, _X_TCP_PORT + number))


def _connects(family: int, address: str | tuple[str, int]) -> bool:
    with socket.socket(family, socket.SOCK_STREAM) as client:
        client.settimeout(CONNECT_TIMEOUT_S)
        try:
            client.connect(address)
        except OSError:
            return False
    return True


def _missing_library() -> str | None:
    """The X plugin's unmet dependency, if any: loading it here tells its name, Qt would abort."""
    plugin = Path(PySide6.__file__).parent / "Qt" / "plugins" / "platforms" / "libqxcb.so"
    if not plugin.is_file():
        return None
    try:
        ctypes.CDLL(str(plugin))
    except OSError as error:
        return f"Qt cannot open a window: {error}. On Debian or Ubuntu: sudo apt-get install {_PACKAGES}. {_REMEDY}"
    return None
