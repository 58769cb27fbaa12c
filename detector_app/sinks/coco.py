"""Detections as a COCO data set with scores."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from detector_app.errors import SinkError
from detector_app.sinks.records import box, picture_name, score, track_id
from detector_app.sinks.writing import LineFile, replaced_whole
from detector_app.vision.detections import Detections
from detector_app.vision.frame_result import FrameResult


class CocoFile:
    """``{"images": […], "categories": […], "annotations": […]}``; each annotation has a ``score``, so that the list of annotations is
    also a COCO results list, and a ``track_id`` where things are followed. Category ids are the model's class ids.

    A JSON file is whole or useless, so frames go line by line to a side file and the result appears at its name in one step at
    ``close``. If the disk is too full even for that, the side file stays, readable line by line.
    """  # noqa: D205

    def __init__(self, path: Path, kind: str) -> None:
        """Begin the side file; ``kind`` is the source's.

        Raises:
            DiskFullError, SinkError: it cannot be created.
        """
        self._path = path
        self._kind = kind
        self._names: dict[int, str] = {}
        self._images = self._annotations = 0
        self._spool = LineFile(path.with_name(f"{path.name}l.part"))
        self._closed = False

    @property
    def path(self) -> Path:
        """The file that ``close`` makes."""
        return self._path

    def write(self, result: FrameResult) -> None:
        """Keep one frame and its detections.

        Raises:
            DiskFullError, SinkError: it cannot be written, or it was classified and so has no boxes.
        """
        if result.classification is not None:
            raise SinkError(str(self._path), detail="COCO files hold boxes, and a classifier finds none")
        frame, found = result.frame, result.detections
        pictures = self._kind == "pictures"
        image = {
            "id": self._images + 1,
            "file_name": Path(frame.source).name if pictures else picture_name(frame, self._kind),
            "width": frame.width_px,
            "height": frame.height_px,
        }
        annotations = [_annotation(found, i, self._images + 1, self._annotations + 1 + i) for i in range(len(found))]
        self._spool.write(_text({"image": image, "annotations": annotations}) + "\n")
        self._images += 1
        self._annotations += len(annotations)
        self._names.update(enumerate(found.class_names))
        self._names.update({int(found.class_ids[i]): found.name(i) for i in range(len(found))})

    def close(self) -> None:
        """Put the parts together.

        Raises:
            DiskFullError, SinkError: it cannot be written; the side file stays.
        """
        if self._closed:
            return
        self._closed = True
        self._spool.close()
        with replaced_whole(self._path) as part, part.open("w", encoding="utf-8") as file:
            self._compose(file)
        with contextlib.suppress(OSError):
            self._spool.path.unlink()

    def _compose(self, file: IO[str]) -> None:
        categories = [{"id": id_, "name": name} for id_, name in sorted(self._names.items())]
        file.write(f'{{"categories": {_text(categories)},\n"images": [')
        _write_list(file, (record["image"] for record in self._records()))
        file.write('],\n"annotations": [')
        _write_list(file, (entry for record in self._records() for entry in record["annotations"]))
        file.write("]}\n")

    def _records(self) -> Iterator[dict[str, Any]]:
        with self._spool.path.open(encoding="utf-8") as file:
            yield from map(json.loads, file)


def _annotation(found: Detections, i: int, image_id: int, id_: int) -> dict[str, Any]:
    left, top, right, bottom = box(found, i)
    width, height = round(right - left, 2), round(bottom - top, 2)
    return {
        "id": id_,
        "image_id": image_id,
        "category_id": int(found.class_ids[i]),
        "bbox": [left, top, width, height],
        "area": round(width * height, 2),
        "iscrowd": 0,
        "score": score(found, i),
        **({} if found.track_ids is None else {"track_id": track_id(found, i)}),
    }


def _write_list(file: IO[str], items: Iterator[dict[str, Any]]) -> None:
    for i, item in enumerate(items):
        file.write((",\n" if i else "\n") + _text(item))


def _text(value: object) -> str:
    return json.dumps(value, allow_nan=False)
