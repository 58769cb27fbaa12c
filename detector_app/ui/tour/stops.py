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


def _picture(window: MainWindow) -> QWidget:
    return window.area.view


def _model(window: MainWindow) -> QWidget:
    return window.toolbar.model_button


def _score(window: MainWindow) -> QWidget:
    return window.area.panel.score


def _timeline(window: MainWindow) -> QWidget:
    return window.area.timeline


def _inspect(window: MainWindow) -> QWidget:
    return window.toolbar.inspect_button


def _export(window: MainWindow) -> QWidget:
    return window.toolbar.export_button


STOPS: tuple[Stop, ...] = (
    Stop(
        "picture",
        _picture,
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
        _model,
        QT_TRANSLATE_NOOP("Tour", "Choose a model"),
        QT_TRANSLATE_NOOP(
            "Tour", "Models for objects, faces and digits are here already. Your own .onnx files can be opened, too."
        ),
    ),
    Stop(
        "score",
        _score,
        QT_TRANSLATE_NOOP("Tour", "How sure is sure enough?"),
        QT_TRANSLATE_NOOP(
            "Tour", "Boxes below this score are not shown. Try it: on a paused picture it acts at once.  Keys: [ and ]"
        ),
    ),
    Stop(
        "timeline",
        _timeline,
        QT_TRANSLATE_NOOP("Tour", "What was found when"),
        QT_TRANSLATE_NOOP("Tour", "One row for each class, filled as the video plays. Click to go there."),
    ),
    Stop(
        "inspect",
        _inspect,
        QT_TRANSLATE_NOOP("Tour", "Why is it there, and why not?"),
        QT_TRANSLATE_NOOP(
            "Tour",
            "The inspector shows every candidate and what became of it. Click where something is missing: it says what stopped it.  Key: I",
        ),
    ),
    Stop(
        "export",
        _export,
        QT_TRANSLATE_NOOP("Tour", "Keep what was found"),
        QT_TRANSLATE_NOOP(
            "Tour",
            "As a video, a table, JSON or COCO. Help (F1) explains how detectors work, each page with an example to try; "
            "this tour is in the menu Help, too.",
        ),
    ),
)
"""In their order."""
