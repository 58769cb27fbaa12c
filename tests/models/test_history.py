from pathlib import Path

import pytest

from models.curves import _panels, draw_curves
from models.history import Series, read_history

FIRST = "epoch,loss,step,val_mAP50\n0,4.0,3,\n1,3.0,7,0.25\n2,2.5,11,\n"
SECOND = "epoch,loss,step,val_mAP50\n2,2.0,11,\n3,1.0,15,0.5\n"


def write(folder: Path, number: int, text: str) -> Path:
    path = folder / f"version_{number}" / "metrics.csv"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    return path


def test_the_parts_of_a_resumed_run_are_joined_and_a_repeated_epoch_counts_once(tmp_path: Path) -> None:
    write(tmp_path, 0, FIRST)
    last = write(tmp_path, 10, SECOND)
    assert read_history(last) == {
        "loss": Series((0, 1, 2, 3), (4.0, 3.0, 2.0, 1.0)),
        "val_mAP50": Series((1, 3), (0.25, 0.5)),
    }


def test_an_earlier_part_knows_nothing_of_a_later_one(tmp_path: Path) -> None:
    first = write(tmp_path, 0, FIRST)
    write(tmp_path, 1, SECOND)
    assert read_history(first)["loss"].values == (4.0, 3.0, 2.5)


def test_a_run_that_was_begun_anew_forgets_the_old_one(tmp_path: Path) -> None:
    write(tmp_path, 0, FIRST)
    assert read_history(write(tmp_path, 1, "epoch,loss,step\n0,9.0,3\n")) == {"loss": Series((0,), (9.0,))}


@pytest.mark.parametrize("torn", ["3", "3,1.", "3,nan,15,", ",,,", '"3,1'])
def test_a_line_that_a_kill_cut_short_or_that_is_no_number_adds_nothing_wrong(tmp_path: Path, torn: str) -> None:
    history = read_history(write(tmp_path, 0, FIRST + torn))
    assert history["loss"].values[:3] == (4.0, 3.0, 2.5)
    assert history["val_mAP50"] == Series((1,), (0.25,))


def test_any_csv_file_with_epochs_is_read_and_none_is_none(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("epoch,train_loss\n0,1.5\n")
    assert read_history(tmp_path / "log.csv") == {"train_loss": Series((0,), (1.5,))}
    assert read_history(tmp_path / "nothing.csv") == {}


def test_curves_are_a_picture_written_whole(tmp_path: Path) -> None:
    path = write(tmp_path, 0, "epoch,loss,lr,AP50/茶杯,val_mAP50\n0,4,0.1,0.2,0.3\n1,2,0.05,0.4,0.6\n")
    draw_curves(path, tmp_path / "new" / "curves.png")
    assert (tmp_path / "new" / "curves.png").read_bytes().startswith(b"\x89PNG")
    assert [one.name for one in (tmp_path / "new").iterdir()] == ["curves.png"]


def test_without_a_row_there_is_no_picture(tmp_path: Path) -> None:
    draw_curves(write(tmp_path, 0, "epoch,loss\n"), tmp_path / "curves.png")
    assert not (tmp_path / "curves.png").exists()


def test_of_many_classes_some_are_drawn_and_the_panel_says_so() -> None:
    series = Series((0,), (0.5,))
    panels = _panels({f"val_AP50/class {index}": series for index in range(80)})
    assert len(panels["Per class (12 of 80)"]) == 12
    assert list(_panels({"val_AP50/cup": series})["Per class"]) == ["val_AP50/cup"]
