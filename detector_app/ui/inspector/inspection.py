"""What is inspected now: the result, the step, the candidate in focus and the point asked about; everyone else follows it."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, Signal

from detector_app.model_card import ModelCard
from detector_app.ui.inspector.steps import Mark, Step, again, look_at, steps_of
from detector_app.vision.frame_result import FrameResult
from detector_app.vision.trace import Look, Trace


class Inspection(QObject):
    """One value that the panel and the layer over the picture share.

    Signals:
        resultChanged: another result, and with it every count.
        stepChanged: another step is chosen.
        focusChanged: another candidate is under the pointer, or selected.
        pointChanged: another point is asked about, or none.
        nominated: other candidates are told of because of the point.
    """

    resultChanged = Signal()
    stepChanged = Signal()
    focusChanged = Signal()
    pointChanged = Signal()
    nominated = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.result: FrameResult | None = None
        self.card: ModelCard | None = None
        self.steps: tuple[Step, ...] = ()
        self.step: Step | None = None
        self.hovered: Mark | None = None
        self.pinned: Mark | None = None
        self.point: QPointF | None = None
        self.nominees: tuple[Mark, ...] = ()
        self._chosen: tuple[int, int, str] | None = None

    @property
    def trace(self) -> Trace | None:
        """Of the result; None while there is none."""
        return None if self.result is None else self.result.trace

    @property
    def focus(self) -> Mark | None:
        """The candidate to tell about: the one under the pointer, else the selected one."""
        return self.hovered or self.pinned

    def focused(self) -> tuple[Trace, Look, Mark] | None:
        """The candidate in focus with its trace and look."""
        mark, trace = self.focus, self.trace
        look = None if mark is None or trace is None else look_at(trace, mark)
        if mark is None or trace is None or look is None:
            return None
        return (trace, *trace.also)[mark.way], look, mark

    # --- what changes it --------------------------------------------------------------------------------------------------

    def show(self, result: FrameResult | None, card: ModelCard | None) -> None:
        """Inspect ``result``. The step stays; what is selected stays on the same frame, the point on the same source."""
        before, self.result, self.card = self.result, result, card
        trace = self.trace
        self.steps = () if trace is None else steps_of(trace)
        self.step = self._find(self._chosen)
        same_source = before is not None and result is not None and before.frame.source == result.frame.source
        same_frame = (
            same_source and before is not None and result is not None and before.frame.index == result.frame.index
        )
        self.nominees = ()
        focus = self.hovered, self.pinned
        self.hovered = self._again(before, self.hovered) if same_frame else None
        self.pinned = self._again(before, self.pinned) if same_frame else None
        self.resultChanged.emit()
        if focus != (self.hovered, self.pinned) or self.focus is not None:
            self.focusChanged.emit()
        if self.point is not None and not same_source:
            self.ask(None)

    def choose(self, step: Step) -> None:
        """Stand at ``step``, in this result and the following ones."""
        self._chosen = step.key
        if step is not self.step:
            self.step = step
            self.hover(None)
            self.stepChanged.emit()

    def walk(self, by: int) -> None:
        """Go ``by`` steps on, or back; not beyond the ends."""
        if self.step is None:
            return
        at = self.steps.index(self.step)
        self.choose(self.steps[min(max(at + by, 0), len(self.steps) - 1)])

    def hover(self, mark: Mark | None) -> None:
        """The pointer is on ``mark``."""
        if mark != self.hovered:
            self.hovered = mark
            self.focusChanged.emit()

    def pin(self, mark: Mark | None) -> None:
        """Select ``mark``."""
        if mark != self.pinned:
            self.pinned = mark
            self.focusChanged.emit()

    def ask(self, point: QPointF | None) -> None:
        """Ask about ``point``, in source pixels; None about none."""
        if point != self.point:
            self.point = point
            self.pointChanged.emit()

    def nominate(self, marks: tuple[Mark, ...]) -> None:
        """Show these candidates because they are near the point."""
        if marks != self.nominees:
            self.nominees = marks
            self.nominated.emit()

    # --- inside -----------------------------------------------------------------------------------------------------------

    def _find(self, key: tuple[int, int, str] | None) -> Step | None:
        """The step with that key; without one the last of the model's own."""
        own = [step for step in self.steps if step.way == 0]
        return next((step for step in self.steps if step.key == key), own[-1] if own else None)

    def _again(self, before: FrameResult | None, mark: Mark | None) -> Mark | None:
        """Where ``mark`` of the result before is now; numbers of rows change with the thresholds."""
        if mark is None or before is None or before.trace is None or self.trace is None:
            return None
        old = look_at(before.trace, mark)
        tracks = (self.trace, *self.trace.also)
        if old is None or mark.way >= len(tracks) or mark.look >= len(tracks[mark.way].looks):
            return None
        row = again(old, mark.row, tracks[mark.way].looks[mark.look])
        return None if row < 0 else Mark(mark.way, mark.look, row)
