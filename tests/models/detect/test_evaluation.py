import numpy as np
import pytest
import torch

from models.detect.evaluation import Found, Truth, mean_average_precision, select
from models.detect.spec import YoloSpec

CLASSES = ("a", "b", "c")


def truth(*rows: tuple[int, int, int, int, int]) -> Truth:
    values = np.array(rows, np.float32).reshape(-1, 5)
    return Truth(values[:, :4], values[:, 4].astype(np.int64))


def found(*rows: tuple[float, ...]) -> Found:
    values = np.array(rows, np.float32).reshape(-1, 6)
    return Found(values[:, :4], values[:, 5], values[:, 4].astype(np.int64))


def test_perfect_detections_score_one_and_absent_classes_are_left_out() -> None:
    truths = [truth((0, 0, 10, 10, 0), (20, 20, 60, 50, 1)), truth((5, 5, 30, 30, 1)), truth()]
    detections = [found((0, 0, 10, 10, 0, 0.9), (20, 20, 60, 50, 1, 0.8)), found((5, 5, 30, 30, 1, 0.7)), found()]
    figures = mean_average_precision(detections, truths, CLASSES)
    assert figures == pytest.approx({"mAP50_95": 1, "mAP50": 1, "AP50/a": 1, "AP50/b": 1})


def test_a_loose_box_counts_at_half_only() -> None:
    figures = mean_average_precision([found((0, 0, 10, 8, 0, 0.9))], [truth((0, 0, 10, 10, 0))], CLASSES)
    assert figures["mAP50"] == pytest.approx(1)
    assert figures["mAP50_95"] == pytest.approx(0.7)  # IoU 0.8 passes the thresholds 0.50 to 0.80


def test_a_stronger_false_alarm_halves_the_precision() -> None:
    detections = [found((50, 50, 60, 60, 0, 0.95), (0, 0, 10, 10, 0, 0.9))]
    assert mean_average_precision(detections, [truth((0, 0, 10, 10, 0))], CLASSES)["AP50/a"] == pytest.approx(0.5)


def test_nothing_found_scores_zero() -> None:
    figures = mean_average_precision([found()], [truth((0, 0, 10, 10, 2))], CLASSES)
    assert figures == {"mAP50_95": 0, "mAP50": 0, "AP50/c": 0}


def test_select_keeps_the_best_of_overlapping_candidates_of_a_class() -> None:
    spec = YoloSpec(("a", "b"), (((16.0, 16.0),), ((16.0, 16.0),)), scale_xy=1.0)
    fine, coarse = torch.full((1, 7, 4, 4), -20.0), torch.full((1, 7, 2, 2), -20.0)
    fine[0, :, 1, 1] = torch.tensor([0.0, 0.0, 0.0, 0.0, 3.0, 4.0, -20.0])
    fine[0, :, 1, 2] = torch.tensor([-20.0, 0.0, 0.0, 0.0, 2.0, -20.0, 4.0])  # 8 px to the right, the other class
    coarse[0, :, 0, 0] = torch.tensor([1.1, 1.1, 0.0, 0.0, 1.0, 4.0, -20.0])  # nearly the first, weaker
    [one] = select((fine, coarse), spec)
    assert one.labels.tolist() == [0, 1]
    np.testing.assert_allclose(one.boxes_xyxy[0], [16, 16, 32, 32], atol=0.1)
    assert one.scores[0] == pytest.approx(
        torch.tensor(3.0).sigmoid().item() * torch.tensor(4.0).sigmoid().item(), rel=1e-4
    )


def test_select_finds_nothing_in_an_empty_picture() -> None:
    spec = YoloSpec(("a",), (((16.0, 16.0),), ((16.0, 16.0),)))
    [one] = select((torch.full((1, 6, 4, 4), -20.0), torch.full((1, 6, 2, 2), -20.0)), spec)
    assert one.boxes_xyxy.shape == (0, 4)
    assert len(one.scores) == len(one.labels) == 0
