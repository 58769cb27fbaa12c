"""What a person may change of a cascade: the sizes that faces are looked for in, and what each network lets through."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from detector_app.pipelines.pipeline import CascadeSettings
from detector_app.ui.theme import GRID_PX
from detector_app.ui.translation import QT_TRANSLATE_NOOP, translate
from detector_app.ui.value_slider import SHARE, Span, ValueSlider

CONTEXT = "Cascade"
_SPANS = {
    "score": SHARE,
    "min_face_px": Span(12, 400, 0),
    "scale_factor": Span(0.3, 0.95, 3),
    "proposal_score": SHARE,
    "refine_score": SHARE,
    "scan_every": Span(1, 30, 0),
}
_NAMES = {
    "score": QT_TRANSLATE_NOOP("Cascade", "Faces"),
    "min_face_px": QT_TRANSLATE_NOOP("Cascade", "Smallest"),
    "scale_factor": QT_TRANSLATE_NOOP("Cascade", "Pyramid"),
    "proposal_score": "P-Net",
    "refine_score": "R-Net",
    "scan_every": QT_TRANSLATE_NOOP("Cascade", "Search"),
}
_HINTS = {
    "score": QT_TRANSLATE_NOOP("Cascade", "Least score of a face in the last network, O-Net"),
    "min_face_px": QT_TRANSLATE_NOOP(
        "Cascade", "Side of the smallest face that is looked for, in pixels; a larger one is much faster"
    ),
    "scale_factor": QT_TRANSLATE_NOOP(
        "Cascade", "Each level of the pyramid has this part of the sides of the one before"
    ),
    "proposal_score": QT_TRANSLATE_NOOP("Cascade", "The first network proposes places with this score or more"),
    "refine_score": QT_TRANSLATE_NOOP("Cascade", "The second network lets places with this score or more through"),
    "scan_every": QT_TRANSLATE_NOOP(
        "Cascade", "In a video only each such frame is searched; between them the known faces are followed"
    ),
}


class CascadeControls(QWidget):
    """Sliders behind a heading that opens and closes. ``changed`` carries the new ``CascadeSettings``."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = CascadeSettings()
        self._defaults = CascadeSettings()
        self.heading = QToolButton()
        self.heading.setCheckable(True)
        self.heading.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.heading.setArrowType(Qt.ArrowType.RightArrow)
        self.heading.setProperty("role", "disclosure")
        self.heading.setAutoRaise(True)
        self.heading.toggled.connect(self._open)
        self.sliders = {name: ValueSlider(span=span) for name, span in _SPANS.items()}
        self._body = QWidget()
        inner = QVBoxLayout(self._body)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(GRID_PX // 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX // 2)
        column.addWidget(self.sliders["score"])
        column.addWidget(self.heading)
        column.addWidget(self._body)
        for name, slider in self.sliders.items():
            if name != "score":
                inner.addWidget(slider)
            slider.changed.connect(lambda value, field=name: self._take(field, value))
        self._open(False)
        self._say()

    def show_settings(self, settings: CascadeSettings, defaults: CascadeSettings) -> None:
        """Show ``settings``; a double click on a name goes back to ``defaults``. Emits nothing."""
        self._settings, self._defaults = settings, defaults
        for name, slider in self.sliders.items():
            value, default = getattr(settings, name), getattr(defaults, name)
            slider.setVisible(value is not None)  # alone, the last score is the common one
            if value is not None:
                slider.default = default
                slider.set_value(value)
        self._say()

    def changeEvent(self, event: QEvent) -> None:
        """Speak the new language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)

    def _open(self, opened: bool) -> None:
        self.heading.setArrowType(Qt.ArrowType.DownArrow if opened else Qt.ArrowType.RightArrow)
        self._body.setVisible(opened)

    def _take(self, name: str, value: float) -> None:
        changes: dict[str, Any] = {name: round(value) if name == "scan_every" else value}
        self._settings = replace(self._settings, **changes)
        self.changed.emit(self._settings)

    def _say(self) -> None:
        self.heading.setText(self.tr("How faces are searched"))
        self.heading.setAccessibleName(self.heading.text())
        back = self.tr("Double-click for the model's own value, {value}")
        for name, slider in self.sliders.items():
            hint = translate(CONTEXT, _HINTS[name])
            slider.say(translate(CONTEXT, _NAMES[name]), hint + "\n" + back.format(value=f"{slider.default:g}"))
