import json
import re
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from models.detect.problems import ProblemKind
from models.detect.records import LabelledPictures, read_labelled
from models.errors import TrainingDataError
from tests.models.detect.drawn import write_coco
from tests.models.detect.drawn_sets import WRITERS, assert_same_scenes, change, write_voc, write_yolo


@pytest.fixture(params=WRITERS)
def three_scenes(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """The same set in each format."""
    return WRITERS[request.param](tmp_path / "set", 3)


def told(labelled: LabelledPictures) -> list[tuple[ProblemKind, str]]:
    return [(problem.kind, str(problem)) for problem in labelled.problems]


def picture_of(folder: Path, name: str = "scene_1.png") -> Path:
    [picture] = folder.rglob(name)
    return picture


def test_a_missing_picture_is_left_out_and_named_with_its_file(three_scenes: Path) -> None:
    picture_of(three_scenes).unlink()
    labelled = read_labelled([three_scenes])
    assert len(labelled.records) == 2
    [(kind, words)] = told(labelled)
    assert kind is ProblemKind.MISSING_PICTURE
    assert re.search(r"/scene_1\.\w+ \(named in (annotations\.json|data\.yaml|Annotations)\)", words)


@pytest.mark.parametrize("damage", [b"", b"no picture", None])
def test_a_broken_picture_is_left_out_and_named(three_scenes: Path, damage: bytes | None) -> None:
    picture = picture_of(three_scenes)
    picture.write_bytes(picture.read_bytes()[:-2000] if damage is None else damage)
    labelled = read_labelled([three_scenes])
    assert len(labelled.records) == 2
    [(kind, words)] = told(labelled)
    assert kind is ProblemKind.BROKEN_PICTURE
    assert "/scene_1.png (" in words


def test_a_set_of_which_no_picture_is_there_is_refused(three_scenes: Path) -> None:
    for picture in three_scenes.rglob("*.png"):
        picture.unlink()
    with pytest.raises(
        TrainingDataError, match=r"none of its 3 pictures is there; the first is looked for at .*scene_0"
    ):
        read_labelled([three_scenes])


@pytest.mark.parametrize("kind", ["coco", "voc"])
def test_a_picture_of_another_size_than_annotated_is_left_out(tmp_path: Path, kind: str) -> None:
    folder = WRITERS[kind](tmp_path / "set", 3)
    cv2.imwrite(str(picture_of(folder)), np.zeros((32, 48, 3), np.uint8))
    labelled = read_labelled([folder])
    assert len(labelled.records) == 2
    [(problem, words)] = told(labelled)
    assert problem is ProblemKind.OTHER_SIZE
    assert re.search(r"scene_1\.png \(48×32, \S+ says 96×64\)", words)


def test_a_turned_picture_is_read_as_its_annotations_see_it(tmp_path: Path) -> None:
    path = write_coco(tmp_path, 1, extension="jpg")
    [picture] = tmp_path.rglob("*.jpg")
    with Image.open(picture) as image:
        exif = image.getexif()
        exif[0x0112] = 6  # turn clockwise to see it upright: 64×96
        image.save(picture, exif=exif)
    [as_stored] = read_labelled([path]).records
    assert as_stored.size_wh == (96, 64)
    content = json.loads(path.read_text())
    change(path, images=[{**content["images"][0], "width": 64, "height": 96}])
    [upright] = read_labelled([path]).records
    assert upright.size_wh == (64, 96)


def test_names_of_every_kind_are_found(tmp_path: Path) -> None:
    """Spaces, other scripts, uppercase endings, folders within, and absolute paths of another computer."""
    path = write_coco(tmp_path, 5)
    names = [
        "my cup 1.PNG",
        "茶杯 é.png",
        "sub/dir/scene.png",
        "D:\\data\\set\\scene_3.png",
        "/home/ann/set/scene_4.png",
    ]
    content = json.loads(path.read_text())
    for image, name in zip(content["images"][:3], names, strict=False):
        target = tmp_path / "images" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "images" / image["file_name"]).rename(target)
    renamed = [{**image, "file_name": name} for image, name in zip(content["images"], names, strict=True)]
    change(path, images=renamed)
    labelled = read_labelled([path])
    assert labelled.problems == ()
    assert [record.path.name for record in labelled.records] == [
        "my cup 1.PNG", "茶杯 é.png", "scene.png", "scene_3.png", "scene_4.png"
    ]  # fmt: skip


def test_a_path_in_an_annotation_file_does_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    path = write_coco(tmp_path / "set", 2)
    (tmp_path / "secret.png").write_bytes(picture_of(tmp_path, "scene_0.png").read_bytes())
    images = json.loads(path.read_text())["images"]
    change(path, images=[{**images[0], "file_name": "../../secret.png"}, images[1]])
    labelled = read_labelled([path])
    assert [record.path.name for record in labelled.records] == ["scene_1.png"]
    assert told(labelled)[0][0] is ProblemKind.MISSING_PICTURE


def test_yolo_with_another_computers_paths_and_capital_endings(tmp_path: Path) -> None:
    folder = write_yolo(tmp_path / "my set ü", 2, with_yaml=True)
    for picture in folder.rglob("*.png"):
        picture.rename(picture.with_suffix(".PNG"))
    (folder / "data.yaml").write_text(
        "path: C:\\Users\\ann\\set\ntrain: D:\\set\\images\nnames:\n  0: red\n  1: green\n"
    )
    (folder / "labels" / "classes.txt").write_text("red\ngreen\n")  # annotation tools leave it among the labels
    labelled = read_labelled([folder / "data.yaml"])
    assert labelled.problems == ()
    assert {record.path.name for record in labelled.records} == {"scene_0.PNG", "scene_1.PNG"}
    assert labelled.classes == ("red", "green")


def test_a_yaml_that_lies_apart_from_its_labels_is_told_where_to_go(tmp_path: Path) -> None:
    (tmp_path / "data.yaml").write_text("path: /elsewhere\nnames: [red]\n")
    with pytest.raises(TrainingDataError, match=r"data\.yaml: no folder `labels`.*not followed"):
        read_labelled([tmp_path / "data.yaml"])


def test_polygons_become_their_bounds_and_points_of_poses_are_left_out(tmp_path: Path) -> None:
    folder = write_yolo(tmp_path / "set", 1, with_yaml=True)
    text = folder / "labels" / "scene_0.txt"
    text.write_text("0 0.25 0.5 0.5 0.25 0.75 0.5 0.5 0.75\n")
    [record] = read_labelled([folder]).records
    np.testing.assert_allclose(record.boxes_xyxy, [[24, 16, 72, 48]])
    (folder / "data.yaml").write_text("names: [red, green]\nkpt_shape: [2, 2]\n")
    text.write_text("1 0.5 0.5 0.5 0.5 0.1 0.1 0.9 0.9\n")
    [record] = read_labelled([folder]).records
    np.testing.assert_allclose(record.boxes_xyxy, [[24, 16, 72, 48]])


ROWS = {
    "0 0.5 0.5 0.2 0": ProblemKind.NO_AREA,
    "0 48 32 20 20": ProblemKind.OUTSIDE,
    "0 1.0 0.5 0.5 0.5": ProblemKind.OUT_OF_BOUNDS,
    "7 0.5 0.5 0.5 0.5": ProblemKind.UNKNOWN_CLASS,
    "0.5 0.5 0.5 0.5 0.5": ProblemKind.UNREADABLE,
    "0 0.5 zero 0.1 0.1": ProblemKind.UNREADABLE,
    "0 0.5 nan 0.1 0.1": ProblemKind.UNREADABLE,
    "0 0.5 0.5 0.1 0.1 0.9": ProblemKind.UNREADABLE,
    "0 0.5": ProblemKind.UNREADABLE,
}


@pytest.mark.parametrize("row", ROWS)
def test_what_is_wrong_with_a_line_is_told_and_the_rest_is_kept(tmp_path: Path, row: str) -> None:
    folder = write_yolo(tmp_path / "set", 2, with_yaml=True)
    text = folder / "labels" / "scene_0.txt"
    text.write_text(f"{text.read_text()}\n{row}\n")
    labelled = read_labelled([folder])
    [(kind, words)] = told(labelled)
    assert kind is ROWS[row]
    assert "scene_0" in words
    assert len(labelled.records[0].labels) == (3 if kind is ProblemKind.OUT_OF_BOUNDS else 2)
    assert (labelled.records[0].boxes_xyxy <= [96, 64, 96, 64]).all()


def test_a_picture_whose_boxes_all_make_no_sense_is_no_background(tmp_path: Path) -> None:
    folder = write_yolo(tmp_path / "set", 3, with_yaml=True)
    (folder / "labels" / "scene_0.txt").write_text("0 0.5 0.5 0 0")
    (folder / "labels" / "scene_1.txt").write_text("0 0.5 zero 0.1 0.1")
    assert [record.path.stem for record in read_labelled([folder]).records] == ["scene_2"]


def test_a_box_that_is_there_twice_counts_once_and_two_classes_are_told(tmp_path: Path) -> None:
    path = write_coco(tmp_path, 1)
    boxes = json.loads(path.read_text())["annotations"]
    change(path, annotations=[*boxes, {**boxes[0], "id": 8}, {**boxes[0], "id": 9, "category_id": 2}])
    labelled = read_labelled([path])
    assert [kind for kind, _ in told(labelled)] == [ProblemKind.TWICE, ProblemKind.TWO_CLASSES]
    assert labelled.records[0].labels.tolist() == [0, 1, 1]


def test_boxes_of_unlisted_pictures_and_categories_are_told(tmp_path: Path) -> None:
    path = write_coco(tmp_path, 1)
    boxes = json.loads(path.read_text())["annotations"]
    extra = [{**boxes[0], "id": 8, "image_id": 77}, {**boxes[0], "id": 9, "category_id": 99}, {"id": 10, "image_id": 0}]
    change(path, annotations=[*boxes, *extra, {**boxes[0], "id": 11, "bbox": [1, 2, 3]}])
    kinds = [kind for kind, _ in told(read_labelled([path]))]
    assert kinds == [
        ProblemKind.UNREADABLE,
        ProblemKind.UNKNOWN_CLASS,
        ProblemKind.UNKNOWN_CLASS,
        ProblemKind.UNREADABLE,
    ]


def test_voc_files_that_are_damaged_or_try_to_grow_are_told(tmp_path: Path) -> None:
    folder = write_voc(tmp_path / "set", 4)
    (folder / "Annotations" / "scene_0.xml").write_text("<annotation><object>")
    bomb = '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;">]><annotation>&c;</annotation>'
    (folder / "Annotations" / "scene_1.xml").write_text(bomb)
    text = folder / "Annotations" / "scene_2.xml"
    text.write_text(text.read_text().replace("<xmin>", "<xleft>", 1).replace("</xmin>", "</xleft>", 1))
    labelled = read_labelled([folder])
    assert [kind for kind, _ in told(labelled)] == [ProblemKind.UNREADABLE] * 3
    assert {record.path.stem: len(record.labels) for record in labelled.records} == {"scene_2": 1, "scene_3": 2}


def test_voc_files_that_name_another_picture_mean_the_one_with_their_own_name(tmp_path: Path) -> None:
    folder = write_voc(tmp_path / "set", 1)
    text = folder / "Annotations" / "scene_0.xml"
    text.write_text(text.read_text().replace("scene_0.png", "C:\\old\\IMG_0001.JPG"))
    assert_same_scenes(read_labelled([folder]), 1, 0)


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


def test_a_set_of_which_nothing_is_left_is_refused_with_what_was_wrong(tmp_path: Path) -> None:
    write_yolo(tmp_path / "set", 1, with_yaml=True)
    (tmp_path / "set" / "labels" / "scene_0.txt").write_text("0 0.5 zero 0.1 0.1")
    with pytest.raises(
        TrainingDataError, match=r"no labelled picture .*1 entry that cannot be read.*scene_0\.txt line 1"
    ):
        read_labelled([tmp_path / "set"])


def test_a_set_without_any_box_is_refused(tmp_path: Path) -> None:
    change(write_coco(tmp_path, 2), annotations=[])
    with pytest.raises(TrainingDataError, match="no labelled picture"):
        read_labelled([tmp_path])


@pytest.mark.parametrize("number", ["1e308", "-1e308"])
def test_wild_numbers_are_boxes_outside_and_no_crash(tmp_path: Path, number: str) -> None:
    path, yolo = write_coco(tmp_path / "coco", 1), write_yolo(tmp_path / "yolo", 1, with_yaml=True)
    boxes = json.loads(path.read_text())["annotations"]
    change(path, annotations=[*boxes, {**boxes[0], "id": 8, "bbox": [float(number)] * 4}])
    text = yolo / "labels" / "scene_0.txt"
    text.write_text(f"{text.read_text()}\n0 {number} {number} 1e308 1e308\n")
    labelled = read_labelled([path, yolo])
    assert len(labelled.problems) == 2
    assert {kind for kind, _ in told(labelled)} <= {ProblemKind.OUTSIDE, ProblemKind.NO_AREA}
    assert [len(record.labels) for record in labelled.records] == [2, 2]


def test_the_folder_is_found_though_the_first_picture_is_missing(tmp_path: Path) -> None:
    path = write_coco(tmp_path, 3)
    (tmp_path / "images").rename(tmp_path / "photographs")
    picture_of(tmp_path, "scene_0.png").unlink()
    labelled = read_labelled([path])
    assert [kind for kind, _ in told(labelled)] == [ProblemKind.MISSING_PICTURE]
    assert len(labelled.records) == 2
