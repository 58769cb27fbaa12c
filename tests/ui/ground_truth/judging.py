"""Steps of a person who judges a film by what is known of it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from pytestqt.qtbot import QtBot

from detector_app.engine.state import Phase
from detector_app.ui.ground_truth.marks import Kind
from detector_app.ui.main_window import MainWindow
from tests.ui.films import DEADLINE_MS, load, play

HELD = 5


def changed(path: Path, target: Path, change: dict[int, list[float] | None]) -> Path:
    """The truth with other boxes for some frames (None: one more, far away)."""
    data = json.loads(path.read_text())
    image = {one["id"]: i for i, one in enumerate(data["images"])}
    for box in list(data["annotations"]):
        frame = image[box["image_id"]]
        if frame in change and change[frame] is not None:
            box["bbox"] = change[frame]
        elif frame in change:
            data["annotations"].append({**box, "id": 10_000 + frame, "bbox": [5, 260, 40, 40]})
    target.write_text(json.dumps(data), encoding="utf-8")
    return target


def kinds(window: MainWindow) -> Counter[Kind]:
    return Counter(mark.kind for mark in window.truth.layer.marks or ())


def hold(qtbot: QtBot, window: MainWindow, film: Path, model: Path, index: int = HELD) -> None:
    load(qtbot, window, model)
    play(qtbot, window, film)
    window.truth.walk.go_to(index)
    qtbot.waitUntil(lambda: shown_index(window) == index and window.state.phase is Phase.PAUSED, timeout=DEADLINE_MS)


def shown_index(window: MainWindow) -> int:
    shown = window.area.view.shown
    return -1 if shown is None else shown.frame.index


def give(qtbot: QtBot, window: MainWindow, truth: Path) -> None:
    window.truth.loader.load(truth)
    qtbot.waitUntil(lambda: window.truth.truth is not None, timeout=DEADLINE_MS)


def evaluate(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.truth.evaluation.ended, timeout=DEADLINE_MS):
        window.truth.evaluate()
    found = window.truth.evaluation
    qtbot.waitUntil(lambda: found.whole is not None and found.complete, timeout=DEADLINE_MS)
