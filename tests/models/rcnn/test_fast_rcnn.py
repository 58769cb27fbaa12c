"""Fast R-CNN: regions in, judgements in the same order out; which level a region is cut from; a few pictures by heart."""

import numpy as np
import pytest
import torch

from models.detect.evaluation import Truth, mean_average_precision
from models.detect.pictures import REGION
from models.rcnn.fast_architecture import FAST_RCNN
from models.rcnn.fast_rcnn import FastRcnn
from models.rcnn.region_features import RegionFeatures
from models.rcnn.region_head import BACKGROUND, HeadExamples, Judged, head_examples, head_loss, scores_and_boxes
from models.rcnn.settings import FastRcnnSettings
from models.rcnn.spec import FasterRcnnSpec, FastRcnnSpec
from tests.models.rcnn.tiny import FAST, batch_of, learn, scene_sample, with_drawn_regions

SETTINGS = FastRcnnSettings(input_size=96, strides=(4, 8), regions_drawn=24)


def test_judgements_come_in_the_order_of_the_regions() -> None:
    torch.manual_seed(0)
    network = FastRcnn(FAST).eval()
    pictures = torch.rand(2, 3, 64, 96)
    regions = torch.tensor([[1.0, 0, 0, 90, 60], [0, 3, 3, 9, 9], [1, 4, 4, 12, 30], [0, 0, 0, 96, 64]])
    with torch.no_grad():
        together = network(pictures, regions)
        alone = [network(pictures, row[None]) for row in regions]
    torch.testing.assert_close(together.region_scores, torch.cat([one.region_scores for one in alone]))
    torch.testing.assert_close(together.region_boxes, torch.cat([one.region_boxes for one in alone]))


@pytest.mark.parametrize("roi", ["align", "max"])
def test_no_region_at_all_is_a_question_too(roi: str) -> None:
    network = FastRcnn(FastRcnnSpec(**{**vars(FAST), "roi": roi})).eval()
    with torch.no_grad():
        found = network(torch.rand(1, 3, 64, 64), torch.zeros(0, 5))
    assert found.region_scores.shape == (0, 2)
    assert found.region_boxes.shape == (0, 2, 4)


@pytest.mark.parametrize("roi", ["align", "max"])
def test_an_export_takes_any_number_of_regions(roi: str) -> None:
    network = FastRcnn(FastRcnnSpec(**{**vars(FAST), "roi": roi})).eval()
    dynamic = torch.export.Dim.DYNAMIC
    sizes = ({0: dynamic, 2: dynamic, 3: dynamic}, {0: dynamic})
    regions = torch.tensor([[0.0, 1, 1, 30, 30], [1, 5, 9, 60, 50], [0, 3, 3, 8, 8]])
    with torch.no_grad():
        program = torch.export.export(network, (torch.rand(2, 3, 64, 96), regions), dynamic_shapes=sizes, strict=False)
        others = torch.rand(1, 3, 96, 64)
        for some in (regions[:1], regions[[0, 2, 0, 2, 2]], regions[:0]):
            for exported, eager in zip(program.module()(others, some), network(others, some), strict=True):
                assert torch.equal(exported, eager)


def test_levels_by_hand() -> None:
    """FPN, equation 1, with 224 on level 4 (stride 16): 112 to 224 px on level 3, up to 112 px on level 2."""
    spec = FasterRcnnSpec(
        ("a",), strides=(4, 8, 16, 32), canonical_px=224, anchor_sizes=((8.0,), (16.0,), (32.0,), (64.0,))
    )
    sides = [8, 100, 111, 113, 223, 225, 447, 449, 2000]
    regions = torch.tensor([[0.0, 10, 10, 10 + side, 10 + side] for side in sides])
    assert RegionFeatures(spec).levels(regions).tolist() == [0, 0, 0, 1, 1, 2, 2, 3, 3]
    # The area counts, not the shape; and a region without any is small.
    odd = torch.tensor([[0.0, 0, 0, 50, 450], [0, 5, 5, 5, 9], [0, 9, 9, 2, 2]])
    assert RegionFeatures(spec).levels(odd).tolist() == [1, 0, 0]


def test_regions_are_cut_from_the_level_they_belong_to() -> None:
    cutting = RegionFeatures(FAST)
    maps = [torch.full((1, 16, 24, 24), 1.0), torch.full((1, 16, 12, 12), 2.0)]
    regions = torch.tensor([[0.0, 4, 4, 60, 60], [0, 4, 4, 20, 20], [0, 8, 8, 70, 70]])
    order, features = cutting(maps, regions)
    assert sorted(order.tolist()) == [0, 1, 2]
    assert {int(row): float(grid.mean()) for row, grid in zip(order, features, strict=True)} == {0: 2.0, 1: 1.0, 2: 2.0}


def test_the_loss_by_hand() -> None:
    """Two regions, logits 0: ln 3 each. The positive's box is off by 0.2 · 10 steps in x: smooth L1 is 2 − β/2."""
    judged = Judged(torch.zeros(2, 3), torch.zeros(2, 3, 4))
    regions = torch.tensor([[0.0, 0, 0, 10, 10], [0, 50, 50, 60, 60]])
    boxes = torch.tensor([[2.0, 0, 12, 10], [50, 50, 60, 60]])
    losses = head_loss(judged, HeadExamples(regions, torch.tensor([2, BACKGROUND]), boxes))
    assert losses["region_class"].item() == pytest.approx(np.log(3))
    assert losses["region_box"].item() == pytest.approx((2 - 1 / 18) / 2)


def test_examples_of_a_picture_are_its_own() -> None:
    pictures, targets = batch_of([scene_sample(0), scene_sample(1)])
    examples = head_examples(torch.zeros(0, 5), targets, len(pictures), 10, 0.5)
    assert examples.regions[:, 0].tolist() == [0, 0, 1, 1]  # without proposals the objects themselves remain
    assert sorted(examples.labels.tolist()) == [1, 1, 2, 2]
    torch.testing.assert_close(examples.regions[:, 1:], examples.boxes)


def test_scores_leave_the_background_out() -> None:
    judged = Judged(torch.tensor([[9.0, 0, 0]]), torch.zeros(1, 3, 4))
    scores, boxes = scores_and_boxes(judged, torch.tensor([[0.0, 1, 2, 3, 4]]))
    assert scores.sum().item() < 0.01
    assert boxes.tolist() == [[[1, 2, 3, 4], [1, 2, 3, 4]]]


def test_a_few_pictures_are_learnt_by_heart() -> None:
    torch.manual_seed(1)
    rng = np.random.default_rng(0)
    network = FastRcnn(FAST)
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.momentum = 0.5
    pictures, targets = batch_of([with_drawn_regions(scene_sample(seed), 20, rng) for seed in range(4)])
    told = learn(lambda: FAST_RCNN.loss(network, pictures, targets, SETTINGS), network.parameters(), 70)
    assert told[-1] < 0.3 * told[0]
    with torch.no_grad():
        found = FAST_RCNN.detect(network.eval(), pictures, targets)
    own = targets.labels != REGION
    truths = [
        Truth(*(values[own & (targets.owners == i)].numpy() for values in (targets.boxes_xyxy, targets.labels)))
        for i in range(4)
    ]
    assert mean_average_precision(found, truths, FAST.classes)["mAP50"] > 0.95
