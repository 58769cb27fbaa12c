"""Arithmetic of boxes."""

from __future__ import annotations

import numpy as np

from detector_app.vision.boxes import areas, from_centres, iou_matrix


def test_iou_of_known_pairs() -> None:
    a = np.array([[0, 0, 10, 10], [0, 0, 4, 4]], np.float32)
    b = np.array([[5, 0, 15, 10], [20, 20, 30, 30], [0, 0, 10, 10]], np.float32)
    np.testing.assert_allclose(iou_matrix(a, b), [[1 / 3, 0, 1], [0, 0, 0.16]], atol=1e-7)


def test_boxes_without_area_overlap_nothing() -> None:
    flat = np.array([[5, 5, 5, 9], [5, 5, 5, 9], [8, 8, 2, 2]], np.float32)
    assert areas(flat).tolist() == [0, 0, 0]
    assert not iou_matrix(flat, flat).any()


def test_no_boxes() -> None:
    none = np.zeros((0, 4), np.float32)
    assert iou_matrix(none, none).shape == (0, 0)
    assert from_centres(none[:, :2], none[:, :2]).shape == (0, 4)


def test_from_centres() -> None:
    boxes = from_centres(np.array([[10, 20]], np.float32), np.array([[4, 8]], np.float32))
    assert boxes.tolist() == [[8, 16, 12, 24]]
    assert boxes.dtype == np.float32
