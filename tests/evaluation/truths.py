"""Small ground truths for tests: files of each format, and values made by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from detector_app.evaluation.truth import PictureTruth
from detector_app.vision.detections import Detections

Box = tuple[float, float, float, float]


def picture(*objects: tuple[int, Box], ignored: tuple[int, ...] = (), name: str = "a.jpg") -> PictureTruth:
    """Truth from (class, xyxy); ``ignored`` are rows."""
    flags = np.zeros(len(objects), np.bool_)
    flags[list(ignored)] = True
    boxes = np.array([box for _, box in objects], np.float64).reshape(-1, 4)
    return PictureTruth(name, boxes, np.array([c for c, _ in objects], np.int64), flags)


def found(*boxes: tuple[int, float, Box], names: tuple[str, ...] = ("cup", "fork", "plate")) -> Detections:
    """Detections from (class, score, xyxy)."""
    return Detections(
        np.array([box for *_, box in boxes], np.float32).reshape(-1, 4),
        np.array([score for _, score, _ in boxes], np.float32),
        np.array([c for c, *_ in boxes], np.int64),
        names,
    )


def write_coco(path: Path, **changes: Any) -> Path:
    """A valid COCO file with parts replaced."""
    data: dict[str, Any] = {
        "images": [
            {"id": 7, "file_name": "one/a.jpg", "width": 100, "height": 80},
            {"id": 8, "file_name": "two/a.jpg"},
            {"id": 9, "file_name": "b.jpg"},
        ],
        "annotations": [
            {"id": 1, "image_id": 7, "category_id": 3, "bbox": [10, 20, 30, 40]},
            {"id": 2, "image_id": 7, "category_id": 4, "bbox": [5, 5, 10, 10], "iscrowd": 1},
            {"id": 3, "image_id": 8, "category_id": 4, "bbox": [1, 2, 3, 4]},
        ],
        "categories": [{"id": 3, "name": "Tea_Cup"}, {"id": 4, "name": "zebra"}],
    }
    path.write_text(json.dumps(data | changes), encoding="utf-8")
    return path


VOC = """<annotation><folder>x</folder><filename>old_name.png</filename><size><width>100</width><height>80</height></size>
<object><name>Tea_Cup</name><bndbox><xmin>11</xmin><ymin>21</ymin><xmax>40</xmax><ymax>60</ymax></bndbox></object>
<object><name>zebra</name><difficult>1</difficult><bndbox><xmin>6</xmin><ymin>6</ymin><xmax>15</xmax><ymax>15</ymax></bndbox></object>
<object><name>zebra</name><bndbox><xmin>6</xmin></bndbox></object>
</annotation>"""


def write_voc(folder: Path, text: str = VOC) -> Path:
    """A VOC folder: one annotated picture, one without a file of its own."""
    (folder / "Annotations").mkdir(parents=True)
    (folder / "JPEGImages").mkdir()
    (folder / "Annotations" / "a.xml").write_text(text, encoding="utf-8")
    for name in ("a.png", "b.png", "notes.txt"):
        (folder / "JPEGImages" / name).write_bytes(b"")
    return folder


def write_yolo(folder: Path, lines: str = "0 0.25 0.5 0.3 0.5\n1 0.1 0.1 0.2 0.2\n7 0 0 1 1\nnonsense\n") -> Path:
    """A YOLO folder: one labelled picture, one without labels; ``data.yaml`` names the classes."""
    (folder / "labels" / "val").mkdir(parents=True)
    (folder / "images" / "val").mkdir(parents=True)
    (folder / "labels" / "val" / "a.txt").write_text(lines, encoding="utf-8")
    for name in ("a.jpg", "b.jpg"):
        (folder / "images" / "val" / name).write_bytes(b"")
    (folder / "data.yaml").write_text("path: /elsewhere\nnames:\n  0: Tea_Cup\n  1: zebra\n", encoding="utf-8")
    return folder
