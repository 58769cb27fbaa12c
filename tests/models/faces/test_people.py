from pathlib import Path

import pytest

from models.errors import RecipeError, TrainingDataError
from models.faces.people import parts_of, read_people
from tests.models.faces.drawn import write_people


def test_a_folder_for_each_person(tmp_path: Path):
    folder = write_people(tmp_path, 3, 2)
    (folder / ".hidden").mkdir()
    (folder / "p1" / "notes.txt").write_text("no picture")
    found = read_people(folder)
    assert found.names == ("p0", "p1", "p2")
    assert [(one.path.name, one.person) for one in found.pictures] == [
        (f"{i}.pgm", p) for p in range(3) for i in range(2)
    ]


def test_what_is_no_folder_of_people_is_refused(tmp_path: Path):
    with pytest.raises(TrainingDataError, match="no such folder"):
        read_people(tmp_path / "nowhere")
    with pytest.raises(TrainingDataError, match="at least two people"):
        read_people(write_people(tmp_path / "one", 1, 2))
    folder = write_people(tmp_path / "few", 3, 2)
    (folder / "p1" / "0.pgm").unlink()
    with pytest.raises(TrainingDataError, match=r"\['p1'\] have fewer than two pictures"):
        read_people(folder)


def test_everybody_is_in_one_part_and_newcomers_move_few():
    names = [f"s{number}" for number in range(30)]
    parts = parts_of(names, 4, 0)
    assert sorted(person for part in parts for person in part) == list(range(30))
    assert {len(part) for part in parts} == {7, 8}
    assert parts != parts_of(names, 4, 1)
    backwards = parts_of(names[::-1], 4, 0)
    assert [{names[::-1][p] for p in part} for part in backwards] == [{names[p] for p in part} for part in parts]


@pytest.mark.parametrize(("people", "folds"), [(5, 3), (4, 1), (0, 2)])
def test_parts_need_two_people(people: int, folds: int):
    with pytest.raises(RecipeError, match="cannot be divided"):
        parts_of([str(i) for i in range(people)], folds, 0)
