"""The stops of the tour: what each points at, and what it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from detector_app.ui.translation import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from detector_app.ui.main_window import MainWindow

CONTEXT = "Tour"


@dataclass(frozen=True)
class Stop:
    """One stop.

    Attributes:
        name: for tests and the program.
        target: the widget that is pointed at; a window may show it or not.
        title, text: source texts of the context "Tour".
        inside: the card stands in the target rather than beside it.
    """

    name: str
    target: Callable[[MainWindow], QWidget]
    title: str
    text: str
    inside: bool = False


STOPS: tuple[Stop, ...] = (
    Stop(
        "picture",
        lambda window: window.area.view,
        QT_TRANSLATE_NOOP("Tour", "A detector at work"),
        QT_TRANSLATE_NOOP(
            "Tour",
            "The demo clip runs through a detector that came with the app; nothing leaves this machine. "
            "Drop your own video, picture or folder here at any time.",
        ),
        inside=True,
    ),
    Stop(
        "model",
        lambda window: window.toolbar.model_button,
        QT_TRANSLATE_NOOP("Tour", "Choose a model"),
        QT_TRANSLATE_NOOP(
            "Tour", "Models for objects, faces and digits are here already. Your own .onnx files can be opened, too."
        ),
    ),
    Stop(
        "score",
        lambda window: window.area.panel.score,
        QT_TRANSLATE_NOOP("Tour", "How sure is sure enough?"),
        QT_TRANSLATE_NOOP(
            "Tour", "Boxes below this score are not shown. Try it: on a paused picture it acts at once.  Keys: [ and ]"
        ),
    ),
    Stop(
        "timeline",
        lambda window: window.area.timeline,
        QT_TRANSLATE_NOOP("Tour", "What was found when"),
        QT_TRANSLATE_NOOP("Tour", "One row for each class, filled as the video plays. Click to go there."),
    ),
    Stop(
        "inspect",
        lambda window: window.toolbar.inspect_button,
        QT_TRANSLATE_NOOP("Tour", "Why is it there, and why not?"),
        QT_TRANSLATE_NOOP(
            "Tour",
            "The inspector shows every candidate and what became of it. Click where something is missing: it says what stopped it.  Key: I",
        ),
    ),
    Stop(
        "export",
        lambda window: window.toolbar.export_button,
        QT_TRANSLATE_NOOP("Tour", "Keep what was found"),
        QT_TRANSLATE_NOOP(
            "Tour",
            "As a video, a table, JSON or COCO. Help (F1) explains how detectors work, each page with an example to try; "
            "this tour is in the menu Help, too.",
        ),
    ),
)
"""In their order."""
