"""Why an export failed, as one sentence in the present language."""

from __future__ import annotations

from detector_app.ui.model_export.exporter import Failure, Trouble
from detector_app.ui.translation import QT_TRANSLATE_NOOP, describe_error, translate

CONTEXT = "ExportFailures"
INSTALL = 'pip install "detector-app[train]"'
"""What brings everything that only training and exporting need."""

_SENTENCES = {
    Trouble.MISSING: QT_TRANSLATE_NOOP(
        "ExportFailures", "Exporting needs the package {detail}, which is not installed. Install what it takes with:"
    ),
    Trouble.UNSTARTED: QT_TRANSLATE_NOOP("ExportFailures", "The exporter cannot be started: {detail}"),
    Trouble.KILLED: QT_TRANSLATE_NOOP(
        "ExportFailures",
        "The exporter was ended from outside before it was done, perhaps because memory ran out. Nothing was written.",
    ),
    Trouble.SILENT: QT_TRANSLATE_NOOP(
        "ExportFailures", "The exporter ended without a result and did not say why. Nothing was written."
    ),
}


def failure_words(failure: Failure) -> str:
    """What happened."""
    if failure.error is not None:
        return describe_error(failure.error)
    if failure.trouble not in _SENTENCES:
        return failure.detail  # the exporter's own sentence
    return translate(CONTEXT, _SENTENCES[failure.trouble]).format(detail=failure.detail)
