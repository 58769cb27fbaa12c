from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from detector_app.ui.overlay import class_qcolor
from detector_app.ui.theme import GRID_PX, PADDING_PX
from detector_app.ui.timeline import NAME_PX, ROW_PX, FoundOverTime, Timeline
from tests.ui.results import result

CUP = ("cup", 0.9, (40.0, 60.0, 180.0, 220.0))
BOTTLE = ("bottle", 0.8, (240.0, 60.0, 360.0, 280.0))


@pytest.fixture
def timeline(qtbot: QtBot) -> Timeline:
    timeline = Timeline()
    qtbot.addWidget(timeline)
    timeline.resize(1000, timeline.sizeHint().height())
    timeline.reset(10.0)
    timeline.show()
    return timeline


def play(timeline: Timeline, start_s: float, end_s: float, *found: tuple[str, float, tuple[float, ...]]) -> None:
    for i in range(round(start_s * 25), round(end_s * 25)):
        timeline.add(result(*found, time_s=i / 25, index=i))


def test_played_time_has_no_holes_at_any_rate() -> None:
    for rate, bins in ((30, 300), (25, 1000), (7, 100), (60, 10)):
        found = FoundOverTime(10.0, bins)
        for i in range(rate * 10):
            found.add(i / rate, ["cup"])
        end = found.bin_at((rate * 10 - 1) / rate) + 1
        assert found.visited[:end].all()
        assert (found.counts["cup"][:end] == 1).all()


def test_a_jump_leaves_a_hole() -> None:
    found = FoundOverTime(10.0, 100)
    found.add(1.0, ["cup"])
    found.add(8.0, ["cup"])
    found.add(4.0, ["cup"])
    assert np.flatnonzero(found.visited).tolist() == [10, 40, 80]


def test_a_bin_holds_the_most_of_its_newest_pass() -> None:
    found = FoundOverTime(10.0, 10)
    for names in (["cup"], ["cup", "cup"], []):
        found.add(3.2, names)
    assert found.counts["cup"][3] == 2
    found.add(9.0, [])
    found.add(3.5, ["bottle"])
    assert (found.counts["cup"][3], found.counts["bottle"][3]) == (0, 1)


def test_times_beyond_the_ends_count_at_the_ends() -> None:
    found = FoundOverTime(10.0, 10)
    found.add(-1.0, ["cup"])
    found.add(99.0, ["cup"])
    assert np.flatnonzero(found.counts["cup"]).tolist() == [0, 9]


def test_the_rows_are_the_classes_present_longest_in_the_order_of_their_coming() -> None:
    found = FoundOverTime(100.0, 100)
    for second in range(100):
        names = ["a"] * (second < 2) + ["b"] * (second < 50) + ["c"] * (second > 20) + ["d"] * (second > 60)
        found.add(float(second), names)
    assert found.most_present(3) == ["b", "c", "d"]
    assert found.most_present(9) == ["a", "b", "c", "d"]


def test_what_was_found_is_painted_where_it_was_found(timeline: Timeline) -> None:
    play(timeline, 0, 5, CUP)
    play(timeline, 5, 8)
    image = timeline.grab().toImage()
    strip = range(110, 980)
    colour = class_qcolor("cup")
    painted = [x for x in strip if image.pixelColor(x, ROW_PX // 2) == colour]
    assert painted
    assert timeline.time_at(painted[0]) < 0.1
    assert timeline.time_at(painted[-1]) == pytest.approx(5.0, abs=0.15)


def test_a_press_and_a_drag_seek(timeline: Timeline, qtbot: QtBot) -> None:
    sought: list[float] = []
    timeline.seekRequested.connect(sought.append)
    middle = next(x for x in range(1000) if timeline.time_at(x) >= 5.0)
    qtbot.mousePress(timeline, Qt.MouseButton.LeftButton, pos=QPoint(middle, 10))
    qtbot.mouseRelease(timeline, Qt.MouseButton.LeftButton, pos=QPoint(middle, 10))
    qtbot.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=QPoint(0, 10))
    qtbot.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=QPoint(999, 10))
    assert sought == [pytest.approx(5.0, abs=0.02), 0.0, 10.0]


def test_the_hint_tells_time_and_counts(timeline: Timeline) -> None:
    play(timeline, 0, 2, CUP, CUP, BOTTLE)
    at_one = next(x for x in range(1000) if timeline.time_at(x) >= 1.0)
    assert timeline.hint_at(at_one).split("  ", 1)[1] == "cup 2  bottle 1"
    assert timeline.hint_at(900).endswith("not played yet")


def test_resetting_forgets_and_without_a_file_nothing_happens(timeline: Timeline, qtbot: QtBot) -> None:
    play(timeline, 0, 2, CUP)
    timeline.reset(20.0, frame_count=600)
    assert timeline.found.counts == {}
    assert timeline.found.bins == 600
    timeline.reset(None)
    timeline.add(result(CUP))
    assert timeline.found.counts == {}
    with qtbot.assertNotEmitted(timeline.seekRequested):
        qtbot.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=QPoint(500, 10))


def test_the_height_is_always_the_same(timeline: Timeline) -> None:
    before = timeline.sizeHint()
    play(timeline, 0, 2, CUP, BOTTLE, ("fork", 0.5, (0.0, 0.0, 9.0, 9.0)))
    assert timeline.sizeHint() == before
    assert timeline.height() == before.height()


def test_another_model_begins_anew_on_the_same_file_at_the_same_place(timeline: Timeline) -> None:
    play(timeline, 0.0, 5.0, CUP)
    before = timeline.grab().toImage()
    timeline.forget()
    assert timeline.found.most_present(3) == []
    assert not timeline.found.visited.any()
    assert (timeline.found.duration_s, timeline.found.bins) == (10.0, 100)
    x = timeline.width() - PADDING_PX - (timeline.width() - 2 * PADDING_PX - NAME_PX - GRID_PX) // 2
    row = [timeline.grab().toImage().pixelColor(near, ROW_PX // 2) for near in range(x - 6, x + 4)]
    assert len({colour.name() for colour in row}) > 1, "the playhead is still there"
    assert timeline.grab().toImage() != before
