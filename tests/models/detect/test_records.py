import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from models.detect.records import LabelledPictures, read_labelled
from models.errors import TrainingDataError
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


def assert_same_scenes(labelled: LabelledPictures, count: int, tolerance_px: float) -> None:
    assert sorted(labelled.classes) == ["green", "red"]
    assert len(labelled.records) == count
    for record in labelled.records:
        _, boxes = random_scene(int(record.path.stem.removeprefix("scene_")))
        found = {labelled.classes[label]: box for label, box in zip(record.labels, record.boxes_xyxy, strict=True)}
        for name, box in boxes:
            np.testing.assert_allclose(found[name], box, atol=tolerance_px)


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
    assert_same_scenes(read_labelled([write_voc(tmp_path / "set", 3)]), 3, 1.0)


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


def change(path: Path, **changes: object) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


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


@pytest.mark.parametrize("kind", ["coco", "yolo", "voc"])
def test_a_missing_picture_is_named(tmp_path: Path, kind: str) -> None:
    if kind == "coco":
        write_coco(tmp_path, 2)
    elif kind == "yolo":
        write_yolo(tmp_path, 2, with_yaml=True)
    else:
        write_voc(tmp_path, 2)
    [picture] = tmp_path.rglob("scene_1.png")
    picture.unlink()
    with pytest.raises(TrainingDataError, match=r"scene_1\.\w+: picture is missing"):
        read_labelled([tmp_path])


def test_a_missing_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(TrainingDataError, match="nowhere: no such data set"):
        read_labelled([tmp_path / "nowhere"])


def test_a_folder_without_annotations_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrainingDataError, match="holds no"):
        read_labelled([tmp_path])


@pytest.mark.parametrize("annotations", ["{", "[]", '{"images": 3}', '{"images": [{"file_name": "a.png"}]}'])
def test_damaged_json_is_refused_by_name(tmp_path: Path, annotations: str) -> None:
    (tmp_path / "annotations.json").write_text(annotations)
    with pytest.raises(TrainingDataError, match=r"annotations\.json|a\.png"):
        read_labelled([tmp_path])


@pytest.mark.parametrize("text", ["names: [ace", "names: !!python/object/apply:os.getcwd []"])
def test_a_yaml_that_is_damaged_or_wants_to_run_code_is_refused_by_name(tmp_path: Path, text: str) -> None:
    write_yolo(tmp_path / "set", 1, with_yaml=True)
    described = next((tmp_path / "set").glob("*.yaml"))
    described.write_text(text)
    with pytest.raises(TrainingDataError, match=rf"{described.name}: cannot be read as annotations"):
        read_labelled([tmp_path / "set"])


def test_damaged_yolo_rows_are_refused_by_name(tmp_path: Path) -> None:
    write_yolo(tmp_path / "set", 1, with_yaml=True)
    (tmp_path / "set" / "labels" / "scene_0.txt").write_text("0 0.5 zero 0.1 0.1")
    with pytest.raises(TrainingDataError, match="cannot be read as annotations"):
        read_labelled([tmp_path / "set"])


def test_a_set_without_any_box_is_refused(tmp_path: Path) -> None:
    change(write_coco(tmp_path, 2), annotations=[])
    with pytest.raises(TrainingDataError, match="no labelled picture"):
        read_labelled([tmp_path])


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
