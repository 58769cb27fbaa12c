"""People as folders: out, with any name, and in again."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from detector_app.errors import EmptyFolderError
from detector_app.faces.embedder import Embedder
from detector_app.faces.enrolment import prepare_picture
from detector_app.faces.errors import ExchangeError, NoFaceError
from detector_app.faces.exchange import ImportOptions, export_person, import_people, people_in, safe_name
from detector_app.faces.finding import FaceFinder
from detector_app.faces.gallery import Gallery
from tests.faces.embedders import new_picture, random_units


@pytest.fixture
def gallery(tmp_path: Path) -> Gallery:
    return Gallery.open(tmp_path / "gallery" / "faces.sqlite3")


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "/etc", "C:\\x", "..", ".", "CON", "aux", "a/b", "名前", "x" * 100, "名" * 100, "-", "🙂"],
)
def test_no_name_leads_out_of_the_folder(gallery: Gallery, tmp_path: Path, name: str) -> None:
    person = gallery.enrol(name, [new_picture(random_units(np.random.default_rng(0), 1)[0])])
    target = tmp_path / "out"
    made = export_person(gallery, person, target)
    assert made.parent == target
    assert [path.name for path in target.iterdir()] == [made.name]
    assert json.loads((made / "person.json").read_text(encoding="utf-8"))["name"] == person.name
    assert len(made.name.encode()) <= 100
    assert safe_name(name).lower() not in ("con", "aux", "", ".", "..")


def test_everything_that_is_known_of_a_person_goes_out_and_comes_in(
    gallery: Gallery, tmp_path: Path, finder: FaceFinder, shipped: Embedder, astronaut: NDArray[np.uint8]
) -> None:
    face = finder.the_face(astronaut, "astronaut.png")
    pictures = [prepare_picture(face, shipped, keep_crop=keep) for keep in (True, False)]
    person = gallery.enrol("Eileen / Collins", pictures)
    made = export_person(gallery, person, tmp_path / "out")
    facts = json.loads((made / "person.json").read_text(encoding="utf-8"))
    assert sorted(path.name for path in made.iterdir()) == ["person.json", "picture-001.png"]
    assert [picture["file"] for picture in facts["pictures"]] == ["picture-001.png", None]
    (embedding,) = facts["pictures"][1]["embeddings"]
    assert embedding["model"] == shipped.model_hash
    np.testing.assert_array_equal(np.float32(embedding["vector"]), pictures[1].embedding)
    assert facts["pictures"][0]["quality"]["eyes_px"] > 20

    other = Gallery.open(tmp_path / "other.sqlite3")
    came = import_people(tmp_path / "out", other, finder, shipped)
    assert came.people == {"Eileen / Collins": 2}
    assert came.refused == ()
    np.testing.assert_array_equal(other.snapshot(shipped.model_hash).embeddings[1], pictures[1].embedding)
    _, distances = other.snapshot(shipped.model_hash).nearest(pictures[0].embedding[None])
    assert distances[0] < 0.1


def test_an_archive_holds_the_same(gallery: Gallery, tmp_path: Path) -> None:
    person = gallery.enrol("../Anna", [new_picture(random_units(np.random.default_rng(1), 1)[0])])
    made = export_person(gallery, person, tmp_path / "anna.zip")
    with zipfile.ZipFile(made) as file:
        assert file.namelist() == ["Anna/person.json"]
    with pytest.raises(ExchangeError, match="exists"):
        export_person(gallery, person, made)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["anna.zip", "gallery"]


def test_a_folder_that_cannot_be_written_is_told(gallery: Gallery) -> None:
    person = gallery.enrol("Anna", [new_picture(random_units(np.random.default_rng(2), 1)[0])])
    with pytest.raises(ExchangeError):
        export_person(gallery, person, Path("/dev/null/out"))


def test_people_are_told_by_folders_and_by_names_of_pictures(tmp_path: Path) -> None:
    for name in (
        "Anna.jpg",
        "Anna 2.jpg",
        "anna_(3).png",
        "Bob-1.png",
        "7.png",
        "notes.txt",
        "Clara/x.jpg",
        "Clara/y.jpg",
        ".hidden/z.jpg",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = {name: [item.path.name for item in items] for name, items in people_in(tmp_path).items()}
    assert found == {
        "7": ["7.png"],
        "Anna": ["Anna 2.jpg", "Anna.jpg"],
        "Bob": ["Bob-1.png"],
        "Clara": ["x.jpg", "y.jpg"],
        "anna": ["anna_(3).png"],
    }


def test_an_empty_folder_holds_nobody(tmp_path: Path) -> None:
    (tmp_path / "Anna").mkdir()
    with pytest.raises(EmptyFolderError):
        people_in(tmp_path)


def test_pictures_that_are_not_good_enough_are_told_and_left_out(
    gallery: Gallery, tmp_path: Path, finder: FaceFinder, shipped: Embedder, astronaut: NDArray[np.uint8]
) -> None:
    folder = tmp_path / "people"
    for name, picture in {"Eileen": astronaut, "Wall": np.full((100, 100, 3), 90, np.uint8)}.items():
        (folder / name).mkdir(parents=True)
        cv2.imwrite(str(folder / name / "1.png"), picture)
    steps: list[tuple[int, int]] = []
    options = ImportOptions(keep_crops=True, on_progress=lambda done, total: steps.append((done, total)))
    came = import_people(folder, gallery, finder, shipped, options)
    assert came.people == {"Eileen": 1}
    assert [(path.parent.name, type(error)) for path, error in came.refused] == [("Wall", NoFaceError)]
    assert steps == [(1, 2), (2, 2)]
    assert [(person.name, person.kept) for person in gallery.people()] == [("Eileen", 1)]
    assert import_people(folder, gallery, finder, shipped, ImportOptions(cancelled=lambda: True)).cancelled


@pytest.mark.parametrize("vector", [None, "x", [0.0] * 128, [1.0] * 3, [float("nan")] * 128, [[1.0]] * 128])
def test_an_embedding_that_is_none_is_refused(
    gallery: Gallery, tmp_path: Path, finder: FaceFinder, shipped: Embedder, vector: object
) -> None:
    (tmp_path / "people" / "Anna").mkdir(parents=True)
    picture = {"file": None, "embeddings": [{"model": shipped.model_hash, "vector": vector}]}
    facts = {"format": "detector-app person", "version": 1, "name": "Anna", "pictures": [picture]}
    (tmp_path / "people" / "Anna" / "person.json").write_text(json.dumps(facts))
    came = import_people(tmp_path / "people", gallery, finder, shipped)
    assert [type(error) for _, error in came.refused] == [ExchangeError]
    assert gallery.people() == ()


def test_faces_that_were_not_kept_are_of_no_use_to_another_model(
    gallery: Gallery, tmp_path: Path, finder: FaceFinder, shipped: Embedder
) -> None:
    person = gallery.enrol("Anna", [new_picture(random_units(np.random.default_rng(3), 1)[0])])
    export_person(gallery, person, tmp_path / "out")
    came = import_people(tmp_path / "out", gallery, finder, shipped)
    assert came.people == {}
    assert "embedded by another model" in str(came.refused[0][1])
