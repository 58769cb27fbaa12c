from pathlib import Path

import pytest
import torch

from models.backbones.architecture import IMAGENET_MEAN, IMAGENET_STD
from models.backbones.features import FeatureExtractor
from models.backbones.registry import create
from models.detect.backbone import TABLES, YOLO_FASTEST_XL, backbone_table, build_backbone
from models.detect.spec import BackboneTable, InvertedRow, InvertedTable, NetworkTable, ResidualTable, YoloSpec
from models.detect.start import start_from
from models.detect.training import DetectorTraining
from models.detect.yolo_architecture import YOLO
from models.detect.yolo_settings import YoloSettings
from models.errors import RecipeError

SMALL_INVERTED = InvertedTable(4, (InvertedRow(6, 4, 1, 2), InvertedRow(8, 6, 2, 1), InvertedRow(12, 8, 2, 3)))
SMALL_RESIDUAL = ResidualTable((4, 8, 8), (0, 1, 2))


def test_backbones_go_by_name() -> None:
    assert backbone_table("fastest-xl") is YOLO_FASTEST_XL
    assert backbone_table("resnet18") == NetworkTable("resnet18", (2, 4, 8, 16, 32), (64, 64, 128, 256, 512))
    with pytest.raises(RecipeError, match="did you mean resnet18"):
        backbone_table("resnet81")
    with pytest.raises(RecipeError, match="whole strides"):
        backbone_table("lenet5")


def test_a_network_of_the_registry_feeds_a_detector_and_can_be_frozen_in_part(tmp_path: Path) -> None:
    spec = YoloSpec(("a",), (((8.0, 8.0),),) * 2, backbone=backbone_table("resnet18"), neck=(8, 8), input_size=64)
    training = DetectorTraining(YOLO, spec, YoloSettings(freeze=2, input_size=64))
    training.train()
    network = create("resnet18", 1)
    torch.save(network.state_dict(), tmp_path / "resnet18.pth")
    start_from(training.model, tmp_path / "resnet18.pth")
    pictures = torch.rand(2, 3, 64, 64)
    normalised = (pictures - torch.tensor(IMAGENET_MEAN).view(3, 1, 1)) / torch.tensor(IMAGENET_STD).view(3, 1, 1)
    expected = FeatureExtractor(network.eval(), ["layer3"])(normalised)["layer3"]
    torch.testing.assert_close(training.model.eval().backbone(pictures)[16], expected, rtol=1e-3, atol=1e-4)
    training.train()
    sum(head.sum() for head in training.model(pictures)).backward()  # type: ignore[union-attr]
    learning = {name for name, value in training.model.named_parameters() if value.grad is not None}
    still = {name for name, value in training.model.named_parameters() if not value.requires_grad}
    assert "backbone.body.layer2.0.conv1.weight" in learning
    assert "backbone.body.layer1.1.conv2.weight" in still
    norms = [training.model.backbone.get_submodule(f"body.layer{stage}.0.bn1") for stage in (1, 2)]
    assert [norm.training for norm in norms] == [False, True]
    assert not any(key.startswith("_frozen") for key in training.state_dict())


@pytest.mark.parametrize("table", [*TABLES.values(), SMALL_INVERTED, SMALL_RESIDUAL])
def test_the_table_says_what_the_network_gives(table: BackboneTable) -> None:
    with torch.device("meta"):
        maps = build_backbone(table).eval()(torch.zeros(2, 3, 64, 96))
    assert tuple(maps) == table.strides
    for stride, values in maps.items():
        assert values.shape == (2, table.width_at(stride), 64 // stride, 96 // stride)


def test_an_inverted_residual_adds_only_where_shapes_agree() -> None:
    torch.manual_seed(0)
    network = build_backbone(SMALL_INVERTED).eval()
    first, second = network.stages[0][1], network.stages[0][2]  # type: ignore[index]
    opening = network.stages[1][0]  # type: ignore[index]
    assert (first.added, second.added, opening.added) == (True, True, False)
    for block in (first, second):
        torch.nn.init.zeros_(block.narrow[1].weight)
    x = torch.rand(1, 4, 8, 8)
    torch.testing.assert_close(second(first(x)), x)
