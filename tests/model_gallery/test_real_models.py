"""The real files of the table, served on loopback: their bytes are those of the table, and what comes out finds something."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import pytest

from detector_app.model_gallery import Download, DownloadProgress, GalleryEntry, conversion, find_entry, verify
from detector_app.model_gallery.errors import ConversionError, DownloadCancelledError, TrainingMissingError
from detector_app.model_gallery.folder import FOLDER_VARIABLE
from detector_app.pipelines.loader import load_pipeline
from detector_app.pipelines.pipeline import default_settings, infer
from detector_app.vision.detections import Detections
from detector_app.vision.frame import Frame
from tests.model_gallery.conftest import QUICK, Serve, entry_for
from tests.servers.https_files import Certificate, FileServer, Served

COCO, BODY = "yolo_fastest/yolo-fastest-1.1_coco", "yolo_fastest/yolo-fastest-1.1_body"


def from_here(entry: GalleryEntry, server: FileServer) -> GalleryEntry:
    """The entry as the table has it, but for where its files are."""
    return replace(entry, files=tuple(replace(file, urls=(server.url(file.name),)) for file in entry.files))


def served(entry: GalleryEntry, folder: Path, serve: Serve, **how: object) -> GalleryEntry:
    return from_here(
        entry, serve({file.name: Served((folder / file.name).read_bytes(), **how) for file in entry.files})
    )


def found_in(path: Path | str, picture: Path) -> list[str]:
    """Names of what a model finds in a picture."""
    pipeline = load_pipeline(path)
    try:
        frame = Frame(cv2.imread(str(picture)), 0, 0.0, 0.0, str(picture))
        (found,) = pipeline.select(infer(pipeline, [frame]), default_settings(pipeline.card))
        assert isinstance(found, Detections)
        return [found.name(i) for i in range(len(found))]
    finally:
        pipeline.close()


@pytest.mark.parametrize(
    ("name", "folder", "expected"),
    [("yolo-fastest-1.1", COCO, "dog"), ("yolo-fastest-1.1-body", BODY, "body")],
)
def test_yolo_fastest(
    name: str,
    folder: str,
    expected: str,
    shared_data: Path,
    serve: Serve,
    certificate: Certificate,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("torch", reason="exports need the train extra")
    entry = served(find_entry(name), shared_data / "weights" / folder, serve, cuts=[500])
    news: list[DownloadProgress] = []
    Download(entry, tmp_path, news.append, tls=certificate.trusted(), patience=QUICK).run()
    assert [each.stage for each in news][-1] == "convert"
    verify(entry, tmp_path)
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    picture = "person" if expected == "body" else "dog"
    assert expected in found_in(name, shared_data / "media" / "darknet_images" / f"{picture}.jpg")


def test_without_what_converts(serve: Serve, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(conversion, "NEEDED", ("a_package_that_is_not_there",))
    with pytest.raises(TrainingMissingError, match="yolo-fastest"):
        Download(find_entry("yolo-fastest-1.1"), tmp_path).run()
    assert list(tmp_path.iterdir()) == []


DARKNET_FILES = {"a.cfg": Served(b"[net]\nwidth=none\n"), "a.weights": Served(b"0"), "a.names": Served(b"a\n")}


def test_files_that_cannot_be_converted(serve: Serve, certificate: Certificate, tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="exports need the train extra")
    entry = entry_for(serve(DARKNET_FILES), *DARKNET_FILES, kind="darknet")
    with pytest.raises(ConversionError, match="cfg"):
        Download(entry, tmp_path, tls=certificate.trusted(), patience=QUICK).run()
    assert not (tmp_path / "tiny" / "tiny.onnx").exists()
    assert (tmp_path / "tiny" / "a.cfg").exists()


def test_cancelled_while_it_is_converted(serve: Serve, certificate: Certificate, tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="exports need the train extra")
    entry = entry_for(serve(DARKNET_FILES), *DARKNET_FILES, kind="darknet")

    def hear(news: DownloadProgress) -> None:
        if news.stage == "convert":
            download.cancel()

    download = Download(entry, tmp_path, hear, tls=certificate.trusted(), patience=QUICK)
    with pytest.raises(DownloadCancelledError):
        download.run()
    assert sorted(path.name for path in (tmp_path / "tiny").iterdir()) == [".lock", "a.cfg", "a.names", "a.weights"]


def test_ultraface(
    shared_data: Path, serve: Serve, certificate: Certificate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real file of the table, which brings no card and is known by its bytes."""
    entry = served(find_entry("ultraface-rfb-320"), shared_data / "weights" / "ultraface", serve, cuts=[100_000])
    Download(entry, tmp_path, tls=certificate.trusted(), patience=QUICK).run()
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    assert "face" in found_in(entry.name, shared_data / "media" / "mtcnn_ipazc_images" / "ivan.jpg")
