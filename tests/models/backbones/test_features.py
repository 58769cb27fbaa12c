import warnings

import numpy as np
import onnxruntime
import pytest
import torch
from torch import nn

from models.backbones.features import FeatureExtractor
from models.backbones.registry import create
from models.errors import RecipeError


def test_layers_come_by_name_in_the_order_asked_for() -> None:
    net = create("lenet5").eval()
    x = torch.rand(2, 1, 32, 32)
    maps = FeatureExtractor(net, ["a4", "c1"])(x)
    assert list(maps) == ["a4", "c1"]
    torch.testing.assert_close(maps["c1"], net.c1(x))
    torch.testing.assert_close(maps["a4"], net.a4(net.s4(net.a3(net.c3(net.a2(net.s2(net.a1(net.c1(x)))))))))


def test_what_lies_behind_the_last_layer_is_gone() -> None:
    net = create("lenet5")
    extractor = FeatureExtractor(net, ["s2"])
    assert {name for name, _ in extractor.named_parameters()} == {
        "body.c1.weight",
        "body.c1.bias",
        "body.s2.gain",
        "body.s2.bias",
    }
    net.c3.forward = _fail  # type: ignore[method-assign]
    assert extractor(torch.rand(1, 1, 32, 32))["s2"].shape == (1, 6, 14, 14)


def _fail(x: torch.Tensor) -> torch.Tensor:
    raise AssertionError("ran a layer behind the cut")


def test_parameters_are_shared_with_the_network() -> None:
    net = create("lenet5")
    extractor = FeatureExtractor(net, ["a2"])
    extractor(torch.rand(1, 1, 32, 32))["a2"].sum().backward()
    assert net.c1.weight.grad is not None
    assert net.c3.weight.grad is None


def test_unknown_layers_are_answered_with_near_ones() -> None:
    with pytest.raises(RecipeError, match="LeNet5 puts out no layer 'flaten'; did you mean flatten"):
        FeatureExtractor(create("lenet5"), ["c1", "flaten"])
    with pytest.raises(RecipeError, match="at least one layer"):
        FeatureExtractor(create("lenet5"), [])


def test_a_cut_in_evaluation_mode_stays_there() -> None:
    net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Dropout(), nn.ReLU())
    assert not FeatureExtractor(net.eval(), ["1"]).body.training
    assert FeatureExtractor(net.train(), ["1"]).body.training


@pytest.mark.parametrize(
    ("name", "layers", "shape", "options"),
    [
        ("lenet5", ["a2", "a4"], (1, 32, 32), {}),
        ("resnet18", ["maxpool", "layer1.0"], (3, 32, 48), {"width": 0.0625}),
    ],
)
def test_a_cut_exports_and_runs_alike_at_another_batch(
    name: str, layers: list[str], shape: tuple[int, int, int], options: dict[str, float]
) -> None:
    extractor = FeatureExtractor(create(name, **options), layers).eval()
    session = exported(extractor, torch.rand(2, *shape))
    x = torch.rand(3, *shape)
    outputs = session.run(None, {session.get_inputs()[0].name: x.numpy()})
    for name, out in zip(extractor.layers, outputs, strict=True):
        np.testing.assert_allclose(out, extractor(x)[name].detach().numpy(), atol=1e-5)


def exported(module: nn.Module, x: torch.Tensor) -> onnxruntime.InferenceSession:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's own exporter warns about torch's own API
        program = torch.onnx.export(
            module, (x,), dynamo=True, verbose=False, dynamic_shapes=({0: torch.export.Dim("n")},), opset_version=20
        )
    assert program is not None
    return onnxruntime.InferenceSession(program.model_proto.SerializeToString(), providers=["CPUExecutionProvider"])
