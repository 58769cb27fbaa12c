"""The row under the picture: play, step, seek, speed, loop; or LIVE where there is nothing to seek."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton, QWidget

from detector_app.engine.state import EngineState, Phase
from detector_app.sources.source import SourceInfo
from detector_app.ui.icons import icon
from detector_app.ui.theme import CONTROL_PX, GRID_PX, PADDING_PX, tabular
from detector_app.ui.time_slider import TimeSlider
from detector_app.ui.time_text import clock

SPEEDS = (0.25, 0.5, 1.0, 1.5, 2.0, 4.0)
_ICON_PX = 18


class TransportBar(QWidget):
    """Asks for playback and shows where it is; decides nothing itself.

    Attributes:
        tools: buttons that others added, see :meth:`add_tool`.

    Signals: what a person asks for. ``seekRequested`` carries seconds, ``stepRequested`` frames, ``speedChanged`` the factor.
    """

    playToggled = Signal()
    stepRequested = Signal(int)
    seekRequested = Signal(float)
    startRequested = Signal()
    endRequested = Signal()
    speedChanged = Signal(float)
    loopToggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._state = EngineState()
        self._time_s = 0.0
        self._index: int | None = None
        self.start_button, self.back_button = self._button("start"), self._button("step-back")
        self.play_button = self._button("play")
        self.forward_button, self.end_button = self._button("step-forward"), self._button("end")
        self.live_label = QLabel()
        self.time_label = QLabel()
        self.slider = TimeSlider()
        self.speed_button = self._button("")
        self.loop_button = self._button("loop")
        self.tools: list[QToolButton] = []
        self._arrange()
        self._connect()
        self._say()
        self.show_state(self._state)

    # --- what is shown ----------------------------------------------------------------------------------------------------

    def show_state(self, state: EngineState) -> None:
        """Enable what the source can do and show whether it plays."""
        source_changed = state.source != self._state.source
        self._state = state
        if source_changed:
            self._time_s, self._index = 0.0, None
        source = state.source
        seekable = source is not None and source.seekable
        for widget in (self.start_button, self.back_button, self.forward_button, self.end_button, self.slider):
            widget.setEnabled(seekable)
        self.play_button.setEnabled(source is not None)
        self.speed_button.setEnabled(source is not None and not source.live)
        self.loop_button.setEnabled(source is not None and not source.live)
        live = source is not None and source.live
        for widget in (self.start_button, self.back_button, self.forward_button, self.end_button, *self.tools):
            widget.setVisible(not live)
        self.slider.setVisible(not live)
        self._gap.setVisible(live)
        self.live_label.setVisible(live)
        self.speed_button.setVisible(not live)
        self.loop_button.setVisible(not live)
        self.play_button.setIcon(icon("pause" if state.phase is Phase.PLAYING else "play"))
        self.slider.set_duration(_duration_s(source))
        self._show_speed()
        self.loop_button.setChecked(state.loop)
        self._say_play()
        self._show_time()

    def show_position(self, time_s: float, index: int | None = None) -> None:
        """Show presentation time ``time_s``; ``index`` is the frame's number, which counts pictures of a folder."""
        self._time_s, self._index = time_s, index
        self._show_time()

    def add_tool(self, action: QAction) -> QToolButton:
        """Show ``action`` as a button beside the speed, where there is something to seek."""
        button = self._button("")
        button.setDefaultAction(action)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        button.setFixedSize(CONTROL_PX + 4, CONTROL_PX)
        self._row.insertWidget(self._row.indexOf(self.speed_button), button)
        self.tools.append(button)
        return button

    # --- inside -----------------------------------------------------------------------------------------------------------

    def _button(self, icon_name: str) -> QToolButton:
        button = QToolButton()
        if icon_name:
            button.setIcon(icon(icon_name))
            button.setFixedSize(CONTROL_PX + 4, CONTROL_PX)
        button.setIconSize(QSize(_ICON_PX, _ICON_PX))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _arrange(self) -> None:
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(PADDING_PX, GRID_PX // 2, PADDING_PX, GRID_PX // 2)
        row.setSpacing(GRID_PX // 2)
        for button in (self.start_button, self.back_button, self.play_button, self.forward_button, self.end_button):
            row.addWidget(button)
        row.addSpacing(GRID_PX)
        self.live_label.setContentsMargins(0, 0, GRID_PX, 0)
        row.addWidget(self.live_label)
        row.addWidget(self.time_label)
        row.addSpacing(GRID_PX)
        row.addWidget(self.slider, 1)
        self._gap = QWidget()
        row.addWidget(self._gap, 1)
        row.addSpacing(GRID_PX)
        row.addWidget(self.speed_button)
        row.addWidget(self.loop_button)
        self.live_label.setProperty("role", "danger")
        self.time_label.setFont(tabular(self.font()))
        self.speed_button.setFont(tabular(self.font()))
        self.speed_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.speed_button.setFixedSize(QFontMetrics(self.font()).horizontalAdvance("0.25×") + 36, CONTROL_PX)
        self.loop_button.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._fill_speeds()

    def _fill_speeds(self) -> None:
        menu = QMenu(self)
        self._speeds = QActionGroup(self)
        for speed in SPEEDS:
            action = menu.addAction(_speed_text(speed))
            action.setCheckable(True)
            action.setData(speed)
            self._speeds.addAction(action)
        self._speeds.triggered.connect(lambda action: self.speedChanged.emit(action.data()))
        self.speed_button.setMenu(menu)

    def _connect(self) -> None:
        self.start_button.clicked.connect(lambda: self.startRequested.emit())
        self.back_button.clicked.connect(lambda: self.stepRequested.emit(-1))
        self.play_button.clicked.connect(lambda: self.playToggled.emit())
        self.forward_button.clicked.connect(lambda: self.stepRequested.emit(1))
        self.end_button.clicked.connect(lambda: self.endRequested.emit())
        self.loop_button.clicked.connect(self.loopToggled)
        self.slider.sought.connect(self.seekRequested)

    def _say(self) -> None:
        """Set every text in the present language."""
        texts = (
            (self.start_button, self.tr("To the start"), "Home"),
            (self.back_button, self.tr("One frame back"), "←"),
            (self.forward_button, self.tr("One frame on"), "→"),
            (self.end_button, self.tr("To the end"), "End"),
            (self.loop_button, self.tr("Play in a loop"), ""),
            (self.speed_button, self.tr("Playback speed"), ""),
        )
        for button, text, key in texts:
            button.setToolTip(f"{text} ({key})" if key else text)
            button.setAccessibleName(text)
        self.slider.setAccessibleName(self.tr("Position"))
        self.live_label.setText(self.tr("● LIVE"))
        self._say_play()

    def _say_play(self) -> None:
        text = self.tr("Pause") if self._state.phase is Phase.PLAYING else self.tr("Play")
        self.play_button.setToolTip(self.tr("{action} (Space)").format(action=text))
        self.play_button.setAccessibleName(text)

    def _show_speed(self) -> None:
        self.speed_button.setText(_speed_text(self._state.speed))
        for action in self._speeds.actions():
            action.setChecked(action.data() == self._state.speed)

    def _show_time(self) -> None:
        source = self._state.source
        self.slider.show_time(self._time_s)
        text, widest = _position_texts(source, self._time_s, self._index)
        metrics = QFontMetrics(self.time_label.font())
        self.time_label.setMinimumWidth(metrics.horizontalAdvance(widest))
        self.time_label.setText(text)

    def changeEvent(self, event: QEvent) -> None:
        """Speak the new language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)


def _speed_text(speed: float) -> str:
    return f"{speed:g}×"


def _duration_s(source: SourceInfo | None) -> float:
    """Where the slider ends; a file whose length is unknown gets none."""
    return 0.0 if source is None or source.duration_s is None else source.duration_s


def _position_texts(source: SourceInfo | None, time_s: float, index: int | None) -> tuple[str, str]:
    """What the time label says, and the widest that it will say for this source."""
    if source is None:
        return f"{clock(0)} / {clock(0)}", f"{clock(0)} / {clock(0)}"
    if source.kind == "pictures" and source.frame_count:
        count = str(source.frame_count)
        return f"{(index or 0) + 1} / {count}", f"{count} / {count}"
    if source.live or source.duration_s is None:
        return clock(time_s), clock(3600)
    total = clock(source.duration_s)
    return f"{clock(time_s, like=source.duration_s)} / {total}", f"{total} / {total}"
