"""What the picture area says while there is no picture: what can be dropped here, and three ways to begin."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAction, QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from detector_app.ui.icon_label import IconLabel
from detector_app.ui.icons import icon, paint_icon
from detector_app.ui.theme import tokens_for

_TILE_PX = 72
_ICON_PX = 36
_BUTTON_ICON = QSize(24, 16)  # wider than high: room between icon and text


class EmptyState(QWidget):
    """Three buttons and a hint. The buttons follow the actions they trigger: none is enabled that cannot work."""

    def __init__(self, demo: QAction, open_files: QAction, camera: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("emptyState")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._opening = ""
        self._title = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._title.setProperty("role", "title")
        self._hint = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self._hint.setProperty("role", "muted")
        self.demo_button = _button(demo, "play", primary=True)
        self.open_button = _button(open_files, "open")
        self.camera_button = _button(camera, "camera")
        self._lay_out()
        self._retranslate()
        self._tint_primary()

    def show_opening(self, name: str) -> None:
        """Say that ``name`` is being opened; empty: nothing is."""
        # A long path would make the window wider, and leave it so.
        self._opening = Path(name).name if Path(name).is_absolute() else name
        self._retranslate()

    def camera_corner(self) -> QPoint:
        """Where a menu under the camera button begins, on the screen."""
        return self.camera_button.mapToGlobal(self.camera_button.rect().bottomLeft())

    def set_dragging(self, dragging: bool) -> None:
        """Light up while something that can be dropped is over the window."""
        self.setProperty("dragging", dragging)
        frame = self._frame
        frame.setProperty("dragging", dragging)
        frame.style().unpolish(frame)
        frame.style().polish(frame)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language and the theme."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        elif event.type() == QEvent.Type.PaletteChange:
            self._tint_primary()
        super().changeEvent(event)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch()
        for button in (self.demo_button, self.open_button, self.camera_button):
            row.addWidget(button)
        row.addStretch()
        self._frame = QFrame(self)
        self._frame.setObjectName("dropFrame")
        column = QVBoxLayout(self._frame)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(0)
        column.addStretch(2)
        column.addWidget(_tile(), alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(24)
        column.addWidget(self._title)
        column.addSpacing(8)
        column.addWidget(self._hint)
        column.addSpacing(32)
        column.addLayout(row)
        column.addStretch(3)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 16, 16, 16)
        outer.addWidget(self._frame)

    def _tint_primary(self) -> None:
        """The icon on the accent must have the colour of the text on it."""
        ratio = self.devicePixelRatioF()
        picture = QPixmap(_BUTTON_ICON * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        colour = QColor(tokens_for(QApplication.palette()).on_accent)
        paint_icon(painter, QRect(QPoint(0, 0), _BUTTON_ICON), "play", colour)
        painter.end()
        self.demo_button.setIcon(QIcon(picture))

    def _retranslate(self) -> None:
        opening = bool(self._opening)
        self._title.setText(
            self.tr("Opening {name}…").format(name=self._opening) if opening else self.tr("See what is there, and why")
        )
        self._hint.setText(
            self.tr("This may take a moment.")
            if opening
            else self.tr("Drop a video, a picture, a folder or an .onnx model here, or begin with one of these.")
        )
        self.demo_button.setText(self.tr("Play the demo"))
        self.open_button.setText(self.tr("Open a video"))
        self.camera_button.setText(self.tr("Use a camera"))
        for button in (self.demo_button, self.open_button, self.camera_button):
            button.setVisible(not opening)


def _tile() -> QFrame:
    """The app's sign on a plate."""
    tile = QFrame()
    tile.setObjectName("emptySymbol")
    tile.setFixedSize(_TILE_PX, _TILE_PX)
    inside = QVBoxLayout(tile)
    inside.addWidget(IconLabel("inspect", _ICON_PX), alignment=Qt.AlignmentFlag.AlignCenter)
    return tile


def _button(action: QAction, symbol: str, *, primary: bool = False) -> QPushButton:
    button = QPushButton(icon(symbol), "")
    button.setIconSize(_BUTTON_ICON)
    button.setProperty("primary", primary)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.clicked.connect(action.trigger)

    def follow() -> None:
        button.setEnabled(action.isEnabled())
        button.setToolTip(action.toolTip())

    action.changed.connect(follow)
    follow()
    return button
