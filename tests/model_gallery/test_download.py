"""Downloads from a real server over TLS: whole, broken off at many places, continued, and every kind of wrong answer."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from detector_app.model_gallery import Download, DownloadProgress, GalleryEntry, State, remove, state_of, verify
from detector_app.model_gallery.errors import (
    CutConnectionError,
    DamagedModelError,
    DownloadBusyError,
    DownloadCancelledError,
    DownloadDiskFullError,
    GalleryFolderError,
    HttpStatusError,
    InsecureRedirectError,
    InsecureServerError,
    NotEnoughSpaceError,
    NotInstalledError,
    OfflineError,
    WrongBytesError,
    WrongSizeError,
)
from detector_app.model_gallery.partial import Partial
from detector_app.pipelines.loader import load_pipeline
from tests.model_gallery.conftest import QUICK, Serve, entry_for
from tests.servers.https_files import Certificate, Served

PATH = "tiny.onnx"


@pytest.fixture
def get(certificate: Certificate, tmp_path: Path):
    """Run a download into the test's folder."""

    def run(entry: GalleryEntry, **options: object) -> Path:
        return Download(entry, tmp_path, tls=certificate.trusted(), **{"patience": QUICK, **options}).run()

    return run


def left_over(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "tiny").iterdir() if path.name != ".lock")


def test_a_whole_file(serve: Serve, get, tmp_path: Path, model_bytes: bytes) -> None:
    server = serve({PATH: Served(model_bytes)})
    entry, news = entry_for(server, PATH), []
    path = get(entry, on_progress=news.append)
    assert path == tmp_path / "tiny" / "tiny.onnx"
    assert path.read_bytes() == model_bytes
    assert left_over(tmp_path) == ["installed.json", "tiny.onnx"]
    assert news[0] == DownloadProgress("fetch", "tiny.onnx", 0, len(model_bytes))
    assert news[-1].done_bytes == len(model_bytes)
    assert state_of(entry, tmp_path).state is State.INSTALLED
    load_pipeline(path).close()


def test_what_is_there_is_not_fetched_again(serve: Serve, get, model_bytes: bytes) -> None:
    server = serve({PATH: Served(model_bytes)})
    get(entry_for(server, PATH))
    get(entry_for(server, PATH))
    assert len(server.requests) == 1


@pytest.mark.parametrize("place", [1, 65_535, 65_536, 65_537, 200_000, -1])
def test_continues_where_it_broke_off(serve: Serve, get, tmp_path: Path, model_bytes: bytes, place: int) -> None:
    cut = place % len(model_bytes)
    server = serve({PATH: Served(model_bytes, cuts=[cut])})
    assert get(entry_for(server, PATH)).read_bytes() == model_bytes
    assert [request.get("Range") for request in server.requests] == [None, f"bytes={cut}-"]
    assert server.requests[1]["If-Range"] == '"one"'


def test_a_later_attempt_continues_too(serve: Serve, get, tmp_path: Path, model_bytes: bytes) -> None:
    served = Served(model_bytes, cuts=[1000, 0, 0, 0])
    server = serve({PATH: served})
    entry = entry_for(server, PATH)
    with pytest.raises(CutConnectionError, match="1000 bytes"):
        get(entry)
    assert state_of(entry, tmp_path).state is State.PARTIAL
    assert state_of(entry, tmp_path).have_bytes == 1000
    served.cuts.clear()
    get(entry)
    assert server.requests[-1]["Range"] == "bytes=1000-"


def test_as_long_as_bytes_come_it_goes_on(serve: Serve, get, model_bytes: bytes) -> None:
    cuts = [20_000] * (len(model_bytes) // 20_000)
    server = serve({PATH: Served(model_bytes, cuts=cuts)})
    assert get(entry_for(server, PATH)).read_bytes() == model_bytes
    assert len(server.requests) > QUICK.attempts


def test_a_server_without_ranges(serve: Serve, get, model_bytes: bytes) -> None:
    server = serve({PATH: Served(model_bytes, cuts=[1000], takes_ranges=False)})
    assert get(entry_for(server, PATH)).read_bytes() == model_bytes


@pytest.mark.parametrize("etag", ["", 'W/"weak"'])
def test_a_server_without_a_strong_tag(serve: Serve, get, model_bytes: bytes, etag: str) -> None:
    server = serve({PATH: Served(model_bytes, cuts=[1000], etag=etag)})
    assert get(entry_for(server, PATH)).read_bytes() == model_bytes
    assert "If-Range" not in server.requests[1]


def test_a_server_that_does_not_tell_the_length(serve: Serve, get, model_bytes: bytes) -> None:
    assert get(entry_for(serve({PATH: Served(model_bytes, tells=-1)}), PATH)).read_bytes() == model_bytes


def test_what_was_begun_of_another_version_is_fetched_anew(
    serve: Serve, get, tmp_path: Path, model_bytes: bytes
) -> None:
    old = bytes(len(model_bytes))
    served = Served(old, etag='"old"', cuts=[5000, 0, 0, 0])
    server = serve({PATH: served})
    with pytest.raises(CutConnectionError):
        get(entry_for(server, PATH))
    server.files[PATH] = Served(model_bytes, etag='"new"')
    assert get(entry_for(server, PATH)).read_bytes() == model_bytes
    assert server.requests[-1]["If-Range"] == '"old"'


def test_a_false_beginning_is_found_by_the_hash(serve: Serve, get, tmp_path: Path, model_bytes: bytes) -> None:
    server = serve({PATH: Served(model_bytes, etag="")})
    partial = Partial(tmp_path / "tiny" / "tiny.onnx")
    partial.path.parent.mkdir()
    partial.path.write_bytes(b"x" * 1000)
    assert get(entry_for(server, PATH)).read_bytes() == model_bytes
    assert [request.get("Range") for request in server.requests] == ["bytes=1000-", None]


def test_a_beginning_that_is_too_long(serve: Serve, get, tmp_path: Path, model_bytes: bytes) -> None:
    server = serve({PATH: Served(model_bytes)})
    partial = Partial(tmp_path / "tiny" / "tiny.onnx")
    partial.path.parent.mkdir()
    partial.path.write_bytes(model_bytes + b"x")
    assert get(entry_for(server, PATH)).read_bytes() == model_bytes


def test_wrong_bytes(serve: Serve, get, tmp_path: Path, model_bytes: bytes) -> None:
    server = serve({PATH: Served(model_bytes)})
    entry = entry_for(server, PATH)
    server.files[PATH].content = model_bytes[:-1] + b"!"
    with pytest.raises(WrongBytesError, match=entry.files[0].sha256):
        get(entry)
    assert left_over(tmp_path) == []
    assert state_of(entry, tmp_path).state is State.ABSENT


@pytest.mark.parametrize("more", [-1, 1])
@pytest.mark.parametrize("told", [True, False])
def test_wrong_length(serve: Serve, get, tmp_path: Path, model_bytes: bytes, more: int, told: bool) -> None:
    server = serve({PATH: Served(model_bytes)})
    entry = entry_for(server, PATH)
    server.files[PATH] = Served(model_bytes[:more] if more < 0 else model_bytes + b"!", tells=None if told else -1)
    with pytest.raises(WrongSizeError):
        get(entry)
    assert not (tmp_path / "tiny" / "tiny.onnx").exists()


def test_an_endless_file_is_not_taken(serve: Serve, get, tmp_path: Path, model_bytes: bytes) -> None:
    server = serve({PATH: Served(model_bytes)})
    entry = entry_for(server, PATH)
    server.files[PATH] = Served(model_bytes * 50, tells=-1)
    with pytest.raises(WrongSizeError, match="more than"):
        get(entry)
    assert left_over(tmp_path) == []


@pytest.mark.parametrize("status", [403, 404, 410])
def test_a_status_that_stays(serve: Serve, get, model_bytes: bytes, status: int) -> None:
    server = serve({PATH: Served(model_bytes)})
    entry = entry_for(server, PATH)
    server.files[PATH].statuses = [status] * 9
    with pytest.raises(HttpStatusError, match=str(status)):
        get(entry)
    assert len(server.requests) == 1


def test_a_server_that_is_busy_is_asked_again(serve: Serve, get, model_bytes: bytes) -> None:
    server = serve({PATH: Served(model_bytes, statuses=[503, 429])})
    assert get(entry_for(server, PATH)).read_bytes() == model_bytes


def test_but_not_for_ever(serve: Serve, get, model_bytes: bytes) -> None:
    server = serve({PATH: Served(model_bytes, statuses=[503] * 9)})
    with pytest.raises(HttpStatusError, match="503"):
        get(entry_for(server, PATH))
    assert len(server.requests) == QUICK.attempts


def test_a_redirect(serve: Serve, get, model_bytes: bytes) -> None:
    server = serve({"there": Served(model_bytes), PATH: Served(model_bytes, redirect="/there")})
    assert get(entry_for(server, PATH)).read_bytes() == model_bytes


@pytest.mark.parametrize("target", ["http://localhost:1/tiny.onnx", "ftp://localhost/tiny.onnx", "file:///etc/passwd"])
def test_a_redirect_to_anything_but_https(serve: Serve, get, model_bytes: bytes, target: str) -> None:
    server = serve({PATH: Served(model_bytes, redirect=target)})
    with pytest.raises(InsecureRedirectError, match="not encrypted"):
        get(entry_for(server, PATH))


def test_a_circle_of_redirects(serve: Serve, get, model_bytes: bytes) -> None:
    server = serve({PATH: Served(model_bytes, redirect=f"/{PATH}")})
    with pytest.raises(InsecureRedirectError, match="redirects"):
        get(entry_for(server, PATH))


def test_a_server_that_cannot_prove_who_it_is(serve: Serve, tmp_path: Path, model_bytes: bytes) -> None:
    server = serve({PATH: Served(model_bytes)})
    with pytest.raises(InsecureServerError, match="certificate"):
        Download(entry_for(server, PATH), tmp_path, patience=QUICK).run()
    assert server.requests == []


def test_nobody_there(serve: Serve, get, model_bytes: bytes) -> None:
    entry = entry_for(serve({PATH: Served(model_bytes)}), PATH)
    gone = replace(entry, files=(replace(entry.files[0], urls=("https://localhost:1/tiny.onnx",)),))
    with pytest.raises(OfflineError, match="localhost:1"):
        get(gone)


def test_another_address_of_the_same_file(serve: Serve, get, model_bytes: bytes) -> None:
    server = serve({PATH: Served(model_bytes)})
    entry = entry_for(server, PATH)
    urls = (server.url("moved"), "https://localhost:1/tiny.onnx", server.url(PATH))
    assert get(replace(entry, files=(replace(entry.files[0], urls=urls),))).read_bytes() == model_bytes


def test_a_server_that_falls_silent(serve: Serve, get, model_bytes: bytes) -> None:
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


def test_not_enough_space(serve: Serve, get, model_bytes: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_a_folder_that_cannot_be_made(serve: Serve, get, tmp_path: Path, model_bytes: bytes) -> None:
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


def test_no_room_in_the_middle(serve: Serve, get, certificate: Certificate, tmp_path: Path, model_bytes: bytes) -> None:
    server = serve({PATH: Served(model_bytes)})
    entry = entry_for(server, PATH)
    child = child_of(entry, certificate, tmp_path, most_bytes=100_000)
    assert "DownloadDiskFullError: The disk is full" in child.communicate()[1]
    assert child.returncode == 1
    assert state_of(entry, tmp_path).have_bytes == 100_000
    assert get(entry).read_bytes() == model_bytes
    assert server.requests[-1]["Range"] == "bytes=100000-"


def test_killed_in_the_middle(serve: Serve, get, certificate: Certificate, tmp_path: Path, model_bytes: bytes) -> None:
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


def test_verify(serve: Serve, get, tmp_path: Path, model_bytes: bytes) -> None:
    entry = entry_for(serve({PATH: Served(model_bytes)}), PATH)
    with pytest.raises(NotInstalledError):
        verify(entry, tmp_path)
    path = get(entry)
    verify(entry, tmp_path)
    path.write_bytes(model_bytes[:-1] + b"!")
    with pytest.raises(DamagedModelError, match=r"tiny\.onnx is "):
        verify(entry, tmp_path)
    assert get(entry).read_bytes() == model_bytes
    verify(entry, tmp_path)


def test_the_card_stays_as_people_have_corrected_it(serve: Serve, get, tmp_path: Path, model_bytes: bytes) -> None:
    entry = entry_for(serve({PATH: Served(model_bytes)}), PATH, card="mnist-digits.card.json")
    path = get(entry)
    card = path.with_name("tiny.card.json")
    assert '"MNIST"' in card.read_text(encoding="utf-8")
    card.write_text("corrected", encoding="utf-8")
    path.write_bytes(b"damaged")
    get(entry)
    assert card.read_text(encoding="utf-8") == "corrected"


def test_remove(serve: Serve, get, tmp_path: Path, model_bytes: bytes) -> None:
    entry = entry_for(serve({PATH: Served(model_bytes)}), PATH, card="mnist-digits.card.json")
    with pytest.raises(NotInstalledError):
        remove(entry, tmp_path)
    get(entry)
    assert remove(entry, tmp_path) > len(model_bytes)
    assert list(tmp_path.iterdir()) == []


def test_remove_leaves_what_is_not_its_own(serve: Serve, get, tmp_path: Path, model_bytes: bytes) -> None:
    entry = entry_for(serve({PATH: Served(model_bytes)}), PATH)
    get(entry).with_name("notes.txt").write_text("mine")
    remove(entry, tmp_path)
    assert left_over(tmp_path) == ["notes.txt"]
