"""Ground truth is read from each format as it is meant, and what is broken or dangerous is named."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from detector_app.errors import GroundTruthError
from detector_app.evaluation.truth import ClassMap
from detector_app.evaluation.truth_files import is_truth, pictures_folder, read_truth
from detector_app.vision.frame import Frame
from tests.evaluation.truths import VOC, write_coco, write_voc, write_yolo


def frame(source: str = "film", index: int = 0, time_s: float = 0.0) -> Frame:
    return Frame(np.zeros((80, 100, 3), np.uint8), index, time_s, 0.0, source)


def test_coco(tmp_path: Path) -> None:
    truth = read_truth(write_coco(tmp_path / "a.json"))
    assert (truth.kind, truth.names, truth.boxes, len(truth.pictures)) == ("COCO", ("Tea_Cup", "zebra"), 3, 3)
    first = truth.of(frame("/media/ONE/A.JPG"), "pictures")
    assert first is not None
    assert first.xyxy_in(1, 1).tolist() == [[10, 20, 40, 60], [5, 5, 15, 15]]
    assert first.ignored.tolist() == [False, True], "a crowd does not count"
    assert (first.fits(100, 80), first.fits(50, 40)) == (True, False)


def test_the_picture_that_shares_most_folders_is_meant(tmp_path: Path) -> None:
    truth = read_truth(write_coco(tmp_path / "a.json"))
    assert truth.of_file("/x/two/a.jpg").name == "two/a.jpg"  # type: ignore[union-attr]
    assert truth.of_file(r"C:\x\two\a.jpg").name == "two/a.jpg"  # type: ignore[union-attr]
    assert truth.of_file("/x/b.png").name == "b.jpg", "another suffix will do"  # type: ignore[union-attr]
    assert truth.of_file("/x/c.jpg") is None
    assert truth.of(frame("b.jpg"), "camera") is None


@pytest.mark.parametrize(
    ("image", "index", "time_s"),
    [
        ({"file_name": "000012.jpg"}, 12, 0.0),
        ({"file_name": "film_frame12.png"}, 12, 0.0),
        ({"file_name": "x.jpg", "frame_index": 12}, 12, 0.0),
        ({"file_name": "x.jpg", "time_s": 0.4004}, 99, 0.4),
    ],
)
def test_frames_of_a_film_by_number_or_time(
    tmp_path: Path, image: dict[str, object], index: int, time_s: float
) -> None:
    truth = read_truth(write_coco(tmp_path / "a.json", images=[{"id": 1, **image}], annotations=[]))
    assert truth.of(frame(index=index, time_s=time_s), "video") is not None
    assert truth.of(frame(index=index + 1, time_s=time_s + 0.04), "video") is None


def test_voc(tmp_path: Path) -> None:
    truth = read_truth(write_voc(tmp_path / "voc"))
    assert (truth.kind, truth.names) == ("VOC", ("Tea_Cup", "zebra"))
    picture = truth.of_file("x/a.png")
    assert picture is not None
    assert picture.edges.tolist() == [[10, 20, 40, 60], [5, 5, 15, 15]], "pixels are counted from 1 there"
    assert picture.ignored.tolist() == [False, True], "a difficult one does not count"
    assert truth.left_out == ("a.xml: object 3",)
    background = truth.of_file("b.png")
    assert background is not None
    assert len(background) == 0
    assert truth.of_file("notes.txt") is None
    assert len(read_truth(tmp_path / "voc" / "Annotations" / "a.xml").pictures) == 1


@pytest.mark.parametrize("chosen", ["", "labels", "labels/val", "data.yaml", "labels/val/a.txt"])
def test_yolo(tmp_path: Path, chosen: str) -> None:
    truth = read_truth(write_yolo(tmp_path / "yolo") / chosen)
    assert (truth.kind, truth.names) == ("YOLO", ("Tea_Cup", "zebra"))
    picture = truth.of_file("images/val/a.jpg")
    assert picture is not None
    assert picture.xyxy_in(100, 80) == pytest.approx(np.array([[10, 20, 40, 60], [0, 0, 20, 16]]))
    assert truth.left_out == ("a.txt: line 3", "a.txt: line 4")
    assert len(truth.of_file("b.jpg")) == 0, "a picture without labels has nothing in it"  # type: ignore[arg-type]


def test_yolo_polygons_and_poses(tmp_path: Path) -> None:
    folder = write_yolo(tmp_path / "yolo", "0 0.1 0.2 0.5 0.4 0.3 0.9\n")
    assert read_truth(folder).pictures[0].edges == pytest.approx(np.array([[0.1, 0.2, 0.5, 0.9]]))
    (folder / "data.yaml").write_text("names: [cup]\nkpt_shape: [1, 2]\n", encoding="utf-8")
    assert read_truth(folder).pictures[0].edges == pytest.approx(np.array([[-0.15, 0.0, 0.35, 0.4]]))


def test_labels_beside_pictures(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"")
    (tmp_path / "a.txt").write_text("0 0.5 0.5 1 1\n")
    (tmp_path / "classes.txt").write_text("cup\n")
    assert read_truth(tmp_path).of_file("a.jpg") is not None


BOMB = '<!DOCTYPE annotation [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + VOC.replace("zebra", "&b;")
OUTSIDE = '<!DOCTYPE annotation SYSTEM "file:///etc/passwd">' + VOC


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BOMB, "harm"),
        (OUTSIDE, "harm"),
        ("<annotation>", "no element|unclosed"),
        ("<svg/>", "root"),
        ("", "no element"),
    ],
)
def test_a_voc_file_that_is_broken_or_could_harm(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(GroundTruthError, match=rf"a\.xml.*({said})"):
        read_truth(write_voc(tmp_path / "voc", text))


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.json", "{", "a.json"),
        ("a.json", '{"info": 1}', "images"),
        ("a.json", "[" * 100_000, "a.json"),
        ("a.mp4", "", "known formats"),
        ("data.yaml", "names: [a]", "labels"),
        ("classes.txt", "a", "labels"),
    ],
)
def test_other_broken_files(tmp_path: Path, name: str, text: str, said: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(GroundTruthError, match=said):
        read_truth(tmp_path / name)


@pytest.mark.parametrize(
    ("yaml", "said"),
    [
        ("names: 3", "names"),
        ("- a", "names"),
        ("a: [", "YAML"),
        ("x: &a [1]\nnames: [*a, *a]", "names"),
        ("names: {-1: a}", "names"),
    ],
)
def test_yolo_without_usable_names(tmp_path: Path, yaml: str, said: str) -> None:
    folder = write_yolo(tmp_path / "yolo")
    (folder / "data.yaml").write_text(yaml, encoding="utf-8")
    with pytest.raises(GroundTruthError, match=said):
        read_truth(folder)
    (folder / "data.yaml").unlink()
    with pytest.raises(GroundTruthError, match="names its classes"):
        read_truth(folder)


def test_coco_with_a_lost_category_or_too_many_files(tmp_path: Path) -> None:
    path = write_coco(tmp_path / "a.json", annotations=[{"image_id": 7, "category_id": 99, "bbox": [1, 2, 3, 4]}])
    with pytest.raises(GroundTruthError, match="category"):
        read_truth(path)
    write_coco(tmp_path / "b.json")
    with pytest.raises(GroundTruthError, match="several"):
        read_truth(tmp_path)
    with pytest.raises(GroundTruthError, match="nowhere"):
        read_truth(tmp_path / "nowhere.json")


def test_what_is_meant_as_truth_when_dropped(tmp_path: Path) -> None:
    assert is_truth(write_coco(tmp_path / "a.json"))
    assert is_truth(write_voc(tmp_path / "voc"))
    assert is_truth(write_yolo(tmp_path / "yolo"))
    assert is_truth(tmp_path / "yolo" / "labels" / "val" / "a.txt")
    assert not is_truth(tmp_path / "yolo" / "images" / "val"), "a folder of pictures is to be opened"
    assert not is_truth(tmp_path / "voc" / "JPEGImages")
    assert not is_truth(tmp_path / "film.mp4")


def test_classes_are_matched_by_name() -> None:
    found = ClassMap.between(("Tea_Cup", "zebra"), ("fork", "tea cup"))
    assert found.model_class.tolist() == [1, -1]
    assert (found.judged.tolist(), found.unmatched, found.matched) == ([False, True], ("zebra",), ("tea cup",))


def test_the_three_formats_of_one_real_set_agree(shared_data: Path) -> None:
    folder = shared_data / "train" / "bccd364"
    coco, yolo = read_truth(folder / "annotations_val.json"), read_truth(folder)
    assert (coco.kind, yolo.kind, coco.names, yolo.names) == ("COCO", "YOLO", ("RBC", "WBC", "Platelets"), coco.names)
    for picture in coco.pictures:
        other = yolo.of_file(f"/elsewhere/{picture.name}")
        assert other is not None
        assert other.xyxy_in(640, 480) == pytest.approx(picture.xyxy_in(640, 480), abs=0.01)
        assert other.class_ids.tolist() == picture.class_ids.tolist()


def test_the_pictures_of_a_truth_are_found_near_it(tmp_path: Path) -> None:
    write_voc(tmp_path / "voc")
    assert pictures_folder(read_truth(tmp_path / "voc")) == tmp_path / "voc" / "JPEGImages"
    assert pictures_folder(read_truth(tmp_path / "voc" / "Annotations")) == tmp_path / "voc" / "JPEGImages"
    write_yolo(tmp_path / "yolo")
    assert pictures_folder(read_truth(tmp_path / "yolo" / "data.yaml")) == tmp_path / "yolo" / "images" / "val"
    (tmp_path / "coco" / "two").mkdir(parents=True)
    truth = write_coco(tmp_path / "coco" / "a.json")
    assert pictures_folder(read_truth(truth)) is None
    (tmp_path / "coco" / "two" / "a.jpg").write_bytes(b"")
    assert pictures_folder(read_truth(truth)) == tmp_path / "coco" / "two"


@pytest.mark.parametrize("name", ["../secret/a.jpg", "/etc/a.jpg", "..\\secret\\a.jpg"])
def test_names_that_lead_elsewhere_are_not_followed(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "a.jpg").write_bytes(b"")
    (tmp_path / "set").mkdir()
    truth = write_coco(tmp_path / "set" / "a.json", images=[{"id": 1, "file_name": name}], annotations=[])
    assert pictures_folder(read_truth(truth)) is None
