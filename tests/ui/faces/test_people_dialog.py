"""The window of the people, over a real gallery file and with the embedded models."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from detector_app.faces.errors import NameTakenError
from detector_app.faces.gallery import Gallery
from detector_app.pipelines.embedded import embedded_embedders
from detector_app.settings import Settings, changed
from detector_app.ui.faces.people_dialog import PeopleDialog
from tests.faces.embedders import new_picture, random_units
from tests.ui.faces.conftest import Place

Until = Callable[[Callable[[], bool]], None]


def shown(qtbot: QtBot, place: Place, until: Until) -> PeopleDialog:
    dialog = PeopleDialog(place.service)
    qtbot.addWidget(dialog, before_close_func=lambda d: d.close())
    dialog.show()
    until(lambda: dialog.page.currentIndex() > 0)
    return dialog


def names(dialog: PeopleDialog) -> list[str]:
    return list(dialog.page.names)


def test_nobody_yet_says_how_to_enrol(qtbot: QtBot, place: Place, until: Until) -> None:
    dialog = shown(qtbot, place, until)
    assert dialog.page.empty
    assert dialog.private.place.toolTip() == str(place.gallery.path)


def test_files_are_enrolled_and_those_not_good_enough_are_told(
    qtbot: QtBot, place: Place, until: Until, portrait: Path, wall: Path
) -> None:
    dialog = shown(qtbot, place, until)
    dialog.enrol_files([portrait, wall])
    strip = dialog.intake.strip
    assert strip.isVisible()
    assert not strip.start_button.isEnabled(), "a name is still wanted"
    strip.name.setEditText("  Eileen   Collins ")
    qtbot.keyClick(strip.name, Qt.Key.Key_Return)
    until(lambda: names(dialog) == ["Eileen Collins"] and not dialog.intake.busy)
    assert dialog.isVisible(), "Enter in a field is no order to the dialog"
    assert place.gallery.person("eileen collins").kept == 1
    assert [name for name, _ in dialog.intake.refusals.rows] == ["wall.png"]
    assert "There is no face in wall.png" in dialog.intake.refusals.rows[0][1]
    until(lambda: len(dialog.page.person.grid.pictures.pictures) == 1)
    until(lambda: dialog.page.list.people.avatars.get(place.gallery.person("Eileen Collins").id) is not None)


def test_a_picture_that_is_not_good_enough_enrols_nobody(qtbot: QtBot, place: Place, until: Until, wall: Path) -> None:
    dialog = shown(qtbot, place, until)
    dialog.enrol_files([wall])
    dialog.intake.strip.name.setEditText("Wall")
    dialog.intake.strip.start_button.click()
    until(lambda: dialog.intake.refusals.isVisible())
    assert place.gallery.people() == ()
    assert dialog.messages.message is not None
    assert "good enough" in dialog.messages.message.text


def test_a_folder_of_people_is_imported(qtbot: QtBot, place: Place, until: Until, orl: Path, tmp_path: Path) -> None:
    for name in ("Anna", "Zoe"):
        (tmp_path / "people" / name).mkdir(parents=True)
    for name, number in (("Anna", 1), ("Zoe", 4)):
        for k in (1, 2):
            (tmp_path / "people" / name / f"{k}.pgm").write_bytes((orl / f"s{number}" / f"{k}.pgm").read_bytes())
    dialog = shown(qtbot, place, until)
    dialog.intake.ask_import(tmp_path / "people")
    assert not dialog.intake.strip.name.isVisible()
    dialog.intake.strip.start_button.click()
    until(lambda: names(dialog) == ["Anna", "Zoe"])
    assert [person.pictures for person in place.gallery.people()] == [2, 2]
    assert dialog.page.list.person is not None
    assert dialog.page.list.person.name == "Anna"


def test_an_import_that_is_stopped_leaves_what_it_had_not_reached(
    qtbot: QtBot, place: Place, until: Until, orl: Path
) -> None:
    dialog = shown(qtbot, place, until)
    dialog.intake.strip.importRequested.emit(orl, False)
    dialog.intake.work.cancel_button.click()
    until(lambda: not dialog.intake.busy)
    assert len(place.gallery.people()) < 40
    assert dialog.messages.message is not None
    assert dialog.messages.message.text.startswith("Stopped")


def test_a_person_is_renamed_in_place(qtbot: QtBot, peopled: Place, until: Until) -> None:
    dialog = shown(qtbot, peopled, until)
    field = dialog.page.person.name
    assert field.text() == "Anna"
    field.setText("Anna Maria")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == "Anna"
    assert dialog.isVisible()
    field.setText(" Carla ")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    until(lambda: names(dialog) == ["Berta", "Carla"])
    assert dialog.page.person.person is not None
    assert dialog.page.person.person.name == "Carla", "who is chosen stays so"


def test_a_name_that_is_taken_is_refused(qtbot: QtBot, peopled: Place, until: Until) -> None:
    dialog = shown(qtbot, peopled, until)
    dialog.page.person.name.setText("BERTA")
    with qtbot.waitSignal(peopled.service.failed) as failed:
        qtbot.keyClick(dialog.page.person.name, Qt.Key.Key_Return)
    assert isinstance(failed.args[0], NameTakenError)  # type: ignore[index]
    assert dialog.page.person.name.text() == "Anna"
    assert dialog.messages.message is not None
    assert "name of another person" in dialog.messages.message.text


def test_a_picture_is_forgotten_by_the_delete_key(qtbot: QtBot, peopled: Place, until: Until) -> None:
    dialog = shown(qtbot, peopled, until)
    grid, person = dialog.page.person.grid, peopled.gallery.person("Anna")
    until(lambda: len(grid.pictures.pictures) == 5)
    assert not dialog.page.person.forget_picture_button.isEnabled()
    gone = grid.pictures.pictures[1]
    grid.setCurrentIndex(grid.pictures.index(1))
    assert dialog.page.person.forget_picture_button.isEnabled()
    qtbot.keyClick(grid, Qt.Key.Key_Delete)
    until(lambda: len(grid.pictures.pictures) == 4)
    assert gone.id not in [picture.id for picture in peopled.gallery.pictures(person.id)]


def test_a_person_is_forgotten_only_after_a_question_and_then_nothing_is_left(
    qtbot: QtBot, peopled: Place, until: Until
) -> None:
    dialog = shown(qtbot, peopled, until)
    assert b"Anna" in peopled.gallery.path.read_bytes()
    for wanted in ("Cancel", "Forget"):
        dialog.page.person.forget_button.click()
        box = dialog.findChild(QMessageBox)
        assert box is not None
        assert box.text() == "Forget Anna?"
        assert "5 pictures" in box.informativeText()
        default = box.defaultButton()
        assert default is not None
        assert default.text() == "Cancel"
        next(button for button in box.buttons() if button.text() == wanted).click()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # type: ignore[call-overload]
    until(lambda: names(dialog) == ["Berta"])
    assert b"Anna" not in peopled.gallery.path.read_bytes()
    until(lambda: dialog.messages.message is not None and "Nothing of Anna" in dialog.messages.message.text)


@pytest.mark.parametrize("suffix", ["", ".zip"])
def test_a_person_is_exported(qtbot: QtBot, peopled: Place, until: Until, tmp_path: Path, suffix: str) -> None:
    dialog = shown(qtbot, peopled, until)
    dialog.page.person.exportRequested.emit(dialog.page.list.person, suffix)
    chooser = dialog.findChild(QFileDialog)
    assert chooser is not None
    assert chooser.testOption(QFileDialog.Option.DontUseNativeDialog)
    chosen = tmp_path / f"out{suffix}"
    chooser.fileSelected.emit(str(chosen))
    chooser.close()
    until(lambda: dialog.messages.message is not None)
    assert (chosen / "Anna" / "person.json").is_file() if not suffix else chosen.is_file()
    assert len(dialog.messages.buttons) == 1, "the folder can be shown"


def test_many_people_can_be_searched(qtbot: QtBot, place: Place, until: Until) -> None:
    vectors = random_units(np.random.default_rng(5), 12)
    for i, vector in enumerate(vectors):
        place.gallery.enrol(f"Person {chr(65 + i)}", [new_picture(vector)])
    dialog = shown(qtbot, place, until)
    page = dialog.page
    assert page.search.isVisible()
    page.search.setText("person d")
    assert [not page.list.isRowHidden(i) for i in range(12)].count(True) == 1
    assert page.list.person is not None
    assert page.list.person.name == "Person D"


def test_what_changes_elsewhere_is_shown(qtbot: QtBot, peopled: Place, until: Until) -> None:
    dialog = shown(qtbot, peopled, until)
    peopled.service.do(lambda at: at.gallery.forget(at.gallery.person("Anna").id), lambda _: None, changes=True)
    until(lambda: names(dialog) == ["Berta"])


def test_what_cannot_be_opened_is_told_and_can_be_tried_again(
    qtbot: QtBot, place: Place, until: Until, tmp_path: Path
) -> None:
    place.service.follow(changed(Settings(), embedder=str(tmp_path / "later.onnx")))
    dialog = PeopleDialog(place.service)
    qtbot.addWidget(dialog, before_close_func=lambda d: d.close())
    dialog.show()
    until(lambda: dialog.messages.message is not None)
    (tmp_path / "later.onnx").write_bytes(embedded_embedders()["orl-faces"].read_bytes())
    dialog.messages.buttons[0].click()
    until(lambda: dialog.page.empty)


def test_a_dialog_that_is_closed_at_once_harms_nobody(qtbot: QtBot, peopled: Place) -> None:
    dialog = PeopleDialog(peopled.service)
    dialog.show()
    dialog.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # type: ignore[call-overload]
    with qtbot.waitSignal(peopled.service.changed, timeout=30_000):
        pass


def test_it_speaks_the_new_language(qtbot: QtBot, peopled: Place, until: Until) -> None:
    dialog = shown(qtbot, peopled, until)
    dialog.enrol_files([peopled.gallery.path])
    QCoreApplication.sendEvent(dialog, QEvent(QEvent.Type.LanguageChange))
    assert dialog.windowTitle() == "People"
    assert Gallery.open(peopled.gallery.path).people()[0].name == "Anna"
