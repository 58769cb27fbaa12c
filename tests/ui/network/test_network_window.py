"""Inside the network in the real window, over real models: what it shows is what the network computed for the shown frame."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot

from detector_app.engine.state import Phase
from detector_app.pipelines.inside.network import Inside, networks_of
from detector_app.pipelines.inside.sight import Maps
from detector_app.ui.main_window import MainWindow
from detector_app.ui.network.network_panel import MAPS, NEEDS, PATCHES
from tests.ui.conftest import MakeWindow
from tests.ui.films import DEADLINE_MS, load, squares_film

ASSETS = Path(__file__).parents[3] / "assets"


def maps_of(window: MainWindow) -> Maps:
    maps = window.network.probe.maps
    assert maps is not None
    return maps


def hold(qtbot: QtBot, window: MainWindow, source: Path, index: int) -> None:
    """Hold frame ``index`` with the panel open, until its maps are shown."""
    window.inputs.open(str(source))
    qtbot.waitUntil(lambda: window.state.phase is Phase.PLAYING, timeout=DEADLINE_MS)
    window.controller.pause()
    window.controller.seek_index(index)
    window.actions_table["network"].setChecked(True)
    qtbot.waitUntil(lambda: shows(window, index), timeout=DEADLINE_MS)


def shows(window: MainWindow, index: int) -> bool:
    shown, tapped = window.area.view.shown, window.network.probe.tapped
    return shown is not None and shown.frame.index == index and tapped is not None and tapped.order.frame is shown.frame


@pytest.fixture
def held(window: MainWindow, film: Path, model: Path, qtbot: QtBot) -> MainWindow:
    """The window with frame 20 of the film, looked into."""
    load(qtbot, window, model)
    hold(qtbot, window, film, 20)
    return window


def test_a_held_frame_is_looked_at_exactly(held: MainWindow, model: Path, qtbot: QtBot) -> None:
    window = held
    inside = Inside(networks_of(str(model))[0])
    box = window.network.panel.layer
    for i in range(box.count()):
        tensor = box.itemData(i)
        if not tensor:
            continue
        box.setCurrentIndex(i)
        box.activated.emit(i)
        qtbot.waitUntil(lambda wanted=tensor: maps_of(window).layer.tensor == wanted, timeout=DEADLINE_MS)
        shown = window.area.view.shown
        assert shown is not None
        expected = inside.look(*inside.see(shown.frame), tensor)
        assert expected is not None
        np.testing.assert_array_equal(maps_of(window).values, expected.values)


def test_it_costs_nothing_while_it_is_closed(held: MainWindow, qtbot: QtBot) -> None:
    window = held
    assert window.network.active
    worker = window.network._worker
    assert worker is not None
    window.actions_table["network"].setChecked(False)
    assert not window.network.active
    worker.thread.join(10)
    assert not worker.thread.is_alive()
    assert window.network.probe.maps is None
    assert window.network.layer.field is None
    window.actions_table["network"].setChecked(True)
    qtbot.waitUntil(lambda: shows(window, 20), timeout=DEADLINE_MS)


def test_it_follows_while_it_plays(held: MainWindow, qtbot: QtBot) -> None:
    window = held
    window.controller.set_loop(True)
    window.controller.play()
    before = window.network.probe.tapped
    qtbot.waitUntil(lambda: window.network.probe.tapped is not before, timeout=DEADLINE_MS)
    window.controller.pause()
    qtbot.waitUntil(
        lambda: window.state.phase is Phase.PAUSED and shows(window, window.area.view.shown.frame.index),  # type: ignore[union-attr]
        timeout=DEADLINE_MS,
    )


def test_a_click_on_a_map_draws_what_it_sees(held: MainWindow, qtbot: QtBot) -> None:
    window = held
    grid, probe, maps = window.network.panel.grid, window.network.probe, maps_of(held)
    where = grid.tile(0)
    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=where.center())
    assert probe.unit == probe.order[0]
    assert abs(probe.row - maps.layer.height // 2) <= 1
    assert abs(probe.column - maps.layer.width // 2) <= 1
    field = window.network.layer.field
    box = probe.field().in_source(maps.letterbox)
    assert field is not None
    assert box == (field.left(), field.top(), field.right(), field.bottom())
    assert field.contains(window.network.layer.centre)
    window.grab()  # paints


def test_a_click_on_the_picture_chooses_the_activation_there(held: MainWindow) -> None:
    window = held
    window.area.view.clickedAt.emit(QPointF(200, 100))
    field, maps = window.network.layer.field, maps_of(window)
    assert field is not None
    assert field.contains(QPointF(200, 100))
    assert window.network.probe.row == int(100 * maps.layer.height / 320)


def test_the_keyboard_alone(held: MainWindow, qtbot: QtBot) -> None:
    window = held
    panel, probe = window.network.panel, window.network.probe
    shown = window.area.view.shown
    probe.choose(0, 1, 1)
    panel.map.setFocus()
    qtbot.keyClick(panel.map, Qt.Key.Key_Right)
    qtbot.keyClick(panel.map, Qt.Key.Key_Down)
    assert (probe.row, probe.column) == (2, 2)
    panel.grid.setFocus()
    qtbot.keyClick(panel.grid, Qt.Key.Key_Right)
    assert probe.unit == probe.order[min(1, len(probe.order) - 1)]
    qtbot.keyClick(panel.grid, Qt.Key.Key_Return)
    assert panel.page == PATCHES
    qtbot.keyClick(panel.patches.back, Qt.Key.Key_Space)
    assert panel.page == MAPS
    assert window.area.view.shown is shown  # no key has stepped through the film


def test_the_chosen_map_is_in_sight(window: MainWindow, qtbot: QtBot) -> None:
    window.controller.load_model("desk-yolo")
    qtbot.waitUntil(lambda: window.state.model_name == "desk-yolo", timeout=DEADLINE_MS)
    hold(qtbot, window, ASSETS / "demo.mp4", 100)
    grid, probe = window.network.panel.grid, window.network.probe
    largest = max(probe.tapped.anatomy.layers, key=lambda layer: layer.channels)  # type: ignore[union-attr]
    window.network.choose_layer(largest.tensor)
    qtbot.waitUntil(lambda: maps_of(window).layer == largest, timeout=DEADLINE_MS)
    room = grid.viewport().rect()
    for unit in (probe.unit, largest.channels - 1, 0):
        probe.choose(unit)
        assert room.contains(grid.tile(probe.order.index(unit)).center())
    window.grab()


def test_hovering_shows_a_map_large(held: MainWindow, qtbot: QtBot) -> None:
    panel, probe = held.network.panel, held.network.probe
    last = probe.order[-1]
    qtbot.mouseMove(panel.grid.viewport(), panel.grid.tile(len(probe.order) - 1).center())
    probe.hover(last)
    assert panel.unit_name.text() == f"Unit {last}"
    held.grab()
    probe.hover(-1)
    assert panel.unit_name.text() == f"Unit {probe.unit}"


def test_patches_are_found_and_lead_to_their_frames(held: MainWindow, qtbot: QtBot) -> None:
    window = held
    panel = window.network.panel
    panel.excites.click()
    assert panel.patches.title.text() == panel.unit_text()
    assert panel.patches.buttons["present"].isEnabled()
    panel.patches.buttons["present"].click()
    assert window.network.searching
    qtbot.waitUntil(lambda: not window.network.searching, timeout=DEADLINE_MS)
    assert panel.patches.patches.count() == 2  # two seconds, one patch each
    assert "60" in panel.patches.status.text()
    item = panel.patches.patches.item(1)
    patch = item.data(Qt.ItemDataRole.UserRole)
    panel.patches.patches.itemActivated.emit(item)
    qtbot.waitUntil(lambda: shows(window, patch.index), timeout=DEADLINE_MS)
    assert (window.network.probe.row, window.network.probe.column) == (patch.row, patch.column)
    assert window.network.probe.value == pytest.approx(patch.value, rel=1e-4)


def test_patches_of_another_video_leave_the_picture_alone(held: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    window = held
    window.network.probe.choose(0, 1, 2)
    window.network.search(str(squares_film(tmp_path / "other.mp4", frames=12)))
    qtbot.waitUntil(lambda: not window.network.searching, timeout=DEADLINE_MS)
    patches = window.network.panel.patches.patches
    assert patches.count() == 1
    patches.itemActivated.emit(patches.item(0))
    assert (window.network.probe.row, window.network.probe.column) == (1, 2)


def test_a_search_that_cannot_begin_is_told(held: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    window = held
    with qtbot.waitSignal(window.bridge.failed, timeout=DEADLINE_MS):
        window.network.search(str(tmp_path / "absent.mp4"))
    qtbot.waitUntil(lambda: not window.network.searching, timeout=DEADLINE_MS)
    assert window.network.panel.patches.buttons["present"].isEnabled()


def test_closing_the_window_ends_a_search(held: MainWindow, film: Path) -> None:
    held.network.search(str(film))
    held.close()  # the fixtures fail if a thread is left


def test_another_model_has_other_layers(held: MainWindow, qtbot: QtBot) -> None:
    window = held
    window.controller.load_model("lenet-digits")
    qtbot.waitUntil(lambda: window.state.model_name == "lenet-digits", timeout=DEADLINE_MS)
    qtbot.waitUntil(
        lambda: window.network.probe.maps is not None and maps_of(window).layer.title == "ReLU 1 · 6 × 28 × 28",
        timeout=DEADLINE_MS,
    )
    assert window.network.panel.layer.currentText() == "ReLU 1 · 6 × 28 × 28"
    assert not window.network.panel.stage.isVisible()


def test_stages_of_mtcnn(window: MainWindow, film: Path, qtbot: QtBot) -> None:
    window.controller.load_model("mtcnn")
    qtbot.waitUntil(lambda: window.state.model_name == "mtcnn", timeout=DEADLINE_MS)
    hold(qtbot, window, film, 5)
    panel = window.network.panel
    assert panel.stage.isVisible()
    assert panel.level.isVisible()
    large = maps_of(window).layer
    panel.level.setValue(3)
    qtbot.waitUntil(lambda: maps_of(window).layer.width < large.width, timeout=DEADLINE_MS)
    panel.stage.setCurrentIndex(2)
    panel.stage.activated.emit(2)
    qtbot.waitUntil(lambda: maps_of(window).letterbox.input_wh == (48, 48), timeout=DEADLINE_MS)
    assert panel.note.isVisible()
    assert not panel.level.isVisible()


def test_nothing_is_open(window: MainWindow, qtbot: QtBot) -> None:
    window.actions_table["network"].setChecked(True)
    assert window.network.panel.page == NEEDS
    assert window.network.panel.needs.text()


def test_it_speaks_chinese(make_window: MakeWindow, film: Path, model: Path, qtbot: QtBot) -> None:
    window = make_window(language="zh_CN", theme="light")
    load(qtbot, window, model)
    hold(qtbot, window, film, 3)
    window.preferences.set(language="en")
    qtbot.waitUntil(lambda: window.network.panel.excites.text() == "What excites this unit most?", timeout=DEADLINE_MS)
    window.grab()


def test_colours_of_all_kinds_are_painted(held: MainWindow, qtbot: QtBot) -> None:
    panel, probe = held.network.panel, held.network.probe
    panel.around_zero.setChecked(True)
    panel.together.setCurrentIndex(1)
    panel.together.activated.emit(1)
    panel.order.setCurrentIndex(1)
    panel.order.activated.emit(1)
    assert probe.scaling.together
    assert probe.scaling.around_zero
    assert probe.by_strength
    assert len({tuple(bounds) for bounds in probe.bounds.tolist()}) == 1
    held.grab()
