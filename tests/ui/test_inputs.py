from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QSettings, QUrl
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from detector_app.errors import EmptyFolderError
from detector_app.ui.background import Background
from detector_app.ui.inputs import Inputs, dropped
from tests.ui.films import squares_film


@pytest.fixture
def inputs(qtbot: QtBot, store: QSettings, home: Path) -> Iterator[Inputs]:
    del home
    window, background = QWidget(), Background()
    qtbot.addWidget(window)
    yield Inputs(store, 10, background, window)
    background.close()


def opened_by(inputs: Inputs, qtbot: QtBot, *specs: str) -> str:
    with qtbot.waitSignal(inputs.sourceChosen) as chosen:
        inputs.open_all(specs)
    return str(chosen.args[0])


def test_several_files_are_opened_one_after_the_other(inputs: Inputs, qtbot: QtBot, tmp_path: Path) -> None:
    names = [str(tmp_path / name) for name in ("a.mp4", "b.mp4", "c.mp4")]
    assert opened_by(inputs, qtbot, *names) == names[0]
    with qtbot.waitSignal(inputs.sourceChosen) as chosen:
        inputs.move(1)
    assert chosen.args == [names[1]]
    assert inputs.recent.items() == names


def test_there_is_nothing_beyond_the_last_one(inputs: Inputs, qtbot: QtBot, tmp_path: Path) -> None:
    opened_by(inputs, qtbot, str(tmp_path / "a.mp4"))
    with qtbot.assertNotEmitted(inputs.sourceChosen):
        inputs.move(1)
        inputs.move(-1)


def test_models_among_the_files_are_loaded(inputs: Inputs, qtbot: QtBot, tmp_path: Path) -> None:
    with qtbot.waitSignals([inputs.modelChosen, inputs.sourceChosen]):
        inputs.open_all([str(tmp_path / "a.mp4"), str(tmp_path / "Net.ONNX")])
    assert inputs.playlist.specs == (str(tmp_path / "a.mp4"),)


def test_a_folder_of_films_is_opened_film_by_film(inputs: Inputs, qtbot: QtBot, tmp_path: Path) -> None:
    films = [squares_film(tmp_path / name, frames=2) for name in ("2.mp4", "10.mp4")]
    assert opened_by(inputs, qtbot, str(tmp_path)) == str(films[0])
    assert inputs.playlist.specs == tuple(map(str, films))
    assert inputs.recent.items() == [str(tmp_path)]


def test_an_empty_folder_is_told(inputs: Inputs, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with qtbot.waitSignal(inputs.failed) as failed:
        inputs.open(str(tmp_path / "empty"))
    assert isinstance(failed.args[0], EmptyFolderError)
    assert inputs.playlist.current is None


def test_retry_opens_the_same_again_and_nothing_after_it_was_forgotten(inputs: Inputs, qtbot: QtBot) -> None:
    opened_by(inputs, qtbot, "camera:9")
    with qtbot.waitSignal(inputs.sourceChosen) as chosen:
        inputs.retry()
    assert chosen.args == ["camera:9"]
    inputs.forget()
    with qtbot.assertNotEmitted(inputs.sourceChosen):
        inputs.retry()


def test_a_stream_is_remembered_without_its_password(inputs: Inputs, qtbot: QtBot) -> None:
    dialog = inputs.ask_stream()
    dialog.address.setEditText("rtsp://me:secret@camera.local/x")
    with qtbot.waitSignal(inputs.sourceChosen) as chosen:
        dialog.accept()
    assert chosen.args == ["rtsp://me:secret@camera.local/x"]
    assert inputs.streams.items() == inputs.recent.items() == ["rtsp://me@camera.local/x"]


def test_what_was_chosen_in_the_file_dialog_is_opened(inputs: Inputs, qtbot: QtBot, film: Path) -> None:
    inputs.choose_files()
    (dialog,) = inputs.parent().findChildren(QFileDialog)
    with qtbot.waitSignal(inputs.sourceChosen) as chosen:
        dialog.filesSelected.emit([str(film)])
        dialog.close()
    assert chosen.args == [str(film)]


def test_drops(tmp_path: Path, film: Path) -> None:
    data = QMimeData()
    data.setUrls(
        [
            QUrl.fromLocalFile(str(film)),
            QUrl.fromLocalFile(str(tmp_path / "gone.mp4")),
            QUrl("rtsp://camera.local/x"),
            QUrl("mailto:me@x"),
        ]
    )
    assert dropped(data) == [str(film), "rtsp://camera.local/x"]
    assert dropped(QMimeData()) == []
