import math

import numpy as np

from models.classify.measures import Answers, confusion, measure, top_k

# Three classes, five pictures: answers 0, 2, 1, 1, 0 to the truths 0, 0, 1, 1, 1.
LOGITS = np.array([[3, 1, 0], [1, 0, 2], [0, 1, 0.5], [0, 5, 1], [9, 8, 0]], np.float32)
ANSWERS = Answers(LOGITS, np.array([0, 0, 1, 1, 1]))


def test_confusion_by_hand() -> None:
    np.testing.assert_array_equal(confusion(ANSWERS), [[1, 0, 1], [1, 2, 0], [0, 0, 0]])


def test_accuracy_in_all_and_by_class() -> None:
    figures = measure(ANSWERS, ("a", "b", "c"))
    assert figures["accuracy"] == 0.6
    assert figures["accuracy/a"] == 0.5
    assert figures["accuracy/b"] == 2 / 3
    assert math.isnan(figures["accuracy/c"])
    assert "top5" not in figures


def test_top_k_counts_a_tie_against_the_truth() -> None:
    assert [top_k(ANSWERS, k) for k in (1, 2, 3)] == [0.6, 1.0, 1.0]
    assert top_k(Answers(np.zeros((1, 3), np.float32), np.array([1])), 2) == 0.0


def test_no_pictures_are_no_accuracy() -> None:
    nothing = Answers(np.zeros((0, 6), np.float32), np.zeros(0, np.int64))
    figures = measure(nothing, tuple("abcdef"))
    assert figures["accuracy"] == figures["top5"] == 0.0
