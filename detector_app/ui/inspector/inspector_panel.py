"""The inspector beside the picture: the funnel of the frame, its candidates, what is missing, and other kinds of suppression."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QStackedWidget, QTabBar, QToolButton, QVBoxLayout, QWidget

from detector_app.ui.detection_panel import REFRESH_MS
from detector_app.ui.help.help_button import help_button
from detector_app.ui.icons import icon
from detector_app.ui.inspector.inspection import Inspection
from detector_app.ui.inspector.kinds_page import KindsPage
from detector_app.ui.inspector.stages_page import StagesPage
from detector_app.ui.inspector.story_line import StoryLine
from detector_app.ui.inspector.why_page import WhyPage
from detector_app.ui.theme import GRID_PX, PADDING_PX
from detector_app.ui.value_slider import ValueSlider

STAGES, WHY, KINDS = range(3)

_HELP_PX, _COPY_PX = 34, 46


class InspectorPanel(QWidget):
    """Follows an :class:`Inspection`; the counts at most every :data:`REFRESH_MS`.

    Signals:
        scoreChanged, overlapChanged: what a person has chosen, 0 to 1.
        copyRequested: "picture", "save" or "json".
        pageChanged: :data:`STAGES`, :data:`WHY` or :data:`KINDS`.
    """

    scoreChanged = Signal(float)
    overlapChanged = Signal(float)
    copyRequested = Signal(str)
    pageChanged = Signal(int)

    def __init__(self, inspection: Inspection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inspection = inspection
        self.needs = QLabel()
        self.score, self.overlap = ValueSlider(), ValueSlider()
        self.pages = QTabBar()
        self.stages, self.why, self.kinds = StagesPage(inspection), WhyPage(inspection), KindsPage(inspection)
        self.story = StoryLine(inspection)
        self.help = help_button("grid")
        self.copy = QToolButton()
        self._copies = {name: self._copy_action(name) for name in ("picture", "save", "json")}
        self._stack, self._whole = QStackedWidget(), QStackedWidget()
        self._timer = QTimer(self, singleShot=True, interval=REFRESH_MS)
        self._stale = False
        self._arrange()
        self._connect()
        self._say()
        self.follow()

    # --- what is shown ----------------------------------------------------------------------------------------------------

    def show_page(self, page: int) -> None:
        """Turn to :data:`STAGES`, :data:`WHY` or :data:`KINDS`."""
        self.pages.setCurrentIndex(page)

    @property
    def page(self) -> int:
        """The page that is shown."""
        return self.pages.currentIndex()

    def show_thresholds(self, score: float, overlap: float) -> None:
        """Show these values; emits nothing."""
        self.score.set_value(score)
        self.overlap.set_value(overlap)

    def follow(self) -> None:
        """Show what is inspected now, or with the next refresh."""
        self._stale = True
        if not self._timer.isActive():
            self._refresh()

    def _refresh(self) -> None:
        if not self._stale:
            return
        self._stale = False
        self._timer.start()
        trace = self._inspection.trace
        self._whole.setCurrentIndex(0 if trace is None else 1)
        self.copy.setEnabled(trace is not None)
        if trace is None:
            self.needs.setText(self._what_it_needs())
        self._choose_help()
        for page in (self.stages, self.why, self.kinds):
            page.follow()

    def _choose_help(self) -> None:
        """The page of the help that explains what is seen here."""
        trace = self._inspection.trace
        first = trace.looks[0].name if trace is not None and trace.looks else ""
        stages = {"P-Net": "mtcnn", "O-Net": "mtcnn", "proposals": "rcnn"}.get(first, "grid")
        self.help.page = (stages, "score", "nms")[self.page]

    def _what_it_needs(self) -> str:
        card, result = self._inspection.card, self._inspection.result
        if card is None:
            return self.tr("Choose a detector: here you will see what becomes of every candidate it considers.")
        if card.task not in ("detect", "faces"):
            return self.tr(
                "This model names whole pictures; it has no boxes to follow. Choose a detector to see how boxes come about."
            )
        if result is None:
            return self.tr("Open a picture or a video: here you will see what becomes of every candidate.")
        return self.tr("This model chooses its boxes inside itself, so that there is nothing to follow.")

    # --- inside -----------------------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        self.setObjectName("inspector")
        self.setMinimumWidth(340)
        self.pages.setExpanding(False)
        self.pages.setDrawBase(False)
        self.pages.setUsesScrollButtons(False)
        for page in (self.stages, self.why, self.kinds):
            self.pages.addTab("")
            self._stack.addWidget(page)
        self.help.setFixedWidth(_HELP_PX)
        self.copy.setFixedWidth(_COPY_PX)
        self.copy.setIcon(icon("copy"))
        self.copy.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.copy)
        menu.addActions(list(self._copies.values()))
        self.copy.setMenu(menu)
        self.needs.setWordWrap(True)
        self.needs.setProperty("role", "muted")
        self.needs.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.needs.setContentsMargins(PADDING_PX, PADDING_PX, PADDING_PX, PADDING_PX)
        self._whole.addWidget(self.needs)
        self._whole.addWidget(self._body())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._whole)

    def _body(self) -> QWidget:
        body = QWidget()
        head = QHBoxLayout()
        head.setSpacing(0)
        head.addWidget(self.pages, 1)
        head.addWidget(self.help)
        head.addWidget(self.copy)
        column = QVBoxLayout(body)
        column.setContentsMargins(GRID_PX, GRID_PX // 2, GRID_PX, GRID_PX)
        column.setSpacing(GRID_PX // 2)
        column.addWidget(self.score)
        column.addWidget(self.overlap)
        column.addLayout(head)
        column.addWidget(self._stack, 1)
        column.addWidget(self.story)
        return body

    def _copy_action(self, name: str) -> QAction:
        action = QAction(self)
        action.triggered.connect(lambda _=False: self.copyRequested.emit(name))
        return action

    def _connect(self) -> None:
        self._timer.timeout.connect(self._refresh)
        self.score.changed.connect(self.scoreChanged)
        self.overlap.changed.connect(self.overlapChanged)
        self.pages.currentChanged.connect(self._stack.setCurrentIndex)
        self.pages.currentChanged.connect(self.pageChanged)
        self.pages.currentChanged.connect(self._choose_help)
        self._inspection.resultChanged.connect(self.follow)

    def _say(self) -> None:
        """Set every text in the present language."""
        self.score.say(self.tr("Score"), self.tr("Least score of a detection: how sure the network must be  [  ]"))
        self.overlap.say(self.tr("Overlap"), self.tr("Boxes that overlap more than this are one object (IoU)  {  }"))
        names = self.tr("Stages"), self.tr("Why not?"), self.tr("Suppression")
        hints = (
            self.tr("Every step from the first answer to the last box, and who ended where"),
            self.tr("Why is nothing here? Click on the picture, or move the cross with the arrow keys"),
            self.tr("The same candidates under three kinds of non-maximum suppression"),
        )
        for i, (name, hint) in enumerate(zip(names, hints, strict=True)):
            self.pages.setTabText(i, name)
            self.pages.setTabToolTip(i, hint)
        self.pages.setAccessibleName(self.tr("Pages of the inspector"))
        self.copy.setToolTip(self.tr("Copy what is inspected"))
        self.copy.setAccessibleName(self.tr("Copy"))
        self._copies["picture"].setText(self.tr("Copy as a picture"))
        self._copies["save"].setText(self.tr("Save as a picture"))
        self._copies["json"].setText(self.tr("Copy as JSON"))
        self.setAccessibleName(self.tr("Inspector"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc lets go of what is selected, then of the point."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self._inspection.pinned is not None:
            self._inspection.pin(None)
        else:
            self._inspection.ask(None)

    def changeEvent(self, event: QEvent) -> None:
        """Speak the new language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
            self.follow()
        super().changeEvent(event)
