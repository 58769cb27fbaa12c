"""Ranking of classes."""

from __future__ import annotations

import numpy as np
import pytest

from detector_app.vision.classification import Classification

ALL = (0.0, 0.0, 40.0, 30.0)


def of(*probabilities: float, names: tuple[str, ...] = ("a", "b", "c", "d", "e", "f")) -> Classification:
    return Classification(np.array(probabilities, np.float32), names, ALL)


def test_the_best_come_first_and_of_equals_the_lower_id() -> None:
    found = of(0.125, 0.25, 0.125, 0.25, 0.125, 0.125)
    assert [label.class_id for label in found.top()] == [1, 3, 0, 2, 4]
    assert [label.name for label in found.top(2)] == ["b", "d"]
    assert found.best == found.top(1)[0]


def test_fewer_classes_than_places_and_classes_without_a_name() -> None:
    found = of(0.25, 0.75, names=("a",))
    assert [(label.name, label.percent) for label in found.top()] == [("1", "75.0 %"), ("a", "25.0 %")]


@pytest.mark.parametrize("shape", [(0,), (2, 2)])
def test_what_is_no_list_of_probabilities_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"expected \(C,\)"):
        Classification(np.zeros(shape, np.float32), (), ALL)


def test_whether_all_of_the_frame_was_seen() -> None:
    assert of(1).sees_all(40, 30)
    assert not of(1).sees_all(41, 30)
