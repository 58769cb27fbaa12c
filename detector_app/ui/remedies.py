"""An error as a message with the buttons that mend it: actions of the table, by the most special class of error that is listed."""

from __future__ import annotations

from pathlib import Path

from detector_app import errors
from detector_app.ui.actions import Actions
from detector_app.ui.message_bar import Message, Remedy, Severity
from detector_app.ui.translation import describe_error

_OFFERS: dict[type[errors.DetectorError], tuple[str, ...]] = {
    errors.DetectorError: ("log",),
    errors.ModelError: ("open_model",),
    errors.SourceError: ("open",),
    errors.EmptyFolderError: ("open_folder",),
    errors.CameraError: ("retry", "choose_camera"),
    errors.StreamError: ("retry", "stream"),
    errors.TruncatedError: (),
    errors.SinkError: (),
    errors.SettingError: ("settings",),
}

_TOPICS: dict[type[errors.DetectorError], str] = {
    errors.ModelError: "model",
    errors.SourceError: "source",
    errors.SinkError: "sink",
}


def message_for(error: errors.DetectorError, actions: Actions) -> Message:
    """``error`` as it is shown: in the present language, with those buttons that can work now."""
    offered = [actions[name] for name in offers(error)]
    remedies = tuple(Remedy(action.text().rstrip("…"), action.trigger) for action in offered if action.isEnabled())
    severity = Severity.WARNING if isinstance(error, errors.TruncatedError) else Severity.DANGER
    full = describe_error(error)
    return Message(_with_name_alone(full, error.where), severity, remedies, topic(error), full)


def _with_name_alone(text: str, where: str) -> str:
    """``text`` with the file's name in place of its path: on one line, a long path leaves no room for what mends it."""
    path = Path(where)
    return text.replace(where, path.name) if path.is_absolute() and path.name else text


def offers(error: errors.DetectorError) -> tuple[str, ...]:
    """Action ids that can mend ``error``, best first; may be empty."""
    return next(_OFFERS[kind] for kind in type(error).__mro__ if kind in _OFFERS)


def topic(error: errors.DetectorError) -> str:
    """What ``error`` is about, so that its message goes when that is replaced."""
    return next((_TOPICS[kind] for kind in type(error).__mro__ if kind in _TOPICS), "")
