"""State dicts as timm and training scripts write them, into our networks."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from models.backbones.foreign_names import in_our_names
from models.backbones.registry import create, describe
from models.backbones.weights import identify, load_weights, read_state


def as_timm_names_vgg(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """Its dense layers as convolutions, under timm's names."""
    names = {"classifier.0": "pre_logits.fc1", "classifier.3": "pre_logits.fc2", "classifier.6": "head.fc"}
    sides = {"classifier.0.weight": 7, "classifier.3.weight": 1}
    return {
        names.get(name.rpartition(".")[0], name.rpartition(".")[0]) + "." + name.rpartition(".")[2]: tensor.reshape(
            len(tensor), -1, sides[name], sides[name]
        )
        if name in sides
        else tensor
        for name, tensor in state.items()
    }


@pytest.mark.parametrize("name", ["vgg11", "vgg16_bn"])
def test_vgg_of_timm(name: str) -> None:
    with torch.device("meta"):
        ours = create(name).state_dict()
    theirs = as_timm_names_vgg(ours)
    assert theirs["pre_logits.fc1.weight"].shape == (4096, 512, 7, 7)
    back = in_our_names(theirs)
    assert {key: value.shape for key, value in back.items()} == {key: value.shape for key, value in ours.items()}
    assert identify(back) == name


def test_a_dense_layer_as_convolution_computes_the_same() -> None:
    """That its values need no other order."""
    maps, weight = torch.rand(2, 512, 7, 7), torch.rand(5, 512, 7, 7)
    state = {"features.0.weight": torch.rand(1), "pre_logits.fc1.weight": weight}
    dense = maps.flatten(1) @ in_our_names(state)["classifier.0.weight"].T
    torch.testing.assert_close(dense, torch.nn.functional.conv2d(maps, weight).flatten(1), rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize("prefix", ["module.", "_orig_mod.", "model.", "backbone.", "module.model._orig_mod."])
def test_names_of_wrappers(prefix: str, tmp_path: Path) -> None:
    source, target = create("resnet18", classes=4), create("resnet18", classes=4)
    path = tmp_path / "weights.safetensors"
    save_file({prefix + name: tensor for name, tensor in source.state_dict().items()}, path)
    load_weights(target, describe("resnet18"), path)
    for ours, theirs in zip(target.state_dict().values(), source.state_dict().values(), strict=True):
        assert torch.equal(ours, theirs)


@pytest.mark.parametrize("key", ["state_dict", "model", "model_state_dict", "state_dict_ema"])
def test_nests(key: str, tmp_path: Path) -> None:
    source, path = create("lenet5").state_dict(), tmp_path / "weights.pth"
    torch.save({key: {f"module.{name}": tensor for name, tensor in source.items()}, "epoch": 3}, path)
    assert read_state(path).keys() == source.keys()


def test_a_prefix_that_not_all_have_stays() -> None:
    state = {"model.a": torch.ones(1), "b": torch.ones(1)}
    assert in_our_names(state).keys() == state.keys()
