"""Sees annotated frames as they flow, down to very low scores, so that the curve of what was shown is a whole one."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, Signal

from detector_app.engine.controller import Controller
from detector_app.evaluation.precision_recall import SeenFrame
from detector_app.evaluation.whole_run import LEAST_SCORE, low_settings, seen_frame
from detector_app.pipelines.pipeline import Inference, Pipeline
from detector_app.ui.ground_truth.evaluation import Evaluation
from detector_app.vision.detections import Detections
from detector_app.vision.frame_result import FrameResult

log = logging.getLogger(__name__)


class TruthWitness(QObject):
    """Selects a second time from what the network said of an annotated frame, on the engine's thread; of other frames nothing is paid.

    Attributes:
        source_kind: of the present source; the desk keeps it.
    """

    _saw = Signal(object, object)

    def __init__(self, controller: Controller, evaluation: Evaluation, parent: QObject) -> None:
        super().__init__(parent)
        self._controller, self._evaluation = controller, evaluation
        self.source_kind = ""
        self._saw.connect(self._take)
        controller.add_witness(self._see)

    def _see(self, result: FrameResult, pipeline: Pipeline | None, inference: Inference | None) -> None:
        conditions = self._evaluation.conditions
        if conditions is None or pipeline is None or inference is None or self._evaluation.complete:
            return
        known = self._evaluation.frame(result.frame.index)
        if known is not None and known.floor <= LEAST_SCORE:
            return
        low = low_settings(self._controller.settings)
        if pipeline.card.classes != conditions.classes or not pipeline.covers(inference, low):
            return
        if conditions.truth.of(result.frame, self.source_kind) is None:
            return
        try:
            found = pipeline.select(inference, low)[0]
        except Exception:  # the picture is shown without; the engine has told of it where it could not be
            log.exception("An annotated frame cannot be judged down to low scores")
            return
        if isinstance(found, Detections):
            whole = FrameResult(result.frame, found, result.timings)
            self._saw.emit(conditions, seen_frame(whole, conditions.truth, self.source_kind))

    def _take(self, conditions: object, frame: object) -> None:
        if conditions is self._evaluation.conditions and isinstance(frame, SeenFrame):
            self._evaluation.add(frame)
