"""Which buttons a kind of error offers: ids of actions in the table of ``actions``, for the most special class that is listed."""

from __future__ import annotations

from detector_app import errors

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


def offers(error: errors.DetectorError) -> tuple[str, ...]:
    """Action ids that can mend ``error``, best first; may be empty."""
    return next(_OFFERS[kind] for kind in type(error).__mro__ if kind in _OFFERS)


def topic(error: errors.DetectorError) -> str:
    """What ``error`` is about, so that its message goes when that is replaced."""
    return next((_TOPICS[kind] for kind in type(error).__mro__ if kind in _TOPICS), "")
