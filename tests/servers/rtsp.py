"""Starts and stops the RTSP server, or says why it cannot."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from types import TracebackType

import pytest

APT = (
    "apt-get install --no-install-recommends python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-base "
    "gstreamer1.0-plugins-good gstreamer1.0-plugins-ugly"
)
_SYSTEM_PYTHON = "/usr/bin/python3"
_SCRIPT = Path(__file__).with_name("rtsp_server.py")


class RtspServer:
    """A server of one stream; ``port`` 0 lets the system choose. A test is skipped where the server cannot run."""

    def __init__(self, size_wh: tuple[int, int] = (160, 120), port: int = 0) -> None:
        if not Path(_SYSTEM_PYTHON).exists() or shutil.which("dpkg") is None:
            pytest.skip("the RTSP server needs Debian's GStreamer")
        arguments = [_SYSTEM_PYTHON, str(_SCRIPT), *map(str, size_wh), str(port)]
        self._process = subprocess.Popen(
            arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        word, _, rest = self._process.stdout.readline().partition(" ")
        if word != "port":
            self.stop()
            pytest.skip(f"the RTSP server needs more packages ({rest.strip() or 'no GStreamer for Python'}): {APT}")
        self.port = int(rest)

    @property
    def url(self) -> str:
        """Address of the stream."""
        return f"rtsp://127.0.0.1:{self.port}/camera"

    def stop(self) -> None:
        """End the server at once, as a pulled plug would."""
        self._process.kill()
        self._process.communicate()

    def __enter__(self) -> RtspServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
