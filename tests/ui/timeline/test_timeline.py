"""The strip as a widget: rows, scrolling, seeking, hints, events."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from detector_app.ui.overlay import class_qcolor
from detector_app.ui.timeline.strip_picture import by_column, held, held_visits
from detector_app.ui.timeline.strip_row import StripRow
from detector_app.ui.timeline.timeline import ROW_PX, Timeline

BINS = 100


def row(name: str, first: int, end: int, count: int = 1) -> StripRow:
    values = np.zeros(BINS, np.float32)
    values[first:end] = 1
    counts = (values * count).astype(np.int64)
    return StripRow(name, name, name, values, np.array([first / 10]), counts)


@pytest.fixture
def timeline(qtbot: QtBot) -> Timeline:
    timeline = Timeline()
    qtbot.addWidget(timeline)
    timeline.resize(1000, timeline.sizeHint().height())
    timeline.reset(10.0)
    timeline.show()
    return timeline


def seen(end: int = BINS) -> np.ndarray:
    return np.arange(BINS) < end


def test_a_row_is_painted_where_it_is_present(timeline: Timeline) -> None:
    timeline.set_rows([row("cup", 20, 50)], seen())
    image = timeline.grab().toImage()
    painted = [x for x in range(110, 980) if image.pixelColor(x, ROW_PX // 2) == class_qcolor("cup")]
    assert timeline.time_at(painted[0]) == pytest.approx(2.0, abs=0.05)
    assert timeline.time_at(painted[-1]) == pytest.approx(5.0, abs=0.05)


def test_a_press_and_a_drag_seek(timeline: Timeline, qtbot: QtBot) -> None:
    sought: list[float] = []
    timeline.seekRequested.connect(sought.append)
    middle = next(x for x in range(1000) if timeline.time_at(x) >= 5.0)
    for x in (middle, 104, 999, 50):
        qtbot.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=QPoint(x, 10))
    assert sought == [pytest.approx(5.0, abs=0.02), 0.0, 10.0]


def test_the_hint_tells_time_and_counts(timeline: Timeline) -> None:
    timeline.set_rows([row("cup", 0, 20, count=2), row("bottle", 5, 15)], seen(60))
    at_one = next(x for x in range(1000) if timeline.time_at(x) >= 1.0)
    assert timeline.hint_at(at_one).split("  ", 1)[1] == "cup 2  bottle 1"
    assert timeline.hint_at(900).endswith("not seen yet")


def test_events_of_all_rows_forwards_and_backwards(timeline: Timeline) -> None:
    timeline.set_rows([row("cup", 20, 50), row("bottle", 35, 60)], seen())
    timeline.set_extra_rows("lines", [row("door", 80, 81)])
    assert [timeline.event_from(at, 1) for at in (0, 2.0, 3.5, 8.0)] == [2.0, 3.5, 8.0, None]
    assert [timeline.event_from(at, -1) for at in (9, 8.0, 2.1, 2.0)] == [8.0, 3.5, 2.0, None]
    timeline.set_extra_rows("lines", [])
    assert timeline.event_from(4, 1) is None


def test_more_rows_than_fit_are_reached_by_wheel_and_keys(timeline: Timeline, qtbot: QtBot) -> None:
    names = [f"class {i}" for i in range(7)]
    timeline.set_rows([row(name, 0, BINS) for name in names], seen())

    def top() -> str:
        colour = timeline.grab().toImage().pixelColor(500, ROW_PX // 2)
        return next(name for name in names if class_qcolor(name) == colour)

    assert top() == "class 0"
    at = QPointF(500, 20)
    turn = QWheelEvent(
        at, timeline.mapToGlobal(at), QPoint(), QPoint(0, -240), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(timeline, turn)
    assert top() == "class 2"
    for _ in range(9):
        qtbot.keyClick(timeline, Qt.Key.Key_Down)
    assert top() == "class 4"
    timeline.set_rows([row("class 0", 0, BINS)], seen())
    assert top() == "class 0"


def test_without_a_file_nothing_happens(timeline: Timeline, qtbot: QtBot) -> None:
    timeline.reset(None)
    assert timeline.rows == ()
    with qtbot.assertNotEmitted(timeline.seekRequested):
        qtbot.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=QPoint(500, 10))


def test_the_height_is_always_the_same(timeline: Timeline) -> None:
    before = timeline.sizeHint()
    timeline.set_rows([row(f"{i}", 0, 5) for i in range(9)], seen())
    assert timeline.sizeHint() == before


@given(st.lists(st.integers(0, 5), min_size=1, max_size=60), st.integers(1, 40))
def test_nothing_short_is_lost_where_bins_share_a_column(values: list[int], width: int) -> None:
    columns = by_column(np.array(values), width)
    assert len(columns) == width
    if len(values) > width:
        for i in range(width):
            assert columns[i] == max(values[i * len(values) // width : (i + 1) * len(values) // width])


def test_short_gaps_are_filled_and_long_ones_not() -> None:
    visited = np.array([1, 0, 1, 0, 0, 0, 1], bool)
    values = np.array([1, 0, 0.5, 0, 0, 0, 1], np.float32)
    assert held(values, visited, 2).tolist() == [1, 1, 0.5, 0, 0, 0, 1]
    assert held_visits(visited, 2).tolist() == [True, True, True, False, False, False, True]
    assert held(values, np.zeros(7, bool), 2).tolist() == values.tolist()


def test_a_tall_window_has_more_rows_in_sight(timeline: Timeline) -> None:
    timeline.set_rows([row(f"class {i}", i, i + 5) for i in range(8)], seen(100))
    low = timeline.height()
    assert (timeline.title_at(5), timeline.title_at(ROW_PX * 2.5), timeline.title_at(low)) == ("class 0", "class 2", "")
    timeline.fit_window(1080)
    assert timeline.height() == low + 3 * ROW_PX
    assert timeline.title_at(ROW_PX * 5.5) == "class 5"
    timeline.fit_window(720)
    assert timeline.height() == low


def test_a_hint_of_a_crowd_is_cut_short(timeline: Timeline) -> None:
    timeline.set_rows([row(f"class {i}", 0, 100) for i in range(30)], seen(100))
    assert timeline.hint_at(500).endswith("class 7 1  …")


def test_rows_of_others_are_told_of_where_no_frame_was_seen(timeline: Timeline) -> None:
    timeline.set_rows([], seen(0))
    timeline.set_extra_rows("truth", [row("missed", 0, 100)])
    assert "missed 1" in timeline.hint_at(500)
