"""What the model made of the annotated pictures so far: kept, judged anew when the overlap changes, and completed in the background."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from detector_app.engine.model_loader import ProcessorChoice
from detector_app.engine.state import EngineState
from detector_app.evaluation.precision_recall import JudgedFrame, JudgedSet, SeenFrame
from detector_app.evaluation.truth import ClassMap, GroundTruth
from detector_app.evaluation.whole_figures import figures
from detector_app.evaluation.whole_run import LEAST_SCORE, Seen, WholeOrder, WholeRun
from detector_app.pipelines.pipeline import DetectSettings
from detector_app.ui.background import Background

_SOON_MS = 250
"""While frames flow the curve grows so often."""
_EQUAL = 1e-6


@dataclass(frozen=True)
class Conditions:
    """Under what the frames were seen: under others they are of no use.

    Attributes:
        truth: what they are compared with.
        state: input and model: spec, name, and a card given.
        settings: without what thresholds on the kept detections can do.
        classes: names of the model's classes.
    """

    truth: GroundTruth
    spec: str
    model_name: str
    card: object
    settings: DetectSettings
    classes: tuple[str, ...]

    @classmethod
    def of(cls, truth: GroundTruth, state: EngineState, settings: DetectSettings) -> Conditions:
        """Those of now."""
        plain = replace(settings, score=0.0, max_detections=0, classes=None)
        names = state.model.classes if state.model is not None else ()
        return cls(truth, state.spec, state.model_name, state.given_card, plain, names)


class Evaluation(QObject):
    """Keeps the frames of one set of conditions.

    Signals:
        changed: :attr:`judged` or :attr:`whole` is another.
        progressed: frames done, and of how many or None.
        ended: a :class:`~detector_app.evaluation.whole_run.Seen`: the run is over.
    """

    changed = Signal()
    progressed = Signal(int, object)
    ended = Signal(object)
    _came = Signal(object, object)
    _went_on = Signal(object, int, object)

    def __init__(self, background: Background, parent: QObject) -> None:
        super().__init__(parent)
        self._background = background
        self._run: WholeRun | None = None
        self._former: list[WholeRun] = []
        self._came.connect(self._take_end)
        self._went_on.connect(self._take_progress)
        self._judging = False
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._soon.timeout.connect(self._judge)
        self.start(None, 0.5)

    def start(self, conditions: Conditions | None, least_iou: float) -> None:
        """Begin with nothing under other conditions, and leave a run under the former ones; None: there is no truth."""
        self._leave_run()
        self.conditions = conditions
        self.classes = ClassMap.between((), ())
        if conditions is not None:
            self.classes = ClassMap.between(conditions.truth.names, conditions.classes)
        self.least_iou = least_iou
        self.judged: JudgedSet | None = None
        self.whole: float | None = None
        """mAP over IoU 0.50 to 0.95, once all are evaluated."""
        self._complete = self._whole_frames = False
        self._frames: dict[int, SeenFrame] = {}
        self._parts: dict[int, JudgedFrame] = {}
        self.changed.emit()

    @property
    def running(self) -> bool:
        """Whether all pictures are being evaluated."""
        return self._run is not None

    @property
    def complete(self) -> bool:
        """Whether all annotated pictures were evaluated, and :attr:`judged` holds them."""
        return self._complete and self.judged is not None and len(self.judged.frames) == len(self._frames)

    def frame(self, index: int) -> SeenFrame | None:
        """What is kept of a frame."""
        return self._frames.get(index)

    def add(self, frame: SeenFrame) -> None:
        """Keep a frame that was shown, unless it is known better; where all were evaluated it is.

        Once frames come down to very low scores, others are no use: the curve would end where theirs do.
        """
        known = self._frames.get(frame.index)
        whole = frame.floor <= LEAST_SCORE
        if whole and not self._whole_frames:
            self._whole_frames = True
            self.lower(LEAST_SCORE)
        if self._whole_frames and not whole:
            return
        if self.conditions is not None and not self.running and (known is None or frame.floor <= known.floor):
            self._frames[frame.index] = frame
            self._parts.pop(frame.index, None)
            if not self._soon.isActive():
                self._soon.start()

    def lower(self, score: float) -> None:
        """Forget the frames of which nothing is known down to ``score``."""
        blind = [index for index, frame in self._frames.items() if frame.floor > score + _EQUAL]
        for index in blind:
            del self._frames[index]
            self._parts.pop(index, None)
        if blind:
            self._join()

    def set_least_iou(self, least_iou: float) -> None:
        """Judge under another overlap."""
        if least_iou != self.least_iou:
            self.least_iou = least_iou
            self._parts = {}
            self._judge()

    def run(self, settings: DetectSettings, choice: ProcessorChoice) -> None:
        """Evaluate all annotated pictures in the background."""
        if self.conditions is None or self.running:
            return
        now = self.conditions
        order = WholeOrder(now.spec, now.model_name, now.card, settings, now.truth)  # type: ignore[arg-type]
        # The thread speaks before the run is known here; what it says is delivered afterwards.
        self._run = WholeRun(order, choice, partial(self._tell, now), partial(self._came.emit, now))
        self.progressed.emit(0, None)

    def stop(self) -> None:
        """End a run; what it has seen is still taken."""
        if self._run is not None:
            self._run.stop()

    def _leave_run(self) -> None:
        """End a run that nobody waits for any more; its thread is only waited for when all ends."""
        self.stop()
        self._former = [run for run in self._former if run.thread.is_alive()]
        if self._run is not None:
            self._former.append(self._run)
            self._run = None
            self.ended.emit(Seen((), complete=False))

    def close(self, deadline_s: float = 5.0) -> None:
        """End, and wait for the thread."""
        self.conditions = None
        self._soon.stop()
        self.stop()
        for run in (*self._former, *([self._run] if self._run is not None else [])):
            run.thread.join(deadline_s)

    def _tell(self, conditions: Conditions, done: int, total: int | None) -> None:
        self._went_on.emit(conditions, done, total)

    def _take_progress(self, conditions: Conditions, done: int, total: int | None) -> None:
        if conditions is self.conditions and self.running:
            self.progressed.emit(done, total)

    def _take_end(self, conditions: Conditions, seen: Seen) -> None:
        """Take what a run has come to, unless the conditions have changed meanwhile."""
        if conditions is not self.conditions:
            return
        self._run = None
        if seen.frames:
            self._frames = {frame.index: frame for frame in seen.frames}
            self._parts, self._complete, self.whole = {}, seen.complete, None
            self._judge()
            if seen.complete:
                work = partial(_map_50_95, seen.frames, self.classes, conditions.classes)
                self._background.call(work, partial(self._take_whole, conditions), lambda _error: None)
        self.ended.emit(seen)

    def _take_whole(self, conditions: Conditions, whole: float) -> None:
        if conditions is self.conditions:
            self.whole = whole
            self.changed.emit()

    def _judge(self) -> None:
        """Judge what is not judged yet, in the background; what comes meanwhile is judged next."""
        todo = [frame for index, frame in self._frames.items() if index not in self._parts]
        if self._judging or not todo:
            return
        self._judging = True
        key = self.conditions, self.least_iou
        work = _judging(todo, self.classes, self.least_iou)
        self._background.call(work, partial(self._take_parts, key), lambda _error: self._give_up())

    def _give_up(self) -> None:
        self._judging = False

    def _take_parts(self, key: tuple[Conditions | None, float], parts: list[JudgedFrame]) -> None:
        self._judging = False
        if key[0] is self.conditions and key[1] == self.least_iou:
            known = ((part.frame.index, part) for part in parts if self._frames.get(part.frame.index) is part.frame)
            self._parts.update(known)
            self._join()
        self._judge()

    def _join(self) -> None:
        ordered = [self._parts[index] for index in sorted(self._parts)]
        self.judged = JudgedSet.joined(ordered, len(self.classes.judged)) if ordered else None
        self.changed.emit()


def _map_50_95(frames: Sequence[SeenFrame], classes: ClassMap, names: tuple[str, ...]) -> float:
    return figures(frames, classes, names).map_50_95


def _judging(frames: Sequence[SeenFrame], classes: ClassMap, least_iou: float) -> Callable[[], list[JudgedFrame]]:
    return lambda: [JudgedFrame.of(frame, classes, least_iou) for frame in frames]
