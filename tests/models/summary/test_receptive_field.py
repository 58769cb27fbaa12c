from fractions import Fraction

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn import functional

from models.summary.receptive_field import Field, Window, adaptive_window, flattened, joined, through
from models.summary.summary import summarise

SIDE = 96


def seen(net: nn.Module, side: int = SIDE) -> tuple[int, int]:
    """Height and width of what the middle unit of a network's map depends on, by its gradient."""
    for value in net.parameters():
        nn.init.ones_(value)  # no terms that cancel each other
    x = torch.ones(1, 1, side, side, requires_grad=True)
    out = net(x)
    (gradient,) = torch.autograd.grad(out[0, 0, out.shape[2] // 2, out.shape[3] // 2], x)
    rows, columns = gradient[0, 0].nonzero(as_tuple=True)
    return int(rows.max() - rows.min()) + 1, int(columns.max() - columns.min()) + 1


def conv(kernel: tuple[int, int], stride: int = 1, dilation: int = 1, channels: int = 1) -> nn.Conv2d:
    padding = tuple(dilation * (side // 2) for side in kernel)
    return nn.Conv2d(channels, 1, kernel, stride, padding, dilation)


def test_the_recurrence_by_hand() -> None:
    """3×3, pooling of 2 every 2, 3×3, 3×3 every 2, 3×3: 3, 4, 8, 12, 20."""
    fields = [Field()]
    for kernel, stride in ((3, 1), (2, 2), (3, 1), (3, 2), (3, 1)):
        fields.append(through(fields[-1], Window((kernel, kernel), (stride, stride))))
    assert [field.size[0] for field in fields] == [1, 3, 4, 8, 12, 20]
    assert [field.stride[1] for field in fields] == [1, 1, 2, 2, 4, 4]


layers = st.tuples(st.tuples(st.integers(1, 5), st.integers(1, 5)), st.integers(1, 2), st.integers(1, 2))


@given(st.lists(layers, min_size=1, max_size=4))
@settings(max_examples=30)
def test_chains_see_what_their_gradient_says(chain: list[tuple[tuple[int, int], int, int]]) -> None:
    net = nn.Sequential(*(conv(*row) for row in chain)).double().float()
    size = summarise(net, (1, SIDE, SIDE)).rows[-1].field
    side = 2 * (int(max(size)) + 16)  # wide enough for the middle unit to see no border
    assert seen(net, side) == size


class Branches(nn.Module):
    """A residual sum, branches of different kernels concatenated, a pooling, and an enlarged map joined to a finer one."""

    def __init__(self) -> None:
        super().__init__()
        self.first = conv((3, 3), 2)
        self.residual = nn.Sequential(conv((3, 3)), nn.ReLU(), conv((1, 5)))
        self.wide, self.tall = conv((5, 5)), conv((7, 1))
        self.pool = nn.AvgPool2d(2)
        self.deep = conv((3, 3), channels=2)
        self.last = conv((3, 3), channels=3)

    def forward(self, x: Tensor) -> Tensor:
        x = self.first(x)
        x = x + self.residual(x)
        x = torch.cat((self.wide(x), self.tall(x)), dim=1)
        deep = functional.interpolate(self.deep(self.pool(x)), scale_factor=2.0, mode="nearest")
        return self.last(torch.cat((x, deep), dim=1))


def test_branches_see_what_the_widest_sees() -> None:
    net = Branches()
    rows = {row.name: row for row in summarise(net, (1, SIDE, SIDE)).rows}
    assert rows["add"].field == (7, 15)
    assert rows["cat"].field == (max(15, 19), 23)
    assert rows["last"].field == seen(net)
    assert rows["interpolate"].stride == (2, 2)


def test_a_flattened_map_sees_what_all_its_units_see() -> None:
    field = through(Field(), Window((3, 3), (2, 2)))
    assert flattened(field, (4, 5)) == Field((Fraction(9), Fraction(11)), (Fraction(0), Fraction(0)))


def test_vectors_do_not_decide_on_the_stride_of_what_they_are_joined_with() -> None:
    gate = flattened(Field(), (8, 8))
    both = joined([gate, Field((Fraction(3), Fraction(3)), (Fraction(2), Fraction(2)))])
    assert both == Field((Fraction(8), Fraction(8)), (Fraction(2), Fraction(2)))
    assert joined([gate]) == gate


@pytest.mark.parametrize(("before", "after"), [(8, 1), (8, 4), (7, 3), (2, 7), (10, 6), (5, 5)])
def test_adaptive_pooling_sees_what_its_gradient_says(before: int, after: int) -> None:
    window = adaptive_window((before, before), (after, after))
    x = torch.ones(1, 1, before, before, requires_grad=True)
    out = functional.adaptive_avg_pool2d(x, after)
    widest = 0
    for unit in range(after):
        (gradient,) = torch.autograd.grad(out[0, 0, 0, unit], x, retain_graph=True)
        widest = max(widest, int((gradient[0, 0].abs().sum(0) > 0).sum()))
    assert window.kernel == (widest, widest)
    assert window.stride[0] == (Fraction(before, after) if after > 1 else 0)
