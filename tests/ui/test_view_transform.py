from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF, QSizeF

from detector_app.ui.view_transform import MOST_SCALE, ViewTransform

sides = st.floats(1, 12_000)
views = st.builds(QSizeF, st.floats(50, 4000), st.floats(50, 4000))
pictures = st.builds(QSizeF, sides, sides)
points = st.builds(QPointF, st.floats(0, 4000), st.floats(0, 4000))


@given(pictures, views)
def test_fit_shows_all_and_touches_two_edges(picture: QSizeF, view: QSizeF) -> None:
    rect = ViewTransform.fit(picture, view).rect_to_view(QRectF(QPointF(0, 0), picture))
    assert rect.width() == pytest.approx(view.width()) or rect.height() == pytest.approx(view.height())
    assert rect.width() <= view.width() + 1e-6
    assert rect.height() <= view.height() + 1e-6
    assert rect.center().x() == pytest.approx(view.width() / 2)
    assert rect.center().y() == pytest.approx(view.height() / 2)


@given(pictures, views, points, st.floats(0.1, 10), points)
def test_there_and_back(picture: QSizeF, view: QSizeF, at: QPointF, factor: float, point: QPointF) -> None:
    transform = ViewTransform.fit(picture, view).zoomed(factor, at, picture, view)
    back = transform.to_picture(transform.to_view(point))
    assert (back.x(), back.y()) == pytest.approx((point.x(), point.y()), rel=1e-6, abs=1e-6)


@given(st.floats(1.0, 8.0), st.floats(0.2, 0.8), st.floats(0.2, 0.8))
def test_zooming_in_keeps_the_point_under_the_pointer(factor: float, across: float, down: float) -> None:
    picture, view = QSizeF(1920, 1080), QSizeF(960, 540)
    fitted = ViewTransform.fit(picture, view)
    at = QPointF(across * view.width(), down * view.height())
    zoomed = fitted.zoomed(factor, at, picture, view)
    before, after = fitted.to_picture(at), zoomed.to_picture(at)
    assert (after.x(), after.y()) == pytest.approx((before.x(), before.y()), abs=1e-6)


@given(pictures, views, points, st.floats(1e-3, 1e3), points)
def test_no_background_is_seen_where_the_picture_could_be(
    picture: QSizeF, view: QSizeF, at: QPointF, factor: float, by: QPointF
) -> None:
    transform = ViewTransform.fit(picture, view).zoomed(factor, at, picture, view).panned(by, picture, view)
    rect = transform.rect_to_view(QRectF(QPointF(0, 0), picture))
    for low, high, room in ((rect.left(), rect.right(), view.width()), (rect.top(), rect.bottom(), view.height())):
        if high - low >= room:
            assert low <= 1e-6
            assert high >= room - 1e-6
        else:
            assert low + high == pytest.approx(room, abs=1e-6)


def test_zoom_ends_on_both_sides() -> None:
    picture, view, middle = QSizeF(640, 480), QSizeF(640, 480), QPointF(320, 240)
    fitted = ViewTransform.fit(picture, view)
    assert fitted.zoomed(1e9, middle, picture, view).scale == MOST_SCALE
    assert fitted.zoomed(1e-9, middle, picture, view).scale * 640 == pytest.approx(32)


def test_a_picture_of_one_pixel_fills_the_view() -> None:
    one, view = QSizeF(1, 1), QSizeF(800, 600)
    fitted = ViewTransform.fit(one, view)
    assert fitted.scale == 600
    assert fitted.zoomed(1.0, QPointF(400, 300), one, view) == fitted
