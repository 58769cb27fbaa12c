from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.detect.records import PictureRecord
from models.detect.split import repeat_factors, split_as_given, split_by_content
from models.errors import TrainingDataError

CLASSES = ("often", "sometimes", "rarely")


def record(name: str, digest: str, labels: tuple[int, ...]) -> PictureRecord:
    return PictureRecord(Path(name), np.ones((len(labels), 4), np.float32), np.array(labels, np.int64), digest)


def some_records(seed: int) -> list[PictureRecord]:
    """Forty pictures, a few listed twice under other names, every class on at least four of them."""
    rng = np.random.default_rng(seed)
    kinds = [(0,), (0, 1), (1,), (2,), (0,), (0,), (), (0,), (0, 2), (0,)] * 4
    records = [record(f"{i}.png", f"{rng.integers(2**60):015x}", labels) for i, labels in enumerate(kinds)]
    return records + [record(f"again_{i}.png", records[i].sha256, records[i].labels) for i in rng.integers(40, size=5)]


@given(seed=st.integers(0, 10_000), fraction=st.sampled_from([0.1, 0.15, 0.3]))
def test_no_picture_is_on_both_sides_and_none_is_lost(seed: int, fraction: float) -> None:
    records = some_records(seed)
    split = split_by_content(records, CLASSES, fraction)
    assert {one.sha256 for one in split.train}.isdisjoint(one.sha256 for one in split.val)
    assert sorted(str(one.path) for one in split.train + split.val) == sorted(str(one.path) for one in records)


@given(seed=st.integers(0, 10_000), fraction=st.sampled_from([0.1, 0.15, 0.3]))
def test_every_class_is_on_both_sides_in_proportion(seed: int, fraction: float) -> None:
    split = split_by_content(some_records(seed), CLASSES, fraction)
    for label in range(len(CLASSES)):
        train, val = (len({r.sha256 for r in side if (r.labels == label).any()}) for side in (split.train, split.val))
        assert train >= 1
        assert val >= fraction * (train + val)
        assert val <= 0.75 * (train + val)  # classes share pictures, so one can get more than it asked for


@given(seed=st.integers(0, 100), order=st.randoms())
def test_order_and_names_do_not_matter(seed: int, order: object) -> None:
    records = some_records(seed)
    shuffled = list(records)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = (split_by_content(given_records, CLASSES, 0.15) for given_records in (records, shuffled))
    assert one.sha256 == other.sha256
    assert {r.sha256 for r in one.val} == {r.sha256 for r in other.val}


def test_a_class_with_one_picture_listed_twice_cannot_be_split() -> None:
    records = [record("a", "1", (0,)), record("b", "2", (0,)), record("c", "3", (1,)), record("d", "3", (1,))]
    with pytest.raises(TrainingDataError, match=r"\['two'\]"):
        split_by_content(records, ("one", "two"), 0.2)


def test_rare_classes_are_repeated_by_the_square_root_rule() -> None:
    records = [record(str(i), str(i), (0,)) for i in range(9)] + [record("rare", "rare", (0, 1))]
    np.testing.assert_allclose(repeat_factors(records, 2, 0.4), [1] * 9 + [2])


def test_background_is_shown_once() -> None:
    assert repeat_factors([record("a", "1", ()), record("b", "2", (0,))], 1, 0.0).tolist() == [1, 1]


def divided(*rows: tuple[str, str, tuple[int, ...]]) -> list[PictureRecord]:
    """Rows are hash, part and labels."""
    return [replace(record(digest, digest, labels), part=part) for digest, part, labels in rows]


def test_a_set_that_comes_divided_stays_so() -> None:
    records = divided(*((f"{i:02}", "val" if i % 3 == 0 else "train", (i % 2,)) for i in range(12)))
    split = split_as_given(records, ("one", "two"), 0.5)
    assert {one.part for one in split.val} == {"val"}
    assert {one.part for one in split.train} == {"train"}
    assert len(split.train) + len(split.val) == 12


def test_beside_a_divided_set_an_undivided_one_is_divided_by_content() -> None:
    own = divided(("x1", "train", (0,)), ("x2", "val", (0,)))
    loose = divided(*((f"{i:02}", "", (1,)) for i in range(10)))
    split = split_as_given([*own, *loose], ("one", "two"), 0.2)
    assert [one.sha256 for one in split.val] == ["00", "01", "x2"]


def test_of_a_picture_on_both_sides_all_copies_validate() -> None:
    records = divided(("a", "train", (0,)), ("b", "train", (0,)), ("b", "val", (0,)), ("c", "", (0,)), ("d", "", (0,)))
    split = split_as_given(records, ("one",), 0.2)
    assert [one.sha256 for one in split.val] == ["b", "b", "c"]
    assert [one.sha256 for one in split.train] == ["a", "d"]


def test_a_class_that_only_validates_is_refused_and_one_that_only_trains_is_not() -> None:
    records = divided(("a", "train", (0,)), ("b", "val", (0,)), ("c", "train", (1,)))
    assert len(split_as_given(records, ("one", "two"), 0.2).val) == 1
    with pytest.raises(TrainingDataError, match=r"\['three'\] have no picture to train on"):
        split_as_given([*records, *divided(("d", "val", (2,)))], ("one", "two", "three"), 0.2)
    with pytest.raises(TrainingDataError, match="no box"):
        split_as_given(divided(("a", "train", (0,)), ("b", "val", ())), ("one",), 0.2)


def test_sets_that_come_undivided_are_divided_by_content() -> None:
    records = some_records(0)
    assert split_as_given(records, CLASSES, 0.15) == split_by_content(records, CLASSES, 0.15)
