"""Drawn sets in each format."""

import json
from pathlib import Path

import cv2
import numpy as np

from models.detect.records import LabelledPictures
from tests.models.detect.drawn import COLOURS_BGR, random_scene, write_coco

NAMES = list(COLOURS_BGR)


def write_yolo_part(images: Path, labels: Path, scenes: range) -> None:
    for folder in (images, labels):
        folder.mkdir(parents=True)
    for index in scenes:
        picture, boxes = random_scene(index)
        cv2.imwrite(str(images / f"scene_{index}.png"), picture)
        rows = [
            f"{NAMES.index(name)} {(x1 + x2) / 2 / 96} {(y1 + y2) / 2 / 64} {(x2 - x1) / 96} {(y2 - y1) / 64}"
            for name, (x1, y1, x2, y2) in boxes
        ]
        (labels / f"scene_{index}.txt").write_text("\n".join(rows))


def write_yolo(folder: Path, count: int, with_yaml: bool) -> Path:
    write_yolo_part(folder / "images", folder / "labels", range(count))
    if with_yaml:
        (folder / "data.yaml").write_text("names: [red, green]\n")
    else:
        (folder / "classes.txt").write_text("red\ngreen\n")
    return folder


def write_voc(folder: Path, count: int) -> Path:
    for name in ("JPEGImages", "Annotations"):
        (folder / name).mkdir(parents=True)
    for index in range(count):
        picture, boxes = random_scene(index)
        cv2.imwrite(str(folder / "JPEGImages" / f"scene_{index}.png"), picture)
        objects = "".join(
            f"<object><name>{name}</name><bndbox><xmin>{x1 + 1}</xmin><ymin>{y1 + 1}</ymin>"
            f"<xmax>{x2}</xmax><ymax>{y2}</ymax></bndbox></object>"
            for name, (x1, y1, x2, y2) in boxes
        )
        size = "<size><width>96</width><height>64</height><depth>3</depth></size>"
        text = f"<annotation><filename>scene_{index}.png</filename>{size}{objects}</annotation>"
        (folder / "Annotations" / f"scene_{index}.xml").write_text(text)
    return folder


WRITERS = {
    "coco": lambda folder, count: write_coco(folder, count).parent,
    "yolo": lambda folder, count: write_yolo(folder, count, with_yaml=True),
    "voc": write_voc,
}


def voc_object(name: str, x: float, y: float, width: float, height: float) -> str:
    edges = {"xmin": x + 1, "ymin": y + 1, "xmax": x + width, "ymax": y + height}
    box = "".join(f"<{edge}>{value}</{edge}>" for edge, value in edges.items())
    return f"<object><name>{name}</name><bndbox>{box}</bndbox></object>"


def assert_same_scenes(labelled: LabelledPictures, count: int, tolerance_px: float) -> None:
    assert sorted(labelled.classes) == ["green", "red"]
    assert len(labelled.records) == count
    for record in labelled.records:
        _, boxes = random_scene(int(record.path.stem.removeprefix("scene_")))
        found = {labelled.classes[label]: box for label, box in zip(record.labels, record.boxes_xyxy, strict=True)}
        for name, box in boxes:
            np.testing.assert_allclose(found[name], box, atol=tolerance_px)


def change(path: Path, **changes: object) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))
