import math

import pytest
import torch
from torch import nn

from models.backbones.features import FeatureExtractor
from models.backbones.lenet import C3_INPUTS, ScaledTanh, Subsampling, TableConvolution
from models.backbones.registry import create
from models.errors import RecipeError


def count(module: nn.Module) -> int:
    return sum(value.numel() for value in module.parameters())


def test_the_layers_have_the_parameters_of_the_paper() -> None:
    net = create("lenet5")
    counts = {name: count(layer) for name, layer in net.named_children() if count(layer)}
    assert counts == {"c1": 156, "s2": 12, "c3": 1516, "s4": 32, "c5": 48120, "f6": 10164, "output": 850}
    assert count(net) - counts["output"] == 60_000


def test_the_textbook_form() -> None:
    net = create("lenet5", connections="full", subsampling="average", activation="sigmoid")
    assert count(net) == 61_706
    assert net(torch.rand(3, 1, 32, 32)).shape == (3, 10)


def test_maps_have_the_sizes_of_the_paper() -> None:
    extractor = FeatureExtractor(create("lenet5"), ["c1", "s2", "c3", "s4", "c5", "f6", "output"])
    shapes = {name: tuple(value.shape[1:]) for name, value in extractor(torch.rand(1, 1, 32, 32)).items()}
    assert shapes == {
        "c1": (6, 28, 28), "s2": (6, 14, 14), "c3": (16, 10, 10), "s4": (16, 5, 5), "c5": (120, 1, 1), "f6": (84,), "output": (10,),
    }  # fmt: skip


def test_subsampling_is_gain_times_mean_plus_bias() -> None:
    layer = Subsampling(1)
    with torch.no_grad():
        layer.gain.fill_(2.0)
        layer.bias.fill_(0.5)
    picture = torch.tensor([[1.0, 2.0, 0.0, 0.0], [3.0, 6.0, 0.0, 4.0]])[None, None]
    assert layer(picture).flatten().tolist() == [6.5, 2.5]


def test_the_squashing_function_keeps_one() -> None:
    assert ScaledTanh()(torch.tensor([1.0, -1.0])).tolist() == pytest.approx([1.0, -1.0], abs=1e-4)
    assert float(ScaledTanh()(torch.tensor(1e9))) == pytest.approx(1.7159)


def test_a_map_of_c3_sees_exactly_its_inputs() -> None:
    layer = TableConvolution(6, C3_INPUTS)
    x = torch.rand(1, 6, 5, 5, requires_grad=True)
    start = 0
    for row, inputs in enumerate(C3_INPUTS):
        out = layer(x)[0, row, 0, 0]
        (gradient,) = torch.autograd.grad(out, x)
        assert tuple(gradient.abs().amax(dim=(0, 2, 3)).nonzero().flatten().tolist()) == inputs
        kernels = layer.weight[start : start + len(inputs)]
        by_hand = (kernels * x[0, list(inputs)]).sum() + layer.bias[row]
        assert float(out.detach()) == pytest.approx(float(by_hand.detach()), abs=1e-6)
        start += len(inputs)


def test_weights_start_within_the_reach_of_their_fan_in() -> None:
    net = create("lenet5")
    assert float(net.c1.weight.detach().abs().max()) <= 2.4 / 25
    assert float(net.c3.weight[:3].detach().abs().max()) <= 2.4 / 75
    assert float(net.c3.weight[-6:].detach().abs().max()) <= 2.4 / 150
    assert float(net.f6.weight.detach().std()) == pytest.approx(2.4 / 120 / math.sqrt(3), rel=0.05)


def test_an_option_without_meaning_is_refused() -> None:
    with pytest.raises(RecipeError, match="option activation is 'swish'; it must be one of tanh, sigmoid, relu"):
        create("lenet5", activation="swish")
