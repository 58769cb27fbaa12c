"""What can be taken away from the inspector: the picture as it is seen, and the trace as JSON."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF, QSizeF, QStandardPaths
from PySide6.QtGui import QGuiApplication, QPixmap

from detector_app.errors import SinkError
from detector_app.sinks.trace_record import trace_record
from detector_app.sinks.writing import make_folder
from detector_app.ui.inspector.inspection import Inspection
from detector_app.ui.keeper import file_stem, keep_folder
from detector_app.ui.message_bar import Message, Remedy, Severity
from detector_app.ui.translation import describe_error
from detector_app.ui.video_view import VideoView

if TYPE_CHECKING:
    from detector_app.ui.main_window import MainWindow

_TOPIC = "sink"


class Copies(QObject):
    """Puts things on the clipboard or into a file, and says so."""

    def __init__(self, window: MainWindow, inspection: Inspection, parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._inspection = window, inspection

    def make(self, kind: str) -> None:
        """Copy what is inspected as "picture" or "json", or "save" the picture."""
        result = self._inspection.result
        if result is None or result.trace is None:
            return
        if kind == "json":
            QGuiApplication.clipboard().setText(json.dumps(trace_record(result.trace), ensure_ascii=False, indent=1))
            self._say(self.tr("The trace is on the clipboard as JSON."))
        elif kind == "picture":
            QGuiApplication.clipboard().setPixmap(picture_of(self._window.area.view))
            self._say(self.tr("The picture is on the clipboard."))
        else:
            folder = keep_folder(QStandardPaths.StandardLocation.PicturesLocation)
            self._save(folder / f"{file_stem(result.frame.source, datetime.now().astimezone())}-inspected.png")

    def _save(self, path: Path) -> None:
        try:
            make_folder(path.parent)
        except SinkError as error:
            self._window.area.messages.show_message(Message(describe_error(error), Severity.DANGER, topic=_TOPIC))
            return
        if not picture_of(self._window.area.view).save(str(path)):
            failed = SinkError(str(path))
            self._window.area.messages.show_message(Message(describe_error(failed), Severity.DANGER, topic=_TOPIC))
            return
        show = Remedy(self.tr("Show in folder"), lambda: self._window.keeper.reveal(path))
        self._say(self.tr("The picture is saved: {name}").format(name=path.name), show)

    def _say(self, text: str, *remedies: Remedy) -> None:
        self._window.area.messages.show_message(Message(text, Severity.INFO, remedies, _TOPIC))


def picture_of(view: VideoView) -> QPixmap:
    """What is seen of the picture with everything that is painted over it, without the empty space around."""
    shown = view.shown
    if shown is None:
        return view.grab()
    whole = QRectF(QPointF(0, 0), QSizeF(shown.frame.width_px, shown.frame.height_px))
    seen = view.transform.rect_to_view(whole) & QRectF(view.rect())
    return view.grab(seen.toAlignedRect())
