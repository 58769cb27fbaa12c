"""The panel of tracking: the switch, the tools to draw with, what was counted, and the corners as numbers."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget

from detector_app.ui.icons import icon
from detector_app.ui.theme import GRID_PX, PADDING_PX
from detector_app.ui.tracking.counts_tree import CountsTree
from detector_app.ui.tracking.points_table import PointsTable
from detector_app.ui.tracking.shape_editor import ShapeEditor, Tool
from detector_app.vision.zone_counting import Counts
from detector_app.vision.zones import Anchor, CountingLine, Layout

COMMANDS = ("load", "save", "save_counts", "copy_counts", "reset")


class TrackingPanel(QWidget):
    """Shows an editor's layout; see :class:`~detector_app.ui.tracking.tracking_desk.TrackingDesk` for the rest.

    Signals:
        asked: one of :data:`COMMANDS`.

    Attributes:
        tree: lines and zones with their counts.
        points: corners of the selected one.
        commands: entries of the menu by name.
    """

    asked = Signal(str)

    def __init__(self, editor: ShapeEditor, switch: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._editor = editor
        self.switch, self.line, self.zone, self.delete, self.turn = (QToolButton() for _ in range(5))
        self.more, self.anchor = QToolButton(), QComboBox()
        self.hint, self._anchor_label, self._points_label = QLabel(wordWrap=True), QLabel(), QLabel()
        self.tree, self.points = CountsTree(), PointsTable()
        self.reset = QPushButton()
        self.commands = {name: QAction(self) for name in COMMANDS}
        self.switch.setDefaultAction(switch)
        self._set_up()
        self._lay_out()
        self._say()
        self.show_editor()

    def show_editor(self) -> None:
        """Follow the editor: tool, shapes, the selected one."""
        editor = self._editor
        self.line.setChecked(editor.tool is Tool.LINE)
        self.zone.setChecked(editor.tool is Tool.ZONE)
        self.delete.setEnabled(editor.selected >= 0)
        self.turn.setEnabled(isinstance(editor.selected_shape, CountingLine))
        self.tree.show_layout(editor.layout, editor.selected)
        self.points.show_shape(editor.selected_shape)
        chosen = editor.selected_shape is not None
        self.points.setVisible(chosen)
        self._points_label.setVisible(chosen)
        self.anchor.setCurrentIndex(list(Anchor).index(editor.layout.anchor))
        self.hint.setText(self._hint())
        for name in ("save", "save_counts", "copy_counts", "reset"):
            self.commands[name].setEnabled(bool(editor.layout.shapes))
        self.reset.setEnabled(bool(editor.layout.shapes))

    def show_counts(self, layout: Layout, counts: Counts) -> None:
        """Fill in the numbers."""
        self.tree.show_counts(layout, counts)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
            self.show_editor()

    def _hint(self) -> str:
        editor = self._editor
        if editor.tool is Tool.LINE:
            return self.tr("Drag a line on the picture, or Enter for one in the middle. Esc leaves.")
        if editor.tool is Tool.ZONE:
            return self.tr("Click the corners; Enter or the first corner closes, Backspace takes one back, Esc leaves.")
        if editor.layout.shapes:
            return self.tr("Drag a corner to move it. Double-click a name to change it.")
        return self.tr("Draw a line to count who crosses it, or a zone to count who is inside.")

    def _set_up(self) -> None:
        for tool, button, name in ((Tool.LINE, self.line, "line"), (Tool.ZONE, self.zone, "zone")):
            button.setCheckable(True)
            button.setIcon(icon(name))
            button.clicked.connect(lambda on, tool=tool: self._editor.take(tool if on else Tool.MOVE))
        self.turn.setIcon(icon("turn"))
        self.delete.setIcon(icon("trash"))
        self.turn.clicked.connect(self._turn)
        self.delete.clicked.connect(self._editor.delete)
        menu = QMenu(self)
        for name, action in self.commands.items():
            menu.addAction(action)
            action.triggered.connect(lambda _=False, name=name: self.asked.emit(name))
        self.more.setIcon(icon("more"))
        self.more.setMenu(menu)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        for button in (self.switch, self.line, self.zone):
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        for button in (self.switch, self.line, self.zone, self.turn, self.delete, self.more):
            button.setIconSize(QSize(18, 18))
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.anchor.addItems([""] * len(Anchor))
        self.anchor.activated.connect(self._choose_anchor)
        self.reset.clicked.connect(self.commands["reset"].trigger)
        self.hint.setProperty("role", "muted")
        self.hint.setMinimumHeight(2 * self.hint.fontMetrics().lineSpacing())
        self.hint.setAlignment(Qt.AlignmentFlag.AlignTop)

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setSpacing(4)
        for button in (self.switch, self.line, self.zone, self.turn, self.delete):
            tools.addWidget(button)
        tools.addStretch(1)
        tools.addWidget(self.more)
        point = QHBoxLayout()
        point.addWidget(self._anchor_label)
        point.addWidget(self.anchor, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(PADDING_PX, PADDING_PX, PADDING_PX, PADDING_PX)
        column.setSpacing(GRID_PX)
        column.addLayout(tools)
        column.addWidget(self.hint)
        column.addWidget(self.tree, 3)
        column.addWidget(self._points_label)
        column.addWidget(self.points, 2)
        column.addLayout(point)
        column.addWidget(self.reset)

    def _say(self) -> None:
        texts = {
            self.line: (self.tr("Line"), self.tr("Draw a line that counts who crosses it")),
            self.zone: (self.tr("Zone"), self.tr("Draw a zone that counts who is inside")),
            self.turn: (self.tr("Turn"), self.tr("Exchange in and out of the line")),
            self.delete: (self.tr("Delete"), self.tr("Delete the selected line or zone")),
            self.more: (self.tr("More"), self.tr("Files and counts")),
        }
        for button, (text, tip) in texts.items():
            button.setText(text)
            button.setToolTip(tip)
            button.setAccessibleName(tip)
        for name, text in (
            ("load", self.tr("Load lines and zones…")),
            ("save", self.tr("Save lines and zones…")),
            ("save_counts", self.tr("Save what was counted…")),
            ("copy_counts", self.tr("Copy what was counted")),
            ("reset", self.tr("Count from zero")),
        ):
            self.commands[name].setText(text)
        self.reset.setText(self.tr("Count from zero"))
        self._anchor_label.setText(self.tr("Counts"))
        self._points_label.setText(self.tr("Corners"))
        self.anchor.setItemText(0, self.tr("the middle of a box"))
        self.anchor.setItemText(1, self.tr("the middle of its lower edge"))
        self.anchor.setAccessibleName(self.tr("The point of a box that is counted"))

    def _choose_anchor(self, i: int) -> None:
        self._editor.change_layout(Layout(self._editor.layout.shapes, list(Anchor)[i]))

    def _turn(self) -> None:
        shape = self._editor.selected_shape
        if isinstance(shape, CountingLine):
            self._editor.change_points(shape.turned().points)
