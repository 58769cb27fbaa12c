"""Fields of the panel by themselves."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from detector_app.model_card import SizeRange
from detector_app.pipelines.reading.reading import (
    PRESETS,
    AnchorTable,
    Certainty,
    Fact,
    Fitting,
    Scaling,
    Sizing,
    because,
)
from detector_app.ui.reading.choice_editors import ClassesEditor, FamilyEditor
from detector_app.ui.reading.number_editors import (
    AnchorsEditor,
    FittingEditor,
    ScalingEditor,
    SizeEditor,
    anchor_lines,
    anchors_in,
    numbers_in,
    triple,
)

TABLE = AnchorTable((("a", 32, ((35.0, 38.5), (109.0, 141.0))), ("b", 16, ((10.0, 14.0),))))


def fact(value: object, *options: object) -> Fact:
    return Fact(value, Certainty.GUESSED if value is not None else Certainty.UNKNOWN, because("x"), options)


def test_anchors_as_lines_and_back() -> None:
    assert anchor_lines(TABLE) == "32: 35×38.5, 109×141\n16: 10×14"
    assert anchors_in(anchor_lines(TABLE), TABLE) == TABLE
    assert anchors_in("32: 35x38.5 109*141\n\n16: 10×14\n", TABLE) == TABLE


@pytest.mark.parametrize(
    "text", ["", "32: 1×2", "32\n16: 1×2", "x: 1×2\n16: 1×2", "0: 1×2\n16: 1×2", "32: 1.2.3×4\n16: 1×2"]
)
def test_lines_that_are_not_complete(text: str) -> None:
    assert anchors_in(text, TABLE) is None


def test_numbers() -> None:
    assert numbers_in("1/255") == [1 / 255]
    assert numbers_in("0.485, 0.456; 1e-3") == [0.485, 0.456, 1e-3]
    for nonsense in ("", "abc", "1/0", "1.2.3", "1 two"):
        assert numbers_in(nonsense) == []
    assert triple([2.0]) == (2.0, 2.0, 2.0)
    assert triple([1.0, 2.0]) is None


def test_anchors_are_told_when_they_are_complete(qtbot: QtBot) -> None:
    editor = AnchorsEditor()
    qtbot.addWidget(editor)
    told: list[object] = []
    editor.chosen.connect(told.append)
    editor.show_fact(fact(TABLE))
    assert told == []
    editor.lines.setPlainText("32: 35×38.5, 109×141")
    editor.lines.setPlainText("32: 1×2\n16: 3×4")
    assert told == [AnchorTable((("a", 32, ((1.0, 2.0),)), ("b", 16, ((3.0, 4.0),))))]


def test_anchors_that_are_asked_for_know_their_heads(qtbot: QtBot) -> None:
    editor = AnchorsEditor()
    qtbot.addWidget(editor)
    told: list[object] = []
    editor.chosen.connect(told.append)
    editor.show_fact(fact(None, ("o", 32)))
    editor.lines.setPlainText("32: 10×20, 30×40")
    assert told == [AnchorTable((("o", 32, ((10.0, 20.0), (30.0, 40.0))),))]


def test_numbers_of_ones_own(qtbot: QtBot) -> None:
    editor = ScalingEditor()
    qtbot.addWidget(editor)
    told: list[object] = []
    editor.chosen.connect(told.append)
    editor.show_fact(fact(Scaling()))
    assert editor.numbers.isHidden()
    last = editor.box.count() - 1
    editor.box.setCurrentIndex(last)
    editor.box.activated.emit(last)
    assert not editor.numbers.isHidden()
    editor.scale.setText("1")
    editor.mean.setText("127.5")
    editor.std.setText("nonsense")
    editor.std.editingFinished.emit()
    assert told == []
    editor.std.setText("127.5")
    editor.std.editingFinished.emit()
    assert told == [PRESETS["−1 to 1"]]


def test_size_and_fitting(qtbot: QtBot) -> None:
    size, fitting = SizeEditor(), FittingEditor()
    told: list[object] = []
    for editor in (size, fitting):
        qtbot.addWidget(editor)
        editor.chosen.connect(told.append)
    size.show_fact(fact(Sizing((240, 320), SizeRange(32, 4096, 32))))
    assert (size.across.value(), size.down.value(), size.across.singleStep()) == (320, 240, 32)
    size.across.setValue(640)
    fitting.show_fact(fact(Fitting("letterbox", 0)))
    fitting.bars.setValue(114)
    assert told == [Sizing((240, 640), SizeRange(32, 4096, 32)), Fitting("letterbox", 114)]
    fitting.show_fact(fact(None))
    assert fitting.box.currentIndex() == -1


def test_kinds_that_fit_come_first_and_lists_of_classes_have_the_right_length(qtbot: QtBot) -> None:
    family, classes = FamilyEditor(), ClassesEditor()
    qtbot.addWidget(family)
    qtbot.addWidget(classes)
    family.show_fact(fact("yolox", "yolox", "classifier"))
    assert [family.box.itemData(i) for i in range(2)] == ["yolox", "classifier"]
    assert family.box.count() == 7
    wanted: list[bool] = []
    classes.fileWanted.connect(lambda: wanted.append(True))
    classes.show_fact(fact(tuple(map(str, range(80))), 80))
    texts = [classes.box.itemText(i) for i in range(classes.box.count())]
    assert texts[1].startswith("COCO · 80: person, bicycle")
    assert texts[-1] == "Names from a text file…"
    classes.box.activated.emit(classes.box.count() - 1)
    assert wanted == [True]
