from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from detector_app.ui.theme import Scheme, apply_theme, tokens
from detector_app.ui.video_view import VideoView
from tests.ui.results import plain, result

LEFT = Qt.MouseButton.LeftButton
CUP = ("cup", 0.9, (40.0, 60.0, 180.0, 220.0))
BOTTLE = ("bottle", 0.8, (240.0, 60.0, 360.0, 280.0))
IN_CUP, IN_BOTTLE, OUTSIDE = QPoint(200, 280), QPoint(600, 340), QPoint(420, 20)


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[VideoView]:
    """A view of 800 × 600 with a picture of 400 × 300 in it: two view pixels per source pixel."""
    view = VideoView()
    qtbot.addWidget(view)
    view.resize(800, 600)
    view.show()
    qtbot.waitExposed(view)
    view.show_result(result(CUP, BOTTLE))
    yield view
    view.close()


def heard(view: VideoView) -> tuple[list[int], list[int]]:
    hovered: list[int] = []
    selected: list[int] = []
    view.detectionHovered.connect(hovered.append)
    view.detectionSelected.connect(selected.append)
    return hovered, selected


def wheel(view: VideoView, at: QPoint, notches: float) -> None:
    there = QPointF(at)
    turn = QPoint(0, round(120 * notches))
    event = QWheelEvent(
        there,
        view.mapToGlobal(there),
        QPoint(),
        turn,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)


def test_a_result_fits_and_is_painted_with_its_boxes(view: VideoView) -> None:
    assert view.zoom == pytest.approx(2.0)
    picture = view.grab().toImage()
    assert picture.pixelColor(420, 20) == QColor(120, 80, 40)
    assert picture.pixelColor(80, 300) != QColor(120, 80, 40)


def test_the_background_follows_the_theme(view: VideoView, qapp: QApplication) -> None:
    view.show_result(result(image_bgr=plain(100, 300)))
    for scheme in Scheme:
        apply_theme(qapp, scheme.value)
        assert view.grab().toImage().pixelColor(5, 5) == QColor(tokens(scheme).surface0)
    apply_theme(qapp, "system")


def test_moving_the_pointer_hovers(view: VideoView, qtbot: QtBot) -> None:
    hovered, _ = heard(view)
    for place in (IN_CUP, IN_CUP + QPoint(3, 3), IN_BOTTLE, OUTSIDE):
        qtbot.mouseMove(view, place)
    assert hovered == [0, 1, -1]


def test_clicking_selects_and_clicking_beside_deselects(view: VideoView, qtbot: QtBot) -> None:
    _, selected = heard(view)
    for place in (IN_BOTTLE, IN_CUP, OUTSIDE):
        qtbot.mouseClick(view, LEFT, pos=place)
    assert selected == [1, 0, -1]


def test_a_hidden_class_cannot_be_pointed_at(view: VideoView, qtbot: QtBot) -> None:
    hovered, _ = heard(view)
    view.set_hidden_classes(frozenset({"cup"}))
    qtbot.mouseMove(view, IN_CUP)
    qtbot.mouseMove(view, IN_BOTTLE)
    assert hovered == [1]


def test_selection_stays_with_the_thing_and_ends_with_it(view: VideoView, qtbot: QtBot) -> None:
    _, selected = heard(view)
    qtbot.mouseClick(view, LEFT, pos=IN_BOTTLE)
    view.show_result(result(BOTTLE, CUP))
    assert view.selected == 0
    view.show_result(result(CUP))
    assert selected == [1, 0, -1]


def test_hover_follows_what_is_under_a_resting_pointer(view: VideoView, qtbot: QtBot) -> None:
    hovered, _ = heard(view)
    qtbot.mouseMove(view, IN_CUP)
    view.show_result(result(BOTTLE))
    view.show_result(result(BOTTLE, CUP))
    assert hovered == [0, -1, 1]


def test_setting_from_outside_is_silent_and_bounded(view: VideoView) -> None:
    hovered, selected = heard(view)
    view.set_hovered(1)
    view.set_selected(0)
    assert (view.hovered, view.selected) == (1, 0)
    view.set_hovered(7)
    view.set_selected(-1)
    assert (view.hovered, view.selected) == (-1, -1)
    assert hovered == selected == []


def test_the_wheel_zooms_at_the_pointer(view: VideoView) -> None:
    before = view.transform.to_picture(QPointF(IN_CUP))
    wheel(view, IN_CUP, 3)
    after = view.transform.to_picture(QPointF(IN_CUP))
    assert view.zoom == pytest.approx(2.0 * 1.2**3)
    assert (after.x(), after.y()) == pytest.approx((before.x(), before.y()))
    wheel(view, IN_CUP, -3)
    assert view.zoom == pytest.approx(2.0)


def test_dragging_pans_selects_nothing_and_stops_at_the_edge(view: VideoView, qtbot: QtBot) -> None:
    _, selected = heard(view)
    view.zoom_by(4.0)
    before = view.transform
    assert view.cursor().shape() == Qt.CursorShape.OpenHandCursor
    qtbot.mousePress(view, LEFT, pos=QPoint(300, 300))
    qtbot.mouseMove(view, QPoint(330, 300))
    assert view.cursor().shape() == Qt.CursorShape.ClosedHandCursor
    qtbot.mouseMove(view, QPoint(350, 320))
    qtbot.mouseRelease(view, LEFT, pos=QPoint(350, 320))
    assert (view.transform.left - before.left, view.transform.top - before.top) == (50, 20)
    qtbot.mousePress(view, LEFT, pos=QPoint(0, 0))
    for _ in range(20):
        qtbot.mouseMove(view, QPoint(790, 590))
        qtbot.mouseMove(view, QPoint(791, 591))
        qtbot.mouseRelease(view, LEFT, pos=QPoint(791, 591))
        qtbot.mousePress(view, LEFT, pos=QPoint(0, 0))
    assert (view.transform.left, view.transform.top) == (0, 0)
    assert selected == []


def test_a_double_click_fits_again(view: VideoView, qtbot: QtBot) -> None:
    view.zoom_by(5.0)
    assert not view.fitting
    qtbot.mouseDClick(view, LEFT, pos=QPoint(10, 10))
    assert view.fitting
    assert view.zoom == pytest.approx(2.0)


def test_actual_size_is_one_device_pixel_per_source_pixel(view: VideoView) -> None:
    view.actual_size()
    assert view.zoom == pytest.approx(1.0)
    centre = view.transform.to_picture(QPointF(400, 300))
    assert (centre.x(), centre.y()) == pytest.approx((200, 150))


def test_a_fitted_picture_follows_the_window_a_zoomed_one_keeps_its_middle(view: VideoView) -> None:
    view.resize(400, 300)
    assert view.zoom == pytest.approx(1.0)
    view.zoom_by(4.0)
    view.resize(600, 500)
    assert view.zoom == pytest.approx(4.0)
    centre = view.transform.to_picture(QPointF(300, 250))
    assert (centre.x(), centre.y()) == pytest.approx((200, 150))


def test_frames_keep_the_zoom_and_another_size_fits(view: VideoView) -> None:
    view.zoom_by(3.0)
    view.show_result(result(CUP))
    assert view.zoom == pytest.approx(6.0)
    view.show_result(result(image_bgr=plain(100, 100)))
    assert view.fitting
    assert view.zoom == pytest.approx(6.0)


def test_the_zoom_is_written_only_when_it_is_not_the_fitting_one(view: VideoView) -> None:
    view.show_result(result(image_bgr=plain(400, 300)))
    plate = QPoint(view.width() - 20, view.height() - 14)
    assert view.grab().toImage().pixelColor(plate) == QColor(120, 80, 40)
    view.zoom_by(1.5)
    assert view.grab().toImage().pixelColor(plate) != QColor(120, 80, 40)


@pytest.mark.parametrize("size", [(1, 1), (3000, 1), (1, 3000)])
def test_odd_shapes_are_shown(view: VideoView, size: tuple[int, int]) -> None:
    view.show_result(result(image_bgr=plain(*size)))
    assert view.grab().toImage().pixelColor(400, 300) == QColor(120, 80, 40)


def test_clearing_forgets_everything(view: VideoView, qtbot: QtBot) -> None:
    qtbot.mouseClick(view, LEFT, pos=IN_CUP)
    hovered, selected = heard(view)
    qtbot.mouseMove(view, IN_BOTTLE)
    view.clear()
    view.zoom_by(2.0)
    assert hovered == [1, -1]
    assert selected == [-1]
    assert view.grab().toImage().pixelColor(400, 300) == QColor(tokens(Scheme.LIGHT).surface0)
