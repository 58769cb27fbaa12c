"""A gallery of one small file on a server of our own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any

import pytest

from detector_app.model_gallery import Download, GalleryEntry, GalleryFile
from detector_app.model_gallery.fetching import Patience
from tests.onnx_files import tiny_anchor_model
from tests.servers.https_files import Certificate, FileServer, Served, make_certificate, serving

PATH = "tiny.onnx"
QUICK = Patience(timeout_s=5.0, attempts=3, first_wait_s=0.001, most_wait_s=0.002)
Serve = Callable[..., FileServer]
Get = Callable[..., Path]


def entry_for(server: FileServer, *paths: str, name: str = "tiny", kind: str = "onnx", card: str = "") -> GalleryEntry:
    """An entry whose files are those that ``server`` serves at ``paths`` right now."""
    files = tuple(_file(server, path) for path in paths)
    return GalleryEntry(
        name, "detect", {"en": "A test."}, files, kind, card, "MIT", "https://localhost/", "https://localhost/"
    )


def left_over(folder: Path) -> list[str]:
    """What a download leaves in the folder of its entry."""
    return sorted(path.name for path in (folder / "tiny").iterdir() if path.name != ".lock")


def _file(server: FileServer, path: str) -> GalleryFile:
    content = server.files[path].content
    return GalleryFile(Path(path).name, (server.url(path),), len(content), hashlib.sha256(content).hexdigest())


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def serve(certificate: Certificate) -> Iterator[Serve]:
    """Start servers that end with the test."""
    with ExitStack() as open_servers:

        def start(files: dict[str, Served]) -> FileServer:
            made: AbstractContextManager[FileServer] = serving(certificate, files)
            return open_servers.enter_context(made)

        yield start


@pytest.fixture(scope="session")
def model_bytes(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A real model with its card inside, and some ballast so that it comes in several pieces."""
    import onnx

    path = tiny_anchor_model(tmp_path_factory.mktemp("model") / "tiny.onnx")
    model = onnx.load(path)
    model.doc_string = "ballast " * 40_000
    return bytes(model.SerializeToString())


@pytest.fixture
def get(certificate: Certificate, tmp_path: Path) -> Get:
    """Run a download into the test's folder."""

    def run(entry: GalleryEntry, **options: Any) -> Path:
        return Download(entry, tmp_path, tls=certificate.trusted(), **{"patience": QUICK, **options}).run()

    return run
