"""The whole way in the real window: a file without a card is guessed, asked about, corrected before the picture, and saved."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import onnx
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from detector_app.model_card import CARD_KEY
from detector_app.pipelines.loader import load_pipeline
from detector_app.pipelines.reading.reading import PRESETS, Field, Fitting, Scaling
from detector_app.ui.main_window import MainWindow
from detector_app.ui.message_bar import Severity
from detector_app.ui.reading.choice_editors import ChoiceEditor
from detector_app.ui.reading.number_editors import ScalingEditor
from tests.onnx_files import tiny_anchor_model, tiny_card, tiny_classifier, tiny_dense_model
from tests.ui.films import DEADLINE_MS, load

FACES = "identification1.jpg"


@pytest.fixture
def yunet(shared_data: Path, tmp_path: Path) -> Path:
    """YuNet without a card, in a folder of its own."""
    return Path(shutil.copy(shared_data / "weights" / "yunet" / "yunet_n_640_640.onnx", tmp_path / "theirs.onnx"))


@pytest.fixture
def faces(shared_data: Path) -> str:
    """A photograph of four faces."""
    return str(shared_data / "faces" / "azure_faces" / FACES)


def count(window: MainWindow) -> int:
    """Boxes in the shown picture; -1 without one."""
    shown = window.area.view.shown
    return -1 if shown is None else len(shown.detections)


def wait(qtbot: QtBot, condition: Callable[[], bool]) -> None:
    qtbot.waitUntil(condition, timeout=DEADLINE_MS)


def open_guessed(qtbot: QtBot, window: MainWindow, model: Path, picture: str) -> None:
    window.inputs.open(picture)
    load(qtbot, window, model)
    wait(qtbot, lambda: count(window) == 4)


def load_by_name(qtbot: QtBot, window: MainWindow, name: str) -> None:
    window.controller.load_model(name)
    wait(qtbot, lambda: window.state.model_name == name)


def choose(window: MainWindow, question: Field, answer: object) -> None:
    """As a person does in the list."""
    editor = window.reading.panel.rows[question].editor
    assert isinstance(editor, ChoiceEditor | ScalingEditor)
    index = next(i for i in range(editor.box.count()) if editor.box.itemData(i) == answer)
    editor.box.setCurrentIndex(index)
    editor.box.activated.emit(index)


def test_a_guess_runs_and_is_told_of(window: MainWindow, qtbot: QtBot, yunet: Path, faces: str) -> None:
    open_guessed(qtbot, window, yunet, faces)
    wait(qtbot, lambda: window.area.messages.message is not None)
    message = window.area.messages.message
    assert message is not None
    assert message.severity is Severity.WARNING
    assert "theirs.onnx has no card" in message.text
    assert not window.reading.panel.isVisible()
    window.area.messages.buttons[0].click()
    assert window.reading.panel.isVisible()
    assert not window.area.panel.isVisible()
    assert window.reading.panel.rows[Field.ORDER].badge.text() == "guessed"
    QTest.keyClick(window.reading.panel, Qt.Key.Key_Escape)
    assert not window.reading.panel.isVisible()
    assert window.area.panel.isVisible()


def test_a_correction_is_seen_in_the_picture_and_taken_back(
    window: MainWindow, qtbot: QtBot, yunet: Path, faces: str
) -> None:
    open_guessed(qtbot, window, yunet, faces)
    window.actions_table["model_reading"].trigger()
    window.area.panel.nudge_score(-0.1)
    choose(window, Field.SCALING, PRESETS["0 to 1"])
    row = window.reading.panel.rows[Field.SCALING]
    assert row.badge.text() == "chosen"
    assert "0 to 255" in row.evidence.text()
    wait(qtbot, lambda: count(window) == 0)
    assert window.controller.settings.score == pytest.approx(0.5)  # what was chosen meanwhile stays
    window.reading.panel.reset_button.click()
    wait(qtbot, lambda: count(window) >= 4)
    assert row.badge.text() == "guessed"


def test_a_correction_that_cannot_be_is_told_in_the_panel_and_the_last_one_runs(
    window: MainWindow, qtbot: QtBot, yunet: Path, faces: str
) -> None:
    open_guessed(qtbot, window, yunet, faces)
    window.actions_table["model_reading"].trigger()
    panel = window.reading.panel
    panel.chosen.emit(Field.SCALING, Scaling(1.0, (0.0,) * 3, (0.0,) * 3))
    wait(qtbot, lambda: "input.std" in panel.note.text())
    assert panel.note.property("role") == "danger"
    panel.chosen.emit(Field.SCALING, Scaling(1.0))
    panel.chosen.emit(Field.FAMILY, "ultraface")
    wait(qtbot, lambda: "asked for" in panel.note.text())
    assert panel.rows[Field.OUTPUTS].badge.text() == "asked for"
    assert not panel.save_button.isEnabled()
    assert count(window) == 4
    assert window.state.model is not None
    assert window.state.model.decoder == "yunet"


def test_a_graph_that_refuses_a_reading_leaves_the_last_one(
    window: MainWindow, qtbot: QtBot, yunet: Path, faces: str
) -> None:
    open_guessed(qtbot, window, yunet, faces)
    window.actions_table["model_reading"].trigger()
    window.reading.panel.chosen.emit(Field.LAYOUT, "NHWC")
    wait(qtbot, lambda: "does not fit" in window.reading.panel.note.text())
    assert "the last reading that worked" in window.reading.panel.note.text()
    assert str(yunet.parent) not in window.reading.panel.note.text()
    assert count(window) == 4
    assert window.area.messages.message is None or window.area.messages.message.severity is Severity.WARNING
    window.reading.panel.save_button.click()
    wait(qtbot, lambda: "the last reading" not in window.reading.panel.note.text())
    assert not yunet.with_suffix(".card.json").exists()  # what does not fit is not kept


def test_saving_beside_the_file(window: MainWindow, qtbot: QtBot, yunet: Path, faces: str) -> None:
    open_guessed(qtbot, window, yunet, faces)
    window.actions_table["model_reading"].trigger()
    choose(window, Field.ORDER, "RGB")
    window.reading.panel.save_button.click()
    wait(qtbot, lambda: yunet.with_suffix(".card.json").is_file() and window.state.given_card is None)
    assert window.state.model is not None
    assert window.state.model.input.channel_order == "RGB"
    wait(qtbot, lambda: window.reading.panel.rows[Field.ORDER].badge.text() == "stated")
    assert "theirs.card.json" in window.reading.panel.rows[Field.ORDER].evidence.text()
    pipeline = load_pipeline(yunet, threads=1)
    pipeline.close()
    assert pipeline.card == window.state.model


def test_saving_a_copy_with_the_card_inside(
    window: MainWindow, qtbot: QtBot, yunet: Path, faces: str, tmp_path: Path
) -> None:
    open_guessed(qtbot, window, yunet, faces)
    window.actions_table["model_reading"].trigger()
    target = tmp_path / "copy.onnx"
    window.reading._save_copy(str(target))  # what the file dialog calls
    wait(qtbot, target.is_file)
    wait(qtbot, lambda: "copy.onnx" in (window.area.messages.message.text if window.area.messages.message else ""))
    assert [prop.key for prop in onnx.load(str(target)).metadata_props] == [CARD_KEY]
    window.area.messages.buttons[0].click()
    wait(qtbot, lambda: window.state.model_name == str(target))
    assert window.state.given_card is None
    window.reading._save_copy(str(yunet))
    wait(qtbot, lambda: not window.reading.panel.isVisible())


def test_what_nothing_tells_is_asked_for(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, model: Path, film: Path
) -> None:
    load(qtbot, window, model)
    path = tiny_classifier(tmp_path / "theirs.onnx", metadata={})
    window.inputs.open_all([str(path)])
    panel = window.reading.panel
    wait(qtbot, panel.isVisible)
    assert window.state.model_name == str(model)
    assert [row.question for row in panel.rows.values() if row.badge.text() == "asked for"] == [
        Field.ORDER,
        Field.SCALING,
        Field.FITTING,
    ]
    wait(qtbot, lambda: "Answer what is asked for" in panel.note.text())
    choose(window, Field.ORDER, "RGB")
    choose(window, Field.SCALING, PRESETS["0 to 1"])
    panel.chosen.emit(Field.FITTING, Fitting("stretch"))
    wait(qtbot, lambda: window.state.model_name == str(path))
    assert window.state.model is not None
    assert window.state.model.task == "classify"
    assert panel.isVisible()


def test_a_model_with_a_card_shows_facts_until_they_are_to_be_corrected(
    window: MainWindow, qtbot: QtBot, model: Path
) -> None:
    load(qtbot, window, model)
    window.actions_table["model_reading"].trigger()
    panel = window.reading.panel
    wait(qtbot, panel.isVisible)
    assert {row.badge.text() for row in panel.rows.values() if row.isVisible()} == {"stated"}
    assert not any(row.correctable for row in panel.rows.values())
    panel.correct_button.click()
    assert panel.rows[Field.ORDER].correctable
    assert panel.rows[Field.SIZE].correctable  # the graph takes any
    assert not panel.save_button.isEnabled()  # a card inside counts before one beside it
    assert panel.copy_button.isEnabled()
    choose(window, Field.ORDER, "BGR")
    wait(qtbot, lambda: window.state.given_card is not None)
    window.actions_table["model_reading"].trigger()
    assert not panel.isVisible()


def test_every_embedded_model_can_be_looked_at(window: MainWindow, qtbot: QtBot) -> None:
    for name in ("desk-yolo", "mtcnn"):
        load_by_name(qtbot, window, name)
        window.actions_table["model_reading"].trigger()
        wait(qtbot, window.reading.panel.isVisible)
        assert window.reading.panel.correct_button.isVisible() == (name != "mtcnn")  # each stage is fed in its own way
        window.actions_table["model_reading"].trigger()


@pytest.mark.parametrize("garbage", [b"\xff\xfe", b"{", b"[" * 50_000])
def test_a_garbage_card_is_told_and_can_be_looked_past(
    window: MainWindow, qtbot: QtBot, yunet: Path, garbage: bytes
) -> None:
    yunet.with_suffix(".card.json").write_bytes(garbage)
    window.inputs.open_all([str(yunet)])
    wait(qtbot, lambda: window.area.messages.message is not None)
    message = window.area.messages.message
    assert message is not None
    assert message.severity is Severity.DANGER
    assert "theirs.card.json" in message.text
    window.area.messages.buttons[0].click()
    wait(qtbot, lambda: window.reading.panel.isVisible() and window.state.model_name == str(yunet))
    assert window.reading.panel.rows[Field.FAMILY].badge.text() == "guessed"


def many_outputs(path: Path, count: int) -> Path:
    """A graph with so many outputs of odd names."""
    from onnx import TensorProto, helper  # only tests have onnx

    names = [f"o{i} {{where}} %s <b>\n" for i in range(count)]
    graph = helper.make_graph(
        [helper.make_node("Identity", ["x"], [name]) for name in names],
        "many",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, (1, 3, 8, 8))],
        [onnx.ValueInfoProto(name=name) for name in names],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), str(path))
    return path


def test_many_outputs_and_odd_names_are_survived(window: MainWindow, qtbot: QtBot, tmp_path: Path, model: Path) -> None:
    window.inputs.open_all([str(many_outputs(tmp_path / "{many} %d.onnx", 300))])
    wait(qtbot, window.reading.panel.isVisible)
    assert window.reading.panel.rows[Field.FAMILY].badge.text() == "asked for"
    load(qtbot, window, model)
    wait(qtbot, lambda: not window.reading.panel.isVisible())


def test_ten_thousand_outputs_are_refused_at_once(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, model: Path
) -> None:
    load(qtbot, window, model)
    window.inputs.open_all([str(many_outputs(tmp_path / "many.onnx", 10_000))])
    wait(qtbot, lambda: window.area.messages.message is not None)
    message = window.area.messages.message
    assert message is not None
    assert "many.onnx cannot be used as a model: it has thousands of outputs" in message.text
    assert window.state.model_name == str(model)


def test_the_panel_follows_the_language(window: MainWindow, qtbot: QtBot, model: Path) -> None:
    load(qtbot, window, model)
    window.actions_table["model_reading"].trigger()
    panel = window.reading.panel
    wait(qtbot, panel.isVisible)
    window.preferences.set(language="zh_CN")
    wait(qtbot, lambda: panel.rows[Field.ORDER].badge.text() == "已说明")
    assert panel.title.text() == "模型的解读方式"


def test_names_of_classes_from_a_file(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path = tiny_dense_model(tmp_path / "u.onnx", metadata={}, dynamic=False)
    window.inputs.open_all([str(path)])
    wait(qtbot, lambda: window.state.model_name == str(path))
    window.actions_table["model_reading"].trigger()
    (tmp_path / "names.txt").write_text("red\n\nblue\n", encoding="utf-8")
    window.reading._take_names(str(tmp_path / "names.txt"))  # what the file dialog calls
    wait(qtbot, lambda: window.state.model is not None and window.state.model.classes == ("red", "blue"))
    (tmp_path / "wrong.txt").write_bytes(b"\xff\xfe\x00")
    window.reading._take_names(str(tmp_path / "wrong.txt"))
    wait(qtbot, lambda: "wrong.txt" in window.reading.panel.note.text())
    (tmp_path / "three.txt").write_text("a\nb\nc", encoding="utf-8")
    window.reading._take_names(str(tmp_path / "three.txt"))
    wait(qtbot, lambda: "does not fit" in window.reading.panel.note.text())
    assert window.state.model is not None
    assert window.state.model.classes == ("red", "blue")


def test_a_guess_keeps_its_card_when_faces_are_looked_for_beside_it(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tiny_anchor_model(tmp_path / "bare.onnx", metadata={})
    window.controller.load_model(str(path), tiny_card())
    wait(qtbot, lambda: window.state.model_name == str(path))
    window.actions_table["find_faces"].trigger()
    wait(qtbot, lambda: window.state.model_name == f"{path}+mtcnn")
    window.actions_table["find_faces"].trigger()
    wait(qtbot, lambda: window.state.model_name == str(path))
    assert window.state.given_card == tiny_card()


def test_what_is_saved_is_told_and_another_model_ends_the_reading(
    window: MainWindow, qtbot: QtBot, yunet: Path, faces: str, model: Path
) -> None:
    open_guessed(qtbot, window, yunet, faces)
    window.actions_table["model_reading"].trigger()
    window.reading.panel.save_button.click()
    wait(qtbot, lambda: window.state.given_card is None and "Saved as" in window.reading.panel.note.text())
    window.reading.panel.chosen.emit(Field.ORDER, "RGB")  # not applied yet
    load(qtbot, window, model)
    wait(qtbot, lambda: not window.reading.panel.isVisible())
    load(qtbot, window, yunet)
    window.actions_table["model_reading"].trigger()
    wait(qtbot, window.reading.panel.isVisible)
    assert window.reading.panel.rows[Field.ORDER].badge.text() == "stated"
    assert window.reading.panel.rows[Field.ORDER].text.text() == "blue first (BGR)"
