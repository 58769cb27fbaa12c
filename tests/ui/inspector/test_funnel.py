"""The funnel shows the trace's own counts, and walks by keys."""

from __future__ import annotations

import itertools

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from detector_app.ui.inspector.funnel import Funnel, funnel_rows
from detector_app.ui.inspector.steps import steps_of
from detector_app.vision.trace import Fate, Stage, Trace
from tests.ui.inspector.traces import desk, look


def cascade() -> Trace:
    box = (0.0, 0.0, 10.0, 10.0)
    first = look(*(("cup", 0.9, box, fate) for fate in (Fate.KEPT, Fate.KEPT, Fate.BELOW_SCORE)), name="P-Net")
    second = look(*(("cup", 0.9, box, fate) for fate in (Fate.KEPT, Fate.BELOW_SCORE)), name="R-Net")
    stages = Stage("places", 0, 500), Stage("score", 0, 2, Fate.BELOW_SCORE), Stage("score", 1, 1, Fate.BELOW_SCORE)
    return Trace(stages, (first, second), ("cup",))


def test_rows_are_the_stages_with_what_each_took() -> None:
    of = desk()
    rows = funnel_rows(steps_of(of))
    assert [row.count for row in rows] == [stage.count for stage in of.stages]
    assert [row.lost for row in rows] == [0, 25196, 1, 0, 1, 0]
    assert rows[0].share == 1.0
    assert all(a.share >= b.share for a, b in itertools.pairwise(rows))


def test_several_looks_have_headings_and_count_from_their_own_beginning() -> None:
    rows = funnel_rows(steps_of(cascade()))
    assert [(row.name, row.step) for row in rows if row.step < 0] == [("P-Net", -1), ("R-Net", -1)]
    assert [row.lost for row in rows if row.step >= 0] == [0, 498, 1]


def test_nothing_at_all_has_empty_bars() -> None:
    assert funnel_rows(()) == ()
    assert {row.share for row in funnel_rows(steps_of(Trace((Stage("places", 0, 0),), (look(),))))} == {0.0}


def test_arrows_walk_and_skip_headings(qtbot: QtBot) -> None:
    funnel = Funnel()
    qtbot.addWidget(funnel)
    funnel.show()
    steps = steps_of(cascade())
    funnel.show_steps(steps, steps[1])
    assert funnel.chosen == 1
    with qtbot.waitSignal(funnel.stepChosen) as walked:
        qtbot.keyClick(funnel, Qt.Key.Key_Down)
    assert walked.args == [2]
    with qtbot.assertNotEmitted(funnel.stepChosen):
        funnel.show_steps(steps, steps[0])
    assert funnel.chosen == 0


def test_every_row_can_be_read_aloud(qtbot: QtBot) -> None:
    funnel = Funnel()
    qtbot.addWidget(funnel)
    funnel.show_steps(steps_of(desk()), None)
    told = [
        funnel.found.data(funnel.found.index(i), Qt.ItemDataRole.AccessibleTextRole) for i in range(len(desk().stages))
    ]
    assert told[0] == "Places that answer, 25,200"
    assert not funnel.grab().isNull()
