"""Remembers the lines and zones of each video."""

from __future__ import annotations

import json

from PySide6.QtCore import QSettings

from detector_app.errors import ZonesError
from detector_app.vision.zone_format import layout_from, layout_text
from detector_app.vision.zones import Layout

_KEY = "tracking/layouts"
MOST_VIDEOS = 100


class LayoutStore:
    """By what a source is opened with; the last :data:`MOST_VIDEOS` are kept."""

    def __init__(self, store: QSettings) -> None:
        self._store = store

    def get(self, spec: str) -> Layout:
        """The layout of ``spec``; an empty one where there is none, or none that can be read."""
        text = self._read().get(spec)
        try:
            return layout_from(text, spec) if text is not None else Layout()
        except ZonesError:
            return Layout()

    def keep(self, spec: str, layout: Layout) -> None:
        """Remember ``layout`` for ``spec``; an empty one is forgotten."""
        texts = self._read()
        texts.pop(spec, None)
        if layout != Layout():
            texts[spec] = layout_text(layout)
        while len(texts) > MOST_VIDEOS:
            del texts[next(iter(texts))]
        self._store.setValue(_KEY, json.dumps(texts))

    def _read(self) -> dict[str, str]:
        try:
            found = json.loads(str(self._store.value(_KEY, "{}")))
        except ValueError:
            return {}
        texts = found if isinstance(found, dict) else {}
        return {spec: text for spec, text in texts.items() if isinstance(text, str)}
