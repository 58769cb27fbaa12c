"""The bar under the menus: open something, choose the model, keep what is seen."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolBar, QToolButton, QWidget

from detector_app.engine.state import EngineState
from detector_app.ui.actions import Actions
from detector_app.ui.icons import icon

_ICON = QSize(24, 18)  # wider than high: room between icon and text
_MODEL_WIDTH_PX = 176


class Toolbar(QToolBar):
    """Buttons over the actions of the window; the menus are the window's own."""

    def __init__(self, actions: Actions, menus: dict[str, QMenu], parent: QWidget) -> None:
        super().__init__(parent)
        self.setMovable(False)
        self.setFloatable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setIconSize(_ICON)
        self._actions, self._menus = actions, menus
        self._model_name = ""
        self._loading = False
        self.open_button = self._button("open", menus["open"])
        self.open_button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        self.camera_button = self._menu_button("camera", menus["camera"])
        self.stream_button = self._button("stream")
        self.addSeparator()
        self.model_button = self._menu_button("model", menus["model"])
        self.model_button.setObjectName("modelButton")
        self.model_button.setMinimumWidth(_MODEL_WIDTH_PX)
        self.info_button = self._button("model_info", text=False)
        self.addSeparator()
        self.record_button = self._button("record")
        self.record_button.setObjectName("record")
        self.snapshot_button = self._button("snapshot")
        self.export_button = self._button("export")
        spacer = QWidget()
        spacer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(spacer)
        self.panel_button = self._button("panel")
        self.inspect_button = self._button("inspect")
        self.retranslate()

    def show_state(self, state: EngineState) -> None:
        """Show the model that runs, or that one is being loaded."""
        self._model_name, self._loading = state.model_name, state.model_loading
        self._name_model()

    def camera_corner(self) -> QPoint:
        """Where a menu under the camera button begins, on the screen."""
        return self.camera_button.mapToGlobal(self.camera_button.rect().bottomLeft())

    def _button(self, name: str, menu: QMenu | None = None, *, text: bool = True) -> QToolButton:
        button = QToolButton()
        button.setDefaultAction(self._actions[name])
        style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon if text else Qt.ToolButtonStyle.ToolButtonIconOnly
        button.setToolButtonStyle(style)
        if menu is not None:
            button.setMenu(menu)
        self.addWidget(button)
        return button

    def _menu_button(self, symbol: str, menu: QMenu) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(symbol))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setMenu(menu)
        self.addWidget(button)
        return button

    def retranslate(self) -> None:
        """Set every text again in the present language, after the actions have."""
        self.camera_button.setText(self.tr("Camera"))
        self.camera_button.setToolTip(self.tr("Open a camera"))
        self._name_model()
        # The texts of the actions are sentences for menus; buttons say the same in a word.
        self._actions["open"].setIconText(self.tr("Open"))
        self._actions["stream"].setIconText(self.tr("Stream"))
        self._actions["export"].setIconText(self.tr("Export"))

    def _name_model(self) -> None:
        shown = Path(self._model_name).stem if self._model_name.endswith(".onnx") else self._model_name
        if self._loading:
            shown = self.tr("Loading…")
        self.model_button.setText(shown or self.tr("Choose a model"))
        self.model_button.setToolTip(self._model_name or self.tr("No model: pictures are shown without detections"))
