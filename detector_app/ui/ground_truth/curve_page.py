"""Precision over recall of one class or all, with the present threshold on it, and figures for both."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from detector_app.evaluation.precision_recall import Curve, JudgedSet
from detector_app.evaluation.whole_run import LEAST_SCORE
from detector_app.ui.ground_truth.curve_plot import CurvePlot
from detector_app.ui.theme import GRID_PX, tabular

_PLOT_PX = 88


class CurvePage(QWidget):
    """See the signals for what a person may do.

    Signals:
        scoreWanted: a least score that was chosen here.
        classChosen: another class is looked at; see :attr:`class_id`.
    """

    scoreWanted = Signal(float)
    classChosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choice, self.plot = QComboBox(), CurvePlot()
        self.now, self.average, self.best, self.hint = QLabel(), QLabel(), QLabel(), QLabel()
        self.use_button = QPushButton()
        self._judged: JudgedSet | None = None
        self._curve: Curve | None = None
        self._names: tuple[str, ...] = ()
        self._whole: float | None = None
        self._iou = 0.5
        self._complete = False
        self._score = 0.0
        self._lay_out()
        self.choice.currentIndexChanged.connect(lambda _: self._choose())
        self.plot.picked.connect(self._pick)
        self.use_button.clicked.connect(self._use)
        self._say()

    @property
    def class_id(self) -> int | None:
        """The class that is looked at, as the model's id; None for all."""
        chosen = self.choice.currentData()
        return chosen if isinstance(chosen, int) else None

    def show_classes(self, names: tuple[str, ...], judged: tuple[int, ...]) -> None:
        """Offer these classes of the model."""
        self._names = names
        texts = [self.choice.itemText(i) for i in range(1, self.choice.count())]
        if self.choice.count() and texts == [names[i] for i in judged]:
            return
        self.choice.blockSignals(True)
        self.choice.clear()
        self.choice.addItem(self.tr("All classes together"), None)
        for class_id in judged:
            self.choice.addItem(names[class_id], class_id)
        self.choice.blockSignals(False)

    def show_judged(
        self, judged: JudgedSet | None, score: float, iou: float, whole: float | None, *, complete: bool
    ) -> None:
        """Show what is known of a set; None: nothing yet.

        Args:
            judged: the set.
            score: the present threshold.
            iou: at which it was judged.
            complete: all annotated pictures are in it, down to very low scores.
            whole: mAP over IoU 0.50 to 0.95 of a complete evaluation.
        """
        self._judged, self._score, self._iou, self._whole = judged, score, iou, whole
        self._complete = complete
        self._curve = judged.curve(self.class_id) if judged is not None and judged.frames else None
        if self._curve is None:
            self.plot.clear_curve()
        else:
            self.plot.show_curve(self._curve)
        self._say_figures()

    def show_score(self, score: float) -> None:
        """Move the point."""
        self._score = score
        self._say_figures()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)

    def _choose(self) -> None:
        self.show_judged(self._judged, self._score, self._iou, self._whole, complete=self._complete)
        self.classChosen.emit()

    def _pick(self, recall: float, precision: float) -> None:
        score = self._curve.nearest(recall, precision) if self._curve is not None else None
        if score is not None:
            self.scoreWanted.emit(math.floor(100 * score) / 100)

    def _use(self) -> None:
        if self._curve is not None:
            self.scoreWanted.emit(self._curve.best.threshold)

    def _say(self) -> None:
        self.choice.setAccessibleName(self.tr("Class"))
        if self.choice.count():
            self.choice.setItemText(0, self.tr("All classes together"))
        self.plot.say(self.tr("Recall"), self.tr("Precision"))
        self.plot.setToolTip(self.tr("Click to choose the score that leads there"))
        self.use_button.setText(self.tr("Use it"))
        self.hint.setText(
            self.tr("Nothing is evaluated yet. The curve grows with every annotated picture that is shown.")
        )
        self._say_figures()

    def _say_figures(self) -> None:
        curve = self._curve
        self.hint.setVisible(curve is None)
        for widget in (self.now, self.average, self.best, self.use_button):
            widget.setVisible(curve is not None)
        if curve is None or self._judged is None:
            return
        point, best = curve.at(self._score), curve.best
        self.plot.show_points(point, best)
        now = self.tr("● {score}: precision {precision} · recall {recall} · F1 {f1}").format(
            score=f"{self._score:.2f}",
            precision=f"{point.precision:.3f}",
            recall=f"{point.recall:.3f}",
            f1=f"{point.f1:.3f}",
        )
        self.now.setText(now)
        self.plot.setAccessibleName(now)
        self.best.setText(
            self.tr("◆ Best F1 {f1} at {score}").format(f1=f"{best.f1:.3f}", score=f"{best.threshold:.2f}")
        )
        self.use_button.setEnabled(round(self._score, 2) != best.threshold)
        self.average.setText(self._averages(curve))

    def _averages(self, curve: Curve) -> str:
        """Of one class its AP; of all the means; of a part of the pictures and scores only that it is one."""
        assert self._judged is not None  # noqa: S101  (only then is there a curve)
        floor = max(frame.floor for frame in self._judged.frames)
        if floor > LEAST_SCORE:
            text = self.tr("Pictures so far: {count}, scores from {score} up")
            return text.format(count=len(self._judged.frames), score=f"{floor:.2f}")
        if not self._complete:
            return (
                self.tr("Pictures so far: {count}").format(count=len(self._judged.frames)) + f" · {self._means(curve)}"
            )
        return self._means(curve)

    def _means(self, curve: Curve) -> str:
        assert self._judged is not None  # noqa: S101  (see above)
        if self.class_id is not None:
            text = self.tr("AP {ap} at IoU {iou}, objects {count}")
            return text.format(ap=_figure(curve.average_precision), iou=f"{self._iou:.2f}", count=curve.objects)
        text = self.tr("mAP {map} at IoU {iou}").format(
            map=_figure(self._judged.mean_average_precision), iou=f"{self._iou:.2f}"
        )
        if self._whole is None:
            return text
        return f"{text} · " + self.tr("mAP50–95 {map}").format(map=_figure(self._whole))

    def _lay_out(self) -> None:
        self.plot.setMinimumHeight(_PLOT_PX)
        self.hint.setWordWrap(True)
        self.hint.setProperty("role", "muted")
        for label in (self.now, self.average, self.best):
            label.setFont(tabular(self.font()))
            label.setWordWrap(True)
        last = QHBoxLayout()
        last.setSpacing(GRID_PX)
        last.addWidget(self.best, 1)
        last.addWidget(self.use_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GRID_PX, 0, 0)
        column.setSpacing(GRID_PX // 2)
        column.addWidget(self.choice)
        column.addWidget(self.plot, 1)
        for widget in (self.hint, self.now, self.average):
            column.addWidget(widget)
        column.addLayout(last)


def _figure(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.3f}"
