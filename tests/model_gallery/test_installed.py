"""What is installed: verified, its card kept as people have corrected it, removed."""

from __future__ import annotations

from pathlib import Path

import pytest

from detector_app.model_gallery import remove, verify
from detector_app.model_gallery.errors import (
    DamagedModelError,
    NotInstalledError,
)
from tests.model_gallery.conftest import PATH, Get, Serve, entry_for, left_over
from tests.servers.https_files import Served


def test_verify(serve: Serve, get: Get, tmp_path: Path, model_bytes: bytes) -> None:
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


def test_the_card_stays_as_people_have_corrected_it(serve: Serve, get: Get, tmp_path: Path, model_bytes: bytes) -> None:
    entry = entry_for(serve({PATH: Served(model_bytes)}), PATH, card="mnist-digits.card.json")
    path = get(entry)
    card = path.with_name("tiny.card.json")
    assert '"MNIST"' in card.read_text(encoding="utf-8")
    card.write_text("corrected", encoding="utf-8")
    path.write_bytes(b"damaged")
    get(entry)
    assert card.read_text(encoding="utf-8") == "corrected"


def test_remove(serve: Serve, get: Get, tmp_path: Path, model_bytes: bytes) -> None:
    entry = entry_for(serve({PATH: Served(model_bytes)}), PATH, card="mnist-digits.card.json")
    with pytest.raises(NotInstalledError):
        remove(entry, tmp_path)
    get(entry)
    assert remove(entry, tmp_path) > len(model_bytes)
    assert list(tmp_path.iterdir()) == []


def test_remove_leaves_what_is_not_its_own(serve: Serve, get: Get, tmp_path: Path, model_bytes: bytes) -> None:
    entry = entry_for(serve({PATH: Served(model_bytes)}), PATH)
    get(entry).with_name("notes.txt").write_text("mine")
    remove(entry, tmp_path)
    assert left_over(tmp_path) == ["notes.txt"]
