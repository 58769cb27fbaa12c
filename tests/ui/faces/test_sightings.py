"""Hits of one appearance in a video are one row."""

from __future__ import annotations

from PySide6.QtGui import QImage
from pytestqt.modeltest import ModelTester

from detector_app.faces.search import Hit
from detector_app.ui.faces import sightings
from detector_app.ui.faces.sighting_table import SightingModel
from detector_app.ui.faces.sightings import Sightings, minutes


def hit(index: int, distance: float = 0.3, *, name: str = "Anna", source: str = "a.mp4", still: bool = False) -> Hit:
    return Hit(source, index, None if still else index / 10, (0, 0, 1, 1), name, distance)


def test_neighbouring_frames_are_one_row_with_the_best_face() -> None:
    found, faces = Sightings(every=10), [QImage(i + 1, 1, QImage.Format.Format_RGB888) for i in range(3)]
    for index, distance, face in zip((120, 130, 140), (0.3, 0.1, 0.2), faces, strict=True):
        found.add(hit(index, distance), face)
    assert [(row.time_text, row.distance, row.face.width()) for row in found.rows] == [("00:12–00:14", 0.1, 2)]


def test_a_gap_another_person_another_file_and_pictures_are_rows_of_their_own() -> None:
    found, face = Sightings(every=10), QImage()
    for one in (
        hit(0),
        hit(0, name="Berta"),
        hit(10),
        hit(31),
        hit(40, source="b.mp4"),
        hit(1, still=True, source="1.png"),
        hit(2, still=True, source="1.png"),
    ):
        found.add(one, face)
    assert [(row.source, row.name, row.time_text) for row in found.rows] == [
        ("a.mp4", "Anna", "00:00–00:01"),
        ("a.mp4", "Berta", "00:00"),
        ("a.mp4", "Anna", "00:03"),
        ("b.mp4", "Anna", "00:04"),
        ("1.png", "Anna", ""),
        ("1.png", "Anna", ""),
    ]


def test_more_rows_than_anybody_reads_are_only_counted() -> None:
    found = Sightings()
    for i in range(sightings.MOST_SHOWN + 5):
        found.add(hit(i, still=True), QImage())
    assert (len(found.rows), found.left_out) == (sightings.MOST_SHOWN, 5)


def test_the_model_keeps_qts_rules(qtmodeltester: ModelTester) -> None:
    model = SightingModel()
    qtmodeltester.check(model)
    for index in (0, 1, 5, 6):
        model.add(hit(index), QImage())
    assert model.rowCount() == 2
    model.begin(3)
    assert model.rowCount() == 0


def test_times_have_hours_only_if_needed() -> None:
    assert [minutes(s) for s in (0, 59.9, 754, 3661)] == ["00:00", "00:59", "12:34", "1:01:01"]
