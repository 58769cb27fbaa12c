"""Downloads that end early: silent servers, people who cancel, full disks, killed processes; and how they go on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from detector_app.model_gallery import Download, GalleryEntry, State, state_of
from detector_app.model_gallery.errors import (
    CutConnectionError,
    DownloadBusyError,
    DownloadCancelledError,
    DownloadDiskFullError,
    GalleryFolderError,
    NotEnoughSpaceError,
)
from detector_app.model_gallery.partial import Partial
from tests.model_gallery.conftest import PATH, QUICK, Get, Serve, entry_for
from tests.servers.https_files import Certificate, Served


def test_a_server_that_falls_silent(serve: Serve, get: Get, model_bytes: bytes) -> None:
    server = serve({PATH: Served(model_bytes, pause_after=1000)})
    with pytest.raises(CutConnectionError, match="1000 bytes"):
        get(entry_for(server, PATH), patience=replace(QUICK, timeout_s=0.2, attempts=1))


def test_cancelled_while_the_server_is_silent(
    serve: Serve, certificate: Certificate, tmp_path: Path, model_bytes: bytes
) -> None:
    served = Served(model_bytes, pause_after=1000)
    entry = entry_for(serve({PATH: served}), PATH)
    download = Download(entry, tmp_path, tls=certificate.trusted(), patience=replace(QUICK, timeout_s=60))
    canceller = threading.Thread(target=lambda: (served.paused.wait(60), download.cancel()))
    canceller.start()
    with pytest.raises(DownloadCancelledError):
        download.run()
    canceller.join()
    assert not served.go_on.is_set()
    assert state_of(entry, tmp_path).have_bytes <= 1000


def test_cancelled_between_pieces(serve: Serve, certificate: Certificate, tmp_path: Path, model_bytes: bytes) -> None:
    entry = entry_for(serve({PATH: Served(model_bytes)}), PATH)
    download = Download(entry, tmp_path, lambda _: download.cancel(), tls=certificate.trusted(), patience=QUICK)
    with pytest.raises(DownloadCancelledError):
        download.run()
    assert state_of(entry, tmp_path).state is not State.INSTALLED


def test_not_enough_space(serve: Serve, get: Get, model_bytes: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve({PATH: Served(model_bytes)})
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9 - 10**6, 10**6))
    with pytest.raises(NotEnoughSpaceError, match="needs 17 MB, and the disk has 1 MB left"):
        get(entry_for(server, PATH))
    assert server.requests == []


def test_a_disk_that_fills_up(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    partial = Partial(tmp_path / "tiny.onnx")
    partial.path.symlink_to("/dev/full")
    with pytest.raises(DownloadDiskFullError, match=r"tiny\.onnx"), partial.appending() as end:
        end.write(b"x")


def test_a_folder_that_cannot_be_made(serve: Serve, get: Get, tmp_path: Path, model_bytes: bytes) -> None:
    (tmp_path / "tiny").write_text("in the way")
    with pytest.raises(GalleryFolderError, match="tiny"):
        get(entry_for(serve({PATH: Served(model_bytes)}), PATH))


CHILD = """
import resource, sys, ssl
from pathlib import Path
from detector_app.errors import DetectorError
from detector_app.model_gallery import Download, GalleryEntry, GalleryFile

certificate, folder, url, size, sha256, limit = sys.argv[1:]
if int(limit):
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
file = GalleryFile("tiny.onnx", (url,), int(size), sha256)
entry = GalleryEntry("tiny", "detect", {"en": ""}, (file,), "onnx", "", "MIT", "", "")
try:
    Download(entry, Path(folder), tls=ssl.create_default_context(cafile=certificate)).run()
except DetectorError as error:
    sys.exit(f"{type(error).__name__}: {error}")
"""


def child_of(
    entry: GalleryEntry, certificate: Certificate, folder: Path, *, most_bytes: int = 0
) -> subprocess.Popen[str]:
    """The same download in a process of its own, which may write files of ``most_bytes`` at most."""
    if os.name == "nt":
        pytest.skip("limits of processes are those of POSIX")
    (file,) = entry.files
    words = [certificate.certificate, folder, file.urls[0], file.size_bytes, file.sha256, most_bytes]
    return subprocess.Popen([sys.executable, "-c", CHILD, *map(str, words)], stderr=subprocess.PIPE, text=True)


def test_no_room_in_the_middle(
    serve: Serve, get: Get, certificate: Certificate, tmp_path: Path, model_bytes: bytes
) -> None:
    server = serve({PATH: Served(model_bytes)})
    entry = entry_for(server, PATH)
    child = child_of(entry, certificate, tmp_path, most_bytes=100_000)
    assert "DownloadDiskFullError: The disk is full" in child.communicate()[1]
    assert child.returncode == 1
    assert state_of(entry, tmp_path).have_bytes == 100_000
    assert get(entry).read_bytes() == model_bytes
    assert server.requests[-1]["Range"] == "bytes=100000-"


def test_killed_in_the_middle(
    serve: Serve, get: Get, certificate: Certificate, tmp_path: Path, model_bytes: bytes
) -> None:
    served = Served(model_bytes, pause_after=70_000)
    server = serve({PATH: served})
    entry = entry_for(server, PATH)
    child = child_of(entry, certificate, tmp_path)
    assert served.paused.wait(60)
    with pytest.raises(DownloadBusyError, match="tiny"):  # two at once
        get(entry)
    child.kill()
    child.communicate()
    served.go_on.set()
    assert state_of(entry, tmp_path).state is not State.INSTALLED
    server.files[PATH] = Served(model_bytes)
    assert get(entry).read_bytes() == model_bytes
