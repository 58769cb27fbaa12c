"""What a live source says of itself, in the language of the window."""

from __future__ import annotations

import re

from detector_app.ui.translation import QT_TRANSLATE_NOOP, translate

CONTEXT = "SourceStatus"
_TEXTS = (
    (re.compile("connected"), ""),  # the picture says it
    (re.compile("connecting"), QT_TRANSLATE_NOOP("SourceStatus", "Connecting…")),
    (
        re.compile(r"reconnecting \(try (?P<number>\d+)\)"),
        QT_TRANSLATE_NOOP("SourceStatus", "Reconnecting (try {number})"),
    ),
)


def status_text(status: str) -> str:
    """``EngineState.source_status`` for people; empty when there is nothing to say, unchanged when it is not known."""
    for pattern, text in _TEXTS:
        match = pattern.fullmatch(status)
        if match is not None:
            return translate(CONTEXT, text).format(**match.groupdict())
    return status
