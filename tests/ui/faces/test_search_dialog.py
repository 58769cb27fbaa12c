"""Looking for a person in a folder with pictures and a video."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from detector_app.faces.enrolment import prepare_picture
from detector_app.ui.faces.search_dialog import SearchDialog
from tests.ui.faces.conftest import Place, read

Until = Callable[[Callable[[], bool]], None]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, portrait: Path) -> Path:
    """``1.png`` with Eileen, ``2.png`` broken, ``clip.mp4`` with her in frames 4 to 11 of 12, ten a second."""
    made = tmp_path_factory.mktemp("where")
    small = np.asarray(cv2.resize(read(portrait), (256, 256), interpolation=cv2.INTER_AREA))
    wall = np.full((256, 256, 3), 120, np.uint8)
    cv2.imwrite(str(made / "1.png"), small)
    (made / "2.png").write_bytes(b"no picture")
    with av.open(str(made / "clip.mp4"), "w") as video:
        stream = video.add_stream("libx264", rate=10, options={"crf": "10"})
        stream.width = stream.height = 256
        stream.pix_fmt = "yuv420p"
        for i in range(12):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(small if i >= 4 else wall), format="bgr24")
            video.mux(stream.encode(frame))
        video.mux(stream.encode())
    return made


@pytest.fixture
def make_dialog(qtbot: QtBot, place: Place, until: Until, portrait: Path) -> Callable[[str], SearchDialog]:
    """Opens the window with Eileen enrolled."""

    def make(current: str = "") -> SearchDialog:
        enrolled: list[object] = []
        place.service.do(
            lambda at: at.gallery.enrol(
                "Eileen", [prepare_picture(at.finder.the_face(read(portrait), "portrait.png"), at.embedder)]
            ),
            enrolled.append,
            changes=True,
        )
        until(lambda: bool(enrolled))
        dialog = SearchDialog(place.service, place.background, current)
        qtbot.addWidget(dialog, before_close_func=lambda d: d.close())
        dialog.show()
        until(lambda: dialog.form.person.count() == 2)
        return dialog

    return make


def rows(dialog: SearchDialog) -> list[tuple[str, str, str]]:
    return [(row.name, row.file_name, row.time_text) for row in dialog.table.sightings.found.rows]


def test_a_folder_is_searched_and_what_is_found_opens(
    qtbot: QtBot, make_dialog: Callable[..., SearchDialog], until: Until, folder: Path
) -> None:
    dialog = make_dialog()
    assert not dialog.form.start_button.isEnabled(), "a place is still wanted"
    dialog.form.choose(folder)
    dialog.form.person.setCurrentText("Eileen")
    dialog.form.every.setValue(2)
    dialog.form.start_button.click()
    assert dialog.searching
    assert not dialog.form.isEnabled()
    until(lambda: not dialog.searching)
    assert rows(dialog) == [("Eileen", "1.png", ""), ("Eileen", "clip.mp4", "00:00–00:01")]
    assert [name for name, _ in dialog.skipped.rows] == ["2.png"]
    assert dialog.summary.text() == "Found: 2"
    dialog.table.setCurrentIndex(dialog.table.model().index(1, 0))
    with qtbot.waitSignal(dialog.openRequested) as opened:
        qtbot.keyClick(dialog.table, Qt.Key.Key_Return)
    assert opened.args == [str(folder / "clip.mp4"), pytest.approx(0.4)]
    dialog.table.setCurrentIndex(dialog.table.model().index(0, 0))
    with qtbot.waitSignal(dialog.openRequested) as opened:
        dialog.table.doubleClicked.emit(dialog.table.currentIndex())
    assert opened.args == [str(folder / "1.png"), None]


def test_the_current_source_is_offered_if_it_is_a_file(
    make_dialog: Callable[..., SearchDialog], until: Until, folder: Path
) -> None:
    dialog = make_dialog(str(folder / "clip.mp4"))
    assert dialog.form.place.isReadOnly()
    dialog.form.every.setValue(4)
    dialog.start()
    until(lambda: not dialog.searching)
    assert [row[1:] for row in rows(dialog)] == [("clip.mp4", "00:00")]
    dialog.show_source("camera:0")
    assert not dialog.form.place.isReadOnly()


def test_a_search_can_be_stopped(make_dialog: Callable[..., SearchDialog], until: Until, folder: Path) -> None:
    dialog = make_dialog()
    dialog.form.choose(folder / "clip.mp4")
    dialog.form.every.setValue(1)
    dialog.start()
    dialog.work.cancel_button.click()
    until(lambda: not dialog.searching)
    assert dialog.form.isEnabled()


def test_a_place_that_is_not_there_is_told(
    qtbot: QtBot, make_dialog: Callable[..., SearchDialog], place: Place, tmp_path: Path
) -> None:
    dialog = make_dialog()
    dialog.form.choose(tmp_path / "nowhere.mp4")
    with qtbot.waitSignal(place.service.failed, timeout=30_000):
        dialog.start()
    assert not dialog.searching
    assert dialog.messages.message is not None
    assert "nowhere.mp4" in dialog.messages.message.text


def test_nobody_enrolled_nobody_found(qtbot: QtBot, place: Place, until: Until, folder: Path) -> None:
    dialog = SearchDialog(place.service, place.background, str(folder))
    qtbot.addWidget(dialog, before_close_func=lambda d: d.close())
    dialog.show()
    until(lambda: bool(dialog.private.place.toolTip()))
    assert not dialog.form.start_button.isEnabled()
