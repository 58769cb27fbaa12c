from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.detect.records import PictureRecord
from models.errors import TrainingDataError
from models.mtcnn.faces import FacePicture, overlaps_of
from models.mtcnn.losses import Kind
from models.mtcnn.samples import OVERLAPS, Square, cut, draw_square, mirrored, square_of

SIZE_WH = (120, 90)


def pictured(boxes: list[tuple[float, ...]], points: np.ndarray | None = None) -> FacePicture:
    record = PictureRecord(
        Path("a.png"), np.array(boxes, np.float32).reshape(-1, 4), np.zeros(len(boxes), np.int64), ""
    )
    landmarks = np.full((len(boxes), 5, 2), np.nan, np.float32) if points is None else points.astype(np.float32)
    return FacePicture(record, landmarks)


FACE = (40.0, 30.0, 70.0, 64.0)
FIVE = np.array([[(48, 42), (62, 42), (55, 50), (50, 57), (61, 57)]], np.float32)


def by_hand(one: np.ndarray, other: np.ndarray) -> float:
    """Overlap of two boxes of whole pixels, by counting them."""
    cells = np.zeros((2, 140, 140), bool)
    for grid, (x1, y1, x2, y2) in zip(cells, (one.astype(int) + 10, other.astype(int) + 10), strict=True):
        grid[y1:y2, x1:x2] = True
    return float(cells.all(0).sum() / cells.any(0).sum())


BOX = st.tuples(st.integers(-10, 60), st.integers(-10, 60), st.integers(1, 60), st.integers(1, 60))


@given(BOX, BOX)
def test_overlap_is_that_of_counted_pixels(one: tuple[int, ...], other: tuple[int, ...]) -> None:
    first, second = (np.array([x, y, x + w, y + h], np.float64) for x, y, w, h in (one, other))
    assert overlaps_of(first, second[None])[0] == pytest.approx(by_hand(first, second))


@pytest.mark.parametrize("kind", Kind)
def test_squares_are_of_their_kind(kind: Kind) -> None:
    picture = pictured([FACE, (80, 10, 104, 36)], np.concatenate([FIVE, FIVE + 1]))
    generator = np.random.default_rng(1)
    low, high = OVERLAPS[kind]
    for _ in range(40):
        place, square = draw_square(kind, [picture], [SIZE_WH], generator)
        x1, y1, x2, y2 = square.xyxy
        assert place == 0
        assert x2 - x1 == y2 - y1 == round(x2 - x1)
        most = max(by_hand(square.xyxy, box) for box in picture.record.boxes_xyxy)
        assert low < most <= high


def test_targets_lead_back_to_the_face_and_its_points() -> None:
    picture = pictured([FACE], FIVE)
    generator = np.random.default_rng(2)
    for kind in (Kind.POSITIVE, Kind.PART, Kind.LANDMARK):
        _, square = draw_square(kind, [picture], [SIZE_WH], generator)
        side = square.xyxy[2] - square.xyxy[0]
        np.testing.assert_allclose(square.xyxy + side * square.boxes, FACE, atol=1e-4)
        if kind is Kind.LANDMARK:
            points = square.xyxy[:2] + side * square.landmarks.reshape(2, 5).T
            np.testing.assert_allclose(points, FIVE[0], atol=1e-4)
        else:
            assert not square.landmarks.any()


def test_negatives_have_no_targets() -> None:
    _, square = draw_square(Kind.NEGATIVE, [pictured([])], [SIZE_WH], np.random.default_rng(0))
    assert not square.boxes.any()
    assert not square.landmarks.any()
    assert square.xyxy.min() >= 0
    assert (square.xyxy[2:] <= SIZE_WH).all()


def test_a_face_without_landmarks_is_no_landmark_face() -> None:
    square = np.array([40.0, 31.0, 72.0, 63.0])
    assert square_of(Kind.POSITIVE, pictured([FACE]), square) is not None
    assert square_of(Kind.LANDMARK, pictured([FACE]), square) is None
    assert square_of(Kind.NEGATIVE, pictured([FACE]), square) is None


@pytest.mark.parametrize(
    ("kind", "boxes"),
    [
        (Kind.POSITIVE, [(10.0, 10.0, 20.0, 80.0)]),  # no square overlaps it by 0.65
        (Kind.POSITIVE, [(10.0, 10.0, 15.0, 15.0)]),  # too small
        (Kind.NEGATIVE, []),  # the picture is too small
    ],
)
def test_what_cannot_be_drawn_is_told(kind: Kind, boxes: list[tuple[float, ...]]) -> None:
    size = (11, 40) if kind is Kind.NEGATIVE else SIZE_WH
    with pytest.raises(TrainingDataError, match=f"no {kind.name.lower()} square is found"):
        draw_square(kind, [pictured(boxes)], [size], np.random.default_rng(0))


def test_pixels_beyond_the_picture_are_black() -> None:
    rgb = np.full((20, 30, 3), 200, np.uint8)
    crop = cut(rgb, np.array([-6.0, -6.0, 6.0, 6.0]), 12)
    assert (crop[6:, 6:] == 200).all()
    assert not crop[:6].any()
    assert not crop[:, :6].any()
    assert (cut(rgb, np.array([24.0, 14.0, 36.0, 26.0]), 12)[:6, :6] == 200).all()


def test_a_square_of_the_networks_own_size_is_cut_as_it_is() -> None:
    rgb = np.random.default_rng(0).integers(0, 256, (30, 40, 3), dtype=np.uint8)
    np.testing.assert_array_equal(cut(rgb, np.array([5.0, 7.0, 17.0, 19.0]), 12), rgb[7:19, 5:17])


def test_a_mirrored_square_has_the_targets_of_a_mirrored_picture() -> None:
    picture = pictured([FACE], FIVE)
    _, square = draw_square(Kind.LANDMARK, [picture], [SIZE_WH], np.random.default_rng(4))
    wide = SIZE_WH[0]
    x1, y1, x2, y2 = FACE
    points = (FIVE * [-1, 1] + [wide, 0])[:, [1, 0, 2, 4, 3]]
    left, top, right, bottom = square.xyxy
    other = square_of(
        Kind.LANDMARK,
        pictured([(wide - x2, y1, wide - x1, y2)], points),
        np.array([wide - right, top, wide - left, bottom]),
    )
    assert other is not None
    same = mirrored(square)
    np.testing.assert_allclose(same.boxes, other.boxes, atol=1e-5)
    np.testing.assert_allclose(same.landmarks, other.landmarks, atol=1e-5)
    back: Square = mirrored(same)
    np.testing.assert_allclose(back.landmarks, square.landmarks, atol=1e-6)
