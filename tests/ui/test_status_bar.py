from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from detector_app.engine.state import EngineState
from detector_app.engine.statistics import Statistics
from detector_app.pipelines.placement import Fallback, Placement, Reason
from detector_app.ui.status_bar import StatusBar
from tests.ui.results import state

CPU = "CPUExecutionProvider"
CUDA = "CUDAExecutionProvider"


@pytest.fixture
def bar(qtbot: QtBot) -> StatusBar:
    bar = StatusBar()
    qtbot.addWidget(bar)
    bar.resize(1200, bar.sizeHint().height())
    bar.show()
    return bar


def test_the_line_says_everything(bar: StatusBar) -> None:
    bar.show_statistics(Statistics(29.8, 0.9, 10.8, 0.6, 2.0, 21.2, 3, 100))
    line = " ".join(bar.figures.text().split())
    assert line == "29.8 fps · 12.3 ms = 0.9 prepare + 10.8 run + 0.6 select · 21 ms old · 3 dropped"
    assert bar.figures.accessibleName() == bar.figures.text()


def test_no_word_moves_when_figures_change(bar: StatusBar) -> None:
    places = set()
    for fps, step, run, age in ((5.1, 0.1, 1.1, 1), (99.9, 9.9, 79.9, 999), (144, 8, 120, 50)):
        bar.show_statistics(Statistics(fps, step, run, step, 1.0, age))
        words = [(text, place.left()) for text, place in bar.figures.places() if not text[:1].isdigit()]
        places.add(tuple(words))
    assert len(places) == 1


def test_the_size_never_depends_on_the_figures(bar: StatusBar) -> None:
    sizes = set()
    for factor in (0, 1, 10_000):
        bar.show_statistics(Statistics(factor, factor, factor, factor, factor, factor, factor, factor))
        sizes.add((bar.sizeHint().toTuple(), bar.minimumSizeHint().toTuple()))
    assert len(sizes) == 1


def test_the_provider_that_was_asked_for_is_quiet(bar: StatusBar) -> None:
    bar.show_state(replace(state(), placement=Placement((CPU,), (CPU,), {CPU: 130})))
    assert bar.provider.text() == "CPU"
    assert bar.provider.property("role") == "muted"
    assert not bar.mark.isVisible()


def test_another_provider_is_amber_and_explained(bar: StatusBar) -> None:
    bar.show_state(replace(state(), placement=Placement((CUDA, CPU), (CPU,), {CPU: 130})))
    assert bar.provider.property("role") == "warning"
    assert bar.mark.isVisible()
    assert bar.provider.toolTip() == "Asked for CUDA, CPU; runs on CPU.\nCPU: 130 nodes"
    bar.show_state(EngineState())
    assert not bar.mark.isVisible()
    assert bar.provider.text() == bar.provider.toolTip() == ""


def test_what_goes_on_is_said(bar: StatusBar) -> None:
    bar.show_state(replace(state(), source_status="reconnecting (try 3)"))
    assert bar.activity.text() == "Reconnecting (try 3)"
    bar.show_state(replace(state(), model_loading=True))
    assert bar.activity.text() == "Loading the model…"
    bar.show_state(state())
    assert bar.activity.text() == ""


def test_work_that_strays_is_marked_and_named_though_most_runs_where_it_should(qtbot: QtBot) -> None:
    bar = StatusBar()
    qtbot.addWidget(bar)
    bar.show()
    asked = Placement((CUDA, CPU), (CUDA, CPU), {CUDA: 130, CPU: 2})
    on_purpose = Fallback("a", "Gather", CPU, Reason.SHAPES)
    bar.show_state(replace(state(), placement=replace(asked, fallbacks=(on_purpose,))))
    assert not bar.mark.isVisible()
    astray = Fallback("b", "LpNormalization", CPU, Reason.NO_KERNEL)
    bar.show_state(replace(state(), placement=replace(asked, fallbacks=(on_purpose, astray))))
    assert bar.mark.isVisible()
    assert "LpNormalization" in bar.provider.toolTip()
    assert "Gather" not in bar.provider.toolTip()
