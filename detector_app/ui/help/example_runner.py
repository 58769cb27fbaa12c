"""Brings the app into the state of an example, step by step: each waits until the engine has done the one before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QPointF, QTimer, Signal

from detector_app.engine.state import Phase
from detector_app.pipelines.pipeline import default_settings
from detector_app.ui.help.examples import EXAMPLES, Example
from detector_app.ui.inputs import demo_clip

if TYPE_CHECKING:
    from detector_app.ui.main_window import MainWindow

POLL_MS = 30
PATIENCE_MS = 20_000
"""What has not happened by then was prevented: a model that cannot be loaded said so already."""
_NEAR_S = 0.03
_PANELS = ("inspect", "truth_panel", "network", "tracking_panel", "compare_panel", "track")
"""Switches of what stands beside the picture or on it; an example has only its own."""


@dataclass(frozen=True)
class _Step:
    """Something to do, and when it has happened."""

    do: Callable[[], object]
    done: Callable[[], bool]


class ExampleRunner(QObject):
    """Runs one example at a time; another one takes the place of the first. What a person has set as preferences stays.

    Signals:
        finished: name of the example, and whether the app shows it.
    """

    finished = Signal(str, bool)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._name = ""
        self._steps: Iterator[_Step] = iter(())
        self._step: _Step | None = None
        self._waited_ms = 0
        self._found_at: QPointF | None = None
        self._poll = QTimer(self, interval=POLL_MS)
        self._poll.timeout.connect(self._look)

    @property
    def running(self) -> str:
        """Name of the example that is on its way; empty if none is."""
        return self._name

    def run(self, name: str) -> None:
        """Show the example called ``name``.

        Raises:
            KeyError: there is none.
        """
        example = EXAMPLES[name]
        self._name, self._found_at = name, None
        self._steps = self._steps_of(example)
        self._poll.start()
        self._next()

    def stop(self) -> None:
        """Give the present example up."""
        self._poll.stop()
        self._name = ""

    # --- going on ---------------------------------------------------------------------------------------------------------

    def _next(self) -> None:
        self._waited_ms = 0
        self._step = next(self._steps, None)
        if self._step is None:
            self._end(shown=True)
            return
        self._step.do()

    def _look(self) -> None:
        if self._step is not None and self._step.done():
            self._next()
            return
        self._waited_ms += POLL_MS
        if self._waited_ms > PATIENCE_MS:
            self._end(shown=False)

    def _end(self, *, shown: bool) -> None:
        name = self._name
        self.stop()
        self.finished.emit(name, shown)

    # --- the steps --------------------------------------------------------------------------------------------------------

    def _steps_of(self, example: Example) -> Iterator[_Step]:
        window, controller = self._window, self._window.controller
        clip = str(demo_clip() or "")
        if window.state.model_name != example.model:
            yield _Step(
                lambda: controller.load_model(example.model),
                lambda: window.state.model_name == example.model and not window.state.model_loading,
            )
        if window.state.spec != clip or not self._open():
            yield _Step(window.inputs.open_demo, lambda: window.state.spec == clip and self._open())
        if example.time_s is None:
            yield _Step(controller.play, lambda: window.state.phase is Phase.PLAYING)
        else:
            yield self._hold(example.time_s)
        yield _Step(self._use_own_thresholds, lambda: True)
        yield _Step(self._use_own_thresholds, lambda: True)
        if example.ask_where_found:
            yield _Step(lambda: None, self._remember_best)
        yield _Step(lambda: self._set_thresholds(example), lambda: self._thresholds_are(example))
        yield _Step(lambda: self._set_actions(example), lambda: self._traced(example))
        yield _Step(lambda: self._inspect(example), lambda: True)

    def _hold(self, time_s: float) -> _Step:
        controller = self._window.controller

        def go() -> None:
            controller.pause()
            controller.seek(time_s)

        def there() -> bool:
            shown = self._window.area.view.shown
            paused = self._window.state.phase is Phase.PAUSED
            return paused and shown is not None and abs(shown.frame.time_s - time_s) < _NEAR_S

        return _Step(go, there)

    def _open(self) -> bool:
        state = self._window.state
        return state.source is not None and state.phase in (Phase.PLAYING, Phase.PAUSED, Phase.ENDED)

    def _use_own_thresholds(self) -> None:
        """Begin where the model does; every class is wanted."""
        card = self._window.state.model
        if card is None:
            return
        own = default_settings(card)
        self._window.controller.change_settings(own)
        self._window.area.panel.show_model(card, own)

    def _remember_best(self) -> bool:
        shown = self._window.area.view.shown
        if shown is None or not len(shown.detections):
            return False
        left, top, right, bottom = (float(v) for v in shown.detections.xyxy[int(np.argmax(shown.detections.scores))])
        self._found_at = QPointF((left + right) / 2, (top + bottom) / 2)
        return True

    def _set_thresholds(self, example: Example) -> None:
        panel = self._window.area.panel
        if example.score is not None:
            panel.score.field.setValue(example.score)
        if example.overlap is not None:
            panel.overlap.field.setValue(example.overlap)
        if panel.agnostic.isChecked() != example.agnostic:
            panel.agnostic.click()

    def _thresholds_are(self, example: Example) -> bool:
        settings = self._window.controller.settings
        wanted = ((example.score, settings.score), (example.overlap, settings.iou))
        return all(want is None or abs(want - value) < 1e-6 for want, value in wanted)

    def _set_actions(self, example: Example) -> None:
        table = self._window.actions_table
        present = set(table)
        for name, on in {**dict.fromkeys(_PANELS, False), **example.switches}.items():
            if name in present and table[name].isChecked() != on:
                table[name].trigger()
        for name in example.triggers:
            table[name].trigger()

    def _traced(self, example: Example) -> bool:
        shown = self._window.area.view.shown
        return example.page is None or (shown is not None and shown.trace is not None)

    def _inspect(self, example: Example) -> None:
        inspector = self._window.inspector
        if example.page is not None:
            inspector.panel.show_page(example.page)
        if self._found_at is not None:
            inspector.inspection.ask(self._found_at)
        for step in inspector.inspection.steps:
            if (step.stage.look, step.stage.name) == example.step and step.way == 0:
                inspector.inspection.choose(step)
