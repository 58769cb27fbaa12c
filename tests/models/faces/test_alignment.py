import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from models.errors import TrainingDataError
from models.faces.alignment import TEMPLATE_112, align, similarity, template

points = arrays(np.float64, (5, 2), elements=st.floats(-200, 200, width=32))


def by_least_squares(source: np.ndarray, aim: np.ndarray) -> np.ndarray:
    """Turn, scale and move as the four unknowns of an ordinary linear system, solved by brute force."""
    rows, right = [], []
    for (x, y), (u, v) in zip(source, aim, strict=True):
        rows += [[x, -y, 1, 0], [y, x, 0, 1]]
        right += [u, v]
    a, b, s, t = np.linalg.lstsq(np.array(rows), np.array(right), rcond=None)[0]
    return np.array([[a, -b, s], [b, a, t]])


def by_umeyama(source: np.ndarray, aim: np.ndarray) -> np.ndarray:
    """The paper's own form, by singular values (equations 40 to 42)."""
    source_mean, aim_mean = source.mean(0), aim.mean(0)
    left, values, right = np.linalg.svd((aim - aim_mean).T @ (source - source_mean) / len(source))
    sign = np.diag([1, np.sign(np.linalg.det(left) * np.linalg.det(right)) or 1])
    turn = left @ sign @ right
    scale = np.trace(np.diag(values) @ sign) / ((source - source_mean) ** 2).sum(1).mean()
    return np.column_stack([scale * turn, aim_mean - scale * turn @ source_mean])


@given(points, points)
def test_it_is_the_least_squares_solution_and_umeyamas(source: np.ndarray, aim: np.ndarray):
    if np.ptp(source, axis=0).max() < 1:
        return
    found = similarity(source, aim)
    np.testing.assert_allclose(found, by_least_squares(source, aim), atol=1e-6 * 200)

    def error(matrix: np.ndarray) -> float:
        return float(((source @ matrix[:, :2].T + matrix[:, 2] - aim) ** 2).sum())

    assert error(found) <= error(by_umeyama(source, aim)) * (1 + 1e-9) + 1e-9


@given(
    st.floats(-3.1, 3.1), st.floats(0.05, 20), st.floats(-500, 500), st.floats(-500, 500),
)  # fmt: skip
def test_a_similarity_is_found_again(angle: float, scale: float, x: float, y: float):
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    found = similarity(TEMPLATE_112, TEMPLATE_112 @ turn.T + (x, y))
    np.testing.assert_allclose(found, np.column_stack([turn, (x, y)]), atol=1e-9 * max(1, scale) * 1000)
    assert np.linalg.det(found[:, :2]) > 0


def test_mirrored_points_are_not_reflected():
    assert np.linalg.det(similarity(TEMPLATE_112 * (-1, 1), TEMPLATE_112)[:, :2]) >= 0


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (np.ones((5, 2)), "all points are the same"),
        (np.full((5, 2), np.nan), "finite"),
        (np.ones((4, 2)), r"\(N, 2\)"),
        (np.zeros((0, 2)), r"\(N, 2\)"),
    ],
)
def test_what_has_no_solution_is_refused(source: np.ndarray, words: str):
    with pytest.raises(ValueError, match=words):
        similarity(source, TEMPLATE_112[: len(source)] if source.shape == (0, 2) else TEMPLATE_112)


def test_the_template_grows_with_the_input():
    np.testing.assert_allclose(template((112, 112)), TEMPLATE_112)
    half, wide = template((56, 56)), template((56, 76))
    np.testing.assert_allclose((half + 0.5) * 2, TEMPLATE_112 + 0.5)
    np.testing.assert_allclose(wide - half, np.broadcast_to([10, 0], (5, 2)))
    np.testing.assert_allclose(template((56, 56), 2.0) - 27.5, (half - 27.5) / 2)


@pytest.mark.parametrize("factor", [0.5, 1, 3, 12])
def test_landmarks_come_to_lie_where_they_should(factor: float):
    """Bright spots at the landmarks of a turned face of any size are bright spots at the template's places."""
    places = template((64, 64))
    turn = factor * np.array([[np.cos(0.3), -np.sin(0.3)], [np.sin(0.3), np.cos(0.3)]])
    landmarks = places @ turn.T + 40 * factor
    side = int(160 * factor)
    rows, columns = np.mgrid[:side, :side]
    picture = np.zeros((side, side))
    for x, y in landmarks:
        picture = np.maximum(picture, 255 * np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2 * (2 * factor) ** 2)))
    laid = align(picture.astype(np.uint8), landmarks, places, (64, 64)).astype(float)
    for x, y in places:
        near = laid[int(y) - 4 : int(y) + 6, int(x) - 4 : int(x) + 6]
        rows_near, columns_near = np.mgrid[int(y) - 4 : int(y) + 6, int(x) - 4 : int(x) + 6]
        assert abs((columns_near * near).sum() / near.sum() - x) < 0.3
        assert abs((rows_near * near).sum() / near.sum() - y) < 0.3


def test_a_face_without_a_place_is_refused():
    with pytest.raises(TrainingDataError, match="cannot be aligned"):
        align(np.zeros((9, 9), np.uint8), np.ones((5, 2)), template((64, 64)), (64, 64))


def test_the_app_lays_faces_just_so():
    theirs = pytest.importorskip("detector_app.faces.alignment")
    generator = np.random.default_rng(0)
    for _ in range(20):
        source = generator.normal(0, 50, (5, 2)) + 100
        np.testing.assert_allclose(similarity(source, TEMPLATE_112), theirs.similarity(source, TEMPLATE_112), atol=1e-9)
    coarse = generator.integers(0, 256, (9, 9, 3), dtype=np.uint8)
    import cv2

    for size in (150, 600):
        picture = np.asarray(cv2.resize(coarse, (size, size), interpolation=cv2.INTER_CUBIC), np.uint8)
        landmarks = TEMPLATE_112 * (size / 150) + 10
        ours = align(picture, landmarks, template((64, 64)), (64, 64))
        apart = ours.astype(int) - theirs.align(picture, landmarks, template((64, 64)), (64, 64)).astype(int)
        assert np.abs(apart).max() <= 3
