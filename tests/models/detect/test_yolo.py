from dataclasses import replace

import pytest
import torch
from torch import nn

from models.detect.backbone import YOLO_FASTEST_XL
from models.detect.spec import HEADS, ResidualTable, YoloSpec
from models.detect.yolo import OBJECTNESS_PRIOR, Yolo

FOURTEEN = tuple("abcdefghijklmn")
TWO_SCALES = YoloSpec(FOURTEEN, (((10.0, 20.0),) * 3, ((90.0, 60.0),) * 3))


def multiply_adds(model: nn.Module, size: int) -> int:
    """Counts what each convolution really does on a picture of this size."""
    counted = 0

    def count(layer: nn.Conv2d, _inputs: object, output: torch.Tensor) -> None:
        nonlocal counted
        counted += layer.weight.numel() * output.shape[2] * output.shape[3]

    hooks = [layer.register_forward_hook(count) for layer in model.modules() if isinstance(layer, nn.Conv2d)]
    with torch.no_grad():
        model(torch.zeros(1, 3, size, size))
    for hook in hooks:
        hook.remove()
    return counted


SLIM = replace(TWO_SCALES, backbone=YOLO_FASTEST_XL, heads="slim")


@pytest.mark.parametrize("spec", [TWO_SCALES, replace(TWO_SCALES, backbone=YOLO_FASTEST_XL, neck=(96, 128)), SLIM])
def test_the_networks_stay_within_their_budget(spec: YoloSpec) -> None:
    model = Yolo(spec).eval()
    assert sum(value.numel() for value in model.parameters()) <= 3_000_000
    assert 100_000_000 < multiply_adds(model, 320) <= 600_000_000


@pytest.mark.parametrize("spec", [TWO_SCALES, SLIM])
@pytest.mark.parametrize(("batch", "height", "width"), [(1, 32, 32), (3, 64, 96), (2, 160, 32)])
def test_runs_at_any_batch_and_any_multiple_of_32(spec: YoloSpec, batch: int, height: int, width: int) -> None:
    model = Yolo(spec).eval()
    with torch.no_grad():
        fine, coarse = model(torch.rand(batch, 3, height, width))
    assert fine.shape == (batch, 3 * 19, height // 16, width // 16)
    assert coarse.shape == (batch, 3 * 19, height // 32, width // 32)
    assert fine.dtype == torch.float32


@pytest.mark.parametrize("heads", HEADS)
@pytest.mark.parametrize("strides", [(8, 16, 32), (32,), (16,), (8, 32)])
def test_scales_are_data(strides: tuple[int, ...], heads: str) -> None:
    table = ResidualTable((4, 8, 8, 8, 8), (0, 0, 1, 0, 0))
    spec = YoloSpec(("a",), (((8.0, 8.0),),) * len(strides), strides, table, heads=heads)
    with torch.no_grad():
        heads = Yolo(spec).eval()(torch.rand(1, 3, 64, 64))
    assert [head.shape[-1] for head in heads] == [64 // stride for stride in strides]


def test_pictures_of_a_batch_do_not_influence_each_other() -> None:
    model = Yolo(TWO_SCALES).eval()
    pictures = torch.rand(2, 3, 64, 64)
    with torch.no_grad():
        together, alone = model(pictures)[0][1], model(pictures[1:])[0][0]
    torch.testing.assert_close(together, alone, rtol=1e-4, atol=1e-5)


def test_an_untrained_network_expects_few_objects() -> None:
    model = Yolo(TWO_SCALES).eval()
    with torch.no_grad():
        coarse = model(torch.rand(1, 3, 64, 64))[1].view(1, 3, 19, 2, 2)
    assert coarse[:, :, 4].sigmoid().mean().item() == pytest.approx(OBJECTNESS_PRIOR, rel=0.5)
