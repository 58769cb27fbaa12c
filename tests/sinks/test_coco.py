"""The COCO file loads with the reference tools; interruption loses nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from detector_app.errors import DiskFullError
from detector_app.sinks.coco import CocoFile
from tests.sinks.results import NAMES, files_in, result_of, write_noise


def test_images_categories_and_boxes(tmp_path: Path) -> None:
    sink = CocoFile(tmp_path / "out.coco.json", "pictures")
    sink.write(result_of(0, found=2, source="folder/dog.jpg"))
    sink.write(result_of(1, found=0, source="folder/cat.jpg"))
    sink.write(result_of(2, found=1, source="folder/cow.jpg"))
    sink.close()
    sink.close()
    data = json.loads(sink.path.read_text())
    assert [image["file_name"] for image in data["images"]] == ["dog.jpg", "cat.jpg", "cow.jpg"]
    assert data["categories"] == [{"id": i, "name": name} for i, name in enumerate(NAMES)]
    assert [(a["id"], a["image_id"], a["category_id"]) for a in data["annotations"]] == [
        (1, 1, 0),
        (2, 1, 1),
        (3, 3, 0),
    ]
    assert data["annotations"][0]["bbox"] == [4.25, 40.0, 26.25, 20.0]
    assert data["annotations"][0]["area"] == pytest.approx(525.0)
    assert files_in(tmp_path) == ["out.coco.json"]


def test_the_reference_tools_read_it(tmp_path: Path) -> None:
    coco = pytest.importorskip("faster_coco_eval")
    sink = CocoFile(tmp_path / "out.coco.json", "video")
    for i in range(3):
        sink.write(result_of(i, found=i))
    sink.close()
    truth = coco.COCO(str(sink.path))
    results = truth.loadRes(truth.dataset["annotations"])
    assert len(results.getAnnIds()) == 3
    assert truth.loadImgs([3])[0]["file_name"] == "000002.jpg"


def test_no_frames_make_an_empty_data_set(tmp_path: Path) -> None:
    sink = CocoFile(tmp_path / "out.coco.json", "video")
    sink.close()
    assert json.loads(sink.path.read_text()) == {"categories": [], "images": [], "annotations": []}


def test_what_an_interrupted_run_found_is_in_the_side_file(tmp_path: Path) -> None:
    sink = CocoFile(tmp_path / "out.coco.json", "video")
    sink.write(result_of(0, found=2))
    (side,) = tmp_path.iterdir()
    record = json.loads(side.read_text())
    assert (record["image"]["id"], len(record["annotations"])) == (1, 2)
    sink.close()


def test_an_earlier_file_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "out.coco.json"
    path.write_text("earlier")
    sink = CocoFile(path, "video")
    sink.write(result_of(0))
    assert path.read_text() == "earlier"
    sink.close()
    assert len(json.loads(path.read_text())["images"]) == 1


def test_a_full_disk_keeps_the_side_file_readable(tiny_disk: Path) -> None:
    sink = CocoFile(tiny_disk / "out.coco.json", "video")
    with pytest.raises(DiskFullError):
        write_noise(sink)
    with pytest.raises(DiskFullError, match=r"out\.coco\.json"):
        sink.close()
    assert files_in(tiny_disk) == ["out.coco.jsonl.part"]
    records = [json.loads(line) for line in (tiny_disk / "out.coco.jsonl.part").read_text().splitlines()]
    assert [record["image"]["id"] for record in records] == list(range(1, len(records) + 1))
