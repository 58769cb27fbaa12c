"""Fields of the panel in which numbers are given."""

from __future__ import annotations

import re
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QLineEdit, QPlainTextEdit, QSpinBox, QWidget

from detector_app.pipelines.reading.reading import PRESETS, AnchorTable, Fact, Fitting, Scaling, Sizing, Triple
from detector_app.ui.reading.choice_editors import CalmComboBox, Editor
from detector_app.ui.reading.texts import FITTINGS, preset_text, say

_LARGEST_SIDE_PX = 8192
_TEXT_MARGIN_PX = 6
_ANCHORS_HIGH_PX = 84


class CalmSpinBox(QSpinBox):
    """A number that the wheel does not change while one scrolls past it; told when typing is done."""

    def __init__(self, least: int, most: int) -> None:
        super().__init__(minimum=least, maximum=most)
        self.setKeyboardTracking(False)
        self.lineEdit().setTextMargins(_TEXT_MARGIN_PX, 0, 0, 0)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()


class SizeEditor(Editor):
    """Width and height of the input; steps as the graph allows."""

    def __init__(self) -> None:
        super().__init__()
        self._sizing = Sizing((1, 1))
        self.across, self.down = CalmSpinBox(1, _LARGEST_SIDE_PX), CalmSpinBox(1, _LARGEST_SIDE_PX)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.across, 1)
        row.addWidget(QLabel("×"))
        row.addWidget(self.down, 1)
        self.column.addLayout(row)
        for box in (self.across, self.down):
            box.valueChanged.connect(self._tell)

    @property
    def first(self) -> QWidget:
        """The width."""
        return self.across

    def show_fact(self, fact: Fact) -> None:
        """Show both; nothing known is 640 × 640, to begin with."""
        self._sizing = fact.value or Sizing((640, 640))
        self.down.setAccessibleName(self.tr("Height"))
        step = self._sizing.dynamic.multiple if self._sizing.dynamic else 1
        for box, side in zip((self.across, self.down), self._sizing.size_hw[::-1], strict=True):
            with QSignalBlocker(box):
                box.setSingleStep(step)
                box.setValue(side)

    def _tell(self) -> None:
        self.chosen.emit(replace(self._sizing, size_hw=(self.down.value(), self.across.value())))


class FittingEditor(Editor):
    """How the picture comes into the input, and how bright the bars are."""

    def __init__(self) -> None:
        super().__init__()
        self._fitting = Fitting("letterbox")
        self.box, self.bars, self._caption = CalmComboBox(), CalmSpinBox(0, 255), QLabel()
        self._caption.setProperty("role", "muted")
        self._row = QWidget()
        row = QHBoxLayout(self._row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._caption, 1)
        row.addWidget(self.bars)
        self.column.addWidget(self.box)
        self.column.addWidget(self._row)
        self.box.activated.connect(self._tell)
        self.bars.valueChanged.connect(self._tell)

    @property
    def first(self) -> QWidget:
        """The list."""
        return self.box

    def show_fact(self, fact: Fact) -> None:
        """Show it; the brightness only where there are bars."""
        found: Fitting | None = fact.value
        self._fitting = found or Fitting("letterbox")
        self._caption.setText(self.tr("Bars, 0 to 255"))
        self.bars.setAccessibleName(self._caption.text())
        self.box.setPlaceholderText(self.tr("Choose…"))
        with QSignalBlocker(self.box), QSignalBlocker(self.bars):
            self.box.clear()
            for how, text in FITTINGS.items():
                self.box.addItem(say(text), how)
            self.box.setCurrentIndex(-1 if found is None else self.box.findData(found.resize))
            self.bars.setValue(self._fitting.pad_value)
        self._row.setVisible(found is not None and found.resize == "letterbox")

    def _tell(self) -> None:
        how = self.box.currentData()
        if how is not None:
            self.chosen.emit(replace(self._fitting, resize=how, pad_value=self.bars.value()))


class ScalingEditor(Editor):
    """Usual scalings by name, or numbers of one's own."""

    def __init__(self) -> None:
        super().__init__()
        self._own_for: list[Scaling | None] = []
        self._fact: Fact | None = None
        self.box = CalmComboBox()
        self.scale, self.mean, self.std = QLineEdit(), QLineEdit(), QLineEdit()
        self._captions = [QLabel() for _ in range(3)]
        self.numbers = QWidget()
        form = QFormLayout(self.numbers)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(4)
        for caption, line in zip(self._captions, (self.scale, self.mean, self.std), strict=True):
            caption.setProperty("role", "muted")
            form.addRow(caption, line)
            line.editingFinished.connect(self._tell_numbers)
        self.column.addWidget(self.box)
        self.column.addWidget(self.numbers)
        self.box.activated.connect(self._choose)

    @property
    def first(self) -> QWidget:
        """The list."""
        return self.box

    def show_fact(self, fact: Fact) -> None:
        """Show the name, or the numbers where they have none."""
        self._fact = fact
        found: Scaling | None = fact.value
        own = found in self._own_for or (found is not None and found not in PRESETS.values())
        with QSignalBlocker(self.box):
            self.box.clear()
            for preset in PRESETS.values():
                self.box.addItem(preset_text(preset), preset)
            self.box.addItem(self.tr("Other numbers…"), None)
            listed = list(PRESETS.values())
            self.box.setCurrentIndex(len(listed) if own else (-1 if found is None else listed.index(found)))
        self.box.setPlaceholderText(self.tr("Choose…"))
        texts = (self.tr("times"), self.tr("then minus"), self.tr("then divided by"))
        lines = (self.scale, self.mean, self.std)
        for caption, line, text in zip(self._captions, lines, texts, strict=True):
            caption.setText(text)
            line.setAccessibleName(text)
        scaling = found or Scaling()
        self.scale.setText(f"{scaling.scale:.8g}")
        self.mean.setText(" ".join(f"{number:g}" for number in scaling.mean))
        self.std.setText(" ".join(f"{number:g}" for number in scaling.std))
        self.numbers.setVisible(own)

    def _choose(self, index: int) -> None:
        preset = self.box.itemData(index)
        self._own_for = [] if preset is not None or self._fact is None else [self._fact.value]
        if preset is not None:
            self.chosen.emit(preset)
        elif self._fact is not None:
            self.show_fact(self._fact)
            self.scale.setFocus()

    def _tell_numbers(self) -> None:
        """Only numbers that are complete are told; one number stands for all three channels."""
        scale, mean, std = (numbers_in(line.text()) for line in (self.scale, self.mean, self.std))
        three = [triple(found) for found in (mean, std)]
        if len(scale) != 1 or three[0] is None or three[1] is None:
            return
        scaling = Scaling(scale[0], three[0], three[1])
        if self._fact is None or scaling != self._fact.value:
            self.chosen.emit(scaling)


class AnchorsEditor(Editor):
    """A line for each head: its stride, then its anchors."""

    def __init__(self) -> None:
        super().__init__()
        self._table = AnchorTable(())
        self.lines = QPlainTextEdit()
        self.lines.setTabChangesFocus(True)
        self.lines.setFixedHeight(_ANCHORS_HIGH_PX)
        self.column.addWidget(self.lines)
        self.lines.textChanged.connect(self._tell)

    @property
    def first(self) -> QWidget:
        """The lines."""
        return self.lines

    def show_fact(self, fact: Fact) -> None:
        """Show the table, unless it is what is being typed."""
        self.lines.setPlaceholderText("32: 35×38, 109×141")
        outputs = [option for option in fact.options if isinstance(option, tuple)]
        self._table = fact.value or AnchorTable(tuple((output, stride, ()) for output, stride in outputs))
        if fact.value is None or anchors_in(self.lines.toPlainText(), self._table) == fact.value:
            return
        with QSignalBlocker(self.lines):
            self.lines.setPlainText(anchor_lines(fact.value))

    def _tell(self) -> None:
        table = anchors_in(self.lines.toPlainText(), self._table)
        if table is not None:
            self.chosen.emit(table)


def numbers_in(text: str) -> list[float]:
    """All numbers in a text, ``1/255`` being one; none if something else stands there."""
    words = re.split(r"[\s,;]+", text.strip())
    found = [re.fullmatch(r"([-+]?[\d.]+(?:e[-+]?\d+)?)(?:/([\d.]+))?", word, re.IGNORECASE) for word in words]
    try:
        return [float(match[1]) / float(match[2] or 1) for match in found if match is not None] if all(found) else []
    except (ValueError, ZeroDivisionError):
        return []


def triple(numbers: list[float]) -> Triple | None:
    """Three numbers, or one for all."""
    spread = numbers * 3 if len(numbers) == 1 else numbers
    return (spread[0], spread[1], spread[2]) if len(spread) == 3 else None


def anchor_lines(table: AnchorTable) -> str:
    """``32: 35×38, 109×141`` for each head."""
    return "\n".join(
        f"{stride}: " + ", ".join(f"{width:g}×{height:g}" for width, height in anchors)
        for _, stride, anchors in table.heads
    )


def anchors_in(text: str, like: AnchorTable) -> AnchorTable | None:
    """The inverse of :func:`anchor_lines`, for the outputs of ``like`` in their order; None while it is not complete."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) != len(like.heads):
        return None
    heads = []
    for line, (output, _, _) in zip(lines, like.heads, strict=True):
        stride, colon, rest = line.partition(":")
        pairs = re.findall(r"([\d.]+)\s*[×x*]\s*([\d.]+)", rest)
        try:
            anchors = tuple((float(width), float(height)) for width, height in pairs)
            number = int(stride)
        except ValueError:
            return None
        if not colon or not anchors or number < 1:
            return None
        heads.append((output, number, anchors))
    return AnchorTable(tuple(heads))
