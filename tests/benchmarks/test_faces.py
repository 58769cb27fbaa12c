"""Equal results come before times; frames followed are compared with frames searched."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

from detector_app.vision.detections import Detections
from tests.benchmarks import cascade_parts, following, gallery
from tests.benchmarks.faces import check_same_face, pictures, side_by_side, started
from tests.benchmarks.peers import COMPLETE, Peer

FACE = np.array([[100.0, 100.0, 200.0, 300.0]])


def faces(*boxes: tuple[float, float, float, float]) -> Detections:
    n = len(boxes)
    return Detections(np.array(boxes, np.float32).reshape(n, 4), np.ones(n, np.float32), np.zeros(n, np.int64))


# --- the same face ------------------------------------------------------------------------------------------------------------


def test_boxes_may_lie_a_little_apart_and_peers_may_find_more() -> None:
    check_same_face("peer", "512", FACE, np.array([[0.0, 0, 9, 9], [98, 101, 201, 298]]), 0.01)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [(FACE, FACE + 3), (FACE, np.zeros((0, 4))), (np.zeros((0, 4)), FACE), (np.concatenate([FACE, FACE]), FACE)],
    ids=["apart", "nothing", "we nothing", "we two"],
)
def test_other_results_stop_the_run(ours: np.ndarray, theirs: np.ndarray) -> None:
    with pytest.raises(RuntimeError, match="512"):
        check_same_face("peer", "512", ours, theirs, 0.01)


def test_sizes_are_what_they_are_called() -> None:
    for size, picture in pictures().items():
        assert size == f"{picture.shape[1]}×{picture.shape[0]}"
        assert picture.dtype == np.uint8


def test_a_peer_that_cannot_be_had_is_named_and_left_out(tmp_path: Path) -> None:
    absent = Peer("absent 1.0", "peer_mtcnn.py", ())
    folder = tmp_path / absent.folder_name
    folder.mkdir()
    (folder / COMPLETE).touch()  # but there is no Python in it
    with ExitStack() as stack:
        children, notes = started((absent,), stack, tmp_path)
    assert not children
    assert notes[0].startswith("absent 1.0 is left out: ")
    assert "No such file" in notes[0]


def test_ratios_to_several_bases() -> None:
    table = side_by_side({"ours": [10.0, 10.0], "a": [40.0, 40.0], "b": [100.0, 100.0]}, ["a", "b"], "512")
    assert table.head == ("", "median", "quartiles", "× a", "× b")
    assert [line[3:] for line in table.lines] == [("0.250", "0.100"), ("1.000", "0.400"), ("2.500", "1.000")]


# --- followed -----------------------------------------------------------------------------------------------------------------


def test_each_box_matches_one_at_most() -> None:
    box = (0.0, 0.0, 10.0, 10.0)
    assert following.matches(faces(box, box), faces(box)) == 1
    assert following.matches(faces(box, (50, 50, 60, 60)), faces((51, 50, 61, 60), box)) == 2
    assert following.matches(faces(), faces(box)) == 0
    assert following.matches(faces((0, 0, 10, 4)), faces(box)) == 0


def test_recall_and_precision_over_the_frames_that_count() -> None:
    box, other = (0.0, 0.0, 10.0, 10.0), (50.0, 50.0, 60.0, 60.0)
    found, expected = [faces(box), faces(box), faces(other)], [faces(box, other), faces(other), faces(other)]
    assert following.recall_precision(found, expected, np.array([True, True, True])) == (2 / 4, 2 / 3)
    assert following.recall_precision(found, expected, np.array([True, False, False])) == (1 / 2, 1.0)
    assert following.recall_precision(found, expected, np.zeros(3, bool)) == (1.0, 1.0)


def test_a_clip_that_is_not_here_is_said_to_be(tmp_path: Path) -> None:
    chapter = following.followed(tmp_path / "video.mp4", 2)
    assert not chapter.tables
    assert "video.mp4" in chapter.text


# --- our own chapters run -----------------------------------------------------------------------------------------------------


def test_parts_of_the_cascade_sum_up() -> None:
    (table,) = cascade_parts.parts(1, {"512×512": pictures()["512×512"]}).tables
    *parts, together = table.lines
    for column in range(1, len(table.head)):
        shares = [int(line[column].partition("(")[2].rstrip("%)")) for line in parts]
        assert 95 <= sum(shares) <= 105
        assert shares[cascade_parts.ALL.index("P-Net")] > 0
    assert together[0] == "together"


def test_the_nearest_of_ten_thousand() -> None:
    (table,) = gallery.matching(2).tables
    assert len(table.lines) == 4
