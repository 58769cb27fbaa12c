"""The panel of feature maps: which layer, all its maps, one of them large, and what is known of the chosen activation."""

from __future__ import annotations

import math
from collections.abc import Iterable

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from detector_app.pipelines.inside.layers import Layer
from detector_app.pipelines.inside.sight import Network
from detector_app.ui.network.map_colours import Scaling
from detector_app.ui.network.map_grid import MapGrid
from detector_app.ui.network.patches_page import PatchesPage
from detector_app.ui.network.probe import Probe
from detector_app.ui.network.unit_map import UnitMap
from detector_app.ui.network.words import STAGES, layer_name, layer_title
from detector_app.ui.theme import GRID_PX, PADDING_PX, tabular

NEEDS, MAPS, PATCHES = range(3)


class NetworkPanel(QWidget):
    """Follows a :class:`Probe`.

    Signals:
        layerChosen: the name of a layer's tensor.
        stageChosen: which network of a cascade, from 0.
        levelChosen: which level of the pyramid, from 0.
        patchesOpened: the page of patches was turned to.
    """

    layerChosen = Signal(str)
    stageChosen = Signal(int)
    levelChosen = Signal(int)
    patchesOpened = Signal()

    def __init__(self, probe: Probe, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._probe = probe
        self._layers: tuple[Layer, ...] = ()
        self._stages: tuple[str, ...] = ()
        self._failure = ""
        self.needs, self.note = QLabel(wordWrap=True), QLabel(wordWrap=True)
        self.stage, self.level, self.layer = QComboBox(), QSpinBox(minimum=1, maximum=99), QComboBox()
        self.order, self.together = QComboBox(), QComboBox()
        self.around_zero = QCheckBox()
        self.grid, self.map = MapGrid(probe), UnitMap(probe)
        self.unit_name, self.figures = QLabel(), QLabel()
        self.excites = QPushButton()
        self.patches = PatchesPage()
        self._stack = QStackedWidget()
        self._arrange()
        self._connect()
        self._say()
        self.follow()

    # --- what is shown ----------------------------------------------------------------------------------------------------

    @property
    def page(self) -> int:
        """:data:`NEEDS`, :data:`MAPS` or :data:`PATCHES`."""
        return self._stack.currentIndex()

    def show_failure(self, text: str) -> None:
        """Why there are no maps, in the present language; empty if it is only that nothing is open."""
        self._failure = text
        self.follow()

    def show_networks(self, networks: tuple[Network, ...], layers: tuple[Layer, ...], stage: int) -> None:
        """The networks of the model, and the layers of one of them."""
        stages = tuple(network.stage for network in networks)
        if stages != self._stages:
            with QSignalBlocker(self.level):
                self.level.setValue(1)
            self._stages = stages
            _fill(self.stage, [(STAGES.get(name, name), i) for i, name in enumerate(stages)])
        with QSignalBlocker(self.stage):
            self.stage.setCurrentIndex(min(stage, len(stages) - 1))
        if layers != self._layers:
            self._layers = layers
            self._fill_layers()
        present = stages[min(stage, len(stages) - 1)] if stages else ""
        self.stage.setVisible(len(stages) > 1)
        self.level.setVisible(present == "pnet")
        self.note.setVisible(present in ("rnet", "onet"))

    def follow(self) -> None:
        """Show what the probe is at."""
        maps = self._probe.maps
        if maps is None:
            self._stack.setCurrentIndex(NEEDS)
            self.needs.setText(
                self._failure or self.tr("Open a picture or video with a model: then its layers can be seen here.")
            )
            return
        if self.page == NEEDS:
            self._stack.setCurrentIndex(MAPS)
        with QSignalBlocker(self.layer):
            self.layer.setCurrentIndex(self.layer.findData(maps.layer.tensor))
        self._say_figures()

    def unit_text(self) -> str:
        """As in "Unit 12 of ReLU 3"."""
        maps = self._probe.maps
        if maps is None:
            return ""
        return self.tr("Unit {number} of {layer}").format(number=self._probe.unit, layer=layer_name(maps.layer))

    def show_page(self, page: int) -> None:
        """Turn to :data:`MAPS` or :data:`PATCHES`."""
        if self._probe.maps is not None:
            self._stack.setCurrentIndex(page)
            if page == PATCHES:
                self.patchesOpened.emit()
                self.patches.back.setFocus()
            else:
                self.grid.setFocus()

    def _say_figures(self) -> None:
        maps, probe = self._probe.maps, self._probe
        if maps is None:
            return
        hovered = probe.hovered if probe.hovered >= 0 else probe.unit
        number = self.tr("Unit {number}").format(number=hovered)
        low, high = (float(value) for value in (maps.values[hovered].min(), maps.values[hovered].max()))
        self.unit_name.setText(number)
        lines = [self.tr("{low} to {high}").format(low=_short(low), high=_short(high))]
        if hovered == probe.unit:
            lines += self._lines_of_activation()
        self.figures.setText("\n".join(lines))

    def _lines_of_activation(self) -> list[str]:
        probe, field = self._probe, self._probe.field()
        maps = probe.maps
        lines = [
            "",
            self.tr("Row {row}, column {column}").format(row=probe.row, column=probe.column),
            self.tr("Value {value}").format(value=_short(probe.value)),
        ]
        if maps is None or field.xyxy is None:
            return [*lines, self.tr("It sees only padding")]
        width, height = field.wh
        if field.unknown:
            lines.append(
                self.tr("It may see the whole input: nobody can tell through {operator}").format(operator=field.unknown)
            )
        elif (width, height) == maps.letterbox.input_wh:
            lines.append(self.tr("It sees the whole input"))
        else:
            lines.append(self.tr("It sees {width} × {height} px of the input").format(width=width, height=height))
        return lines

    # --- construction -----------------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        for label in (self.needs, self.note):
            label.setProperty("role", "muted")
        self.needs.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.needs.setContentsMargins(PADDING_PX, PADDING_PX, PADDING_PX, PADDING_PX)
        self.figures.setFont(tabular(self.font()))
        self.figures.setWordWrap(True)
        self.figures.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.figures.setProperty("role", "muted")
        self.layer.setMaxVisibleItems(24)
        self.layer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.layer.setMinimumContentsLength(12)
        self.layer.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for widget in (self.needs, self._maps_page(), self._with_margins(self.patches)):
            self._stack.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    def _maps_page(self) -> QWidget:
        page = QWidget()
        beside = QVBoxLayout()
        beside.addWidget(self.unit_name)
        beside.addWidget(self.figures, 1)
        below = QHBoxLayout()
        below.setSpacing(PADDING_PX)
        below.addWidget(self.map, 0, Qt.AlignmentFlag.AlignTop)
        below.addLayout(beside, 1)
        column = QVBoxLayout(page)
        column.setContentsMargins(PADDING_PX, GRID_PX, PADDING_PX, GRID_PX)
        column.setSpacing(GRID_PX)
        column.addLayout(_row((self.stage, self.level), stretch=True))
        column.addWidget(self.layer)
        column.addWidget(self.note)
        column.addLayout(_row((self.order, self.together, self.around_zero), stretch=True))
        column.addWidget(self.grid, 1)
        column.addLayout(below)
        column.addWidget(self.excites)
        return page

    @staticmethod
    def _with_margins(widget: QWidget) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(PADDING_PX, GRID_PX, PADDING_PX, GRID_PX)
        column.addWidget(widget)
        return page

    def _connect(self) -> None:
        probe = self._probe
        probe.changed.connect(self.follow)
        probe.hoverChanged.connect(self._say_figures)
        self.layer.activated.connect(lambda i: self.layerChosen.emit(self.layer.itemData(i) or ""))
        self.stage.activated.connect(self.stageChosen)
        self.level.valueChanged.connect(lambda value: self.levelChosen.emit(value - 1))
        self.order.activated.connect(lambda i: probe.set_by_strength(i == 1))
        self.together.activated.connect(self._choose_scaling)
        self.around_zero.toggled.connect(self._choose_scaling)
        self.excites.clicked.connect(lambda: self.show_page(PATCHES))
        self.grid.opened.connect(lambda: self.show_page(PATCHES))
        self.patches.left.connect(lambda: self.show_page(MAPS))

    def _choose_scaling(self) -> None:
        self._probe.set_scaling(Scaling(self.together.currentIndex() == 1, self.around_zero.isChecked()))

    def _fill_layers(self) -> None:
        """Layers of one size stand together, with a line between sizes."""
        with QSignalBlocker(self.layer):
            self.layer.clear()
            before: tuple[int, int] | None = None
            for layer in self._layers:
                size = layer.height, layer.width
                if before is not None and size != before:
                    self.layer.insertSeparator(self.layer.count())
                before = size
                self.layer.addItem(layer_title(layer), layer.tensor)
                self.layer.setItemData(self.layer.count() - 1, layer.tensor, Qt.ItemDataRole.ToolTipRole)

    def _say(self) -> None:
        """Set every text in the present language."""
        self.layer.setToolTip(self.tr("Layer: channels × rows × columns"))
        self.layer.setAccessibleName(self.tr("Layer"))
        self.stage.setToolTip(self.tr("Which network of the cascade"))
        self.stage.setAccessibleName(self.tr("Network"))
        self.level.setPrefix(self.tr("Level "))
        self.level.setToolTip(self.tr("Level of the image pyramid that P-Net is shown; 1 is the largest"))
        self.level.setAccessibleName(self.tr("Level of the pyramid"))
        self.note.setText(
            self.tr("It is shown the selected face, or the surest one; without a face, the middle of the picture.")
        )
        for box, texts, name in (
            (self.order, (self.tr("By number"), self.tr("Strongest first")), self.tr("Order of the maps")),
            (self.together, (self.tr("Each by itself"), self.tr("All alike")), self.tr("Range of colours")),
        ):
            at = max(0, box.currentIndex())
            _fill(box, [(text, i) for i, text in enumerate(texts)])
            with QSignalBlocker(box):
                box.setCurrentIndex(at)
            box.setToolTip(name)
            box.setAccessibleName(name)
        self.around_zero.setText(self.tr("Zero in the middle"))
        self.around_zero.setToolTip(self.tr("Values below zero blue, above zero brown"))
        self.grid.setAccessibleName(self.tr("Feature maps: the arrow keys choose a unit, Enter shows what excites it"))
        self.map.setAccessibleName(self.tr("Map of the chosen unit: the arrow keys move the activation"))
        self.map.setToolTip(self.tr("Click, drag or use the arrow keys to choose an activation"))
        self.excites.setText(self.tr("What excites this unit most?"))
        self.setAccessibleName(self.tr("Inside the network"))
        self._fill_layers()
        self.follow()

    def changeEvent(self, event: QEvent) -> None:
        """Speak the new language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)


def _fill(box: QComboBox, entries: Iterable[tuple[str, int]]) -> None:
    """Other entries; no signal follows."""
    with QSignalBlocker(box):
        box.clear()
        for text, data in entries:
            box.addItem(text, data)


def _row(widgets: tuple[QWidget, ...], *, stretch: bool = False) -> QHBoxLayout:
    row = QHBoxLayout()
    for widget in widgets:
        row.addWidget(widget)
    if stretch:
        row.addStretch(1)
    return row


def _short(value: float) -> str:
    """A value as it is read: three digits that count."""
    return f"{value:.3g}".replace("-", "−") if math.isfinite(value) else "–"
