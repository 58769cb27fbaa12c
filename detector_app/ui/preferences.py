"""The settings while the app runs: the present value, told to whoever follows, and kept."""

from __future__ import annotations

import dataclasses
import logging
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from detector_app.engine.model_loader import ProcessorChoice
from detector_app.errors import SettingError
from detector_app.model_card import ModelCard
from detector_app.pipelines.pipeline import CascadeSettings, DetectSettings, default_settings
from detector_app.settings import Settings, changed
from detector_app.settings_store import SettingsStore

log = logging.getLogger(__name__)


class Preferences(QObject):
    """Holds the settings. What the command line overrides counts now but is not written to the file.

    Signals:
        changed: the new ``Settings`` and the names of the fields that differ, as a frozenset.
        failed: a ``SettingError``: the file could not be written; the settings count all the same.
    """

    changed = Signal(object, object)
    failed = Signal(object)

    def __init__(self, store: SettingsStore, overrides: dict[str, object] | None = None) -> None:
        super().__init__()
        self._store = store
        self._stored = store.load()
        self._settings = changed(self._stored, **(overrides or {}))

    @property
    def settings(self) -> Settings:
        """What counts now."""
        return self._settings

    def set(self, **values: object) -> None:
        """Replace single values.

        Raises:
            SettingError: a value is not allowed.
        """
        self.update(changed(self._settings, **values))

    def update(self, settings: Settings) -> None:
        """Replace all; only what differs is written over what is stored."""
        before, after = dataclasses.asdict(self._settings), dataclasses.asdict(settings)
        different = {name: value for name, value in after.items() if value != before[name]}
        if not different:
            return
        self._settings = settings
        self._stored = changed(self._stored, **different)
        self.changed.emit(settings, frozenset(different))
        try:
            self._store.save(self._stored)
        except SettingError as error:
            log.warning("%s", error)
            self.failed.emit(error)


def processor_choice(settings: Settings) -> ProcessorChoice:
    """The processor settings as the engine takes them."""
    providers = None if settings.providers == "auto" else (settings.providers,)
    return ProcessorChoice(providers, settings.strict, settings.threads or None)


def with_preferences(present: DetectSettings, settings: Settings, card: ModelCard) -> DetectSettings:
    """``present`` with what the settings say; score and overlap from ``card`` if the model's own are wanted."""
    own = settings.model_thresholds
    cascade = with_cascade(default_settings(card).cascade, settings)
    return replace(
        present,
        score=card.thresholds.score if own else settings.score,
        iou=card.thresholds.iou if own else settings.iou,
        class_agnostic=settings.class_agnostic,
        max_detections=settings.max_detections,
        top_k=settings.top_k,
        cascade=cascade,
    )


def with_cascade(start: CascadeSettings | None, settings: Settings) -> CascadeSettings | None:
    """What a cascade starts from, with what the settings say; its scores and pyramid stay its own if the model's own are wanted."""
    if start is None:
        return None
    if settings.model_thresholds:
        return replace(start, scan_every=settings.scan_every)
    return CascadeSettings(
        settings.min_face_px,
        settings.scale_factor,
        settings.proposal_score,
        settings.refine_score,
        None if start.score is None else settings.face_score,
        settings.scan_every,
    )
