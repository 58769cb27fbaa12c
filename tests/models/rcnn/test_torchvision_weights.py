"""torchvision's names and conventions, stated here by hand: its package is no part of the tests."""

import math
from pathlib import Path

import pytest
import torch
from torch import Tensor

from models.errors import WeightsFileError
from models.rcnn.box_coding import decode
from models.rcnn.checkpoint import load_faster_rcnn
from models.rcnn.torchvision_weights import coco_classes, load_torchvision, torchvision_spec

BLOCKS = (3, 4, 6, 3)
WIDTHS = (64, 128, 256, 512)


def shapes_of_a_norm(name: str, width: int) -> dict[str, tuple[int, ...]]:
    return {f"{name}.{part}": (width,) for part in ("weight", "bias", "running_mean", "running_var")}


def shapes_of_the_body() -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {"conv1.weight": (64, 3, 7, 7), **shapes_of_a_norm("bn1", 64)}
    before = 64
    for layer, (blocks, width) in enumerate(zip(BLOCKS, WIDTHS, strict=True), start=1):
        for block in range(blocks):
            at = f"layer{layer}.{block}"
            shapes |= {
                f"{at}.conv1.weight": (width, before, 1, 1), **shapes_of_a_norm(f"{at}.bn1", width),
                f"{at}.conv2.weight": (width, width, 3, 3), **shapes_of_a_norm(f"{at}.bn2", width),
                f"{at}.conv3.weight": (4 * width, width, 1, 1), **shapes_of_a_norm(f"{at}.bn3", 4 * width),
            }  # fmt: skip
            if block == 0:
                shapes |= {f"{at}.downsample.0.weight": (4 * width, before, 1, 1)}
                shapes |= shapes_of_a_norm(f"{at}.downsample.1", 4 * width)
            before = 4 * width
    return shapes


def shapes_of_the_network(classes: int, more: str) -> dict[str, tuple[int, ...]]:
    """All tensors of `fasterrcnn_resnet50_fpn`; `more` is "" for the names of 2019, ".0" for those since 0.13."""
    shapes = {f"backbone.body.{name}": shape for name, shape in shapes_of_the_body().items()}
    for level, width in enumerate((256, 512, 1024, 2048)):
        for kind, shape in (("inner", (256, width, 1, 1)), ("layer", (256, 256, 3, 3))):
            shapes[f"backbone.fpn.{kind}_blocks.{level}{more}.weight"] = shape
            shapes[f"backbone.fpn.{kind}_blocks.{level}{more}.bias"] = (256,)
    for name, weight in (
        (f"rpn.head.conv{more}{more}", (256, 256, 3, 3)),
        ("rpn.head.cls_logits", (3, 256, 1, 1)),
        ("rpn.head.bbox_pred", (12, 256, 1, 1)),
        ("roi_heads.box_head.fc6", (1024, 256 * 49)),
        ("roi_heads.box_head.fc7", (1024, 1024)),
        ("roi_heads.box_predictor.cls_score", (classes, 1024)),
        ("roi_heads.box_predictor.bbox_pred", (4 * classes, 1024)),
    ):
        shapes |= {f"{name}.weight": weight, f"{name}.bias": weight[:1]}
    return shapes


def state_dict(classes: int = 91, more: str = "") -> dict[str, Tensor]:
    generator = torch.Generator().manual_seed(0)
    state = {}
    for name, shape in shapes_of_the_network(classes, more).items():
        state[name] = torch.randn(shape, generator=generator) * 0.02
        if name.endswith("running_var") or (".bn" in name and name.endswith(".weight")):
            state[name] = 1 + state[name].abs()
    return state


@pytest.mark.parametrize(("more", "classes"), [("", 91), (".0", 4)])
def test_both_generations_load_completely(tmp_path: Path, more: str, classes: int) -> None:
    state = state_dict(classes, more)
    assert len(state) == 295  # as many as torchvision's network has
    torch.save(state, tmp_path / "fasterrcnn_resnet50_fpn.pth")
    model, spec, provenance = load_faster_rcnn(tmp_path / "fasterrcnn_resnet50_fpn.pth")
    own = {name: value for name, value in model.state_dict().items() if not name.endswith("num_batches_tracked")}
    assert sorted(float(value.double().sum()) for value in own.values()) == sorted(
        float(value.double().sum()) for value in state.values()
    )
    assert torch.equal(own["pyramid.lateral.2.weight"], state[f"backbone.fpn.inner_blocks.2{more}.weight"])
    assert torch.equal(own["pyramid.smooth.3.bias"], state[f"backbone.fpn.layer_blocks.3{more}.bias"])
    assert torch.equal(own["proposing.conv.weight"], state[f"rpn.head.conv{more}{more}.weight"])
    assert torch.equal(own["backbone.body.layer3.5.bn3.running_mean"], state["backbone.body.layer3.5.bn3.running_mean"])
    assert torch.equal(own["head.box.weight"], state["roi_heads.box_predictor.bbox_pred.weight"])
    assert len(spec.classes) == classes - 1
    assert provenance.sources == ()
    assert not model.training


def test_it_runs_at_a_size_that_no_stride_of_64_divides(tmp_path: Path) -> None:
    torch.save(state_dict(3), tmp_path / "two.pth")
    model, spec = load_torchvision(tmp_path / "two.pth")
    assert spec.classes == ("class 1", "class 2")
    with torch.no_grad():
        found = model(torch.rand(1, 3, 96, 160))
    assert found.region_scores.shape[1:] == (2,)
    assert all(values.isfinite().all() for values in found)


def test_norms_are_frozen_factors_without_an_epsilon(tmp_path: Path) -> None:
    torch.save(state_dict(3), tmp_path / "two.pth")
    model, _ = load_torchvision(tmp_path / "two.pth")
    norm = model.get_submodule("backbone.body.bn1")
    x = torch.randn(1, 64, 3, 3)
    scale = norm.weight / norm.running_var.sqrt()  # type: ignore[operator, union-attr]
    by_hand = x * scale.view(1, -1, 1, 1) + (norm.bias - norm.running_mean * scale).view(1, -1, 1, 1)  # type: ignore[operator, union-attr]
    torch.testing.assert_close(norm(x), by_hand)


def test_names_of_coco() -> None:
    """From COCO's own numbering: 1 person, 13 stop sign, 44 bottle, 90 toothbrush; 12 and 83 were never used."""
    classes = coco_classes()
    assert len(set(classes)) == 90
    assert [classes[number - 1] for number in (1, 13, 44, 62, 90)] == [
        "person", "stop sign", "bottle", "chair", "toothbrush",
    ]  # fmt: skip
    assert [classes[number - 1] for number in (12, 83)] == ["unused 12", "unused 83"]


def test_its_anchors_by_hand() -> None:
    """Size 32 at ratio ½ (height by width): 45.25 × 22.63, with half sides rounded to 23 and 11."""
    spec = torchvision_spec(("a",))
    assert spec.anchors_px[0] == ((46, 22), (32, 32), (22, 46))
    assert spec.anchors_px[4] == ((724, 362), (512, 512), (362, 724))


def test_its_boxes_by_hand() -> None:
    """Weights 10, 10, 5, 5, and growth up to 1000 / 16."""
    region = torch.tensor([100.0, 100, 200, 300])
    box = decode(torch.tensor([1.0, -2.0, 5 * math.log(2), 0.0]), region)
    assert box.tolist() == pytest.approx([150 + 10 - 100, 200 - 40 - 100, 150 + 10 + 100, 200 - 40 + 100])
    grown = decode(torch.tensor([0.0, 0, 99, 0]), region)
    assert (grown[2] - grown[0]).item() == pytest.approx(100 * 62.5, rel=1e-5)


def test_another_network_of_torchvision_is_refused(tmp_path: Path) -> None:
    state = state_dict(3)
    del state["roi_heads.box_head.fc7.weight"]
    state["roi_heads.box_head.5.weight"] = torch.zeros(4, 4)
    torch.save(state, tmp_path / "v2.pth")
    with pytest.raises(WeightsFileError, match=r"v2\.pth: no fasterrcnn_resnet50_fpn: head\.second\.weight is missing"):
        load_torchvision(tmp_path / "v2.pth")
    torch.save({"fc.weight": torch.zeros(3, 3)}, tmp_path / "resnet.pth")
    with pytest.raises(WeightsFileError, match="no Faster R-CNN of torchvision"):
        load_faster_rcnn(tmp_path / "resnet.pth")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(WeightsFileError, match="no such weights file"):
        load_faster_rcnn(tmp_path / "none.pth")
