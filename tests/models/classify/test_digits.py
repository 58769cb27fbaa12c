from pathlib import Path

import numpy as np

from models.classify.digits import _parts, write_digits
from models.classify.folders import read_folders
from models.classify.held_up import hold_up
from models.classify.pictures import load_rgb


def test_the_built_in_set_has_fixed_parts(tmp_path: Path) -> None:
    root = write_digits(tmp_path / "digits", most=60)
    folders = read_folders(root, 0.2, {"digits": "CC BY 4.0; somebody"})
    assert folders.classes == tuple("0123456789")
    tested = {record.path.stem for record in folders.tests["test"]}
    validated = {record.path.stem for record in folders.val}
    assert tested == {record.path.stem for record in folders.tests["test-camera"]}
    assert len(folders.val) == 2 * len(validated), "as they are, and held up"
    assert sorted(tested) == [
        "0008",
        "0009",
        "0017",
        "0018",
        "0030",
        "0036",
        "0042",
        "0046",
        "0047",
        "0049",
        "0051",
        "0052",
        "0053",
        "0058",
    ], "the same digits on every machine"
    trained = {record.path.stem for record in folders.train}
    assert len(trained) + len(tested) + len(validated) == 60
    assert not trained & tested
    assert not folders.remarks
    rgb = load_rgb(folders.train[0].path)
    assert rgb.shape == (64, 64, 3)
    assert (rgb[[0, -1]] > 240).all(), "ink on paper"
    written = {path: path.stat().st_mtime_ns for path in root.rglob("*.png")}
    write_digits(root, most=60)
    assert {path: path.stat().st_mtime_ns for path in root.rglob("*.png")} == written, "it is made once"


def test_a_fifth_tests_and_some_of_the_rest_validate() -> None:
    labels = np.repeat(np.arange(10), 100)
    parts = np.array(_parts(labels))
    for digit in range(10):
        assert [int((parts[labels == digit] == part).sum()) for part in ("train", "val", "test")] == [68, 12, 20]


def test_a_held_up_digit_is_darker_than_its_paper_and_decided_by_its_generator() -> None:
    digit = np.full((64, 64), 255, np.uint8)
    digit[16:48, 28:36] = 0
    for seed in range(20):
        frame = hold_up(digit, np.random.default_rng(seed))
        assert frame.shape == (240, 320, 3)
        assert frame.dtype == np.uint8
        ink = frame.mean(2) < 0.8 * np.median(frame)
        assert 0.001 < ink.mean() < 0.3
    np.testing.assert_array_equal(frame, hold_up(digit, np.random.default_rng(19)))
