"""Fields of the panel in which one of several answers is chosen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from detector_app.pipelines.class_names import DATA_SETS, FACE, numbered
from detector_app.pipelines.reading.families import FAMILIES
from detector_app.pipelines.reading.reading import Fact
from detector_app.ui.reading.texts import answer_text

_LONGEST_NAMES = 15


class Editor(QWidget):
    """A field for one answer.

    Signals:
        chosen: the new answer, when a person gives one; never for :meth:`show_fact`.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(4)

    def show_fact(self, fact: Fact) -> None:
        """Show the answer of ``fact``."""
        raise NotImplementedError

    @property
    def first(self) -> QWidget:
        """The widget that takes the focus."""
        raise NotImplementedError


class CalmComboBox(QComboBox):
    """A list that the wheel does not change while one scrolls past it."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()


class ChoiceEditor(Editor):
    """A list of answers: those that the fact allows, or ``answers``."""

    def __init__(self, answers: Iterable[Any] = ()) -> None:
        super().__init__()
        self.answers = tuple(answers)
        self.box = CalmComboBox()
        self.box.activated.connect(self._tell)
        self.column.addWidget(self.box)

    @property
    def first(self) -> QWidget:
        """The list."""
        return self.box

    def offered(self, fact: Fact) -> tuple[Any, ...]:
        """The answers to choose from."""
        return self.answers or fact.options

    def text_of(self, answer: Any) -> str:
        """What the list says for an answer."""
        return answer_text(answer)

    def show_fact(self, fact: Fact) -> None:
        """Fill the list again; an answer that is not among those offered is added."""
        offered = self.offered(fact)
        if fact.value is not None and fact.value not in offered:
            offered = (fact.value, *offered)
        with QSignalBlocker(self.box):
            self.box.clear()
            for answer in offered:
                self.box.addItem(self.text_of(answer), answer)
            self.box.setCurrentIndex(-1 if fact.value is None else offered.index(fact.value))
        self.box.setPlaceholderText(self.tr("Choose…"))
        self.box.setToolTip(self.box.currentText())

    def _tell(self, index: int) -> None:
        self.chosen.emit(self.box.itemData(index))


class FamilyEditor(ChoiceEditor):
    """The kinds of models: those that fit the outputs first."""

    def offered(self, fact: Fact) -> tuple[Any, ...]:
        """All kinds."""
        fitting = [decoder for decoder in fact.options if decoder in FAMILIES]
        return (*fitting, *(decoder for decoder in FAMILIES if decoder not in fitting))


class ClassesEditor(ChoiceEditor):
    """Known lists of as many classes, numbers, or names from a text file."""

    fileWanted = Signal()

    def offered(self, fact: Fact) -> tuple[Any, ...]:
        """Lists of the right length."""
        count = fact.options[0] if fact.options else len(fact.value or ())
        lists = (*DATA_SETS.values(), FACE, numbered(count))
        return tuple(names for names in lists if len(names) == count)

    def text_of(self, answer: Any) -> str:
        """The data set, or how many and the first ones."""
        data_set = next((name for name, names in DATA_SETS.items() if names == answer), "")
        start = f"{data_set} · " if data_set else ""
        listed = ", ".join(answer)
        short = listed if len(listed) <= _LONGEST_NAMES else f"{listed[:_LONGEST_NAMES]}…"
        return f"{start}{len(answer)}: {short}"

    def show_fact(self, fact: Fact) -> None:
        """Fill the list again, the file last."""
        super().show_fact(fact)
        self.box.addItem(self.tr("Names from a text file…"), None)
        self.box.setToolTip(", ".join((fact.value or ())[:200]))

    def _tell(self, index: int) -> None:
        names = self.box.itemData(index)
        if names is None:
            self.fileWanted.emit()
        else:
            self.chosen.emit(tuple(names))
