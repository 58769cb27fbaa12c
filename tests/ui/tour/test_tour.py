"""The tour in the real window: once, by keyboard, out of the way, and where its targets are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, QSettings, QSize, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from detector_app.ui.main_window import MainWindow
from detector_app.ui.tour.stops import STOPS
from detector_app.ui.tour.tour_card import place_beside
from detector_app.ui.tour.tour_desk import SEEN
from tests.ui.films import DEADLINE_MS


@pytest.fixture
def touring(window: MainWindow, qtbot: QtBot) -> MainWindow:
    window.start()
    window.tour.start()
    qtbot.waitUntil(lambda: window.area.showing_picture and window.state.model is not None, timeout=DEADLINE_MS)
    return window


def test_the_window_alone_starts_no_tour(window: MainWindow) -> None:
    assert window.tour.stop_name == ""
    assert not window.tour.card.isVisible()


def test_it_comes_once(window: MainWindow, store: QSettings) -> None:
    assert window.tour.start_once()
    window.tour.stop()
    assert not window.tour.start_once()
    assert store.value(SEEN) is not None
    window.actions_table["tour"].trigger()
    assert window.tour.stop_name == STOPS[0].name, "asked for, it comes again"


def test_it_is_walked_by_keyboard(touring: MainWindow, qtbot: QtBot) -> None:
    tour = touring.tour
    seen = [tour.stop_name]
    for _ in STOPS[1:]:
        qtbot.keyClick(tour.card.next, Qt.Key.Key_Right)
        seen.append(tour.stop_name)
        assert touring.focusWidget() is tour.card.next
        assert tour.card.title.text() in tour.card.next.accessibleDescription()
    assert seen == [stop.name for stop in STOPS]
    qtbot.keyClick(tour.card.next, Qt.Key.Key_Left)
    assert tour.stop_name == STOPS[-2].name
    qtbot.keyClick(tour.card.next, Qt.Key.Key_Escape)
    assert tour.stop_name == ""
    assert not tour.card.isVisible()
    assert touring.focusWidget() is touring.area.view


def test_the_last_button_ends_it(touring: MainWindow) -> None:
    for _ in STOPS:
        touring.tour.card.next.click()
    assert touring.tour.stop_name == ""


@pytest.mark.parametrize("size", [(1280, 720), (1024, 640), (1920, 1080)])
def test_the_card_stands_beside_its_target_in_the_window(
    touring: MainWindow, qtbot: QtBot, size: tuple[int, int]
) -> None:
    tour = touring.tour
    for stop in STOPS:
        touring.resize(*size)

        def beside(inside: bool = stop.inside) -> bool:
            target = next(each for each in STOPS if each.name == tour.stop_name).target(touring)
            place = QRect(target.mapTo(touring, QPoint(0, 0)), target.size())
            in_window = touring.rect().contains(tour.card.geometry())
            hidden = not target.isVisible()  # a narrow toolbar hides its last buttons
            return in_window and (inside or hidden or not place.intersects(tour.card.geometry()))

        qtbot.waitUntil(beside, timeout=DEADLINE_MS)
        assert tour.card.text.height() >= tour.card.text.heightForWidth(tour.card.text.width()), "all words are seen"
        tour.card.next.click()


def test_the_window_can_be_used_all_the_while(touring: MainWindow, qtbot: QtBot) -> None:
    panel = touring.area.panel
    before = panel.score.value
    qtbot.keyClick(touring, Qt.Key.Key_BracketRight)
    assert panel.score.value > before
    assert touring.tour.stop_name
    assert QApplication.activeModalWidget() is None


def test_it_speaks_chinese(touring: MainWindow, qtbot: QtBot) -> None:
    before = touring.tour.card.title.text()
    touring.preferences.set(language="zh_CN")
    qtbot.waitUntil(lambda: touring.tour.card.title.text() != before)
    assert touring.tour.card.next.text() == "下一步"


rects = st.builds(QRect, st.integers(0, 1200), st.integers(0, 680), st.integers(1, 1280), st.integers(1, 720))


@given(rects, st.integers(60, 340), st.integers(60, 300), st.booleans())
def test_the_card_never_leaves_the_window(target: QRect, wide: int, high: int, inside: bool) -> None:
    window, card = QRect(0, 0, 1280, 720), QSize(wide, high)
    corner = place_beside(target & window, card, window, inside=inside)
    assert window.contains(QRect(corner, card))
