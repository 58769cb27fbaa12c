"""Average precision of frames that are in memory, by the same library and rules as ``detector-app eval`` has them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from detector_app.evaluation.annotations import AnnotatedPicture, Annotations
from detector_app.evaluation.precision_recall import SeenFrame
from detector_app.evaluation.truth import ClassMap

if TYPE_CHECKING:
    from detector_app.evaluation.average_precision import Precision


def figures(frames: Sequence[SeenFrame], classes: ClassMap, names: tuple[str, ...]) -> Precision:
    """Judge ``frames``; ``names`` are the model's classes."""
    from detector_app.evaluation.average_precision import coco_rows, judge  # its library takes a while to import

    pictures = tuple(AnnotatedPicture(i, frame.name) for i, frame in enumerate(frames, 1))
    ids = {i: i + 1 for i, judged in enumerate(classes.judged) if judged}
    named = {id_: names[i] for i, id_ in ids.items()}
    rows: list[dict[str, Any]] = []
    objects: list[dict[str, Any]] = []
    for picture, frame in zip(pictures, frames, strict=True):
        rows += coco_rows(frame.detections, picture.id, ids)
        objects += _objects(frame, picture.id, classes, len(objects))
    dataset = {
        "images": [{"id": picture.id, "file_name": picture.file_name} for picture in pictures],
        "annotations": objects,
        "categories": [{"id": id_, "name": name} for id_, name in named.items()],
    }
    return judge(Annotations("", pictures, ids, named, classes.unmatched, dataset), rows)


def _objects(frame: SeenFrame, picture_id: int, classes: ClassMap, before: int) -> list[dict[str, Any]]:
    """A picture's objects of classes that the model has, as COCO annotations; ignored ones as crowds."""
    rows = zip(frame.truth.xyxy_in(*frame.size_wh), frame.truth.class_ids, frame.truth.ignored, strict=True)
    known = [
        (box, int(classes.model_class[id_]), ignored) for box, id_, ignored in rows if classes.model_class[id_] >= 0
    ]
    return [
        {
            "id": before + i,
            "image_id": picture_id,
            "category_id": class_id + 1,
            "bbox": [left, top, right - left, bottom - top],
            "area": (right - left) * (bottom - top),
            "iscrowd": int(ignored),
        }
        for i, ((left, top, right, bottom), class_id, ignored) in enumerate(known, 1)
    ]
