"""The form of an export, built from what the exporter says of itself: family, its files and options, and where to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from detector_app.ui.disclosure import Disclosure
from detector_app.ui.model_export.exporter import Order
from detector_app.ui.model_export.fields import Field, FlagField, PathField, make_field
from detector_app.ui.model_export.offer import Argument, Family
from detector_app.ui.model_export.target_row import TargetRow
from detector_app.ui.model_export.words import argument_words, family_words
from detector_app.ui.recent import LastFolders
from detector_app.ui.theme import CONTROL_PX, GRID_PX

_OWN = frozenset({"--out", "--progress"})
"""Flags that the window gives itself."""
_FIRST = frozenset({"--weights", "--model", "--names", "--licence"})
"""Flags that are shown at once although they may be left out."""
_LABEL_PX = 144
_READ, _WRITTEN = "model-weights", "model-export"


class ExportForm(QWidget):
    """Asks for one export. ``changed`` tells that something was entered."""

    changed = Signal()

    def __init__(self, folders: LastFolders, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folders = folders
        self._families: tuple[Family, ...] = ()
        self._labels: list[tuple[QLabel, Argument]] = []
        self.fields: dict[str, Field] = {}
        self.family_box = QComboBox()
        self.family_hint = QLabel(wordWrap=True)
        self.family_hint.setProperty("role", "muted")
        self.target = TargetRow()
        self._family_label, self._target_label = _label(), _label()
        self._rows = QWidget()
        self.more = Disclosure(QWidget())
        self._column = QVBoxLayout()
        self._lay_out()
        self.family_box.currentIndexChanged.connect(self._show_family)
        self.target.changed.connect(lambda: self.changed.emit())
        self._retranslate()

    @property
    def family(self) -> Family | None:
        """Which is chosen."""
        i = self.family_box.currentIndex()
        return self._families[i] if 0 <= i < len(self._families) else None

    def show_families(self, families: Sequence[Family]) -> None:
        """Offer these."""
        self._families = tuple(families)
        with QSignalBlocker(self.family_box):
            self.family_box.clear()
            self.family_box.addItems([family_words(family)[0] for family in self._families])
        self._show_family()

    def choose(self, name: str) -> None:
        """Choose the family called ``name``."""
        names = [family.name for family in self._families]
        self.family_box.setCurrentIndex(names.index(name))

    def complaint(self) -> str:
        """The first thing that is missing or wrong; empty if the export can begin."""
        found = (said for field in self.fields.values() if (said := field.complaint()))
        return next(found, self.target.complaint())

    def order(self) -> Order | None:
        """What is asked; None while something is missing or wrong."""
        family, path = self.family, self.target.path
        if family is None or path is None or self.complaint():
            return None
        return Order(family.name, path, tuple(word for field in self.fields.values() for word in field.words()))

    def remember(self) -> None:
        """Begin here next time."""
        weights, path = self._weights(), self.target.path
        if weights is not None:
            self._folders.keep(_READ, str(weights))
        if path is not None:
            self._folders.keep(_WRITTEN, str(path.parent))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    # --- inside -----------------------------------------------------------------------------------------------------------

    def _show_family(self) -> None:
        """Fields for the chosen family; what was entered in those that it shares with the one before stays."""
        family = self.family
        if family is None:
            return
        kept = {flag: field.value for flag, field in self.fields.items() if field.value}
        offered = [argument for argument in family.arguments if argument.flag not in _OWN]
        self.fields = {argument.flag: make_field(argument) for argument in offered}
        for flag, field in self.fields.items():
            if flag in kept:
                field.put(kept[flag])
            if isinstance(field, PathField):
                field.start_in = lambda: self._folders.get(_READ)
            field.changed.connect(self._follow)
        first = [field for field in self.fields.values() if field.argument.required or field.argument.flag in _FIRST]
        self._labels = []
        rows = self._page(first)
        self._column.replaceWidget(self._rows, rows)
        self._rows.deleteLater()
        self._rows = rows
        self.more.show_body(self._page([field for field in self.fields.values() if field not in first]))
        self.more.setVisible(len(first) < len(self.fields))
        self._retranslate()
        self._follow()

    def _page(self, fields: Sequence[Field]) -> QWidget:
        page = QWidget()
        form = _form(page)
        for field in fields:
            if isinstance(field, FlagField):
                form.addRow("", field)
                continue
            label = _label()
            label.setBuddy(field)
            self._labels.append((label, field.argument))
            form.addRow(label, field)
        return page

    def _weights(self) -> Path | None:
        field = self.fields.get("--weights")
        return field.path if isinstance(field, PathField) else None

    def _follow(self) -> None:
        """Offer a name that goes with the weights."""
        family, weights = self.family, self._weights()
        if family is not None:
            stem = family.name if family.cascade and weights is None else "" if weights is None else weights.stem
            self.target.offer(Path(self._folders.get(_WRITTEN)), stem, cascade=family.cascade)
        self.changed.emit()

    def _lay_out(self) -> None:
        page = QWidget()
        page.setObjectName("page")
        top = QWidget()
        head = _form(top)
        head.addRow(self._family_label, self.family_box)
        head.addRow("", self.family_hint)
        self._family_label.setBuddy(self.family_box)
        foot_page = QWidget()
        foot = _form(foot_page)
        foot.addRow(self._target_label, self.target)
        self._target_label.setBuddy(self.target)
        inner = self._column
        page.setLayout(inner)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(GRID_PX)
        for widget in (top, self._rows, foot_page, self.more):
            inner.addWidget(widget)
        inner.addStretch(1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scroll)

    def _retranslate(self) -> None:
        self._family_label.setText(self.tr("Kind of model"))
        self.family_box.setAccessibleName(self._family_label.text())
        target = self.tr("Write to")
        self._target_label.setText(f"{target} *")
        self.more.say(self.tr("More options"))
        for i, family in enumerate(self._families):
            self.family_box.setItemText(i, family_words(family)[0])
        if self.family is not None:
            self.family_hint.setText(family_words(self.family)[1])
        for label, argument in self._labels:
            words, hint = argument_words(argument)
            label.setText(f"{words} *" if argument.required else words)
            label.setToolTip(hint)
        for field in self.fields.values():
            field.retranslate()


def _form(page: QWidget) -> QFormLayout:
    """Rows whose labels are as wide everywhere, so that parts of one form stand in line."""
    form = QFormLayout(page)
    form.setContentsMargins(0, 0, 0, 0)
    form.setHorizontalSpacing(2 * GRID_PX)
    form.setVerticalSpacing(GRID_PX)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    return form


def _label() -> QLabel:
    label = QLabel()
    label.setFixedSize(_LABEL_PX, CONTROL_PX)
    return label
