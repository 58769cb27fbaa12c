"""Everything between the toolbar and the window's lower edge, and what its parts tell each other."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow, QProgressBar, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from detector_app.engine.state import EngineState, Phase
from detector_app.model_card import ModelCard
from detector_app.ui.actions import Actions
from detector_app.ui.classification_panel import ClassificationPanel
from detector_app.ui.detection_panel import DetectionPanel
from detector_app.ui.empty_state import EmptyState
from detector_app.ui.export_bar import ExportBar
from detector_app.ui.message_bar import MessageBar
from detector_app.ui.side_by_side.picture_frame import PictureFrame
from detector_app.ui.status_bar import StatusBar
from detector_app.ui.timeline.analysis_bar import AnalysisBar
from detector_app.ui.timeline.timeline import Timeline
from detector_app.ui.transport_bar import TransportBar
from detector_app.ui.video_view import VideoView
from detector_app.vision.frame_result import FrameResult

_PANEL_WIDTH_PX = 288


class CentralArea(QWidget):
    """Message, picture or empty state, panel, transport, timeline, export in progress, status; top to bottom.

    Attributes:
        stage: holds picture and results, and the panels that dock beside them.
        frame: around the picture, with room above and beside it.
    """

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.messages = MessageBar()
        self.busy = QProgressBar(minimum=0, maximum=0, textVisible=False)
        self.busy.setObjectName("busyLine")
        self.empty = EmptyState(actions["demo"], actions["open"], actions["choose_camera"])
        self.view = VideoView()
        self.panel = DetectionPanel()
        self.classification = ClassificationPanel()
        self._panels = QStackedWidget()
        self.transport = TransportBar()
        self.timeline = Timeline()
        self.analysis = AnalysisBar()
        self.exports = ExportBar()
        self.status = StatusBar()
        self._pictures = QStackedWidget()
        self.frame = PictureFrame(self._pictures)
        self.stage = QMainWindow()
        self._full_screen = False
        self._panel_wanted = True
        self._source_name = ""
        self._has_timeline = False
        self._sides: list[QWidget] = []
        self._side: QWidget | None = None
        self._lay_out()
        self._link()
        self.show_empty()

    @property
    def showing_picture(self) -> bool:
        """Whether there is a picture, rather than the empty state."""
        return self._pictures.currentWidget() is self.view

    def show_empty(self, opening: str = "") -> None:
        """Show the empty state, or that ``opening`` is being opened."""
        self.view.clear()
        self.panel.clear()
        self.classification.clear()
        self.empty.show_opening(opening)
        self._show_page(self.empty)

    def show_result(self, result: FrameResult) -> None:
        """Show one result in every part that takes results."""
        self.view.show_result(result)
        if not self.showing_picture:
            self._show_page(self.view)
        self.panel.show_result(result)
        self.classification.show_result(result)
        self.transport.show_position(result.frame.time_s, result.frame.index)
        if self._has_timeline:
            self.timeline.show_time(result.frame.time_s)

    def show_state(self, state: EngineState) -> None:
        """Follow the engine."""
        self.transport.show_state(state)
        self.status.show_state(state)
        self._choose_panel(state.model)
        self._show_busy(state.phase is Phase.OPENING or state.model_loading)
        source = state.source
        if source is not None:
            self._has_timeline = source.seekable and source.duration_s is not None and source.kind == "video"
            if source.name != self._source_name:
                self.timeline.reset(source.duration_s or 0.0)
        self._source_name = source.name if source is not None else ""
        if state.phase in (Phase.EMPTY, Phase.FAILED):
            self.show_empty()
        elif state.phase is Phase.OPENING and not self.showing_picture:
            self.show_empty(state.spec)
        self._arrange()

    def set_panel_shown(self, shown: bool) -> None:
        """Show or hide the panel at the right."""
        self._panel_wanted = shown
        self._arrange()

    def add_side_panel(self, panel: QWidget) -> None:
        """Have a panel that can take the place of the results."""
        panel.hide()
        self._sides.append(panel)
        self._split.addWidget(panel)

    def show_side_panel(self, panel: QWidget | None) -> None:
        """Show a panel that was added in the place of the results; None for these again."""
        for side in self._sides:
            side.setVisible(side is panel)
        self._side = panel
        self._arrange()
        widths = [10_000, _PANEL_WIDTH_PX, *(side.minimumWidth() for side in self._sides)]
        self._split.setSizes(widths)

    def set_full_screen(self, full_screen: bool) -> None:
        """Leave only the picture and the transport."""
        self._full_screen = full_screen
        self._arrange()

    def _show_page(self, page: QWidget) -> None:
        if self._pictures.currentWidget() is not page:
            self._pictures.setCurrentWidget(page)
            # Else Qt gives the focus of the hidden buttons to whatever comes next, which would look chosen.
            page.setFocus()
        self._arrange()

    def _choose_panel(self, card: ModelCard | None) -> None:
        """Boxes and thresholds for a detector, probabilities for a classifier."""
        classifies = card is not None and card.task == "classify"
        if classifies:
            self.classification.show_model(card)
        self._panels.setCurrentWidget(self.classification if classifies else self.panel)

    def _show_busy(self, busy: bool) -> None:
        # A stopped indeterminate bar shows nothing, so that the line is always there and nothing moves.
        self.busy.setRange(0, 0 if busy else 1)
        self.busy.setValue(0)

    def _arrange(self) -> None:
        """Show what belongs to the present situation."""
        picture = self.showing_picture
        self.transport.setVisible(picture)
        self.timeline.setVisible(picture and self._has_timeline and not self._full_screen)
        self._panels.setVisible(self._panel_wanted and not self._full_screen and self._side is None)
        if self._side is not None:
            self._side.setVisible(not self._full_screen)
        self.status.setVisible(not self._full_screen)
        self.status.figures.setVisible(picture)

    def _lay_out(self) -> None:
        policy = self.status.figures.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.status.figures.setSizePolicy(policy)
        self._pictures.addWidget(self.empty)
        self._pictures.addWidget(self.view)
        split = self._split = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False, handleWidth=1)
        split.addWidget(self.frame)
        self._panels.addWidget(self.panel)
        self._panels.addWidget(self.classification)
        split.addWidget(self._panels)
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 0)
        split.setSizes([10_000, _PANEL_WIDTH_PX])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.busy)
        column.addWidget(self.messages)
        self.stage.setWindowFlags(Qt.WindowType.Widget)
        self.stage.setCentralWidget(split)
        column.addWidget(self.stage, 1)
        for widget in (self.transport, self.timeline, self.analysis, self.exports, self.status):
            column.addWidget(widget)

    def _link(self) -> None:
        """Hovering, selecting and hiding count in the picture and in the panel alike."""
        self.view.detectionHovered.connect(self.panel.set_hovered)
        self.view.detectionSelected.connect(self.panel.set_selected)
        self.panel.detectionHovered.connect(self.view.set_hovered)
        self.panel.detectionSelected.connect(self.view.set_selected)
        self.panel.hiddenClassesChanged.connect(self.view.set_hidden_classes)
