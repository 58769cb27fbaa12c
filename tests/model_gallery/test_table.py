"""The table of the gallery: complete, unambiguous, and with a good card for each file that brings none."""

from __future__ import annotations

import re
from pathlib import Path, PurePath
from urllib.parse import urlsplit

import pytest

from detector_app.model_card import ModelCard
from detector_app.model_gallery import GalleryEntry, entries, find_entry
from detector_app.model_gallery.entry import DARKNET, DIRECT
from detector_app.model_gallery.errors import UnknownEntryError
from detector_app.model_gallery.folder import FOLDER_VARIABLE, gallery_folder, installed_models
from detector_app.model_gallery.table import card_text
from detector_app.pipelines.embedded import embedded_models, models_by_name
from detector_app.pipelines.known_models import BY_SHA256
from detector_app.pipelines.loader import FAMILIES

each = pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.name)


@each
def test_addresses(entry: GalleryEntry) -> None:
    pages = [entry.licence_page, entry.source_page, *(metric.source for metric in entry.metrics)]
    for address in [*pages, *(url for file in entry.files for url in file.urls)]:
        assert urlsplit(address).scheme == "https"
        assert urlsplit(address).hostname


@each
def test_files(entry: GalleryEntry) -> None:
    assert entry.kind in (DIRECT, DARKNET)
    endings = sorted(PurePath(file.name).suffix for file in entry.files)
    assert endings == ([".onnx"] if entry.kind == DIRECT else [".cfg", ".names", ".weights"])
    for file in entry.files:
        assert file.name == PurePath(file.name).name
        assert re.fullmatch(r"[0-9a-f]{64}", file.sha256)
        assert file.size_bytes > 0
        assert file.urls


@each
def test_words(entry: GalleryEntry) -> None:
    assert entry.licence
    assert {"en", "zh_CN"} <= entry.texts.keys()
    assert entry.what("xx") == entry.what("en")
    assert all(0 < metric.value <= 1 for metric in entry.metrics)


@each
def test_cards(entry: GalleryEntry) -> None:
    if not entry.card:
        assert (
            entry.kind == DARKNET or entry.files[0].sha256 in BY_SHA256
        )  # it makes its own, or the app knows the very file
        return
    card = ModelCard.from_json(card_text(entry), entry.card)
    assert (card.name, card.task, card.weights_sha256) == (entry.name, entry.task, entry.files[0].sha256)
    if card.task != "embed":
        assert FAMILIES[card.decoder].make_decoder(card) is not None


def test_names() -> None:
    names = [entry.name for entry in entries()]
    assert len(set(names)) == len(names)
    assert not set(names) & set(embedded_models())
    assert all(re.fullmatch(r"[a-z0-9.-]+", name) for name in names)


def test_an_unknown_name() -> None:
    with pytest.raises(UnknownEntryError, match=r"yolo-fastest-1\.1"):
        find_entry("yolo")


def test_the_folder_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert gallery_folder().name == "models"
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    assert gallery_folder() == tmp_path


def test_what_is_there_is_known_by_its_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    assert installed_models() == {}
    path = tmp_path / "some" / "some.onnx"
    path.parent.mkdir()
    path.write_bytes(b"")
    (tmp_path / "empty").mkdir()
    assert installed_models() == {"some": path}
    assert models_by_name() == {**embedded_models(), "some": path}
    assert installed_models(tmp_path / "absent") == {}
