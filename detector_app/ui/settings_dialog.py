"""The settings as a window, made from their table; every change counts at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QFrame,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from detector_app.settings import TABLE, Setting, Settings, Value, changed
from detector_app.ui.dialog_buttons import dialog_buttons
from detector_app.ui.translation import LANGUAGES, QT_TRANSLATE_NOOP, translate

CONTEXT = "settings"
_CHOICE_TEXTS = {
    "auto": QT_TRANSLATE_NOOP("settings", "Fastest available"),
    "tensorrt": "TensorRT",
    "cuda": "CUDA",
    "cpu": "CPU",
    "system": QT_TRANSLATE_NOOP("settings", "As the system"),
    "light": QT_TRANSLATE_NOOP("settings", "Light"),
    "dark": QT_TRANSLATE_NOOP("settings", "Dark"),
    "beside": QT_TRANSLATE_NOOP("settings", "Beside the video"),
    "app": QT_TRANSLATE_NOOP("settings", "In the app's folder"),
    "nowhere": QT_TRANSLATE_NOOP("settings", "Nowhere"),
    **LANGUAGES,
}
_MODELS_OWN = (
    "score",
    "iou",
    "min_face_px",
    "scale_factor",
    "proposal_score",
    "refine_score",
    "face_score",
)
"""Settings that the model has of its own."""
_FIELD_WIDTH_PX = 184
_TEXT_MARGIN_PX = 6


def choice_text(choice: str) -> str:
    """A choice of a setting in the present language."""
    return translate(CONTEXT, _CHOICE_TEXTS.get(choice, choice))


@dataclass(frozen=True)
class _Editor:
    """A field for one setting, and how a value is put into it."""

    widget: QWidget
    show: Callable[[Any], object]


class SettingsDialog(QDialog):
    """One field per row of the table. ``changed`` carries the new ``Settings``. Not modal."""

    changed = Signal(object)

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._settings = settings
        self._editors: dict[str, _Editor] = {}
        self._scroll = QScrollArea(widgetResizable=True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._buttons = dialog_buttons(
            QDialogButtonBox.StandardButton.RestoreDefaults | QDialogButtonBox.StandardButton.Close
        )
        self._buttons.setContentsMargins(24, 8, 24, 16)
        self._buttons.rejected.connect(self.reject)
        self.restore_button = self._buttons.button(QDialogButtonBox.StandardButton.RestoreDefaults)
        self.restore_button.clicked.connect(self._restore_defaults)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._scroll)
        outer.addWidget(self._buttons)
        self.resize(520, 640)
        self._fill()

    def editor(self, name: str) -> QWidget:
        """The field of setting ``name``."""
        return self._editors[name].widget

    def show_settings(self, settings: Settings) -> None:
        """Show ``settings`` that were changed elsewhere; no signal follows."""
        self._settings = settings
        for name, editor in self._editors.items():
            editor.widget.blockSignals(True)
            editor.show(getattr(settings, name))
            editor.widget.blockSignals(False)
        self._follow()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._fill()
        super().changeEvent(event)

    def _fill(self) -> None:
        self.setWindowTitle(self.tr("Settings"))
        self.restore_button.setText(self.tr("Restore defaults"))
        self._buttons.button(QDialogButtonBox.StandardButton.Close).setText(self.tr("Close"))
        self._editors = {name: self._make_editor(row) for name, row in TABLE.items()}
        page = QWidget()
        page.setObjectName("page")
        column = QVBoxLayout(page)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(24)
        for group, rows in groupby(TABLE.values(), key=lambda row: row.group):
            column.addWidget(self._section(group, list(rows)))
        column.addStretch()
        self._scroll.setWidget(page)
        self.show_settings(self._settings)

    def _section(self, group: str, rows: list[Setting]) -> QWidget:
        section = QWidget()
        column = QVBoxLayout(section)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        heading = QLabel(translate(CONTEXT, group))
        heading.setProperty("role", "heading")
        column.addWidget(heading)
        form = QFormLayout(formAlignment=Qt.AlignmentFlag.AlignLeft, labelAlignment=Qt.AlignmentFlag.AlignLeft)
        form.setHorizontalSpacing(24)
        form.setVerticalSpacing(8)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
        for row in rows:
            self._add_row(form, row)
        column.addLayout(form)
        return section

    def _add_row(self, form: QFormLayout, row: Setting) -> None:
        widget, label, tip = self.editor(row.name), translate(CONTEXT, row.label), translate(CONTEXT, row.description)
        widget.setToolTip(tip)
        widget.setAccessibleDescription(tip)
        if isinstance(widget, QCheckBox):
            widget.setText(label)
            form.addRow(widget)
            return
        caption = QLabel(label)
        caption.setToolTip(tip)
        caption.setMinimumWidth(_FIELD_WIDTH_PX)
        widget.setFixedWidth(_FIELD_WIDTH_PX + 48)
        form.addRow(caption, widget)

    def _make_editor(self, row: Setting) -> _Editor:
        make = _choice_editor if row.choices else _EDITORS[row.kind]
        return make(row, lambda value: self._set(row.name, value))

    def _set(self, name: str, value: Value) -> None:
        self._settings = changed(self._settings, **{name: value})
        self._follow()
        self.changed.emit(self._settings)

    def _follow(self) -> None:
        """Thresholds count only when the model's own are not used."""
        for name in _MODELS_OWN:
            self.editor(name).setEnabled(not self._settings.model_thresholds)

    def _restore_defaults(self) -> None:
        self.show_settings(Settings())
        self.changed.emit(self._settings)


_Report = Callable[[Any], None]


def _bool_editor(row: Setting, report: _Report) -> _Editor:
    del row
    box = QCheckBox()
    box.toggled.connect(report)
    return _Editor(box, box.setChecked)


def _int_editor(row: Setting, report: _Report) -> _Editor:
    box = QSpinBox(minimum=int(row.least or 0), maximum=int(row.most if row.most is not None else 10**9))
    box.setKeyboardTracking(False)
    box.lineEdit().setTextMargins(_TEXT_MARGIN_PX, 0, 0, 0)
    box.valueChanged.connect(report)
    return _Editor(box, box.setValue)


def _float_editor(row: Setting, report: _Report) -> _Editor:
    least, most = row.least or 0.0, row.most if row.most is not None else 1e9
    decimals = 2 if round(float(row.default), 2) == row.default else 3
    box = QDoubleSpinBox(minimum=least, maximum=most, decimals=decimals, singleStep=0.05 if most <= 1 else 0.25)
    box.setSuffix(f" {row.unit}" if row.unit else "")
    box.setKeyboardTracking(False)
    box.lineEdit().setTextMargins(_TEXT_MARGIN_PX, 0, 0, 0)
    box.valueChanged.connect(report)
    return _Editor(box, box.setValue)


def _text_editor(row: Setting, report: _Report) -> _Editor:
    del row
    line = QLineEdit()
    line.editingFinished.connect(lambda: report(line.text()))
    return _Editor(line, line.setText)


def _choice_editor(row: Setting, report: _Report) -> _Editor:
    box = QComboBox()
    for choice in row.choices:
        box.addItem(choice_text(choice), choice)
    box.currentIndexChanged.connect(lambda index: report(box.itemData(index)))
    return _Editor(box, lambda value: box.setCurrentIndex(box.findData(value)))


_EDITORS: dict[type[Value], Callable[[Setting, _Report], _Editor]] = {
    bool: _bool_editor,
    int: _int_editor,
    float: _float_editor,
    str: _text_editor,
}
