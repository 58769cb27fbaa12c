import json
from pathlib import Path

import numpy as np
import pytest

from models.errors import TrainingDataError
from models.mtcnn.faces import read_faces
from tests.models.mtcnn.drawn import scene, write_faces


def change(folder: Path, place: int, **values: object) -> None:
    """Other values for one annotation."""
    path = folder / "annotations.json"
    content = json.loads(path.read_text())
    content["annotations"][place] |= values
    path.write_text(json.dumps(content))


def test_boxes_and_landmarks_are_those_of_the_file(tmp_path: Path) -> None:
    faces = read_faces([write_faces(tmp_path / "set", 5)], ["face"], {}, 0.2)
    assert (len(faces.train), len(faces.val)) == (4, 1)
    assert (faces.sources[0].licence, faces.sources[0].boxes) == ("CC0", 10)
    for picture in (*faces.train, *faces.val):
        drawn = scene(int(picture.record.path.stem))[1]
        for place, (box, points) in enumerate(drawn):
            np.testing.assert_allclose(picture.record.boxes_xyxy[place], [*box[:2], box[0] + box[2], box[1] + box[3]])
            np.testing.assert_allclose(picture.landmarks_xy[place], points, atol=1e-4)


def test_landmarks_stay_with_their_box_when_others_go(tmp_path: Path) -> None:
    folder = write_faces(tmp_path / "set", 2)
    change(folder, 0, bbox=[5, 5, 0, 9])
    for picture in (*(faces := read_faces([folder], ["face"], {}, 0.5)).train, *faces.val):
        drawn = scene(int(picture.record.path.stem))[1]
        first = 1 if picture.record.path.stem == "000" else 0
        np.testing.assert_allclose(picture.landmarks_xy, [points for _, points in drawn[first:]], atol=1e-4)


def test_a_box_across_the_edge_keeps_its_landmarks(tmp_path: Path) -> None:
    folder = write_faces(tmp_path / "set", 2)
    points = [[10, 30], [40, 30], [25, 45], [12, 60], [38, 60]]
    keypoints = [value for x, y in points for value in (x, y, 2)]
    change(folder, 0, bbox=[-30, 10, 80, 70], keypoints=keypoints)
    pictures = read_faces([folder], ["face"], {}, 0.5)
    (cut,) = [one for one in (*pictures.train, *pictures.val) if one.record.path.stem == "000"]
    np.testing.assert_allclose(cut.record.boxes_xyxy[0], [0, 10, 50, 80])
    np.testing.assert_allclose(cut.landmarks_xy[0], points)


def test_a_face_with_a_point_that_is_not_annotated_has_no_landmarks(tmp_path: Path) -> None:
    folder = write_faces(tmp_path / "set", 2)
    change(folder, 0, keypoints=[1.0, 1.0, 2.0] * 4 + [0.0, 0.0, 0.0])
    faces = read_faces([folder], ["face"], {}, 0.5)
    missing = [np.isnan(picture.landmarks_xy).any(axis=(1, 2)).sum() for picture in (*faces.train, *faces.val)]
    assert sorted(missing) == [0, 1]


def test_another_number_of_keypoints_is_refused(tmp_path: Path) -> None:
    folder = write_faces(tmp_path / "set", 2)
    change(folder, 1, keypoints=[1.0, 1.0, 2.0] * 17)
    with pytest.raises(TrainingDataError, match=r"annotation 2 has 17 keypoints, not 5 \(left eye, right eye, nose"):
        read_faces([folder], ["face"], {}, 0.5)


def test_sets_without_keypoints_have_no_landmarks(tmp_path: Path) -> None:
    faces = read_faces([write_faces(tmp_path / "set", 2, keypoints=False)], ["face"], {}, 0.5)
    assert np.isnan(faces.train[0].landmarks_xy).all()
    assert faces.train[0].landmarks_xy.shape == (2, 5, 2)


def test_an_unknown_class_is_named(tmp_path: Path) -> None:
    with pytest.raises(TrainingDataError, match=r"\['head'\] are in none of the sets, which hold \['face'\]"):
        read_faces([write_faces(tmp_path / "set", 2)], ["head"], {}, 0.5)
