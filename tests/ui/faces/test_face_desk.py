"""Faces in the real window with the embedded models: a photograph, names, a click, blurring."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot
from skimage import data

from detector_app.engine.state import Phase
from detector_app.faces.gallery import Gallery
from detector_app.faces.place import default_path
from detector_app.ui.faces.search_dialog import SearchDialog
from detector_app.ui.inputs import demo_clip
from detector_app.ui.main_window import MainWindow
from tests.ui.conftest import MakeWindow

LOADING_MS = 30_000


@pytest.fixture
def portrait(tmp_path: Path) -> Path:
    """Eileen Collins; public domain."""
    path = tmp_path / "portrait.png"
    cv2.imwrite(str(path), data.astronaut()[..., ::-1])
    return path


def start(window: MainWindow, picture: Path, qtbot: QtBot) -> None:
    window.start(str(picture))
    qtbot.waitUntil(lambda: window.area.view.shown is not None and window.state.model is not None, timeout=LOADING_MS)


def identities(window: MainWindow) -> list[str]:
    """Names of the known faces that are shown, "?" for the others."""
    shown = window.area.view.shown
    if shown is None or shown.detections.identities is None:
        return []
    return [one.name if one.known else "?" for one in shown.detections.identities if one is not None]


def click_face(window: MainWindow, qtbot: QtBot) -> None:
    view, shown = window.area.view, window.area.view.shown
    assert shown is not None
    left, top, right, bottom = (float(edge) for edge in shown.detections.xyxy[0])
    point = QPointF((left + right) / 2, (top + bottom) / 2) * view.transform.scale
    at = QPointF(view.transform.left, view.transform.top) + point
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=at.toPoint())


def test_click_a_face_type_a_name_done(make_window: MakeWindow, portrait: Path, qtbot: QtBot) -> None:
    window = make_window(model="desk-yolo")
    start(window, portrait, qtbot)
    window.actions_table["face_names"].trigger()
    qtbot.waitUntil(lambda: identities(window) == ["?"], timeout=LOADING_MS)
    assert window.state.model_name == "desk-yolo+mtcnn", (
        "a detector of objects finds faces, too, as soon as they are wanted"
    )
    assert window.actions_table["find_faces"].isChecked()
    click_face(window, qtbot)
    card = window.faces.card
    qtbot.waitUntil(card.isVisible)
    qtbot.keyClicks(card.name, "Eileen")
    qtbot.keyClick(card.name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: identities(window) == ["Eileen"], timeout=LOADING_MS)
    assert not card.isVisible()
    message = window.area.messages.message
    assert message is not None
    assert "Eileen is enrolled" in message.text
    assert [person.name for person in Gallery.open(default_path()).people()] == ["Eileen"]
    message.remedies[0].run()
    qtbot.waitUntil(lambda: identities(window) == ["?"], timeout=LOADING_MS)
    assert Gallery.open(default_path()).people() == ()


def test_strangers_are_blurred_also_before_anything_is_loaded(
    make_window: MakeWindow, portrait: Path, qtbot: QtBot
) -> None:
    window = make_window(model="mtcnn", blur_strangers=True)
    seen: list[np.ndarray] = []
    window.bridge.resultReady.connect(lambda: seen.append(window.controller.latest().frame.image_bgr))  # type: ignore[union-attr]
    start(window, portrait, qtbot)
    qtbot.waitUntil(lambda: identities(window) == ["?"], timeout=LOADING_MS)
    original = cv2.imread(str(portrait))
    shown = window.area.view.shown
    assert shown is not None
    left, top, right, bottom = shown.detections.xyxy[0].round().astype(int)
    face = original[top:bottom, left:right].astype(int)
    for image in [*seen, shown.frame.image_bgr]:
        assert np.abs(image[top:bottom, left:right].astype(int) - face).mean() > 10
    corner = shown.frame.image_bgr[-60:, -60:]
    assert (corner == original[-60:, -60:]).all(), "the rest of the picture stays"


def test_a_blurred_face_is_not_enrolled(make_window: MakeWindow, portrait: Path, qtbot: QtBot) -> None:
    window = make_window(model="mtcnn", blur_strangers=True)
    start(window, portrait, qtbot)
    qtbot.waitUntil(lambda: identities(window) == ["?"], timeout=LOADING_MS)
    window.actions_table["enrol"].trigger()
    message = window.area.messages.message
    assert message is not None
    assert "blurred" in message.text
    message.remedies[0].run()
    assert not window.preferences.settings.blur_strangers
    assert not window.actions_table["blur_strangers"].isChecked()


def test_the_key_e_enrols_the_only_face(make_window: MakeWindow, portrait: Path, qtbot: QtBot) -> None:
    window = make_window(model="mtcnn")
    start(window, portrait, qtbot)
    qtbot.waitUntil(lambda: len(window.area.view.shown.detections) == 1, timeout=LOADING_MS)  # type: ignore[union-attr]
    window.actions_table["enrol"].trigger()
    qtbot.waitUntil(window.faces.card.isVisible, timeout=LOADING_MS)
    window.controller.close_source()
    qtbot.waitUntil(lambda: not window.faces.card.isVisible())


def test_faces_are_found_too_and_not_any_more(make_window: MakeWindow, portrait: Path, qtbot: QtBot) -> None:
    window = make_window(model="desk-yolo")
    start(window, portrait, qtbot)
    window.actions_table["find_faces"].trigger()
    qtbot.waitUntil(lambda: window.state.model_name == "desk-yolo+mtcnn", timeout=LOADING_MS)
    assert window.area.panel.cascade.isVisibleTo(window.area.panel)
    window.actions_table["find_faces"].trigger()
    qtbot.waitUntil(lambda: window.state.model_name == "desk-yolo", timeout=LOADING_MS)
    assert not window.area.panel.cascade.isVisibleTo(window.area.panel)


def test_a_smaller_pyramid_searches_the_paused_picture_again(
    make_window: MakeWindow, portrait: Path, qtbot: QtBot
) -> None:
    window = make_window(model="mtcnn")
    start(window, portrait, qtbot)
    qtbot.waitUntil(lambda: len(window.area.view.shown.detections) == 1, timeout=LOADING_MS)  # type: ignore[union-attr]
    runs = window.controller.inference_count
    window.area.panel.cascade.sliders["min_face_px"].field.setValue(400)
    qtbot.waitUntil(lambda: len(window.area.view.shown.detections) == 0, timeout=LOADING_MS)  # type: ignore[union-attr]
    assert window.controller.inference_count > runs
    window.area.panel.cascade.sliders["min_face_px"].field.setValue(20)
    qtbot.waitUntil(lambda: len(window.area.view.shown.detections) == 1, timeout=LOADING_MS)  # type: ignore[union-attr]
    runs = window.controller.inference_count
    window.area.panel.score.field.setValue(1.0)
    qtbot.waitUntil(lambda: len(window.area.view.shown.detections) == 0, timeout=LOADING_MS)  # type: ignore[union-attr]
    assert window.controller.inference_count == runs, "the last score needs none"


def test_without_a_face_it_says_what_to_do(make_window: MakeWindow, tmp_path: Path, qtbot: QtBot) -> None:
    wall = tmp_path / "wall.png"
    cv2.imwrite(str(wall), np.full((300, 400, 3), 180, np.uint8))
    window = make_window(model="mtcnn")
    start(window, wall, qtbot)
    window.actions_table["enrol"].trigger()
    message = window.area.messages.message
    assert message is not None
    assert "Click the face" in message.text


def test_hiding_the_class_hides_no_face_from_the_blurring(
    make_window: MakeWindow, portrait: Path, qtbot: QtBot
) -> None:
    window = make_window(model="mtcnn", blur_strangers=True)
    start(window, portrait, qtbot)
    qtbot.waitUntil(lambda: identities(window) == ["?"], timeout=LOADING_MS)
    assert window.area.view.shown is not None
    blurred = window.area.view.shown.frame.image_bgr.copy()
    window.area.panel.toggle_class(0)
    qtbot.waitUntil(lambda: len(window.area.view.shown.detections) == 0, timeout=LOADING_MS)  # type: ignore[union-attr]
    assert (window.area.view.shown.frame.image_bgr == blurred).all()


def test_a_classifier_stays_and_hides_all_where_strangers_are_blurred(
    make_window: MakeWindow, portrait: Path, qtbot: QtBot
) -> None:
    window = make_window(model="mtcnn", blur_strangers=True)
    start(window, portrait, qtbot)
    qtbot.waitUntil(lambda: identities(window) == ["?"], timeout=LOADING_MS)
    window.controller.load_model("lenet-digits")
    qtbot.waitUntil(lambda: window.state.model_name == "lenet-digits", timeout=LOADING_MS)
    qtbot.waitUntil(lambda: window.area.view.shown.classification is not None, timeout=LOADING_MS)  # type: ignore[union-attr]
    message = window.area.messages.message
    assert message is not None
    assert "finds no faces" in message.text
    shown = window.area.view.shown
    assert shown is not None
    assert len(np.unique(shown.frame.image_bgr[::64, ::64].reshape(-1, 3), axis=0)) < 80
    assert np.abs(shown.frame.image_bgr.astype(int) - cv2.imread(str(portrait)).astype(int)).mean() > 15
    message.remedies[0].run()
    qtbot.waitUntil(
        lambda: (window.area.view.shown.frame.image_bgr == cv2.imread(str(portrait))).all(), timeout=LOADING_MS
    )  # type: ignore[union-attr]


@pytest.mark.parametrize("action", ["people", "compare", "search_person"])
def test_the_windows_about_people_open(make_window: MakeWindow, qtbot: QtBot, action: str) -> None:
    window = make_window()
    window.actions_table[action].trigger()
    dialogs = [one for one in window.findChildren(QDialog) if one.isVisible()]
    assert len(dialogs) == 1
    window.actions_table[action].trigger()
    assert [one for one in window.findChildren(QDialog) if one.isVisible()] == dialogs
    with qtbot.waitCallback(timeout=LOADING_MS) as opened:
        window.faces.service.with_attendant(opened)


def test_what_was_found_is_shown_where_it_is(make_window: MakeWindow, qtbot: QtBot) -> None:
    clip = demo_clip()
    assert clip is not None
    window = make_window()
    window.actions_table["search_person"].trigger()
    (dialog,) = [one for one in window.findChildren(SearchDialog) if one.isVisible()]
    dialog.openRequested.emit(str(clip), 1.2)
    qtbot.waitUntil(
        lambda: window.area.view.shown is not None and abs(window.area.view.shown.frame.time_s - 1.2) < 0.05,
        timeout=LOADING_MS,
    )
    qtbot.waitUntil(lambda: window.state.phase is Phase.PAUSED)
    qtbot.waitUntil(lambda: window.faces.service.attendant is not None, timeout=LOADING_MS)
