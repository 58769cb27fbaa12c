"""What stands beside the picture when it is asked for: panels that dock, hide, float and come back as they were left."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QByteArray, QEvent, QObject, QSettings, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabWidget, QWidget

from detector_app.ui.actions import Actions
from detector_app.ui.dock_title import DockTitle

LEAST_WIDTH_PX = 340
NARROW_PX = 1500
"""In a window that is not wider the results make room while a panel is docked; ``D`` brings them back."""
_KEY = "window/docks"
_LAYOUT_VERSION = 1


class Docks(QObject):
    """The panels at the right of a stage; several of them share the place as tabs.

    Args:
        stage: the inner main window around the picture.
        actions: of the window; those of panels are switches.
        store: keeps which are open, and where.
    """

    def __init__(self, stage: QMainWindow, actions: Actions, store: QSettings) -> None:
        super().__init__(stage)
        self._stage, self._actions, self._store = stage, actions, store
        self._docks: dict[str, tuple[QDockWidget, str, Callable[[], str]]] = {}
        self._made_room = False
        self._full_screen: list[QDockWidget] = []
        stage.setDockOptions(QMainWindow.DockOption.AllowTabbedDocks | QMainWindow.DockOption.AnimatedDocks)
        stage.setAnimated(False)
        stage.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        stage.installEventFilter(self)

    def add(self, name: str, widget: QWidget, action: str, title: Callable[[], str]) -> QDockWidget:
        """Have ``widget`` as a panel, closed until its switch is turned on or it was open last time.

        Args:
            name: for the store; never shown.
            widget: what is in it; ``visibilityChanged`` of the result tells when it can be seen, also behind another tab.
            action: id of its checkable action, which follows and is followed.
            title: says the title in the present language; asked again when that changes.
        """
        dock = QDockWidget(title(), self._stage)
        dock.setObjectName(f"dock-{name}")
        dock.setAllowedAreas(Qt.DockWidgetArea.RightDockWidgetArea | Qt.DockWidgetArea.LeftDockWidgetArea)
        widget.setMinimumWidth(max(LEAST_WIDTH_PX, widget.minimumWidth()))
        dock.setWidget(widget)
        dock.setTitleBarWidget(DockTitle(dock))
        self._stage.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
        for other, _, _ in self._docks.values():
            self._stage.tabifyDockWidget(other, dock)
        dock.hide()
        self._docks[name] = (dock, action, title)
        switch = self._actions[action]
        switch.toggled.connect(lambda on: self._show(dock, on))
        dock.toggleViewAction().toggled.connect(switch.setChecked)
        dock.toggleViewAction().toggled.connect(lambda _on: self._make_room())
        dock.topLevelChanged.connect(lambda _floating: self._make_room())
        return dock

    @property
    def results_wanted(self) -> bool:
        """Whether the results are open, or closed only to make room."""
        return self._made_room or self._actions["panel"].isChecked()

    def restore(self) -> None:
        """Open what was open when the window closed. After all panels were added."""
        kept = self._store.value(_KEY)
        if isinstance(kept, QByteArray):
            self._stage.restoreState(kept, _LAYOUT_VERSION)

    def keep(self) -> None:
        """Remember which are open, and where."""
        self.set_full_screen(False)
        self._store.setValue(_KEY, self._stage.saveState(_LAYOUT_VERSION))

    def set_full_screen(self, full_screen: bool) -> None:
        """Step back for the picture alone, and come back."""
        if full_screen:
            self._full_screen = [dock for dock, _, _ in self._docks.values() if self._docked(dock)]
            for dock in self._full_screen:
                dock.hide()
            return
        for dock in self._full_screen:
            dock.show()
        self._full_screen = []

    def retranslate(self) -> None:
        """Set every title again in the present language."""
        for dock, _, title in self._docks.values():
            dock.setWindowTitle(title())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        return super().eventFilter(watched, event)

    def _show(self, dock: QDockWidget, shown: bool) -> None:
        dock.setVisible(shown)
        if shown:
            dock.raise_()

    @staticmethod
    def _docked(dock: QDockWidget) -> bool:
        return not dock.isFloating() and dock.toggleViewAction().isChecked()

    def _make_room(self) -> None:
        """Results and panel together leave too little of the picture of a narrow window: the first closes them, the last opens them."""
        results = self._actions["panel"]
        any_docked = any(self._docked(dock) for dock, _, _ in self._docks.values())
        if any_docked and not self._made_room and results.isChecked() and self._stage.width() <= NARROW_PX:
            self._made_room = True
            results.setChecked(False)
        elif not any_docked and self._made_room:
            self._made_room = False
            results.setChecked(True)
