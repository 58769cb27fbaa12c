"""The panel at the right: how many, how sure, how much overlap, which classes, and each detection."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QLineEdit, QSplitter, QVBoxLayout, QWidget

from detector_app.model_card import ModelCard
from detector_app.pipelines.pipeline import DetectSettings, default_settings
from detector_app.ui.cascade_controls import CascadeControls
from detector_app.ui.class_list import ClassList
from detector_app.ui.detection_table import DetectionTable
from detector_app.ui.icons import icon
from detector_app.ui.linking import follow
from detector_app.ui.theme import GRID_PX, PADDING_PX, tabular
from detector_app.ui.value_slider import ValueSlider
from detector_app.vision.detections import Detections
from detector_app.vision.frame_result import FrameResult

REFRESH_MS = 67
"""Numbers that change more often than this cannot be read."""
MANY_CLASSES = 12
"""From here on a field to search for classes is shown."""


class DetectionPanel(QWidget):
    """Shows results at most every :data:`REFRESH_MS`, the last one always; asks for other settings.

    Indices in signals and methods are those of the newest result given to :meth:`show_result`, also while the table still shows
    an older one.

    Signals:
        settingsChanged: ``DetectSettings`` that a person has chosen. Classes that are not wanted are filtered by the engine
            (``DetectSettings.classes``), so that a paused frame is selected again without an inference.
        hiddenClassesChanged: ``frozenset[str]``, the same choice by name, so that the picture can follow at once; also when
            :meth:`show_model` brings another choice.
        detectionHovered, detectionSelected: index, -1 for none.
    """

    settingsChanged = Signal(object)
    hiddenClassesChanged = Signal(object)
    detectionHovered = Signal(int)
    detectionSelected = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._card: ModelCard | None = None
        self._settings = DetectSettings()
        self._newest = Detections.empty()
        self._stale = False
        self._told_hidden: frozenset[str] = frozenset()
        self.heading, self.total = QLabel(), QLabel("0")
        self.score, self.overlap = ValueSlider(), ValueSlider()
        self.agnostic = QCheckBox()
        self.cascade = CascadeControls()
        self.search = QLineEdit()
        self.classes = ClassList()
        self.table = DetectionTable()
        self._timer = QTimer(self, singleShot=True, interval=REFRESH_MS)
        self._arrange()
        self._connect()
        self._say()
        self.show_model(None, self._settings)

    # --- what is shown ----------------------------------------------------------------------------------------------------

    def show_model(self, card: ModelCard | None, settings: DetectSettings) -> None:
        """Offer the classes of ``card`` with ``settings``; None: no model, nothing to choose."""
        if card is None or self._card is None or card.classes != self._card.classes:
            self.search.clear()
            self.classes.classes.reset(() if card is None else card.classes, frozenset())
        self._card = card
        self._settings = settings
        defaults = DetectSettings() if card is None else default_settings(card)
        self.score.default, self.overlap.default = defaults.score, defaults.iou
        self.score.set_value(settings.score)
        self.overlap.set_value(settings.iou)
        self.agnostic.setChecked(settings.class_agnostic)
        self._show_cascade(settings, defaults)
        self.classes.classes.show_only(self._hidden_names(settings))
        self._tell_hidden()
        self.search.setVisible(card is not None and len(card.classes) >= MANY_CLASSES)
        for widget in (self.score, self.overlap, self.agnostic):
            widget.setEnabled(card is not None)
        self._say()

    def _show_cascade(self, settings: DetectSettings, defaults: DetectSettings) -> None:
        self.cascade.setVisible(settings.cascade is not None)
        if settings.cascade is not None and defaults.cascade is not None:
            self.cascade.show_settings(settings.cascade, defaults.cascade)

    def show_result(self, result: FrameResult) -> None:
        """Take ``result``; it is shown now, or with the next refresh."""
        self._take(result.detections)

    def clear(self) -> None:
        """Show no detections: there is no picture."""
        self._take(Detections.empty())

    def _take(self, detections: Detections) -> None:
        self._newest = detections
        self._stale = True
        if not self._timer.isActive():
            self._refresh()

    def set_hovered(self, i: int) -> None:
        """Light the row of detection ``i`` up; -1 none. Emits nothing."""
        self.table.set_hovered(follow(self._newest, i, self.table.found.detections))

    def set_selected(self, i: int) -> None:
        """Select the row of detection ``i``; -1 none. Emits nothing."""
        self.table.set_selected(follow(self._newest, i, self.table.found.detections))

    @property
    def settings(self) -> DetectSettings:
        """What the controls say."""
        return self._settings

    # --- keys of the window -----------------------------------------------------------------------------------------------

    def nudge_score(self, delta: float) -> None:
        """Change the least score by ``delta``."""
        if self._card is not None:
            self.score.nudge(delta)

    def nudge_iou(self, delta: float) -> None:
        """Change the allowed overlap by ``delta``."""
        if self._card is not None:
            self.overlap.nudge(delta)

    def toggle_class(self, position: int) -> None:
        """Want the class in row ``position`` (from 0), or not."""
        self.classes.toggle(position)

    # --- Qt's events ------------------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """Wide enough for a row of the table; never depends on what is shown."""
        return QSize(312, 480)

    def changeEvent(self, event: QEvent) -> None:
        """Speak the new language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)

    # --- inside -----------------------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        self.setMinimumWidth(272)
        self.heading.setProperty("role", "heading")
        self.total.setFont(tabular(self.font()))
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        head = QHBoxLayout()
        head.addWidget(self.heading)
        head.addStretch(1)
        head.addWidget(self.total)
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.addWidget(self._upper())
        split.addWidget(self.table)
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(PADDING_PX, PADDING_PX, PADDING_PX, GRID_PX)
        column.setSpacing(GRID_PX // 2)
        column.addLayout(head)
        column.addSpacing(GRID_PX // 2)
        for widget in (self.score, self.overlap, self.agnostic, self.cascade, _line()):
            column.addWidget(widget)
        column.addWidget(split, 1)

    def _upper(self) -> QWidget:
        upper = QWidget()
        column = QVBoxLayout(upper)
        column.setContentsMargins(0, GRID_PX // 2, 0, GRID_PX)
        column.setSpacing(GRID_PX // 2)
        column.addWidget(self.search)
        column.addWidget(self.classes)
        return upper

    def _connect(self) -> None:
        self._timer.timeout.connect(self._refresh)
        self.score.changed.connect(lambda value: self._change(replace(self._settings, score=value)))
        self.overlap.changed.connect(lambda value: self._change(replace(self._settings, iou=value)))
        self.agnostic.clicked.connect(lambda on: self._change(replace(self._settings, class_agnostic=on)))
        self.cascade.changed.connect(lambda cascade: self._change(replace(self._settings, cascade=cascade)))
        self.search.textChanged.connect(self.classes.filter)
        self.classes.hiddenChanged.connect(self._hide)
        self.table.rowHovered.connect(lambda row: self.detectionHovered.emit(self._newest_index(row)))
        self.table.rowSelected.connect(lambda row: self.detectionSelected.emit(self._newest_index(row)))

    def _say(self) -> None:
        """Set every text in the present language."""
        self.heading.setText(self.tr("DETECTIONS"))
        back = self.tr("Double-click for the model's own value, {value}")
        self.score.say(
            self.tr("Score"),
            self.tr("Least score of a detection  [  ]") + "\n" + back.format(value=f"{self.score.default:.2f}"),
        )
        self.overlap.say(
            self.tr("Overlap"),
            self.tr("Boxes that overlap more than this are one object (IoU)  {  }")
            + "\n"
            + back.format(value=f"{self.overlap.default:.2f}"),
        )
        self.agnostic.setText(self.tr("One box per object, whatever its class"))
        self.agnostic.setToolTip(self.tr("Boxes of different classes suppress each other, too"))
        self.search.setPlaceholderText(self.tr("Find a class"))
        self.classes.setAccessibleName(self.tr("Classes"))
        self.classes.setToolTip(self.tr("Click to show or hide a class  1–9"))
        self.table.setAccessibleName(self.tr("Detections"))

    def _refresh(self) -> None:
        if not self._stale:
            return
        self._stale = False
        self._timer.start()
        selected = follow(self.table.found.detections, self.table.selected, self._newest)
        self.table.show_detections(self._newest)
        self.table.set_selected(selected)
        self.total.setText(str(len(self._newest)))
        self.classes.classes.count(Counter(self._newest.name(i) for i in range(len(self._newest))))

    def _newest_index(self, row: int) -> int:
        return follow(self.table.found.detections, row, self._newest)

    def _hidden_names(self, settings: DetectSettings) -> frozenset[str]:
        if self._card is None or settings.classes is None:
            return frozenset()
        return frozenset(name for i, name in enumerate(self._card.classes) if i not in settings.classes)

    def _hide(self, hidden: frozenset[str]) -> None:
        assert self._card is not None  # noqa: S101  (without a model there is no class to click on)
        wanted = frozenset(i for i, name in enumerate(self._card.classes) if name not in hidden)
        self._tell_hidden()
        self._change(replace(self._settings, classes=wanted if hidden else None))

    def _tell_hidden(self) -> None:
        if self.classes.hidden != self._told_hidden:
            self._told_hidden = self.classes.hidden
            self.hiddenClassesChanged.emit(self._told_hidden)

    def _change(self, settings: DetectSettings) -> None:
        if settings != self._settings:
            self._settings = settings
            self.settingsChanged.emit(settings)


def _line() -> QFrame:
    line = QFrame()
    line.setProperty("role", "line")
    return line
