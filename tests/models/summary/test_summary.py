import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from models.backbones.registry import create
from models.errors import RecipeError
from models.summary.subject import named
from models.summary.summary import LayerRow, Summary, summarise


def table(name: str, **options: object) -> Summary:
    subject = named(name, options=options)
    return summarise(subject.model, subject.input_shape)


def rows_of(summary: Summary) -> dict[str, LayerRow]:
    return {row.name: row for row in summary.rows}


def test_the_bottleneck_of_the_inception_module_saves_nine_tenths() -> None:
    """The example of 28×28×192 to 32 maps by 5×5, straight and through 16 maps of 1×1 (arXiv 1409.4842, module 3a)."""
    straight = summarise(nn.Sequential(nn.Conv2d(192, 32, 5, padding=2)), (192, 28, 28))
    assert straight.multiply_adds == 120_422_400
    rows = rows_of(table("googlenet", five=5))
    squeeze, wide = rows["inception3a.branch3.0.conv"], rows["inception3a.branch3.1.conv"]
    assert (squeeze.channels, wide.channels, wide.size) == (16, 32, (28, 28))
    assert (squeeze.multiply_adds, wide.multiply_adds) == (2_408_448, 10_035_200)
    assert squeeze.multiply_adds + wide.multiply_adds == pytest.approx(12.4e6, rel=0.005)


@pytest.mark.parametrize(
    ("name", "billions"),
    [
        ("alexnet", 0.714), ("vgg16", 15.47), ("googlenet", 1.498), ("inception_v3", 5.713), ("resnet18", 1.814), ("resnet50", 4.089),
        ("darknet19", 5.58 / 2),
    ],
)  # fmt: skip
def test_multiply_adds_are_as_published(name: str, billions: float) -> None:
    """Figures of torchvision's documentation; the paper of Darknet-19 counts an addition and a multiplication as two."""
    assert table(name).multiply_adds == pytest.approx(billions * 1e9, rel=1e-3)


def test_lenet_line_by_line() -> None:
    summary = table("lenet5")
    rows = rows_of(summary)
    sizes = {name: (rows[name].channels, rows[name].size) for name in ("c1", "s2.add", "c3", "s4.add", "c5")}
    assert sizes == {
        "c1": (6, (28, 28)), "s2.add": (6, (14, 14)), "c3": (16, (10, 10)), "s4.add": (16, (5, 5)), "c5": (120, (1, 1)),
    }  # fmt: skip
    fields = [rows[name].field[0] for name in ("c1", "s2.pool", "c3", "s4.pool", "c5", "output")]
    assert fields == [5, 6, 14, 16, 32, 32]
    assert rows["c1"].multiply_adds == 28 * 28 * 6 * 25
    assert rows["s2.mul"].parameters + rows["s2.add"].parameters == 12
    assert summary.parameters == 60_850
    assert [row.name for row in summary.rows if row.plain] == ["a1", "a2", "a3", "a4", "a5", "a6"]


@pytest.mark.parametrize(
    ("name", "layer", "field", "stride"),
    [
        ("vgg16", "features.30", 212, 32),
        ("alexnet", "features.12", 195, 32),
        ("resnet18", "layer4.1.add", 435, 32),
        ("resnet50", "layer4.2.add", 427, 32),  # 483 with the stride in the first 1×1, as the paper has it
    ],
)
def test_receptive_fields_of_well_known_networks(name: str, layer: str, field: int, stride: int) -> None:
    row = rows_of(table(name))[layer]
    assert (row.field, row.stride) == ((field, field), (stride, stride))


def test_factorised_kernels_are_followed_in_both_directions() -> None:
    rows = rows_of(table("inception_v3"))
    around = rows["Mixed_6a.cat"]
    row, column = rows["Mixed_6b.branch7x7_2.conv"], rows["Mixed_6b.branch7x7_3.conv"]
    assert row.kind == "conv 1×7"
    assert row.field == (around.field[0], around.field[1] + 6 * 16)
    assert column.field == (around.field[0] + 6 * 16, around.field[1] + 6 * 16)


def test_groups_divide_the_cost() -> None:
    rows = rows_of(table("alexnet2012"))
    assert rows["features.3"].kind == "conv 5×5, 2 groups"
    assert rows["features.3"].multiply_adds == 27 * 27 * 256 * 48 * 25


def test_auxiliary_classifiers_are_counted_apart() -> None:
    summary = table("googlenet")
    assert (summary.parameters, summary.training_parameters) == (6_624_904, 6_379_984)
    assert not any(row.name.startswith("aux") for row in summary.rows)


class Shared(nn.Module):
    """One convolution twice."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 1, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(self.conv(x))


def test_a_layer_that_runs_twice_holds_its_parameters_once_and_costs_twice() -> None:
    summary = summarise(Shared(), (1, 8, 8))
    assert [row.parameters for row in summary.rows] == [10, 0]
    assert [row.multiply_adds for row in summary.rows] == [576, 576]
    assert summary.rows[1].field == (5, 5)
    assert summary.training_parameters == 0


def test_the_network_is_left_as_it_was() -> None:
    net = create("resnet18", 3, width=0.125)
    before = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    summarise(net, (3, 64, 64))
    assert net.training
    assert all(torch.equal(tensor, before[name]) for name, tensor in net.state_dict().items())


def test_a_picture_that_is_too_small_is_named() -> None:
    with pytest.raises(RecipeError, match="a picture of 3×16×16 does not go through this network"):
        summarise(named("alexnet").model, (3, 16, 16))


class Folded(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return functional.max_pool2d(x, 2)


def test_a_size_that_changes_in_an_unknown_way_is_refused() -> None:
    with pytest.raises(RecipeError, match="changes the size in a way that the summary does not know"):
        summarise(nn.Sequential(nn.Conv2d(1, 1, 1), Folded(), nn.PixelShuffle(1)), (1, 8, 8))
