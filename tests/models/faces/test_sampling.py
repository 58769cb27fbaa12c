from collections import Counter

import pytest
import torch

from models.faces.sampling import BalancedBatches

LABELS = [0] * 5 + [1] * 2 + [2] * 7 + [3] * 4 + [4] * 4


@pytest.mark.parametrize(("people", "pictures"), [(3, 4), (5, 2), (9, 3)])
def test_batches_hold_p_people_with_k_pictures_each(people: int, pictures: int):
    torch.manual_seed(0)
    batches = list(BalancedBatches(LABELS, people, pictures, 20))
    assert len(batches) == 20
    for batch in batches:
        assert set(Counter(LABELS[place] for place in batch).values()) == {pictures}
        assert len({LABELS[place] for place in batch}) == min(people, 5)


def test_a_picture_comes_again_only_where_there_are_too_few():
    torch.manual_seed(0)
    for batch in BalancedBatches(LABELS, 5, 4, 10):
        repeated = [place for place, count in Counter(batch).items() if count > 1]
        assert {LABELS[place] for place in repeated} == {1}


def test_everybody_comes_equally_often():
    torch.manual_seed(0)
    seen = Counter(LABELS[place] for batch in BalancedBatches(LABELS, 2, 2, 25) for place in batch)
    assert set(seen.values()) == {20}


def test_the_generator_decides():
    drawn = []
    for seed in (1, 1, 2):
        torch.manual_seed(seed)
        drawn.append(list(BalancedBatches(LABELS, 3, 2, 5)))
    assert drawn[0] == drawn[1] != drawn[2]
