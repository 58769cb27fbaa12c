"""Data sets that come divided into training and validation, in the layouts that tools and web sites export."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from models.detect.own_division import part_of_folders, part_of_name
from models.detect.records import LabelledPictures, read_labelled
from tests.models.detect.drawn_sets import (
    assert_same_scenes,
    change,
    write_coco,
    write_voc,
    write_yolo,
    write_yolo_part,
)

# Scenes 0 to 2 train, 3 and 4 validate, 5 tests.
PARTS = {"train": range(3), "val": range(3, 5), "test": range(5, 6)}
NAMES_YAML = "names: [red, green]\n"


def coco_parts(folder: Path, place: str, other_names: dict[str, str]) -> None:
    """A set with one file for each part; `place` holds {part}."""
    for part, scenes in PARTS.items():
        one = write_coco(folder / "one", len(scenes), scenes.start)
        target = folder / place.format(part=other_names.get(part, part))
        target.parent.mkdir(parents=True, exist_ok=True)
        pictures = target.parent if target.parent.name != "annotations" else folder / f"{part}2017"
        pictures.mkdir(exist_ok=True)
        names = []
        for index, scene in enumerate(scenes):
            names.append({"id": index, "file_name": f"scene_{scene}.png"})
            shutil.move(folder / "one" / "images" / f"scene_{index}.png", pictures / f"scene_{scene}.png")
        change(one, images=names)
        one.rename(target)
        shutil.rmtree(folder / "one")


def yolo_parts(folder: Path, images: str, labels: str, entries: str) -> None:
    for part, scenes in PARTS.items():
        write_yolo_part(folder / images.format(part=part), folder / labels.format(part=part), scenes)
    (folder / "data.yaml").write_text(NAMES_YAML + entries)


def yolo_lists(folder: Path, entries: str, line: str) -> None:
    write_yolo(folder, 6, with_yaml=True)
    for part, scenes in PARTS.items():
        (folder / f"{part}.txt").write_text("\n".join(line.format(scene=scene) for scene in scenes))
    (folder / "data.yaml").write_text(NAMES_YAML + entries)


def voc_lists(folder: Path) -> None:
    write_voc(folder, 6)
    lists = folder / "ImageSets" / "Main"
    lists.mkdir(parents=True)
    for part, scenes in PARTS.items():
        (lists / f"{part}.txt").write_text("\n".join(f"scene_{scene}" for scene in scenes))


LAYOUTS: dict[str, Callable[[Path], None]] = {
    "coco": lambda folder: coco_parts(folder, "annotations/instances_{part}2017.json", {}),
    "coco, a file beside the other": lambda folder: coco_parts(folder, "annotations_{part}.json", {}),
    "coco, a folder each": lambda folder: coco_parts(folder, "{part}/_annotations.coco.json", {"val": "valid"}),
    "yolo, names": lambda folder: yolo_parts(folder, "images/{part}", "labels/{part}", ""),
    "yolo, other computer": lambda folder: yolo_parts(
        folder, "x_{part}/images", "x_{part}/labels", "train: /home/me/x_train/images\nval: ../x_val/images\ntest: x_test\n"
    ),
    "yolo, lists of folders": lambda folder: yolo_parts(
        folder, "images/x{part}", "labels/x{part}", "train: [images/xtrain]\nval: [images/xval]\ntest: [images/xtest]\n"
    ),
    "yolo, list files": lambda folder: yolo_lists(
        folder, "train: train.txt\nval: val.txt\ntest: test.txt\n", "./images/scene_{scene}.png"
    ),
    "yolo, list files beside": lambda folder: yolo_lists(folder, "", "/data/set/images/scene_{scene}.png"),
    "voc, lists": voc_lists,
}  # fmt: skip


def parts(labelled: LabelledPictures) -> dict[str, str]:
    return {record.path.stem.removeprefix("scene_"): record.part for record in labelled.records}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_owners_division_is_known_and_the_test_split_left_out(tmp_path: Path, layout: str) -> None:
    LAYOUTS[layout](tmp_path / "set")
    labelled = read_labelled([tmp_path / "set"])
    assert parts(labelled) == {"0": "train", "1": "train", "2": "train", "3": "val", "4": "val"}
    assert not labelled.problems
    if not layout.startswith("coco"):
        assert_same_scenes(labelled, 5, 0.01)


def test_the_parts_may_be_given_one_by_one(tmp_path: Path) -> None:
    LAYOUTS["coco, a folder each"](tmp_path)
    assert set(parts(read_labelled([tmp_path / "train", tmp_path / "valid"])).values()) == {"train", "val"}
    LAYOUTS["coco"](tmp_path)
    files = [tmp_path / "annotations" / f"instances_{part}2017.json" for part in ("train", "val")]
    assert set(parts(read_labelled(files)).values()) == {"train", "val"}


def test_one_part_alone_is_no_division(tmp_path: Path) -> None:
    LAYOUTS["coco, a folder each"](tmp_path)
    assert set(parts(read_labelled([tmp_path / "train"])).values()) == {""}


def test_a_yaml_that_validates_with_what_it_trains_on_is_no_division(tmp_path: Path) -> None:
    write_yolo(tmp_path, 3, with_yaml=True)
    (tmp_path / "data.yaml").write_text(f"{NAMES_YAML}train: images\nval: images\n")
    assert set(parts(read_labelled([tmp_path])).values()) == {""}


def test_paths_in_a_yaml_do_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    write_yolo(tmp_path / "set", 3, with_yaml=True)
    (tmp_path / "other.txt").write_text("images/scene_0.png")
    (tmp_path / "set" / "data.yaml").write_text(
        f"{NAMES_YAML}train: ../other.txt\nval: [../.., {tmp_path / 'other.txt'}]\n"
    )
    assert set(parts(read_labelled([tmp_path / "set"])).values()) == {""}


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("instances_val2017", "val"),
        ("_annotations.coco", ""),
        ("Validation", "val"),
        ("trainval", ""),
        ("evaluate", ""),
    ],
)
def test_names_of_parts(name: str, part: str) -> None:
    assert part_of_name(name) == part


def test_a_folder_is_a_part_by_its_whole_name_only() -> None:
    assert part_of_folders(["images", "val2017"]) == "val"
    assert part_of_folders(["train set of cats", "crash-test"]) == ""
