"""Downloads from a real server over TLS: whole, broken off at many places, continued, and every kind of wrong answer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from detector_app.model_gallery import Download, DownloadProgress, State, state_of
from detector_app.model_gallery.errors import (
    CutConnectionError,
    HttpStatusError,
    InsecureRedirectError,
    InsecureServerError,
    OfflineError,
    WrongBytesError,
    WrongSizeError,
)
from detector_app.model_gallery.partial import Partial
from detector_app.pipelines.loader import load_pipeline
from tests.model_gallery.conftest import PATH, QUICK, Get, Serve, entry_for, left_over
from tests.servers.https_files import Served


def test_a_whole_file(serve: Serve, get: Get, tmp_path: Path, model_bytes: bytes) -> None:
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


def test_what_is_there_is_not_fetched_again(serve: Serve, get: Get, model_bytes: bytes) -> None:
    server = serve({PATH: Served(model_bytes)})
    get(entry_for(server, PATH))
    get(entry_for(server, PATH))
    assert len(server.requests) == 1


@pytest.mark.parametrize("place", [1, 65_535, 65_536, 65_537, 200_000, -1])
def test_continues_where_it_broke_off(serve: Serve, get: Get, tmp_path: Path, model_bytes: bytes, place: int) -> None:
    cut = place % len(model_bytes)
    server = serve({PATH: Served(model_bytes, cuts=[cut])})
    assert get(entry_for(server, PATH)).read_bytes() == model_bytes
    assert [request.get("Range") for request in server.requests] == [None, f"bytes={cut}-"]
    assert server.requests[1]["If-Range"] == '"one"'


def test_a_later_attempt_continues_too(serve: Serve, get: Get, tmp_path: Path, model_bytes: bytes) -> None:
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


def test_as_long_as_bytes_come_it_goes_on(serve: Serve, get: Get, model_bytes: bytes) -> None:
    cuts = [20_000] * (len(model_bytes) // 20_000)
    server = serve({PATH: Served(model_bytes, cuts=cuts)})
    assert get(entry_for(server, PATH)).read_bytes() == model_bytes
    assert len(server.requests) > QUICK.attempts


def test_a_server_without_ranges(serve: Serve, get: Get, model_bytes: bytes) -> None:
    server = serve({PATH: Served(model_bytes, cuts=[1000], takes_ranges=False)})
    assert get(entry_for(server, PATH)).read_bytes() == model_bytes


@pytest.mark.parametrize("etag", ["", 'W/"weak"'])
def test_a_server_without_a_strong_tag(serve: Serve, get: Get, model_bytes: bytes, etag: str) -> None:
    server = serve({PATH: Served(model_bytes, cuts=[1000], etag=etag)})
    assert get(entry_for(server, PATH)).read_bytes() == model_bytes
    assert "If-Range" not in server.requests[1]


def test_a_server_that_does_not_tell_the_length(serve: Serve, get: Get, model_bytes: bytes) -> None:
    assert get(entry_for(serve({PATH: Served(model_bytes, tells=-1)}), PATH)).read_bytes() == model_bytes


def test_what_was_begun_of_another_version_is_fetched_anew(
    serve: Serve, get: Get, tmp_path: Path, model_bytes: bytes
) -> None:
    old = bytes(len(model_bytes))
    served = Served(old, etag='"old"', cuts=[5000, 0, 0, 0])
    server = serve({PATH: served})
    with pytest.raises(CutConnectionError):
        get(entry_for(server, PATH))
    server.files[PATH] = Served(model_bytes, etag='"new"')
    assert get(entry_for(server, PATH)).read_bytes() == model_bytes
    assert server.requests[-1]["If-Range"] == '"old"'


def test_a_false_beginning_is_found_by_the_hash(serve: Serve, get: Get, tmp_path: Path, model_bytes: bytes) -> None:
    server = serve({PATH: Served(model_bytes, etag="")})
    partial = Partial(tmp_path / "tiny" / "tiny.onnx")
    partial.path.parent.mkdir()
    partial.path.write_bytes(b"x" * 1000)
    assert get(entry_for(server, PATH)).read_bytes() == model_bytes
    assert [request.get("Range") for request in server.requests] == ["bytes=1000-", None]


def test_a_beginning_that_is_too_long(serve: Serve, get: Get, tmp_path: Path, model_bytes: bytes) -> None:
    server = serve({PATH: Served(model_bytes)})
    partial = Partial(tmp_path / "tiny" / "tiny.onnx")
    partial.path.parent.mkdir()
    partial.path.write_bytes(model_bytes + b"x")
    assert get(entry_for(server, PATH)).read_bytes() == model_bytes


def test_wrong_bytes(serve: Serve, get: Get, tmp_path: Path, model_bytes: bytes) -> None:
    server = serve({PATH: Served(model_bytes)})
    entry = entry_for(server, PATH)
    server.files[PATH].content = model_bytes[:-1] + b"!"
    with pytest.raises(WrongBytesError, match=entry.files[0].sha256):
        get(entry)
    assert left_over(tmp_path) == []
    assert state_of(entry, tmp_path).state is State.ABSENT


@pytest.mark.parametrize("more", [-1, 1])
@pytest.mark.parametrize("told", [True, False])
def test_wrong_length(serve: Serve, get: Get, tmp_path: Path, model_bytes: bytes, more: int, told: bool) -> None:
    server = serve({PATH: Served(model_bytes)})
    entry = entry_for(server, PATH)
    server.files[PATH] = Served(model_bytes[:more] if more < 0 else model_bytes + b"!", tells=None if told else -1)
    with pytest.raises(WrongSizeError):
        get(entry)
    assert not (tmp_path / "tiny" / "tiny.onnx").exists()


def test_an_endless_file_is_not_taken(serve: Serve, get: Get, tmp_path: Path, model_bytes: bytes) -> None:
    server = serve({PATH: Served(model_bytes)})
    entry = entry_for(server, PATH)
    server.files[PATH] = Served(model_bytes * 50, tells=-1)
    with pytest.raises(WrongSizeError, match="more than"):
        get(entry)
    assert left_over(tmp_path) == []


@pytest.mark.parametrize("status", [403, 404, 410])
def test_a_status_that_stays(serve: Serve, get: Get, model_bytes: bytes, status: int) -> None:
    server = serve({PATH: Served(model_bytes)})
    entry = entry_for(server, PATH)
    server.files[PATH].statuses = [status] * 9
    with pytest.raises(HttpStatusError, match=str(status)):
        get(entry)
    assert len(server.requests) == 1


def test_a_server_that_is_busy_is_asked_again(serve: Serve, get: Get, model_bytes: bytes) -> None:
    server = serve({PATH: Served(model_bytes, statuses=[503, 429])})
    assert get(entry_for(server, PATH)).read_bytes() == model_bytes


def test_but_not_for_ever(serve: Serve, get: Get, model_bytes: bytes) -> None:
    server = serve({PATH: Served(model_bytes, statuses=[503] * 9)})
    with pytest.raises(HttpStatusError, match="503"):
        get(entry_for(server, PATH))
    assert len(server.requests) == QUICK.attempts


def test_a_redirect(serve: Serve, get: Get, model_bytes: bytes) -> None:
    server = serve({"there": Served(model_bytes), PATH: Served(model_bytes, redirect="/there")})
    assert get(entry_for(server, PATH)).read_bytes() == model_bytes


@pytest.mark.parametrize("target", ["http://localhost:1/tiny.onnx", "ftp://localhost/tiny.onnx", "file:///etc/passwd"])
def test_a_redirect_to_anything_but_https(serve: Serve, get: Get, model_bytes: bytes, target: str) -> None:
    server = serve({PATH: Served(model_bytes, redirect=target)})
    with pytest.raises(InsecureRedirectError, match="not encrypted"):
        get(entry_for(server, PATH))


def test_a_circle_of_redirects(serve: Serve, get: Get, model_bytes: bytes) -> None:
    server = serve({PATH: Served(model_bytes, redirect=f"/{PATH}")})
    with pytest.raises(InsecureRedirectError, match="redirects"):
        get(entry_for(server, PATH))


def test_a_server_that_cannot_prove_who_it_is(serve: Serve, tmp_path: Path, model_bytes: bytes) -> None:
    server = serve({PATH: Served(model_bytes)})
    with pytest.raises(InsecureServerError, match="certificate"):
        Download(entry_for(server, PATH), tmp_path, patience=QUICK).run()
    assert server.requests == []


def test_nobody_there(serve: Serve, get: Get, model_bytes: bytes) -> None:
    entry = entry_for(serve({PATH: Served(model_bytes)}), PATH)
    gone = replace(entry, files=(replace(entry.files[0], urls=("https://localhost:1/tiny.onnx",)),))
    with pytest.raises(OfflineError, match="localhost:1"):
        get(gone)


def test_another_address_of_the_same_file(serve: Serve, get: Get, model_bytes: bytes) -> None:
    server = serve({PATH: Served(model_bytes)})
    entry = entry_for(server, PATH)
    urls = (server.url("moved"), "https://localhost:1/tiny.onnx", server.url(PATH))
    assert get(replace(entry, files=(replace(entry.files[0], urls=urls),))).read_bytes() == model_bytes
