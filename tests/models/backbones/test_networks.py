"""What holds for every network of the registry; full-size ones are built on the meta device, where they cost no memory."""

import hashlib
import math
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from models.backbones.alexnet import response_norm
from models.backbones.features import FeatureExtractor
from models.backbones.registry import create, describe, names
from models.darknet.network import read_network
from models.errors import RecipeError

# Trainable parameters without auxiliary classifiers, as published (torchvision's documentation, the papers).
PUBLISHED = {
    "lenet5": 60_850,
    "alexnet": 61_100_840,
    "alexnet2012": 60_965_224,
    "vgg11": 132_863_336,
    "vgg13": 133_047_848,
    "vgg16": 138_357_544,
    "vgg19": 143_667_240,
    "vgg11_bn": 132_868_840,
    "vgg13_bn": 133_053_736,
    "vgg16_bn": 138_365_992,
    "vgg19_bn": 143_678_248,
    "googlenet": 6_624_904,
    "inception_v3": 23_834_568,
    "resnet18": 11_689_512,
    "resnet34": 21_797_672,
    "resnet50": 25_557_032,
    "resnet101": 44_549_160,
    "resnet152": 60_192_808,
    "darknet19": 20_842_376,
}

# What torchvision 0.29 saves: the number of entries of the state dict, and the start of the SHA-256 of its lines "name shape".
# Taken from torchvision itself, whose outputs with these weights were found equal to ours.
TORCHVISION = {
    "alexnet": (16, "9c198ebdae18"),
    "vgg11": (22, "cb3dc23f2a13"),
    "vgg13": (26, "67c1dc8b57fd"),
    "vgg16": (32, "35c4623e0cd4"),
    "vgg19": (38, "4723255af8f6"),
    "vgg11_bn": (62, "8b6717e727c0"),
    "vgg13_bn": (76, "f6b0597d18a7"),
    "vgg16_bn": (97, "347371586a8e"),
    "vgg19_bn": (118, "fc3ff6fab2b5"),
    "googlenet": (364, "7f541ca29410"),
    "inception_v3": (580, "aab0ac2cbaf8"),
    "resnet18": (122, "84fb10d9c690"),
    "resnet34": (218, "28f9096d5130"),
    "resnet50": (320, "d7e4f8bb0a53"),
    "resnet101": (626, "02c0f34f4842"),
    "resnet152": (932, "685c66205bc8"),
}

# Small enough to train here; the pictures are as small as the network takes.
TINY: dict[str, tuple[int, dict[str, Any]]] = {
    "lenet5": (32, {}),
    "alexnet": (64, {"width": 0.125, "dropout": 0.0}),
    "alexnet2012": (64, {"width": 0.125, "dropout": 0.0}),
    "vgg11": (32, {"width": 0.0625, "dropout": 0.0}),
    "vgg11_bn": (32, {"width": 0.0625, "dropout": 0.0}),
    "resnet18": (64, {"width": 0.125}),
    "resnet50": (64, {"width": 0.125}),
    "googlenet": (64, {"width": 0.25, "dropout": 0.0}),
    "inception_v3": (75, {"width": 0.125, "dropout": 0.0, "auxiliaries": False}),
    "darknet19": (64, {"width": 0.125}),
}


# What convolutions without padding cost a map at each side together, at most.
RIM = {"lenet5": 7, "inception_v3": 13}

# One network of each kind of table; the others differ in depth alone.
KINDS = tuple(
    name
    for name in names()
    if name not in ("vgg13", "vgg16", "vgg13_bn", "vgg16_bn", "resnet34", "resnet101", "resnet152")
)


def on_meta(name: str, **options: Any) -> nn.Module:
    with torch.device("meta"):
        return create(name, **options)


def tiny(name: str, classes: int = 4, **options: Any) -> tuple[nn.Module, Tensor]:
    torch.manual_seed(0)
    side, small = TINY[name]
    return create(name, classes, **{**small, **options}), torch.rand(4, describe(name).input_channels, side, side)


def test_the_table_of_published_figures_is_complete() -> None:
    assert set(PUBLISHED) == set(names())


@pytest.mark.parametrize("name", names())
def test_parameters_are_as_many_as_published(name: str) -> None:
    off = {"auxiliaries": False} if "auxiliaries" in describe(name).options else {}
    assert sum(value.numel() for value in on_meta(name, **off).parameters()) == PUBLISHED[name]


@pytest.mark.parametrize("name", TORCHVISION)
def test_state_dicts_are_those_of_torchvision(name: str) -> None:
    state = on_meta(name).state_dict()
    lines = "\n".join(f"{key} {tuple(tensor.shape)}" for key, tensor in state.items())
    assert (len(state), hashlib.sha256(lines.encode()).hexdigest()[:12]) == TORCHVISION[name]


@pytest.mark.parametrize(("name", "parameters"), [("googlenet", 13_004_888), ("inception_v3", 27_161_264)])
def test_parameters_with_auxiliaries(name: str, parameters: int) -> None:
    assert sum(value.numel() for value in on_meta(name).parameters()) == parameters


@pytest.mark.parametrize("name", KINDS)
def test_rows_of_the_registry_are_true(name: str) -> None:
    row = describe(name)
    net = on_meta(name, classes=7).eval()
    assert len(row.mean) == len(row.std) == row.input_channels
    x = torch.zeros(1, row.input_channels, *row.input_hw, device="meta")
    assert net(x).shape == (1, 7)
    for head in (row.head, *row.auxiliary_heads):
        assert net.get_submodule(head).weight.shape[0] == 7
    assert all(any(head.startswith(f"{module}.") for module in row.auxiliaries) for head in row.auxiliary_heads)
    assert str(row.year) in row.paper


@pytest.mark.parametrize("name", KINDS)
def test_stages_have_the_stride_they_are_listed_under(name: str) -> None:
    row = describe(name)
    side = row.input_hw[0] if name in RIM else 256
    extractor = FeatureExtractor(on_meta(name).eval(), tuple(row.stages.values()))
    maps = extractor(torch.zeros(1, row.input_channels, side, side, device="meta"))
    for stride, layer in row.stages.items():
        sides = maps[layer].shape[2:]
        assert side / stride - RIM.get(name, 1) <= min(sides) <= max(sides) <= math.ceil(side / stride), (stride, layer)


SCHEMA = {
    "alexnet": {"features.0.weight": (64, 3, 11, 11), "features.10.bias": (256,), "classifier.1.weight": (4096, 9216)},
    "vgg16": {
        "features.28.weight": (512, 512, 3, 3),
        "classifier.0.weight": (4096, 25088),
        "classifier.3.bias": (4096,),
    },
    "vgg16_bn": {"features.1.running_var": (64,), "features.40.weight": (512, 512, 3, 3), "features.41.bias": (512,)},
    "vgg19": {"features.34.weight": (512, 512, 3, 3), "classifier.6.weight": (1000, 4096)},
    "resnet18": {
        "conv1.weight": (64, 3, 7, 7),
        "bn1.num_batches_tracked": (),
        "layer1.0.conv2.weight": (64, 64, 3, 3),
        "layer3.0.downsample.0.weight": (256, 128, 1, 1),
        "layer3.0.downsample.1.running_mean": (256,),
        "fc.weight": (1000, 512),
    },
    "resnet50": {
        "layer1.0.conv3.weight": (256, 64, 1, 1),
        "layer1.0.downsample.0.weight": (256, 64, 1, 1),
        "layer2.0.conv2.weight": (128, 128, 3, 3),
        "layer4.2.bn3.weight": (2048,),
        "fc.weight": (1000, 2048),
    },
    "resnet101": {"layer3.22.conv1.weight": (256, 1024, 1, 1)},
    "googlenet": {
        "conv1.conv.weight": (64, 3, 7, 7),
        "conv3.bn.running_mean": (192,),
        "inception3a.branch1.conv.weight": (64, 192, 1, 1),
        "inception3a.branch2.1.conv.weight": (128, 96, 3, 3),
        "inception4d.branch3.1.conv.weight": (64, 32, 3, 3),
        "inception5b.branch4.1.bn.bias": (128,),
        "aux1.conv.conv.weight": (128, 512, 1, 1),
        "aux2.fc1.weight": (1024, 2048),
        "aux2.fc2.bias": (1000,),
    },
    "inception_v3": {
        "Conv2d_3b_1x1.conv.weight": (80, 64, 1, 1),
        "Mixed_5b.branch5x5_2.conv.weight": (64, 48, 5, 5),
        "Mixed_5d.branch_pool.bn.weight": (64,),
        "Mixed_6a.branch3x3dbl_3.conv.weight": (96, 96, 3, 3),
        "Mixed_6c.branch7x7dbl_4.conv.weight": (160, 160, 7, 1),
        "Mixed_6e.branch7x7_2.conv.weight": (192, 192, 1, 7),
        "Mixed_7a.branch7x7x3_4.conv.weight": (192, 192, 3, 3),
        "Mixed_7b.branch3x3dbl_1.conv.weight": (448, 1280, 1, 1),
        "Mixed_7c.branch3x3_2b.conv.weight": (384, 384, 3, 1),
        "AuxLogits.conv1.conv.weight": (768, 128, 5, 5),
        "AuxLogits.fc.weight": (1000, 768),
    },
}


@pytest.mark.parametrize("name", SCHEMA)
def test_names_mean_what_they_mean_in_torchvision(name: str) -> None:
    state = on_meta(name).state_dict()
    assert {key: tuple(state[key].shape) for key in SCHEMA[name]} == SCHEMA[name]


@pytest.mark.parametrize("name", TINY)
def test_one_batch_can_be_learnt_by_heart(name: str) -> None:
    net, x = tiny(name)
    labels = torch.arange(4)
    optimizer = torch.optim.Adam(net.parameters(), lr=2e-3)
    for _ in range(60):
        out = net(x)
        logits, *auxiliaries = out if isinstance(out, tuple) else (out,)
        loss = functional.cross_entropy(logits, labels)
        total = loss + sum(0.3 * functional.cross_entropy(each, labels) for each in auxiliaries)
        optimizer.zero_grad()
        total.backward()
        optimizer.step()
        if loss.item() < 0.01:
            break
    assert loss.item() < 0.01
    silent = [name for name, value in net.named_parameters() if value.grad is None]
    assert not silent


@pytest.mark.parametrize("name", TINY)
def test_in_evaluation_one_picture_is_as_good_as_many(name: str) -> None:
    net, x = tiny(name)
    net.eval()
    with torch.no_grad():
        many, one = net(x), net(x[:1])
    assert many.shape == (4, 4)
    torch.testing.assert_close(one, many[:1], rtol=1e-4, atol=1e-5)
    with torch.no_grad():
        assert torch.equal(net(x), many)


@pytest.mark.parametrize(("name", "side"), [("googlenet", 32), ("inception_v3", 299)])
def test_auxiliary_classifiers_answer_only_in_training(name: str, side: int) -> None:
    net = create(name, 5, width=0.0625)
    x = torch.rand(2, 3, side, side)
    out = net(x)
    assert len(out) == 1 + len(describe(name).auxiliary_heads)
    assert all(each.shape == (2, 5) for each in out)
    assert torch.equal(out.logits, out[0])
    assert net.eval()(x).shape == (2, 5)
    assert create(name, 5, width=0.0625, auxiliaries=False)(x).shape == (2, 5)


def test_response_norm_by_hand() -> None:
    maps = torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0, 6.0]).view(1, 6, 1, 1)
    out = response_norm()(maps).flatten()
    assert out[0].item() == pytest.approx(1 / (2 + 1e-4 * (1 + 4 + 9)) ** 0.75, rel=1e-6)
    assert out[3].item() == pytest.approx(4 / (2 + 1e-4 * (4 + 9 + 16 + 25 + 36)) ** 0.75, rel=1e-6)


def test_alexnet_of_2012_is_two_towers_with_response_norm() -> None:
    net = on_meta("alexnet2012")
    assert [conv.groups for conv in net.features if isinstance(conv, nn.Conv2d)] == [1, 2, 1, 2, 2]
    order = [type(layer).__name__ for layer in net.features][:8]
    assert order == ["Conv2d", "ReLU", "LocalResponseNorm", "MaxPool2d"] * 2
    assert on_meta("alexnet", lrn=True).state_dict().keys() == on_meta("alexnet").state_dict().keys()


def test_alexnet_maps_have_the_sizes_of_the_paper() -> None:
    extractor = FeatureExtractor(
        on_meta("alexnet2012"), ["features.0", "features.3", "features.6", "features.10", "features.12"]
    )
    shapes = [tuple(value.shape[1:]) for value in extractor(torch.zeros(1, 3, 224, 224, device="meta")).values()]
    assert shapes == [(96, 55, 55), (256, 27, 27), (384, 13, 13), (256, 13, 13), (256, 6, 6)]


@pytest.mark.parametrize(("name", "options"), [("alexnet", {"groups": 3}), ("googlenet", {"five": 4})])
def test_options_without_meaning_are_refused(name: str, options: dict[str, int]) -> None:
    with pytest.raises(RecipeError, match="it must be"):
        create(name, **options)


def test_googlenet_with_the_kernels_of_the_paper() -> None:
    net = on_meta("googlenet", five=5, auxiliaries=False)
    kernels = {module.kernel_size for name, module in net.named_modules() if "branch3.1.conv" in name}
    assert kernels == {(5, 5)}
    x = torch.zeros(1, 3, 224, 224, device="meta")
    assert net(x).shape == (1, 1000)


def test_darknet19_computes_what_its_cfg_describes(shared_data: Path) -> None:
    """The same tensors in the network of Darknet's own table, read by another part of this project."""
    reference = read_network(shared_data / "weights" / "darknet_cfgs" / "darknet19.cfg").to_empty(device="cpu").eval()
    net = create("darknet19").eval()
    own, other = net.state_dict(), reference.state_dict()
    assert [tensor.shape for tensor in own.values()] == [tensor.shape for tensor in other.values()]
    for source, target in zip(own.values(), other.values(), strict=True):
        target.copy_(source)
    x = torch.rand(1, 3, 64, 64)
    with torch.no_grad():
        torch.testing.assert_close(net(x).softmax(1), reference(x)[0].flatten(1), rtol=1e-3, atol=1e-6)
