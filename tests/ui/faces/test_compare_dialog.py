"""Are two pictures of one person? With the embedded models and real photographs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from detector_app.ui.faces.compare_dialog import CompareDialog
from detector_app.ui.faces.face_image import bgr, qimage
from tests.ui.faces.conftest import Place, read

Until = Callable[[Callable[[], bool]], None]


@pytest.fixture
def dialog(qtbot: QtBot, place: Place) -> CompareDialog:
    found = CompareDialog(place.service)
    qtbot.addWidget(found, before_close_func=lambda d: d.close())
    found.show()
    return found


def test_equal_pictures_are_at_distance_0(dialog: CompareDialog, until: Until, portrait: Path) -> None:
    dialog.open_file(0, portrait)
    until(lambda: dialog.wells[0].picture is not None)
    assert not dialog.view.answered, "the other one is still missing"
    dialog.open_file(1, portrait)
    until(lambda: dialog.view.answered)
    assert dialog.view.verdict.text() == "Same person"
    assert dialog.view.figures.text().startswith("Distance 0.000, threshold 0.")
    dialog.wells[1].cleared.emit()
    assert not dialog.view.answered


def test_two_people_are_told_apart(dialog: CompareDialog, until: Until, orl: Path) -> None:
    for i, person in enumerate(("s1", "s7")):
        dialog.open_file(i, orl / person / "1.pgm")
    until(lambda: dialog.view.answered)
    assert dialog.view.verdict.text() == "Different people"
    assert dialog.view.bar.end >= 2 * 0.5


def test_a_picture_without_a_face_is_refused(dialog: CompareDialog, until: Until, portrait: Path, wall: Path) -> None:
    dialog.open_file(0, portrait)
    dialog.open_file(1, wall)
    until(lambda: "There is no face in wall.png" in dialog.view.sentence.text())
    assert not dialog.view.largest_button.isVisible()


def test_of_several_faces_the_largest_is_offered(dialog: CompareDialog, until: Until, portrait: Path) -> None:
    one = read(portrait)
    dialog.show_picture(0, one, "one.png")
    dialog.show_picture(1, np.hstack([one, one]), "two.png")
    until(lambda: dialog.view.largest_button.isVisible())
    assert "2 faces in two.png" in dialog.view.sentence.text()
    dialog.view.largest_button.click()
    assert dialog.largest.isChecked()
    until(lambda: dialog.view.answered)


def test_a_file_that_is_no_picture_is_told_here_and_in_the_window(
    qtbot: QtBot, dialog: CompareDialog, place: Place, tmp_path: Path
) -> None:
    (tmp_path / "text.png").write_text("no picture")
    with qtbot.waitSignal(place.service.failed, timeout=30_000):
        dialog.open_file(0, tmp_path / "text.png")
    assert "not a video or picture" in dialog.view.sentence.text()


def test_pictures_are_dropped_pasted_and_chosen(
    qtbot: QtBot, dialog: CompareDialog, until: Until, portrait: Path
) -> None:
    first, second = dialog.wells
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(portrait))])
    first.dropEvent(
        QDropEvent(
            QPointF(5, 5),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    until(lambda: first.picture is not None)
    assert first.where == str(portrait)
    QGuiApplication.clipboard().setImage(qimage(read(portrait)))
    qtbot.keyClick(second, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    until(lambda: dialog.view.answered)
    assert dialog.view.figures.text().startswith("Distance 0.000")
    QGuiApplication.clipboard().clear()
    qtbot.keyClick(second, Qt.Key.Key_Return)
    chooser = dialog.findChild(QFileDialog)
    assert chooser is not None
    assert chooser.testOption(QFileDialog.Option.DontUseNativeDialog)
    chooser.reject()
    qtbot.keyClick(second, Qt.Key.Key_Delete)
    assert second.picture is None


def test_a_picture_survives_qt_and_back() -> None:
    pixels = np.random.default_rng(3).integers(0, 256, (7, 5, 3), dtype=np.uint8)
    assert np.array_equal(bgr(qimage(pixels)), pixels)


def test_a_threshold_that_changes_changes_the_answer(
    dialog: CompareDialog, place: Place, until: Until, orl: Path
) -> None:
    for i, person in enumerate(("s1", "s7")):
        dialog.open_file(i, orl / person / "1.pgm")
    until(lambda: dialog.view.answered)
    place.service.do(lambda attendant: attendant.set_threshold(2.0), lambda _: None, changes=True)
    until(lambda: dialog.view.answered and dialog.view.verdict.text() == "Same person")
