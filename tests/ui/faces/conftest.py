"""A service over a gallery file of the test's own, with the models that come with the app and photographs of real people."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from detector_app.engine.controller import Controller
from detector_app.faces.attendant import FaceAttendant, FaceChoice
from detector_app.faces.exchange import ImportOptions, import_people
from detector_app.faces.gallery import Gallery
from detector_app.settings import Settings, changed
from detector_app.ui.background import Background
from detector_app.ui.bridge import Bridge
from detector_app.ui.faces.service import FaceService

ANSWER_MS = 30_000


@dataclass(frozen=True)
class Place:
    """A service, and the file behind it."""

    service: FaceService
    background: Background
    gallery: Gallery


@pytest.fixture(scope="session")
def portrait(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eileen Collins; public domain."""
    from skimage.data import astronaut

    path = tmp_path_factory.mktemp("portrait") / "portrait.png"
    cv2.imwrite(str(path), np.ascontiguousarray(astronaut()[..., ::-1]))
    return path


@pytest.fixture(scope="session")
def wall(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A picture without a face."""
    path = tmp_path_factory.mktemp("wall") / "wall.png"
    cv2.imwrite(str(path), np.full((240, 320, 3), 120, np.uint8))
    return path


@pytest.fixture(scope="session")
def orl(shared_data: Path) -> Path:
    """Forty people, ten pictures of each; skipped where they are absent."""
    folder = shared_data / "faces" / "orl_faces400"
    if not folder.is_dir():
        pytest.skip("the ORL photographs are not there")
    return folder


@pytest.fixture(scope="session")
def two_people(orl: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A gallery file with Anna and Berta, five pictures of each, the faces kept. Copy it."""
    base = tmp_path_factory.mktemp("two-people")
    for name, number in (("Anna", 1), ("Berta", 7)):
        (base / "in" / name).mkdir(parents=True)
        for k in range(1, 6):
            shutil.copy(orl / f"s{number}" / f"{k}.pgm", base / "in" / name)
    path = base / "faces.sqlite3"
    attendant = FaceAttendant.open(FaceChoice(gallery=path, threads=1))
    try:
        import_people(
            base / "in", attendant.gallery, attendant.finder, attendant.embedder, ImportOptions(keep_crops=True)
        )
    finally:
        attendant.close()
    return path


@pytest.fixture
def make_place(qapp: QApplication, tmp_path: Path) -> Iterator[Callable[..., Place]]:
    """Opens a service over an empty gallery, or a copy of one; closes it after the test."""
    del qapp
    opened: list[tuple[Place, Controller]] = []

    def make(source: Path | None = None) -> Place:
        path = tmp_path / "gallery.sqlite3"
        if source is not None:
            shutil.copy(source, path)
        controller, background = Controller(Bridge(), threads=1), Background()
        service = FaceService(controller, background, None, path)
        service.follow(changed(Settings(), keep_faces=True, threads=1))
        place = Place(service, background, Gallery.open(path))
        opened.append((place, controller))
        return place

    yield make
    for place, controller in opened:
        controller.close()
        place.background.close(10.0)
        place.service.close()


@pytest.fixture
def place(make_place: Callable[..., Place]) -> Place:
    """Nobody is enrolled."""
    return make_place()


@pytest.fixture
def peopled(make_place: Callable[..., Place], two_people: Path) -> Place:
    """Anna and Berta are enrolled."""
    return make_place(two_people)


@pytest.fixture
def until(qtbot: QtBot) -> Callable[[Callable[[], bool]], None]:
    """Waits for what the background brings."""
    return lambda condition: qtbot.waitUntil(condition, timeout=ANSWER_MS)


def read(path: Path) -> NDArray[np.uint8]:
    """A picture as BGR."""
    return np.asarray(cv2.imread(str(path)), np.uint8)
