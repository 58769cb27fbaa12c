import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from models.backbones.registry import create, describe
from models.backbones.weights import identify, load_weights, read_state
from models.errors import WeightsFileError

LENET = describe("lenet5")


class Trap:
    """Unpickling this would make a file."""

    def __init__(self, victim: Path) -> None:
        self.victim = victim

    def __reduce__(self) -> tuple[object, ...]:
        return (Path.touch, (self.victim,))


@pytest.mark.parametrize("suffix", [".pth", ".pt", ".safetensors"])
def test_a_saved_network_comes_back(tmp_path: Path, suffix: str) -> None:
    source, target = create("lenet5").eval(), create("lenet5").eval()
    path = tmp_path / f"weights{suffix}"
    if suffix == ".safetensors":
        save_file(source.state_dict(), path)
    else:
        torch.save(source.state_dict(), path)
    report = load_weights(target, LENET, path)
    assert set(report.loaded) == set(source.state_dict())
    assert not report.left
    x = torch.rand(2, 1, 32, 32)
    torch.testing.assert_close(target(x), source(x), rtol=0, atol=0)


@pytest.mark.parametrize("key", ["state_dict", "model"])
def test_nesting_and_the_prefix_of_data_parallel_training_are_taken_off(tmp_path: Path, key: str) -> None:
    source = create("lenet5").state_dict()
    path = tmp_path / "checkpoint.pth"
    torch.save({key: {f"module.{name}": tensor for name, tensor in source.items()}, "epoch": 3}, path)
    assert read_state(path).keys() == source.keys()


def test_files_of_before_the_zip_format_are_read(tmp_path: Path) -> None:
    path = tmp_path / "old.pth"
    torch.save(create("lenet5").state_dict(), path, _use_new_zipfile_serialization=False)
    assert len(load_weights(create("lenet5"), LENET, path).loaded) == 14


def test_half_precision_is_taken_into_float(tmp_path: Path) -> None:
    path = tmp_path / "half.pth"
    torch.save({name: tensor.half() for name, tensor in create("lenet5").state_dict().items()}, path)
    target = create("lenet5")
    load_weights(target, LENET, path)
    assert target.c1.weight.dtype == torch.float32


def test_a_new_head_may_have_other_classes(tmp_path: Path) -> None:
    source, target = create("lenet5"), create("lenet5", classes=3)
    path = tmp_path / "ten.pth"
    torch.save(source.state_dict(), path)
    before = target.output.weight.clone()
    report = load_weights(target, LENET, path, new_head=True)
    assert dict(report.left) == dict.fromkeys(["output.weight", "output.bias"], "a new head was asked for")
    assert torch.equal(target.output.weight, before)
    assert torch.equal(target.f6.weight, source.f6.weight)


def test_other_classes_without_a_new_head_are_named_and_nothing_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "ten.pth"
    torch.save(create("lenet5").state_dict(), path)
    target = create("lenet5", classes=3)
    before = {name: tensor.clone() for name, tensor in target.state_dict().items()}
    with pytest.raises(WeightsFileError, match=r"output.weight is \(10, 84\), not \(3, 84\).*ask for a new head"):
        load_weights(target, LENET, path)
    assert all(torch.equal(tensor, before[name]) for name, tensor in target.state_dict().items())


def test_a_class_in_the_file_is_refused_and_does_not_run(tmp_path: Path) -> None:
    path, victim = tmp_path / "trap.pth", tmp_path / "ran"
    torch.save({"c1.weight": Trap(victim)}, path)
    with pytest.raises(WeightsFileError, match="holds Python objects besides tensors"):
        load_weights(create("lenet5"), LENET, path)
    assert not victim.exists()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("text.pth", b"not weights at all", r"text.pth: not a readable PyTorch file \(nothing that torch.save wrote"),
        ("page.pth", b"<!DOCTYPE html><html></html>", "not a readable PyTorch file"),
        ("table.pth", b'{"c1.weight": 1}', "not a readable PyTorch file"),
        ("empty.pth", b"", "not a readable PyTorch file"),
        ("text.safetensors", b"not weights at all", "not a readable safetensors file"),
    ],
)
def test_damaged_files_are_named(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(WeightsFileError, match=message):
        read_state(path)


def test_a_torchscript_archive_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for member in ("model/constants.pkl", "model/data.pkl", "model/version"):
            archive.writestr(member, b"3\n")
    path = tmp_path / "scripted.pt"
    path.write_bytes(buffer.getvalue())
    with pytest.raises(WeightsFileError, match="not a readable PyTorch file"):
        read_state(path)


@pytest.mark.parametrize("content", [{}, [torch.zeros(1)], {"epoch": 3}, torch.zeros(2)])
def test_what_is_no_state_dict_is_refused(tmp_path: Path, content: object) -> None:
    path = tmp_path / "odd.pth"
    torch.save(content, path)
    with pytest.raises(WeightsFileError, match="state dict"):
        read_state(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(WeightsFileError, match="no such weights file"):
        read_state(tmp_path / "nowhere.pth")


def test_a_foreign_network_is_told_apart(shared_data: Path) -> None:
    path = shared_data / "weights" / "mtcnn_facenet_pytorch" / "pnet.pt"
    with pytest.raises(WeightsFileError, match=r"does not fit LeNet-5: .* none of the networks that are known"):
        load_weights(create("lenet5"), LENET, path)
    assert identify(read_state(path)) is None


def light(state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """A state dict of the same names and shapes that weighs nothing: each tensor repeats one value."""
    values = torch.arange(1, len(state) + 1) / len(state)
    return {name: value.expand(tensor.shape) for value, (name, tensor) in zip(values, state.items(), strict=True)}


def on_meta(name: str, classes: int | None = None, **options: object) -> nn.Module:
    with torch.device("meta"):
        return create(name, classes, **options)


@pytest.mark.parametrize("name", ["resnet34", "vgg13_bn", "googlenet", "inception_v3"])
def test_a_checkpoint_of_another_network_is_recognised(tmp_path: Path, name: str) -> None:
    path = tmp_path / "other.pth"
    torch.save(light(on_meta(name, 37).state_dict()), path)
    with pytest.raises(WeightsFileError, match=f"does not fit ResNet-18: .*; this looks like {name}$"):
        load_weights(on_meta("resnet18"), describe("resnet18"), path)


def test_a_checkpoint_of_a_classifier_with_auxiliaries_fits_without_them(tmp_path: Path) -> None:
    path = tmp_path / "googlenet.pth"
    full = light(on_meta("googlenet", 5, width=0.125).state_dict())
    torch.save(full, path)
    target = create("googlenet", 5, width=0.125, auxiliaries=False)
    report = load_weights(target, describe("googlenet"), path)
    assert set(report.loaded) == set(target.state_dict())
    assert set(report.loaded) | set(report.ignored) == set(full)
    assert set(report.ignored.values()) == {"the network has no auxiliary classifiers"}
    assert torch.equal(target.fc.weight, full["fc.weight"])


def test_a_checkpoint_without_auxiliaries_fits_a_network_with_them(tmp_path: Path) -> None:
    path = tmp_path / "inception.pth"
    torch.save(light(on_meta("inception_v3", 5, width=0.125, auxiliaries=False).state_dict()), path)
    target = create("inception_v3", 5, width=0.125)
    before = target.AuxLogits.fc.weight.detach().clone()
    report = load_weights(target, describe("inception_v3"), path)
    assert {name.partition(".")[0] for name in report.left} == {"AuxLogits"}
    assert set(report.left.values()) == {"the file has no auxiliary classifiers"}
    assert torch.equal(target.AuxLogits.fc.weight, before)


def test_a_new_head_leaves_the_auxiliary_heads_new_too(tmp_path: Path) -> None:
    path = tmp_path / "googlenet.pth"
    torch.save(light(on_meta("googlenet", 9, width=0.125).state_dict()), path)
    report = load_weights(create("googlenet", 5, width=0.125), describe("googlenet"), path, new_head=True)
    heads = {f"{head}.{part}" for head in ("fc", "aux1.fc2", "aux2.fc2") for part in ("weight", "bias")}
    assert set(report.left) == heads
    assert "aux1.fc1.weight" in report.loaded


def test_files_of_before_batch_norms_counted_are_read(tmp_path: Path) -> None:
    path = tmp_path / "old.pth"
    state = create("resnet18", width=0.125).state_dict()
    torch.save({name: tensor for name, tensor in state.items() if "num_batches" not in name}, path)
    report = load_weights(create("resnet18", width=0.125), describe("resnet18"), path)
    assert len(report.left) == 20
    assert all(name.endswith("num_batches_tracked") for name in report.left)


def test_values_that_are_not_finite_are_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.pth"
    state = create("lenet5").state_dict()
    state["f6.weight"][3, 4] = float("nan")
    torch.save(state, path)
    target = create("lenet5")
    before = target.c1.weight.detach().clone()
    with pytest.raises(
        WeightsFileError, match=r"pth: f6\.weight holds values that are not finite .*earlier checkpoint"
    ):
        load_weights(target, LENET, path)
    assert torch.equal(target.c1.weight, before)


def test_values_that_float_cannot_hold_are_named(tmp_path: Path) -> None:
    path = tmp_path / "double.pth"
    torch.save({name: tensor.double() + 1e300 for name, tensor in create("lenet5").state_dict().items()}, path)
    with pytest.raises(WeightsFileError, match=r"not finite in torch\.float32"):
        load_weights(create("lenet5"), LENET, path)


@pytest.mark.parametrize(
    "special",
    [torch.Tensor.to_sparse, lambda tensor: tensor.to("meta"), lambda tensor: tensor.to(torch.complex64)],
    ids=["sparse", "meta", "complex"],
)
def test_tensors_that_are_no_plain_arrays_are_refused(
    tmp_path: Path, special: Callable[[torch.Tensor], torch.Tensor]
) -> None:
    path = tmp_path / "special.pth"
    state = create("lenet5").state_dict()
    torch.save({**state, "f6.weight": special(state["f6.weight"])}, path)
    with pytest.raises(WeightsFileError, match=r"f6\.weight is quantised, sparse, complex or without values"):
        load_weights(create("lenet5"), LENET, path)


def test_eight_bit_floats_are_taken_into_float(tmp_path: Path) -> None:
    path = tmp_path / "eight.safetensors"
    save_file({name: tensor.to(torch.float8_e4m3fn) for name, tensor in create("lenet5").state_dict().items()}, path)
    assert len(load_weights(create("lenet5"), LENET, path).loaded) == 14


def test_a_thinner_copy_is_told_apart_from_another_network(tmp_path: Path) -> None:
    path = tmp_path / "thin.pth"
    torch.save(create("resnet18", 4, width=0.125).state_dict(), path)
    with pytest.raises(
        WeightsFileError,
        match=r"does not fit ResNet-18: conv1.weight is \(8, 3, 7, 7\), not \(64, 3, 7, 7\).*with other options",
    ):
        load_weights(on_meta("resnet18"), describe("resnet18"), path)
