"""The model card as a window: what the model takes and gives, where it runs, what it learned from, and the proof of its export."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QDialog, QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget
from superqt import QElidingLabel

from detector_app.engine.state import EngineState
from detector_app.model_card import GridSpec, InputSpec, InsideSelection, ModelCard, RegionSpec
from detector_app.parity import ParityReport
from detector_app.pipelines.placement import Placement, short_name
from detector_app.ui.parity_tables import BoxTable, OutputTable
from detector_app.ui.placement_rows import absence_rows, fallback_rows, share_rows

Row = Sequence[str]
_SHA_SHOWN = 16
_MOST_NAMES = 120
_LONG = 40
"""Characters from which a text may not fit its line."""


class ModelInfo(QDialog):
    """Shows the running model and follows it when it is replaced. Not modal."""

    def __init__(self, state: EngineState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._state = state
        self._scroll = QScrollArea(widgetResizable=True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._scroll)
        self.resize(800, 640)
        self._fill()

    def show_state(self, state: EngineState) -> None:
        """Follow the engine; only another model or placement rebuilds the page."""
        if (state.model, state.placement) != (self._state.model, self._state.placement):
            self._state = state
            self._fill()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._fill()
        super().changeEvent(event)

    def _fill(self) -> None:
        card = self._state.model
        page = QWidget()
        page.setObjectName("page")
        column = QVBoxLayout(page)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(24)
        if card is not None:
            self.setWindowTitle(self.tr("Model card of {name}").format(name=card.name))
            title = QLabel(card.name, textFormat=Qt.TextFormat.PlainText)
            title.setProperty("role", "title")
            column.addWidget(title)
            for section in self._sections(card):
                column.addWidget(section)
        column.addStretch()
        self._scroll.setWidget(page)

    def _sections(self, card: ModelCard) -> list[QWidget]:
        sections = [_section("", self._about(card)), _section(self.tr("Input"), self._input(card.input))]
        columns = 3 if card.heads else 2
        outputs = [self._output(card, o.name, o.role)[:columns] for o in card.outputs]
        titles = (self.tr("Name"), self.tr("Role"), self.tr("Anchors"))[:columns]
        sections.append(_table(self.tr("Outputs"), titles, outputs))
        if self._state.placement is not None:
            sections += self._placement(self._state.placement)
        if card.metrics:
            rows = [(name, f"{value:.3f}") for name, value in card.metrics.items()]
            sections.append(_section(self.tr("Measured"), rows))
        if card.training:
            head = (self.tr("Data set"), self.tr("Pictures"), self.tr("Licence"))
            rows3 = [(d.name, str(d.pictures or ""), d.licence) for d in card.training]
            sections.append(_table(self.tr("Trained on"), head, rows3, [d.attribution for d in card.training]))
        if card.parity is not None:
            sections.append(self._parity(card.parity))
        return sections

    def _about(self, card: ModelCard) -> list[Row]:
        rows = [
            (self.tr("Task"), card.task),
            (self.tr("Decoder"), card.decoder),
            (self.tr("Precision"), "" if card.precision == "float32" else card.precision),
            (self.tr("File"), self._state.model_name),
            (self.tr("Classes"), _some(card.classes)),
            (self.tr("Grid"), self._grid(card.grid)),
            (self.tr("Regions"), self._regions(card.regions, crops=card.decoder == "rcnn")),
            (self.tr("Selection"), self._inside(card.inside)),
            (self.tr("Thresholds"), self._thresholds(card)),
            (self.tr("Licence"), card.licence),
            (self.tr("Made by"), card.producer),
            (self.tr("Weights (SHA-256)"), card.weights_sha256[:_SHA_SHOWN]),
        ]
        return [row for row in rows if row[1]]

    def _thresholds(self, card: ModelCard) -> str:
        """What the sliders start from; a classifier has none."""
        if card.task == "classify":
            return ""
        thresholds = card.thresholds
        return self.tr("score {score:.2f}, overlap {iou:.2f}, at most {most} boxes").format(
            score=thresholds.score, iou=thresholds.iou, most=thresholds.max_detections
        )

    def _grid(self, spec: GridSpec | None) -> str:
        if spec is None:
            return ""
        text = self.tr("{side} × {side} cells of {boxes} boxes").format(side=spec.side, boxes=spec.boxes_per_cell)
        return self.tr("{cells}, sides as square roots").format(cells=text) if spec.square_roots else text

    def _regions(self, spec: RegionSpec | None, *, crops: bool) -> str:
        if spec is None:
            return ""
        if spec.source == "graph":
            return self.tr("at most {most}, proposed inside the graph").format(most=spec.most)
        text = self.tr("at most {most}, by selective search in pictures of {side} px").format(
            most=spec.most, side=spec.side_px
        )
        around = f"{spec.context:.1%}"
        cut = self.tr("{regions}; each is cut out with {around} of surroundings on each side")
        return cut.format(regions=text, around=around) if crops else text

    def _inside(self, spec: InsideSelection | None) -> str:
        """A graph that filters and suppresses for itself."""
        if spec is None:
            return ""
        return self.tr("inside the graph, at most {most} boxes of a class").format(most=spec.most)

    def _input(self, spec: InputSpec) -> list[Row]:
        height, width = spec.size_hw
        size = self.tr("{width} × {height} px").format(width=width, height=height)
        if spec.dynamic is not None:
            limits = spec.dynamic
            size += self.tr(", or sides from {least} to {most} in steps of {multiple}").format(
                least=limits.least, most=limits.most, multiple=limits.multiple
            )
        batch = self.tr("any") if spec.dynamic_batch else "1"
        return [
            (self.tr("Tensor"), f"{spec.name} · {spec.layout} · {spec.dtype} · {spec.channel_order}"),
            (self.tr("Size"), size),
            (self.tr("Batch"), batch),
            (self.tr("Fitting"), spec.resize if spec.crop_fraction == 1 else f"{spec.resize} {spec.crop_fraction:g}"),
        ]

    def _output(self, card: ModelCard, name: str, role: str) -> Row:
        head = card.head_of(name)
        if head is None:
            return name, role, ""
        anchors = "  ".join(f"{w:.0f}×{h:.0f}" for w, h in head.anchors_wh_px)
        return name, role, self.tr("stride {stride}: {anchors}").format(stride=head.stride, anchors=anchors)

    def _placement(self, placement: Placement) -> list[QWidget]:
        """What runs where, and where something does not run as asked, what and why."""
        rows = [
            (self.tr("Asked for"), ", ".join(map(short_name, placement.asked))),
            (self.tr("Runs on"), placement.main),
        ]
        sections = [_section(self.tr("Where it runs"), [row for row in rows if row[1]])]
        if placement.shares:
            head = (self.tr("Processor"), self.tr("Nodes"), self.tr("First run"), self.tr("Operators"))
            sections.append(_table("", head, share_rows(placement)))
        if placement.absences:
            sections.append(_table("", (self.tr("Not there"), self.tr("Why")), absence_rows(placement)))
        if placement.fallbacks:
            wanted = short_name(placement.session[0])
            head = (self.tr("Not on {name}").format(name=wanted), self.tr("Nodes"), self.tr("Runs on"), self.tr("Why"))
            sections.append(_table("", head, fallback_rows(placement)))
        return [_stacked(sections)]

    def _parity(self, report: ParityReport) -> QWidget:
        """How far the outputs lie from PyTorch's, and, where there are any, the boxes made of them."""
        section, grid = _grid(self.tr("Proof of the export"))
        tables: list[OutputTable | BoxTable] = [OutputTable(), BoxTable()] if report.boxes else [OutputTable()]
        for table in tables:
            table.show_report(report)
            table.stand_whole()
            grid.addWidget(table, grid.rowCount(), 0)
        versions = f"opset {report.opset} · torch {report.torch_version} · ONNX Runtime {report.onnxruntime_version}"
        for note in (*report.notes, versions):
            _put(grid, note, grid.rowCount(), 0, muted=True)
        return section


def _some(names: Sequence[str]) -> str:
    """All names, or the first of a great many and how many there are."""
    shown = ", ".join(names[:_MOST_NAMES])
    return shown if len(names) <= _MOST_NAMES else f"{shown}, … ({len(names)})"


def _stacked(parts: Sequence[QWidget]) -> QWidget:
    """Parts of one section, closer to each other than sections are."""
    whole = QWidget()
    column = QVBoxLayout(whole)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(16)
    for part in parts:
        column.addWidget(part)
    return whole


def _section(title: str, rows: Iterable[Row]) -> QWidget:
    section, grid = _grid(title)
    for line, (name, value) in enumerate(rows, start=1):
        _put(grid, name, line, 0, muted=True)
        _put(grid, value, line, 1)
    grid.setColumnMinimumWidth(0, 128)
    grid.setColumnStretch(1, 1)
    return section


def _table(title: str, head: Row, rows: Iterable[Row], notes: Iterable[str] = ()) -> QWidget:
    section, grid = _grid(title)
    for column, name in enumerate(head):
        _put(grid, name, 1, column, muted=True)
    for row in rows:
        line = grid.rowCount()
        for column, value in enumerate(row):
            _put(grid, value, line, column)
    for note in filter(None, notes):
        _put(grid, note, grid.rowCount(), 0, muted=True, span=len(head))
    grid.setColumnStretch(len(head) - 1, 1)
    return section


def _grid(title: str) -> tuple[QWidget, QGridLayout]:
    section = QWidget()
    grid = QGridLayout(section)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(8)
    if title:
        heading = QLabel(title)
        heading.setProperty("role", "heading")
        grid.addWidget(heading, 0, 0, 1, -1)
    return section, grid


def _label(text: str) -> QLabel:
    """Prose wraps; names and numbers read badly in pieces, and a long path has no place to break: its middle is left out."""
    if len(text) > _LONG and " " not in text:
        path = QElidingLabel(text)
        path.setElideMode(Qt.TextElideMode.ElideMiddle)
        path.setToolTip(text)
        return path
    label = QLabel(text, textFormat=Qt.TextFormat.PlainText)
    label.setWordWrap(len(text) > _LONG)
    return label


def _put(grid: QGridLayout, text: str, row: int, column: int, *, muted: bool = False, span: int = 1) -> None:
    label = _label(text)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    if muted:
        label.setProperty("role", "muted")
    grid.addWidget(label, row, column, 1, span)
