"""What can be taken away from the inspector: the picture as it is seen, and the trace as JSON."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QPointF, QRectF, QSizeF, QStandardPaths
from PySide6.QtGui import QGuiApplication, QImage, QPixmap

from detector_app.errors import DetectorError, SinkError
from detector_app.sinks.snapshot import write_picture
from detector_app.sinks.trace_record import trace_record
from detector_app.sinks.writing import make_folder
from detector_app.ui.inspector.inspection import Inspection
from detector_app.ui.keeper import file_stem, keep_folder
from detector_app.ui.message_bar import Message, Remedy, Severity
from detector_app.ui.translation import describe_error
from detector_app.ui.video_view import VideoView
from detector_app.vision.frame import BgrImage
from detector_app.vision.trace import Trace

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
            self._copy_json(result.trace)
        elif kind == "picture":
            QGuiApplication.clipboard().setPixmap(picture_of(self._window.area.view))
            self._say(self.tr("The picture is on the clipboard."))
        else:
            folder = keep_folder(QStandardPaths.StandardLocation.PicturesLocation)
            self._save(folder / f"{file_stem(result.frame.source, datetime.now().astimezone())}-inspected.png")

    def _copy_json(self, trace: Trace) -> None:
        """On another thread: 25,000 candidates take a second."""

        def then(text: str) -> None:
            QGuiApplication.clipboard().setText(text)
            self._say(self.tr("The trace is on the clipboard as JSON."))

        self._window.background.call(
            lambda: json.dumps(trace_record(trace), ensure_ascii=False), then, self._say_failed
        )

    def _save(self, path: Path) -> None:
        image_bgr = _pixels(picture_of(self._window.area.view))

        def write() -> Path:
            make_folder(path.parent)
            write_picture(path, image_bgr)
            return path

        self._window.background.call(write, self._say_saved, self._say_failed)

    def _say_saved(self, path: Path) -> None:
        show = Remedy(self.tr("Show in folder"), lambda: self._window.keeper.reveal(path))
        self._say(self.tr("The picture is saved: {name}").format(name=path.name), show)

    def _say_failed(self, error: Exception) -> None:
        text = describe_error(error if isinstance(error, DetectorError) else SinkError("JSON", detail=str(error)))
        self._window.area.messages.show_message(Message(text, Severity.DANGER, topic=_TOPIC))

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


def _pixels(picture: QPixmap) -> BgrImage:
    """(H, W, 3) uint8 of a picture."""
    image = picture.toImage().convertToFormat(QImage.Format.Format_BGR888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()
