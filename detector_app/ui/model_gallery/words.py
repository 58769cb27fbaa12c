"""What the page says of models: tasks, sizes, and how far a download is."""

from __future__ import annotations

from PySide6.QtCore import QLocale

from detector_app.model_gallery import GalleryEntry, Installed, State
from detector_app.model_gallery.download import CHECKING, CONVERTING, FETCHING
from detector_app.ui.export_bar import clock_text
from detector_app.ui.model_gallery.transfers import Task, Transfer
from detector_app.ui.translation import QT_TRANSLATE_NOOP, translate

CONTEXT = "Gallery"
TASKS = {
    "detect": QT_TRANSLATE_NOOP("Gallery", "Objects"),
    "faces": QT_TRANSLATE_NOOP("Gallery", "Faces"),
    "classify": QT_TRANSLATE_NOOP("Gallery", "Whole pictures"),
    "embed": QT_TRANSLATE_NOOP("Gallery", "Telling faces apart"),
}
"""Task → what is found."""
_STAGES = {
    FETCHING: QT_TRANSLATE_NOOP("Gallery", "Downloading"),
    CHECKING: QT_TRANSLATE_NOOP("Gallery", "Checking"),
    CONVERTING: QT_TRANSLATE_NOOP("Gallery", "Converting; this takes a minute"),
}
_DOING = {
    Task.GET: QT_TRANSLATE_NOOP("Gallery", "Connecting"),
    Task.VERIFY: QT_TRANSLATE_NOOP("Gallery", "Checking every byte"),
    Task.REMOVE: QT_TRANSLATE_NOOP("Gallery", "Removing"),
}
_STATES = {
    State.INSTALLED: QT_TRANSLATE_NOOP("Gallery", "On this machine"),
    State.PARTIAL: QT_TRANSLATE_NOOP("Gallery", "Begun"),
}
_UNCHECKED = (
    QT_TRANSLATE_NOOP("Gallery", "the address"),
    QT_TRANSLATE_NOOP("Gallery", "the licence"),
    QT_TRANSLATE_NOOP("Gallery", "the licence: the page's text says MIT, its header Apache-2.0"),
    QT_TRANSLATE_NOOP("Gallery", "the card: made from the published description, never run on the file"),
    QT_TRANSLATE_NOOP("Gallery", "how it is read: by the published description, never run on the file"),
)
"""What the table says of things that nobody compared with their source."""
_LEFT = QT_TRANSLATE_NOOP("Gallery", "{time} left")
_FAILED = QT_TRANSLATE_NOOP("Gallery", "Failed")


def task_words(task: str) -> str:
    """What models of ``task`` find."""
    return translate(CONTEXT, TASKS[task]) if task in TASKS else task


def size_words(size_bytes: int) -> str:
    """A size in MB with one decimal, below 0.1 MB in kB."""
    return f"{size_bytes / 1e6:.1f} MB" if size_bytes >= 100_000 else f"{size_bytes / 1e3:.0f} kB"


def what_words(entry: GalleryEntry) -> str:
    """What ``entry`` is, in the present language."""
    return entry.what(QLocale().name())


def unchecked_words(entry: GalleryEntry) -> str:
    """What nobody compared with its source, one thing a line; as the table says it where it says something else."""
    return "\n".join(translate(CONTEXT, one) if one in _UNCHECKED else one for one in entry.unchecked)


def state_words(installed: Installed | None, transfer: Transfer | None) -> str:
    """One or two words on a model for its row in the list; empty if there is nothing to say."""
    if transfer is not None and transfer.running:
        share = share_of(transfer)
        return doing_words(transfer) if share is None else f"{share:.0%}"
    if transfer is not None and transfer.error is not None:
        return translate(CONTEXT, _FAILED)
    state = State.ABSENT if installed is None else installed.state
    return translate(CONTEXT, _STATES[state]) if state in _STATES else ""


def share_of(transfer: Transfer) -> float | None:
    """How much of a download is done, 0 to 1; None while that cannot be said."""
    progress = transfer.progress
    if progress is None or progress.stage != FETCHING or not progress.total_bytes:
        return None
    return min(1.0, progress.done_bytes / progress.total_bytes)


def doing_words(transfer: Transfer) -> str:
    """What is being done."""
    if transfer.progress is None:
        return translate(CONTEXT, _DOING[transfer.task])
    return translate(CONTEXT, _STAGES.get(transfer.progress.stage, transfer.progress.stage))


def figures_words(transfer: Transfer) -> str:
    """How much of how much, how fast, and how much longer; as far as that is known."""
    progress = transfer.progress
    if progress is None or progress.stage != FETCHING:
        return ""
    parts = [f"{progress.done_bytes / 1e6:.1f} / {progress.total_bytes / 1e6:.1f} MB"]
    speed = transfer.per_second
    if speed > 0:
        left_s = (progress.total_bytes - progress.done_bytes) / speed
        parts += [f"{speed / 1e6:.1f} MB/s", translate(CONTEXT, _LEFT).format(time=clock_text(left_s))]
    return " · ".join(parts)
