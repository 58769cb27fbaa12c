import json
from pathlib import Path

import numpy as np
import pytest

from models.errors import TrainingDataError
from models.faces.alignment import template
from models.faces.crops import landmarks_of, load_faces
from models.faces.people import read_people
from models.faces.spec import EmbedderSpec
from tests.models.faces.drawn import LANDMARKS, face, write_people

POINTS = tuple((float(x), float(y)) for x, y in template((64, 64)))
GREY = EmbedderSpec("small", 128, (64, 64), POINTS)
COLOUR = EmbedderSpec("small", 128, (64, 64), POINTS, 3, (0.5,) * 3, (0.5,) * 3)


def test_landmarks_of_a_file_are_not_looked_for_again(tmp_path: Path):
    people = read_people(write_people(tmp_path, 2, 2))
    found = landmarks_of(people, tmp_path / "landmarks.json", tmp_path / "no weights needed")
    assert sorted(found) == ["p0/0.pgm", "p0/1.pgm", "p1/0.pgm", "p1/1.pgm"]
    np.testing.assert_array_equal(found["p1/0.pgm"], LANDMARKS)


@pytest.mark.parametrize("content", ["{", "[1]", '{"a": [[1, 2]]}', '{"a": "b"}'])
def test_a_damaged_file_of_landmarks_is_refused(tmp_path: Path, content: str):
    people = read_people(write_people(tmp_path, 2, 2))
    (tmp_path / "landmarks.json").write_text(content)
    with pytest.raises(TrainingDataError, match="not a readable file of landmarks"):
        landmarks_of(people, tmp_path / "landmarks.json", None)


def test_faces_are_aligned_and_the_canvas_is_the_same_with_more_around(tmp_path: Path):
    people = read_people(write_people(tmp_path, 3, 2))
    places = landmarks_of(people, tmp_path / "landmarks.json", None)
    faces = load_faces(people, places, GREY)
    assert faces.inputs.shape == (6, 1, 64, 64)
    assert faces.canvases.shape == (6, 1, 96, 96)
    assert faces.labels.tolist() == [0, 0, 1, 1, 2, 2]
    middle = faces.canvases[:, :, 16:80, 16:80].astype(int)
    assert np.abs(middle - faces.inputs).max() <= 1
    assert load_faces(people, places, COLOUR).inputs.shape == (6, 3, 64, 64)
    assert faces.of([2, 0]).labels.tolist() == [0, 0, 2, 2]
    assert faces.pixels.shape == (6, 92 * 112)


def test_where_no_face_is_found_the_others_average_stands_in(tmp_path: Path):
    people = read_people(write_people(tmp_path, 2, 2))
    places = dict(landmarks_of(people, tmp_path / "landmarks.json", None))
    expected = load_faces(people, places, GREY)
    found = load_faces(people, {**places, "p0/0.pgm": None}, GREY)
    np.testing.assert_array_equal(found.inputs, expected.inputs)
    with pytest.raises(TrainingDataError, match="no face was found in any picture"):
        load_faces(people, dict.fromkeys(places), GREY)


def test_new_pictures_are_looked_at_and_written_down(tmp_path: Path, shared_data: Path):
    people = read_people(write_people(tmp_path, 2, 2))
    kept = tmp_path / "landmarks.json"
    known = json.loads(kept.read_text())
    del known["p1/1.pgm"]
    kept.write_text(json.dumps(known))
    found = landmarks_of(people, kept, shared_data / "weights" / "mtcnn_facenet_pytorch")
    assert face(1, 1).shape == (72, 60)
    assert set(json.loads(kept.read_text())) == set(found)
