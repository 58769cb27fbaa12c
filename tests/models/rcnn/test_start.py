"""What a region network may start from: the backbone of another detector, of Darknet, or of a classifier."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from models.backbones.registry import create
from models.detect.backbone import YOLO_FASTEST_XL, backbone_table
from models.detect.checkpoint import save_yolo
from models.detect.spec import YoloSpec
from models.detect.start_backbone import start_backbone
from models.detect.yolo import Yolo
from models.errors import WeightsFileError
from models.provenance import Provenance
from models.rcnn.checkpoint import save_faster_rcnn
from models.rcnn.faster_architecture import FASTER_RCNN
from models.rcnn.faster_rcnn import FasterRcnn
from models.rcnn.settings import FasterRcnnSettings
from tests.models.rcnn.tiny import BACKBONE, FASTER


def test_from_a_yolo_with_the_same_backbone(tmp_path: Path) -> None:
    yolo = Yolo(YoloSpec(("a",), (((8.0, 8.0),),), (32,), BACKBONE, input_size=64))
    save_yolo(tmp_path / "yolo.safetensors", yolo, Provenance())
    network = FasterRcnn(FASTER)
    started = start_backbone(network, tmp_path / "yolo.safetensors")
    assert started.taken == len(yolo.backbone.state_dict())
    for name, value in yolo.backbone.state_dict().items():
        assert torch.equal(network.backbone.state_dict()[name], value)


def test_from_its_own_kind_whatever_fits_is_taken(tmp_path: Path) -> None:
    before = FasterRcnn(FASTER)
    save_faster_rcnn(tmp_path / "before.safetensors", before, Provenance())
    network = FasterRcnn(replace(FASTER, classes=("x", "y", "z")))
    started = start_backbone(network, tmp_path / "before.safetensors")
    assert started.of - started.taken == 4  # weights and biases of the last two layers
    assert torch.equal(network.head.first.weight, before.head.first.weight)


def test_from_a_classifier_of_the_backbones_network(tmp_path: Path) -> None:
    torch.manual_seed(0)
    classifier = create("resnet18", 5)
    torch.save(classifier.state_dict(), tmp_path / "resnet18.pth")
    network = FasterRcnn(replace(FASTER, backbone=backbone_table("resnet18"), strides=(8, 16)))
    start_backbone(network, tmp_path / "resnet18.pth")
    assert torch.equal(
        network.get_parameter("backbone.body.layer2.0.conv1.weight"), classifier.get_parameter("layer2.0.conv1.weight")
    )


def test_from_darknet(shared_data: Path) -> None:
    path = shared_data / "weights/yolo_fastest/yolo-fastest-1.1_coco/yolo-fastest-1.1-xl.weights"
    network = FasterRcnn(replace(FASTER, backbone=YOLO_FASTEST_XL, strides=(8, 16)))
    started = start_backbone(network, path)
    tensors = [name for name in network.backbone.state_dict() if not name.endswith("num_batches_tracked")]
    assert started.taken >= len(tensors)


def test_another_backbone_is_refused(tmp_path: Path) -> None:
    save_faster_rcnn(tmp_path / "small.safetensors", FasterRcnn(FASTER), Provenance())
    network = FasterRcnn(replace(FASTER, backbone=backbone_table("resnet18"), strides=(8, 16)))
    with pytest.raises(WeightsFileError, match="has another backbone"):
        start_backbone(network, tmp_path / "small.safetensors")


def test_both_backbones_of_alternating_training_start_alike(tmp_path: Path) -> None:
    save_faster_rcnn(tmp_path / "before.safetensors", FasterRcnn(FASTER), Provenance())
    network = FASTER_RCNN.build(FASTER, FasterRcnnSettings(schedule="alternating", strides=(4, 8)))
    FASTER_RCNN.start(network, tmp_path / "before.safetensors")
    own = network.state_dict()
    shared = [name for name in own if name.startswith("backbone.")]
    assert shared
    assert all(torch.equal(own[name], own[f"apart.{name}"]) for name in shared)
