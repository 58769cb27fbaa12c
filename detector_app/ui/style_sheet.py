"""The look of Qt's own widgets, written as one style sheet whose colours and measures come from the theme."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from detector_app.ui.theme import Tokens

INDICATORS = {
    "check": ("check", "on_accent", 14),
    "caret-up": ("caret-up", "muted", 12),
    "caret-down": ("caret-down", "muted", 12),
    "caret-right": ("caret-right", "muted", 12),
}
"""Pictures the sheet points to: file stem → (icon, token of its colour, size in px)."""

_SHEET = Template("""
* { outline: none; }
QWidget { color: $text; }
QMainWindow, QDialog { background: $surface1; }
QToolTip { background: $surface2; color: $text; border: 1px solid $line; padding: 4px 8px; }

QToolBar { background: $surface1; border: none; border-bottom: 1px solid $line; padding: 6px 8px; spacing: 4px; }
QToolBar::separator { background: $line; width: 1px; margin: 4px 6px; }
QMenuBar { background: $surface1; border: none; padding: 2px 8px; }
QMenuBar::item { padding: 4px 8px; border-radius: 4px; background: transparent; }
QMenuBar::item:selected { background: $surface2; }
QMenu { background: $surface1; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: 4px; }
QMenu::item:selected { background: $selection; }
QMenu::item:disabled { color: $disabled; }
QMenu::icon { padding-left: 8px; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QMenu::right-arrow { image: url("$pictures/caret-right.png"); width: 12px; height: 12px; }

QPushButton, QToolButton {
    min-height: 26px; border: 1px solid transparent; border-radius: 6px; padding: 0 8px; background: transparent;
}
QPushButton { background: $surface2; border-color: $line; padding: 0 14px; }
QPushButton:hover, QToolButton:hover { background: $surface2; border-color: $line; }
QPushButton:pressed, QToolButton:pressed, QToolButton:checked { background: $selection; border-color: transparent; }
QPushButton:focus, QToolButton:focus { border: 1px solid $accent; }
QPushButton:disabled, QToolButton:disabled { color: $disabled; border-color: transparent; }
QPushButton[primary="true"] { background: $accent; color: $on_accent; border-color: $accent; }
QPushButton[primary="true"]:hover { background: $accent_hover; }
QPushButton[primary="true"]:focus { border: 1px solid $text; }
QPushButton:flat { background: transparent; border-color: transparent; }
QToolButton#qt_toolbar_ext_button { padding: 0; image: url("$pictures/caret-right.png"); }
QToolButton[popupMode="1"] { padding-right: 20px; }
QToolButton[popupMode="2"] { padding-right: 20px; }
QToolButton::menu-indicator { image: url("$pictures/caret-down.png"); width: 12px; height: 12px;
    subcontrol-origin: padding; subcontrol-position: center right; right: 6px; }
QToolButton::menu-button { border: none; width: 18px; }
QToolButton::menu-arrow { image: url("$pictures/caret-down.png"); width: 12px; height: 12px; }

QLineEdit, QComboBox, QSpinBox, QDoubleSpinBox, QPlainTextEdit, QTextEdit {
    min-height: 26px; background: $surface0; border: 1px solid $line; border-radius: 6px; padding: 0 8px;
    selection-background-color: $accent; selection-color: $on_accent;
}
QPlainTextEdit, QTextEdit, QTextBrowser { padding: 8px; }
QLineEdit:hover, QComboBox:hover, QSpinBox:hover, QDoubleSpinBox:hover { border-color: $muted; }
QLineEdit:focus, QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus, QPlainTextEdit:focus, QTextEdit:focus {
    border: 1px solid $accent;
}
QLineEdit:disabled, QComboBox:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled { color: $disabled; background: $surface1; }
QAbstractSpinBox QLineEdit, QComboBox QLineEdit {
    border: none; padding: 0; min-height: 0; background: transparent; border-radius: 0;
}
QAbstractSpinBox QLineEdit { padding: 0 8px; }
QAbstractSpinBox[bare="true"] QLineEdit { padding: 0 2px; }
QLineEdit QToolButton { border: none; padding: 0; min-height: 0; background: transparent; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: url("$pictures/caret-down.png"); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: $surface1; border: 1px solid $line; padding: 4px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { border: none; background: transparent; width: 20px; height: 12px; }
QAbstractSpinBox::up-arrow { image: url("$pictures/caret-up.png"); width: 10px; height: 10px; }
QAbstractSpinBox::down-arrow { image: url("$pictures/caret-down.png"); width: 10px; height: 10px; }
QAbstractSpinBox[bare="true"]::up-button, QAbstractSpinBox[bare="true"]::down-button { width: 0; height: 0; }
QAbstractSpinBox[bare="true"]::up-arrow, QAbstractSpinBox[bare="true"]::down-arrow { image: none; width: 0; height: 0; }
QAbstractSpinBox[bare="true"] { background: transparent; border-color: transparent; padding: 0 4px; }
QAbstractSpinBox[bare="true"]:hover { border-color: $line; background: $surface0; }
QAbstractSpinBox[bare="true"]:focus { border-color: $accent; background: $surface0; }
QAbstractSpinBox[bare="true"]:disabled { background: transparent; border-color: transparent; }

QCheckBox, QRadioButton { spacing: 8px; min-height: 28px; border: none; }
QCheckBox:disabled, QRadioButton:disabled, QLabel:disabled { color: $disabled; }
QCheckBox::indicator, QRadioButton::indicator { width: 14px; height: 14px; border: 1px solid $muted; background: $surface0; }
QCheckBox::indicator { border-radius: 4px; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover,
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border-color: $accent; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url("$pictures/check.png"); }
QCheckBox::indicator:checked:focus { border-color: $text; }
QRadioButton::indicator:checked { background: $surface0; border: 5px solid $accent; width: 6px; height: 6px; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { border-color: $line; background: $surface1; }

QSlider { min-height: 26px; border: 1px solid transparent; border-radius: 6px; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $line; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: $accent; }
QSlider::sub-page:horizontal:disabled { background: $line; }
QSlider::handle:horizontal {
    width: 12px; height: 12px; margin: -5px 0; border-radius: 7px; background: $accent; border: 1px solid $surface1;
}
QSlider::handle:horizontal:hover { background: $accent_hover; }
QSlider::handle:horizontal:focus { border: 2px solid $text; width: 10px; height: 10px; }
QSlider::handle:horizontal:disabled { background: $disabled; }

QProgressBar { background: $line; border: none; border-radius: 2px; min-height: 4px; max-height: 4px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }

QAbstractItemView {
    background: $surface1; alternate-background-color: $surface1; border: 1px solid transparent; border-radius: 6px;
    selection-background-color: $selection; selection-color: $text;
}
QAbstractItemView:focus { border-color: $accent; }
QAbstractItemView::item { border: none; padding: 0 4px; }
QAbstractItemView::item:hover { background: $surface2; }
QAbstractItemView::item:selected { background: $selection; color: $text; }
QHeaderView { background: $surface1; border: none; }
QHeaderView::section { background: $surface1; color: $muted; border: none; border-bottom: 1px solid $line; padding: 4px; }
QTableCornerButton::section { background: $surface1; border: none; }
QTabWidget::pane { border: none; border-top: 1px solid $line; }
QTabBar::tab { background: transparent; color: $muted; padding: 6px 12px; border: none; border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QGroupBox { border: none; margin-top: 24px; font-weight: 600; }
QGroupBox::title { subcontrol-origin: margin; left: 0; color: $muted; }
DockTitle { background: $surface1; border-bottom: 1px solid $line; }
QMainWindow::separator { background: $line; width: 1px; height: 1px; }
QSplitter::handle { background: $line; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QFrame[role="upright"] { background: $line; border: none; max-width: 1px; min-width: 1px; }
QFrame[role="line"] { background: $line; border: none; max-height: 1px; min-height: 1px; }
QLabel[role="heading"] { color: $muted; font-weight: 600; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="warning"] { color: $warning; }
QLabel[role="danger"] { color: $danger; }

QScrollBar:vertical { background: transparent; width: 10px; margin: 0; border: none; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; border: none; }
QScrollBar::handle { background: $line; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:disabled { background: transparent; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QScrollArea { border: none; background: transparent; }

TransportBar { background: $surface1; border-top: 1px solid $line; }
StatusBar { background: $surface1; border-top: 1px solid $line; }
DetectionPanel { background: $surface1; }
#enrolCard { background: $surface1; border: 1px solid $line; border-radius: 6px; }
QLabel[role="strong"] { font-weight: 600; }
QToolButton[role="disclosure"] { color: $muted; padding: 0 4px; background: transparent; border-color: transparent; }
QToolButton[role="disclosure"]:hover { color: $text; }
QToolButton[role="disclosure"]:focus { border: 1px solid $accent; }
""")


def style_sheet(tokens: Tokens, pictures: Path) -> str:
    """The application's style sheet in the colours of ``tokens``; ``pictures`` is the folder with :data:`INDICATORS` as PNG files."""
    derived = {"selection": tokens.selection, "disabled": tokens.disabled, "accent_hover": tokens.accent_hover}
    return _SHEET.substitute(asdict(tokens), pictures=pictures.as_posix(), **derived)
