import json
from pathlib import Path

import numpy as np
import pytest

from models.detect.records import read_labelled
from models.errors import TrainingDataError
from tests.models.detect.drawn import write_coco
from tests.models.detect.drawn_sets import (
    assert_same_scenes,
    change,
    voc_object,
    write_voc,
    write_yolo,
    write_yolo_part,
)


def test_coco_json_and_its_folder(tmp_path: Path) -> None:
    path = write_coco(tmp_path, 3)
    assert_same_scenes(read_labelled([path]), 3, 0)
    assert_same_scenes(read_labelled([tmp_path]), 3, 0)


@pytest.mark.parametrize("with_yaml", [True, False])
def test_yolo_folder(tmp_path: Path, with_yaml: bool) -> None:
    folder = write_yolo(tmp_path / "set", 3, with_yaml)
    assert_same_scenes(read_labelled([folder]), 3, 0.01)


@pytest.mark.parametrize("layout", ["{kind}/{part}", "{part}/{kind}"])
def test_yolo_splits_in_folders_but_not_the_test_split(tmp_path: Path, layout: str) -> None:
    for part, scenes in (("train", range(2)), ("valid", range(2, 3)), ("test", range(3, 5))):
        images, labels = (tmp_path / layout.format(kind=kind, part=part) for kind in ("images", "labels"))
        write_yolo_part(images, labels, scenes)
    (tmp_path / "data.yaml").write_text("names: [red, green]\n")
    assert_same_scenes(read_labelled([tmp_path / "data.yaml"]), 3, 0.01)


@pytest.mark.parametrize("layout", ["annotations/instances_train.json", "_annotations.coco.json"])
def test_other_coco_layouts(tmp_path: Path, layout: str) -> None:
    """COCO's own (pictures in a folder named after the split) and one with pictures beside the file."""
    path = write_coco(tmp_path, 3)
    (tmp_path / layout).parent.mkdir(exist_ok=True)
    path.rename(tmp_path / layout)
    if "instances" in layout:
        (tmp_path / "annotations" / "captions_train.json").write_text("{}")
        (tmp_path / "images").rename(tmp_path / "train2017")
    else:
        for picture in (tmp_path / "images").iterdir():
            picture.rename(tmp_path / picture.name)
        (tmp_path / "images").rmdir()
    assert_same_scenes(read_labelled([tmp_path]), 3, 0)


def test_voc_folder(tmp_path: Path) -> None:
    assert_same_scenes(read_labelled([write_voc(tmp_path / "set", 3)]), 3, 0)


def test_sets_merge_by_class_name(tmp_path: Path) -> None:
    write_coco(tmp_path / "one", 2)
    write_yolo(tmp_path / "two", 3, with_yaml=False)
    (tmp_path / "two" / "classes.txt").write_text("dark_green\nred\n")
    merged = read_labelled([tmp_path / "one", tmp_path / "two"])
    assert merged.classes == ("red", "green", "dark green")
    assert [(source.name, source.pictures, source.boxes) for source in merged.sources] == [("one", 2, 4), ("two", 3, 6)]
    counts = np.bincount(np.concatenate([record.labels for record in merged.records]))
    assert counts.tolist() == [2 + 3, 2, 3]


def test_selected_classes_come_in_the_order_asked_for(tmp_path: Path) -> None:
    write_coco(tmp_path, 2)
    both = read_labelled([tmp_path], ["green", "red"])
    assert both.classes == ("green", "red")
    one = read_labelled([tmp_path], ["green"])
    assert all(record.labels.tolist() == [0] for record in one.records)


def test_background_stays_but_pictures_whose_boxes_were_deselected_go(tmp_path: Path) -> None:
    path = write_coco(tmp_path, 3)
    boxes = json.loads(path.read_text())["annotations"]
    only_red = [box for box in boxes if box["image_id"] == 0 and box["category_id"] == 1]
    change(path, annotations=only_red + [box for box in boxes if box["image_id"] == 1])
    kept = read_labelled([path], ["green"]).records
    assert {record.path.stem: len(record.labels) for record in kept} == {"scene_1": 1, "scene_2": 0}


def test_crowds_and_slivers_are_no_boxes(tmp_path: Path) -> None:
    path = write_coco(tmp_path, 1)
    boxes = json.loads(path.read_text())["annotations"]
    extra = [
        {**boxes[0], "id": 8, "iscrowd": 1, "segmentation": {"counts": [0, 96 * 64], "size": [64, 96]}},
        {**boxes[0], "id": 9, "bbox": [5, 5, 0.4, 20]},
    ]
    change(path, annotations=boxes + extra)
    [record] = read_labelled([path]).records
    assert len(record.labels) == 2


def test_a_class_without_boxes_is_left_out_unless_asked_for(tmp_path: Path) -> None:
    path = write_coco(tmp_path, 1)
    change(path, categories=[*json.loads(path.read_text())["categories"], {"id": 9, "name": "blue"}])
    assert read_labelled([path]).classes == ("red", "green")
    with pytest.raises(TrainingDataError, match=r"\['blue'\] have no box"):
        read_labelled([path], ["red", "blue"])


def test_an_unknown_class_is_named_with_the_known_ones(tmp_path: Path) -> None:
    write_coco(tmp_path, 1)
    with pytest.raises(TrainingDataError, match=r"\['pink'\].*\['red', 'green'\]"):
        read_labelled([tmp_path], ["pink"])


def test_licence_and_attribution_come_from_the_set_or_from_a_note(tmp_path: Path) -> None:
    write_coco(tmp_path / "one", 1)
    (tmp_path / "one" / "ORIGIN.md").write_text(
        "# Origin\n\n- Repository: https://example.org/one\n- Licence: MIT (LICENSE)\n"
    )
    write_coco(tmp_path / "two", 1)
    (tmp_path / "two" / "LICENSE.txt").write_text("\nApache License\nVersion 2.0\n")
    write_coco(tmp_path / "three", 1)
    paths = [tmp_path / name for name in ("one", "two", "three")]
    one, two, three = read_labelled(paths, notes={"three": "CC BY 4.0; by somebody"}).sources
    assert (one.licence, one.attribution) == ("MIT (LICENSE)", "https://example.org/one")
    assert (two.licence, two.attribution) == ("Apache License", "")
    assert (three.licence, three.attribution) == ("CC BY 4.0", "by somebody")


def test_reads_the_real_sets(shared_data: Path) -> None:
    paths = [shared_data / "train" / name for name in ("microcontrollers", "fork_scissors40")]
    labelled = read_labelled(paths, ["fork", "Raspberry Pi 3"])
    assert labelled.classes == ("fork", "Raspberry Pi 3")
    assert sum((record.labels == 0).any() for record in labelled.records) == 15
    assert sum((record.labels == 1).any() for record in labelled.records) == 42
    assert [source.licence.split()[0] for source in labelled.sources] == ["MIT", "MIT"]


def test_a_real_set_is_the_same_in_all_three_formats(tmp_path: Path, shared_data: Path) -> None:
    source = shared_data / "train" / "bccd364"
    coco = read_labelled([source / "annotations_val.json"])
    content = json.loads((source / "annotations_val.json").read_text())
    names = {one["id"]: one["name"] for one in content["categories"]}
    for kind in ("voc/JPEGImages", "voc/Annotations", "yolo/images", "yolo/labels"):
        (tmp_path / kind).mkdir(parents=True)
    (tmp_path / "yolo" / "classes.txt").write_text((source / "classes.txt").read_text())
    for image in content["images"]:
        rows = [row for row in content["annotations"] if row["image_id"] == image["id"]]
        stem = Path(image["file_name"]).stem
        for kind in ("voc/JPEGImages", "yolo/images"):
            (tmp_path / kind / f"{stem}.JPG").symlink_to(source / "images" / image["file_name"])
        (tmp_path / "yolo" / "labels" / f"{stem}.txt").write_text((source / "labels" / f"{stem}.txt").read_text())
        objects = "".join(voc_object(names[row["category_id"]], *row["bbox"]) for row in rows)
        (tmp_path / "voc" / "Annotations" / f"{stem}.xml").write_text(f"<annotation>{objects}</annotation>")
    for other in (read_labelled([tmp_path / "voc"], coco.classes), read_labelled([tmp_path / "yolo"], coco.classes)):
        assert other.problems == ()
        by_stem = {record.path.stem: record for record in other.records}
        for record in coco.records:
            order, again = (np.lexsort(one.boxes_xyxy.T.round()) for one in (record, by_stem[record.path.stem]))
            own = by_stem[record.path.stem].boxes_xyxy[again]
            np.testing.assert_allclose(own, record.boxes_xyxy[order], atol=0.01)


def test_outlines_without_a_box_get_their_bounds(tmp_path: Path) -> None:
    path = write_coco(tmp_path, 1)
    outlines = [[[10, 5, 60, 5, 60, 30], [20, 30, 70, 40, 20, 40]], {"counts": "abc", "size": [64, 96]}]
    keys = {"image_id": 0, "category_id": 1}
    change(path, annotations=[{"id": i, **keys, "segmentation": one} for i, one in enumerate(outlines)])
    labelled = read_labelled([path])
    np.testing.assert_allclose(labelled.records[0].boxes_xyxy, [[10, 5, 70, 40]])
    assert len(labelled.problems) == 1
