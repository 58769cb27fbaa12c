"""Public trained models that are downloaded on request: the table, the folder, the download. No Qt.

``entries()`` is the table; ``state_of(entry, folder)`` says what is here; ``Download(entry, folder, on_progress).run()`` gets one.
"""

from detector_app.model_gallery.conversion import can_convert
from detector_app.model_gallery.download import Download, DownloadProgress
from detector_app.model_gallery.entry import GalleryEntry, GalleryFile, Metric
from detector_app.model_gallery.folder import Installed, State, gallery_folder, installed_models, state_of
from detector_app.model_gallery.removal import remove
from detector_app.model_gallery.table import entries, find_entry
from detector_app.model_gallery.verification import verify

__all__ = [
    "Download",
    "DownloadProgress",
    "GalleryEntry",
    "GalleryFile",
    "Installed",
    "Metric",
    "State",
    "can_convert",
    "entries",
    "find_entry",
    "gallery_folder",
    "installed_models",
    "remove",
    "state_of",
    "verify",
]
