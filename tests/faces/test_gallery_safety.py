"""What must hold whatever happens to the gallery's file: what is enrolled is not lost."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from detector_app.faces import gallery_file
from detector_app.faces.errors import GalleryBusyError, GalleryError, GalleryVersionError
from detector_app.faces.face_crop import FaceCrop
from detector_app.faces.gallery import Gallery
from detector_app.faces.gallery_file import damage, reading, writing
from tests.faces.embedders import MODEL, new_picture, photo, points_at, random_units

PEOPLE = 40


def filled(path: Path, *, crops: bool = False) -> Gallery:
    """A gallery of 40 people with two pictures each."""
    rng = np.random.default_rng(0)
    gallery = Gallery.open(path)
    crop = FaceCrop.of(photo(rng), points_at(100, 60, 100)) if crops else None
    for i in range(PEOPLE):
        gallery.enrol(
            f"Person {i:02d}", [new_picture(v, crop=crop, source=f"{i}.jpg") for v in random_units(rng, 2, 128)]
        )
    return gallery


def names(gallery: Gallery) -> list[str]:
    return [person.name for person in gallery.people()]


def asides(path: Path) -> list[Path]:
    return sorted(path.parent.glob(f"{path.name}.broken-*"))


def test_a_truncated_file_is_set_aside_and_what_is_readable_taken_over(tmp_path: Path) -> None:
    path = filled(tmp_path / "faces.sqlite3", crops=True).path
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    gallery = Gallery.open(path)
    assert gallery.notice is not None
    assert "set aside as faces.sqlite3.broken-" in str(gallery.notice)
    (aside,) = asides(path)
    assert aside.read_bytes() == whole[: len(whole) // 2], "nothing is changed in what is set aside"
    assert len(gallery.people()) >= PEOPLE // 4
    assert gallery.notice.details["people"] == len(gallery.people())
    assert damage(path) is None
    assert Gallery.open(path).notice is None
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([path.name, aside.name])


@pytest.mark.parametrize("start", [0, 4096, 3 * 4096, -8192])
def test_an_overwritten_page_costs_only_what_was_on_it(tmp_path: Path, start: int) -> None:
    """The first page is the header, the second holds all names, the fourth is above the pictures."""
    path = filled(tmp_path / "faces.sqlite3", crops=True).path
    data = bytearray(path.read_bytes())
    begin = start % len(data)
    data[begin : begin + 4096] = np.random.default_rng(1).bytes(4096)
    path.write_bytes(data)
    gallery = Gallery.open(path)
    assert gallery.notice is not None
    assert asides(path)[0].read_bytes() == bytes(data)
    found = gallery.snapshot(MODEL.model_hash)
    assert len(gallery.people()) == PEOPLE
    assert all(name.startswith("? " if start == 4096 else "Person") for name in names(gallery))
    assert len(found) >= 2 * PEOPLE - 10


def test_a_flipped_bit_never_passes_for_a_good_embedding(tmp_path: Path) -> None:
    path = filled(tmp_path / "faces.sqlite3").path
    good = {vector.tobytes() for vector in Gallery.open(path).snapshot(MODEL.model_hash).embeddings}
    whole = path.read_bytes()
    rng = np.random.default_rng(2)
    noticed = 0
    for position in rng.integers(0, len(whole), 40):
        data = bytearray(whole)
        data[position] ^= 1 << int(rng.integers(8))
        path.write_bytes(data)
        try:
            gallery = Gallery.open(path)
        except GalleryVersionError:
            continue  # the bit was one of the version
        noticed += gallery.notice is not None
        found = gallery.snapshot(MODEL.model_hash)
        assert {vector.tobytes() for vector in found.embeddings} <= good
        assert len(gallery.people()) >= PEOPLE - 1
        assert len(found) >= PEOPLE
        for aside in asides(path):
            aside.unlink()
    assert noticed >= 10


def test_a_file_of_another_kind_is_left_alone(tmp_path: Path) -> None:
    picture = tmp_path / "me.jpg"
    picture.write_bytes(b"\xff\xd8\xff\xe0" + bytes(9000))
    other = tmp_path / "other.db"
    db = sqlite3.connect(other)
    db.execute("CREATE TABLE mine (x)")
    db.close()
    for path in (picture, other):
        before = path.read_bytes()
        with pytest.raises(GalleryError):
            Gallery.open(path)
        assert path.read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 2


def test_a_gallery_from_the_future_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = filled(tmp_path / "faces.sqlite3").path
    with writing(path) as db:
        db.execute("PRAGMA user_version = 7")
    before = path.read_bytes()
    with pytest.raises(GalleryVersionError, match="version 7; this app reads versions up to 1"):
        Gallery.open(path)
    assert path.read_bytes() == before


def test_a_folder_and_a_place_without_permission_are_told(tmp_path: Path) -> None:
    with pytest.raises(GalleryError):
        Gallery.open(tmp_path)
    with pytest.raises(GalleryError, match="cannot be used"):
        Gallery.open(Path("/dev/null/faces.sqlite3"))


def test_an_empty_file_becomes_a_gallery(tmp_path: Path) -> None:
    path = tmp_path / "faces.sqlite3"
    path.touch()
    assert Gallery.open(path).people() == ()


CHILD = """
import sys, numpy as np
from pathlib import Path
from detector_app.faces.gallery import Gallery
from tests.faces.embedders import new_picture, random_units
path, prefix, count, pictures = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
gallery, rng = Gallery.open(path), np.random.default_rng(int(sys.argv[4]))
for i in range(count):
    gallery.enrol(f"{prefix} {i}", [new_picture(v) for v in random_units(rng, pictures, 128)])
    print(i, flush=True)
"""


def child(path: Path, prefix: str, count: int, pictures: int, repository: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(path), prefix, str(count), str(pictures)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=repository,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )


def test_another_process_that_writes_at_the_same_time_loses_nothing(tmp_path: Path, repository: Path) -> None:
    path = tmp_path / "faces.sqlite3"
    rng = np.random.default_rng(3)
    with child(path, "Other", 30, 2, repository) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "0\n", "it has begun"
        gallery = Gallery.open(path)
        for i in range(30):
            gallery.enrol(f"Own {i}", [new_picture(v) for v in random_units(rng, 2, 128)])
            if i == 10:
                gallery.forget(gallery.person("Own 3").id)
        assert other.wait(60) == 0
    assert len(gallery.people()) == 59
    assert len(gallery.snapshot(MODEL.model_hash)) == 118
    assert damage(path) is None


def test_a_lock_that_lasts_is_told_and_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gallery = filled(tmp_path / "faces.sqlite3")
    with writing(gallery.path), pytest.raises(GalleryBusyError), writing(gallery.path, busy_s=0.05):
        pass
    monkeypatch.setattr(gallery_file, "BUSY_S", 0.05)
    assert len(gallery.people()) == PEOPLE


def test_a_kill_in_the_middle_of_enrolment_loses_nothing(tmp_path: Path, repository: Path) -> None:
    path = filled(tmp_path / "faces.sqlite3").path
    with child(path, "New", 1000, 300, repository) as process:
        assert process.stdout is not None
        done = -1
        for line in process.stdout:
            done = int(line)
            if done == 2:
                journal = path.with_name(f"{path.name}-journal")
                while not journal.exists() and process.poll() is None:  # the next transaction is writing
                    pass
                process.send_signal(signal.SIGKILL)
        process.wait(60)
    gallery = Gallery.open(path)
    assert gallery.notice is None, "an interrupted transaction is no damage"
    people = {person.name: person.pictures for person in gallery.people()}
    assert sum(name.startswith("Person") for name in people) == PEOPLE
    new = {name: pictures for name, pictures in people.items() if name.startswith("New")}
    assert set(new) >= {f"New {i}" for i in range(done + 1)}
    assert set(new.values()) == {300}, "whole persons or none"


def test_a_failing_transaction_changes_nothing(tmp_path: Path) -> None:
    gallery = filled(tmp_path / "faces.sqlite3")
    with pytest.raises(GalleryError, match="no such table"):
        _spoil(gallery)
    assert len(gallery.people()) == PEOPLE
    with reading(gallery.path) as db:
        assert db.execute("PRAGMA secure_delete").fetchone()[0] == 1
        assert db.execute("PRAGMA journal_mode").fetchone()[0] == "delete"


def _spoil(gallery: Gallery) -> None:
    with writing(gallery.path) as db:
        db.execute("DELETE FROM people")
        db.execute("DELETE FROM no_table")
