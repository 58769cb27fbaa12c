"""Going from error to error."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from detector_app.engine.controller import Controller
from detector_app.evaluation.precision_recall import FrameErrors, next_error
from detector_app.ui.ground_truth.evaluation import Evaluation
from detector_app.ui.video_view import VideoView


class ErrorWalk(QObject):
    """Knows the errors of now, and where the next one is.

    Args:
        controller: shows frames, and has the present threshold.
        view: shows where we are.
        evaluation: has the judgement.
        class_id: asks for the class that is looked at; None for all.
        tell: says something to a person, with a way to evaluate all.
    """

    def __init__(
        self,
        controller: Controller,
        view: VideoView,
        evaluation: Evaluation,
        class_id: Callable[[], int | None],
        tell: Callable[[str], object],
    ) -> None:
        super().__init__(evaluation)
        self._controller, self._view, self._evaluation = controller, view, evaluation
        self._class_id, self._tell = class_id, tell

    def errors(self) -> tuple[FrameErrors, ...]:
        """Of every evaluated picture, under the present score and for the class that is looked at."""
        judged = self._evaluation.judged
        return () if judged is None else judged.errors(self._controller.settings.score, self._class_id())

    def step(self, forward: bool) -> None:
        """Go to the next evaluated picture with an error, or the one before."""
        shown, errors = self._view.shown, self.errors()
        ahead = next_error(errors, shown.frame.index if shown is not None else -1, forward=forward)
        if ahead is not None:
            self.go_to(ahead)
        elif any(one.errors for one in errors):
            self._tell(self.tr("No further error that way."))
        else:
            self._tell(self.tr("No errors are known yet."))

    def go_to(self, index: int) -> None:
        """Hold frame ``index``."""
        self._controller.pause()
        self._controller.seek_index(index)
