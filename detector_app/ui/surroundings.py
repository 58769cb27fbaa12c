"""What a window lives in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSettings

from detector_app.ui.preferences import Preferences
from detector_app.ui.translation import Translations


@dataclass(frozen=True)
class Surroundings:
    """What the window lives in; tests bring their own.

    Attributes:
        store: keeps recent inputs and the window's shape.
        log_file: shown on request.
        gallery: the file of the enrolled people; None for the user's own.
    """

    preferences: Preferences
    translations: Translations
    store: QSettings
    log_file: Path
    gallery: Path | None = None
