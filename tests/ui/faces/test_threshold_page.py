"""The threshold between two histograms, over a real gallery."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from detector_app.faces.gallery import Gallery
from detector_app.faces.threshold import Pairs, histograms, pairs_of
from detector_app.ui.faces.threshold_page import ThresholdPage
from detector_app.ui.faces.threshold_plot import ThresholdPlot
from tests.ui.faces.conftest import Place

Until = Callable[[Callable[[], bool]], None]


def shown(qtbot: QtBot, place: Place, until: Until) -> ThresholdPage:
    page = ThresholdPage(place.service)
    qtbot.addWidget(page)
    page.resize(800, 500)
    page.show()
    until(lambda: page.known is not None)
    return page


def kept(place: Place) -> float | None:
    attendant = place.service.attendant
    assert attendant is not None
    return Gallery.open(place.gallery.path).snapshot(attendant.embedder.model_hash).threshold


def test_the_errors_are_counted_in_words(qtbot: QtBot, peopled: Place, until: Until) -> None:
    page = shown(qtbot, peopled, until)
    attendant = peopled.service.attendant
    assert attendant is not None
    pairs, threshold = pairs_of(attendant.recogniser.snapshot), attendant.recogniser.threshold
    assert (len(pairs.genuine), len(pairs.impostor)) == (20, 25)
    missed, confused = int((pairs.genuine > threshold).sum()), int((pairs.impostor <= threshold).sum())
    assert page.words.text() == (
        f"{missed} of 20 pairs of one person would be missed, {confused} of 25 pairs of two people confused."
    )
    page.field.setValue(0.0)
    assert page.words.text().startswith("20 of 20 pairs")
    page.field.setValue(2.0)
    assert "25 of 25 pairs of two people" in page.words.text()


def test_the_line_is_stored_when_it_is_let_go(qtbot: QtBot, peopled: Place, until: Until) -> None:
    page = shown(qtbot, peopled, until)
    plot, view = page.plot, page.plot.viewport()
    before = plot.threshold
    box = plot.getPlotItem().vb
    start, end = (
        plot.mapFromScene(box.mapViewToScene(QPointF(x, box.viewRange()[1][1] / 2))) for x in (before, before - 0.2)
    )
    until(lambda: plot.getPlotItem().getViewBox().width() > 100)
    qtbot.mouseMove(view, start)
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    for share in (0.3, 0.6, 1.0):
        at = QPoint(round(start.x() + share * (end.x() - start.x())), start.y())
        event = QMouseEvent(
            QEvent.Type.MouseMove,
            QPointF(at),
            QPointF(view.mapToGlobal(at)),
            Qt.MouseButton.NoButton,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(view, event)
        qtbot.wait(30)
    assert page.field.value() == pytest.approx(before - 0.2, abs=0.02)
    assert kept(peopled) is None, "not while it is dragged"
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=end)
    until(lambda: kept(peopled) == pytest.approx(before - 0.2, abs=0.02))
    attendant = peopled.service.attendant
    assert attendant is not None
    until(lambda: attendant.recogniser.threshold == pytest.approx(before - 0.2, abs=0.02))


def test_the_keyboard_stores_a_little_later_and_at_the_latest_when_it_is_closed(
    qtbot: QtBot, peopled: Place, until: Until
) -> None:
    page = shown(qtbot, peopled, until)
    page.field.setFocus()
    before = page.field.value()
    qtbot.keyClick(page.field, Qt.Key.Key_Up)
    assert page.plot.threshold == pytest.approx(before + 0.01)
    page.hide()
    until(lambda: kept(peopled) == pytest.approx(before + 0.01))


def test_suggested_and_the_models_own(qtbot: QtBot, peopled: Place, until: Until) -> None:
    page = shown(qtbot, peopled, until)
    assert page.known is not None
    suggested = round(page.known.suggestion.threshold, 3)
    assert not page.own_button.isEnabled(), "it is in force already"
    assert page.suggested_button.text() == f"Suggested: {suggested:.2f}"
    page.suggested_button.click()
    until(lambda: kept(peopled) == pytest.approx(suggested))
    until(page.own_button.isEnabled)
    page.own_button.click()
    until(lambda: kept(peopled) is None)
    assert page.field.value() == pytest.approx(page.known.own, abs=5e-4)


def test_without_people_it_says_what_is_missing(qtbot: QtBot, place: Place, until: Until) -> None:
    page = shown(qtbot, place, until)
    assert page.words.text().startswith("Enrol two people")
    assert not page.suggested_button.isEnabled()


def test_the_two_histograms_differ_in_colour_pattern_and_outline(qtbot: QtBot) -> None:
    plot = ThresholdPlot()
    qtbot.addWidget(plot)
    pairs = Pairs(np.array([0.1, 0.2], np.float32), np.array([0.8, 0.9, 1.1], np.float32))
    plot.show_bars(histograms(pairs))
    curves = [item for item in plot.getPlotItem().items if hasattr(item, "opts") and "brush" in item.opts]
    looks = {
        (c.opts["pen"].color().name(), c.opts["pen"].style(), c.opts["brush"].style(), round(float(sum(c.yData)), 6))
        for c in curves
    }
    assert len(looks) == 2
    assert len({look[0] for look in looks}) == len({look[1] for look in looks}) == len({look[2] for look in looks}) == 2
    assert {look[3] for look in looks} == {1.0}, "each in parts of its own pairs"
