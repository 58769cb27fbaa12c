from pathlib import Path

import pytest
import torch

from models.backbones.registry import create, describe
from models.classify.checkpoint import save_classifier
from models.classify.spec import ClassifierSpec
from models.classify.start import start_from, stored_spec
from models.errors import WeightsFileError
from models.provenance import Provenance

SPEC = ClassifierSpec("resnet18", ("a", "b"), (32, 32), options={"width": 0.125})
ROW = describe("resnet18")


def network(classes: int = 2) -> torch.nn.Module:
    return create("resnet18", classes, width=0.125)


def same(one: torch.nn.Module, other: torch.nn.Module, name: str) -> bool:
    return torch.equal(one.state_dict()[name], other.state_dict()[name])


def test_without_a_file_nothing_is_pretrained() -> None:
    assert start_from(ROW, SPEC, None).pretrained == frozenset()


def test_a_torchvision_checkpoint_of_other_classes_gives_a_new_head(tmp_path: Path) -> None:
    theirs = network(5)
    torch.save(theirs.state_dict(), tmp_path / "resnet18.pth")
    begun = start_from(ROW, SPEC, tmp_path / "resnet18.pth")
    assert same(begun.network, theirs, "layer4.1.conv2.weight")
    assert begun.network.state_dict()["fc.weight"].shape[0] == 2
    assert "conv1.weight" in begun.pretrained
    assert "fc.weight" not in begun.pretrained


def test_as_many_classes_keep_the_head_of_a_file_without_names(tmp_path: Path) -> None:
    theirs = network()
    torch.save(theirs.state_dict(), tmp_path / "resnet18.pth")
    assert same(start_from(ROW, SPEC, tmp_path / "resnet18.pth").network, theirs, "fc.weight")


@pytest.mark.parametrize(("classes", "kept"), [(("a", "b"), True), (("a", "c"), False)])
def test_our_own_head_is_kept_for_the_same_names_only(tmp_path: Path, classes: tuple[str, ...], kept: bool) -> None:
    ours, path = network(), tmp_path / "ours.safetensors"
    save_classifier(path, ours, ClassifierSpec("resnet18", classes, (32, 32), options={"width": 0.125}), Provenance())
    begun = start_from(ROW, SPEC, path)
    assert same(begun.network, ours, "fc.weight") == kept
    assert same(begun.network, ours, "conv1.weight")


def test_only_our_classifiers_have_a_spec(tmp_path: Path) -> None:
    save_classifier(tmp_path / "ours.safetensors", network(), SPEC, Provenance())
    assert stored_spec(tmp_path / "ours.safetensors") == SPEC
    assert stored_spec(tmp_path / "other.pth") is None
    (tmp_path / "broken.safetensors").write_text("no")
    with pytest.raises(WeightsFileError, match="not a readable safetensors file"):
        stored_spec(tmp_path / "broken.safetensors")


def test_another_network_is_refused(tmp_path: Path) -> None:
    torch.save(create("lenet5").state_dict(), tmp_path / "lenet.pth")
    with pytest.raises(WeightsFileError, match="this looks like lenet5"):
        start_from(ROW, SPEC, tmp_path / "lenet.pth")
