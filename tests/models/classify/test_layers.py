import pytest
import torch
from torch import nn

from models.backbones.registry import create, describe
from models.classify.layers import (
    Transfer,
    divide,
    freeze,
    layers_in_order,
    parse_transfer,
    passed_modules,
    require_passing,
    set_training,
)
from models.errors import RecipeError

SMALL = (3, 32, 32)


def resnet() -> nn.Module:
    return create("resnet18", 3, width=0.125)


def test_the_ways_of_transfer() -> None:
    assert parse_transfer("") == Transfer("none")
    assert parse_transfer("head") == Transfer("head")
    assert parse_transfer("full") == Transfer("full")
    assert parse_transfer("last:12") == Transfer("last", 12)
    for text in ("last", "last:", "last:0", "last:-1", "last:x", "tail", "head:2"):
        with pytest.raises(RecipeError, match="head, last:N"):
            parse_transfer(text)


def test_layers_of_lenet_are_the_papers() -> None:
    network = create("lenet5")
    layers = layers_in_order(network, passed_modules(network, (1, 32, 32)))
    assert layers == [("c1",), ("s2",), ("c3",), ("s4",), ("c5",), ("f6",), ("output",)]


def test_a_norm_belongs_to_the_layer_before_it() -> None:
    network = resnet()
    layers = layers_in_order(network, passed_modules(network, SMALL))
    assert layers[0] == ("conv1", "bn1")
    assert layers[-1] == ("fc",)
    assert len(layers) == 1 + 16 + 3 + 1, "the stem, two convolutions in eight blocks, three projections, the head"


@pytest.mark.parametrize("count", [1, 2, 3, 20])
def test_last_n_moves_exactly_n_layers(count: int) -> None:
    network = resnet()
    layers = layers_in_order(network, passed_modules(network, SMALL))
    division = divide(network, describe("resnet18"), Transfer("last", count), SMALL)
    freeze(network, division)
    moving = {name.rpartition(".")[0] for name, value in network.named_parameters() if value.requires_grad}
    assert moving == {name for layer in layers[-count:] for name in layer}


def test_more_layers_than_there_are_is_no_transfer() -> None:
    with pytest.raises(RecipeError, match=r"last:21: resnet18 has 21 layers.*--transfer full"):
        divide(resnet(), describe("resnet18"), Transfer("last", 21), SMALL)


def test_full_moves_everything() -> None:
    network = resnet()
    division = divide(network, describe("resnet18"), Transfer("full"), SMALL)
    freeze(network, division)
    set_training(network, division)
    assert all(value.requires_grad for value in network.parameters())
    assert all(module.training for module in network.modules())


def test_frozen_norms_keep_their_statistics_and_moving_ones_do_not() -> None:
    network = resnet()
    division = divide(network, describe("resnet18"), Transfer("last", 2), SMALL)
    freeze(network, division)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    network.train()
    set_training(network, division)
    network(torch.rand(4, *SMALL))
    changed = {name for name, value in network.state_dict().items() if not torch.equal(value, before[name])}
    assert changed == {f"layer4.1.bn2.{name}" for name in ("running_mean", "running_var", "num_batches_tracked")}


def test_auxiliary_classifiers_and_dropout_in_front_rest_with_the_body() -> None:
    network = create("googlenet", 3, width=0.125)
    division = divide(network, describe("googlenet"), Transfer("head"), (3, 64, 64))
    freeze(network, division)
    set_training(network, division)
    assert {name for name, value in network.named_parameters() if value.requires_grad} == {"fc.weight", "fc.bias"}
    assert isinstance(network(torch.rand(2, 3, 64, 64)), torch.Tensor)
    assert not any(module.training for module in network.modules() if isinstance(module, nn.Dropout))


@pytest.mark.parametrize(
    ("name", "size", "batch"),
    [("alexnet", (16, 16), 0), ("lenet5", (48, 48), 0), ("inception_v3", (32, 32), 0), ("resnet18", (32, 32), 1)],
)
def test_pictures_that_do_not_go_through_are_told_in_one_line(name: str, size: tuple[int, int], batch: int) -> None:
    channels = describe(name).input_channels
    options = {"width": 0.125} if "width" in describe(name).options else {}
    with pytest.raises(
        RecipeError, match=rf"{name}: batch 1 at {size[1]}×{size[0]} does not go through .* --size"
    ) as told:
        require_passing(create(name, 2, **options), name, (channels, *size), batch)
    assert "\n" not in str(told.value)


def test_looking_whether_pictures_go_through_leaves_the_network_alone() -> None:
    network = resnet()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    require_passing(network, "resnet18", SMALL, 4)
    assert network.training
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
