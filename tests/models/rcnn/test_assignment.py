import torch
from hypothesis import given
from hypothesis import strategies as st

from models.rcnn.assignment import BETWEEN, NEGATIVE, match, sample
from tests.models.rcnn import brute_force

PLACE = st.integers(0, 30).map(float)
BOXES = st.lists(
    st.tuples(PLACE, PLACE, st.integers(0, 20), st.integers(0, 20)).map(
        lambda b: (b[0], b[1], b[0] + b[2], b[1] + b[3])
    ),
    max_size=8,
)


def tensor(boxes: list[tuple[float, ...]]) -> torch.Tensor:
    return torch.tensor(boxes, dtype=torch.float32).reshape(-1, 4)


@given(BOXES, BOXES, st.booleans())
def test_matching_is_the_loop(
    boxes: list[tuple[float, ...]], objects: list[tuple[float, ...]], keep_best: bool
) -> None:
    low, high = 0.3037, 0.7041  # no ratio of small whole numbers
    found = match(tensor(boxes), tensor(objects), low, high, keep_best=keep_best)
    assert found.tolist() == brute_force.match(boxes, objects, low, high, keep_best)


def test_by_hand() -> None:
    objects = tensor([(0, 0, 10, 10), (40, 40, 60, 60)])
    boxes = tensor([(0, 0, 10, 9), (0, 0, 10, 5), (20, 20, 30, 30), (40, 40, 50, 50)])
    assert match(boxes, objects, 0.3, 0.7, keep_best=False).tolist() == [0, BETWEEN, NEGATIVE, NEGATIVE]
    # The second object is left to the one that overlaps it at all, by a quarter.
    assert match(boxes, objects, 0.3, 0.7, keep_best=True).tolist() == [0, BETWEEN, NEGATIVE, 1]


def test_an_object_that_nothing_touches_takes_nobody() -> None:
    boxes = tensor([(0, 0, 4, 4), (5, 5, 9, 9)])
    assert match(boxes, tensor([(80, 80, 90, 90)]), 0.3, 0.7, keep_best=True).tolist() == [NEGATIVE, NEGATIVE]


def test_a_picture_without_objects_is_all_background() -> None:
    assert match(tensor([(0, 0, 4, 4)]), tensor([]), 0.3, 0.7, keep_best=True).tolist() == [NEGATIVE]
    assert match(tensor([]), tensor([(0, 0, 4, 4)]), 0.3, 0.7, keep_best=True).tolist() == []


@given(st.lists(st.sampled_from([NEGATIVE, BETWEEN, 0, 1, 2]), max_size=60), st.integers(2, 40), st.floats(0.05, 1))
def test_samples_are_balanced(matched: list[int], count: int, share: float) -> None:
    values = torch.tensor(matched, dtype=torch.int64)
    positive, negative = sample(values, count, share)
    assert (values[positive] >= 0).all()
    assert (values[negative] == NEGATIVE).all()
    assert len(positive) == min(int(count * share), sum(one >= 0 for one in matched))
    assert len(negative) == min(count - len(positive), matched.count(NEGATIVE))
    assert len({*positive.tolist(), *negative.tolist()}) == len(positive) + len(negative)
