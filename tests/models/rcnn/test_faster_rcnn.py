"""The whole network: shapes, no region at all, export, and a few pictures learnt by heart."""

from dataclasses import replace

import pytest
import torch

from models.detect.evaluation import Truth, mean_average_precision
from models.detect.targets import Targets
from models.rcnn.faster_architecture import FASTER_RCNN
from models.rcnn.faster_rcnn import FasterRcnn
from models.rcnn.faster_training import AlternatingFasterRcnn, begin_epoch, faster_loss, step_of
from models.rcnn.settings import FasterRcnnSettings
from models.rcnn.spec import FasterRcnnSpec
from tests.models.rcnn.tiny import FASTER, batch_of, learn, scene_sample

SETTINGS = FasterRcnnSettings(input_size=96, strides=(4, 8), learnt_together=40, regions_drawn=24, anchors_drawn=64)
NOBODY = Targets(torch.zeros(0, 4), torch.zeros(0, dtype=torch.int64), torch.zeros(0, dtype=torch.int64))


@pytest.fixture
def network() -> FasterRcnn:
    torch.manual_seed(0)
    return FasterRcnn(FASTER).eval()


def test_what_comes_out(network: FasterRcnn) -> None:
    with torch.no_grad():
        found = network(torch.rand(2, 3, 64, 96))
    count = len(found.proposals)
    assert found.region_scores.shape == (count, 2)
    assert found.region_boxes.shape == (count, 2, 4)
    assert found.picture_ids.dtype == torch.int64
    assert torch.bincount(found.picture_ids).tolist() == [20, 20]
    assert ((found.region_scores.sum(dim=1) < 1) & (found.region_scores > 0).all(dim=1)).all()
    assert found.proposals.min() >= 0
    assert (found.proposals.amax(dim=0) <= torch.tensor([96.0, 64, 96, 64])).all()
    assert ((found.objectness > 0) & (found.objectness < 1)).all()


def test_pictures_of_a_batch_do_not_touch_each_other(network: FasterRcnn) -> None:
    pictures = torch.rand(3, 3, 64, 64)
    with torch.no_grad():
        together, alone = network(pictures), network(pictures[1:2])
    own = together.picture_ids == 1
    for name in ("region_scores", "region_boxes", "proposals", "objectness"):
        torch.testing.assert_close(getattr(together, name)[own], getattr(alone, name), atol=1e-4, rtol=1e-4)


def test_no_proposal_at_all_is_an_answer(network: FasterRcnn) -> None:
    """Steps that shrink every anchor to nothing leave no region."""
    with torch.no_grad():
        network.proposing.box.bias.view(-1, 4)[:, 2:] = -40.0  # type: ignore[union-attr]
        found = network(torch.rand(2, 3, 64, 64))
    assert [len(values) for values in found] == [0] * 5
    assert found.region_boxes.shape == (0, 2, 4)


@pytest.mark.parametrize("changes", [{"strides": (8,), "pyramid": 0, "anchor_sizes": ((16.0, 32.0),), "roi": "max"},
                                     {"pool_level": True, "anchor_sizes": ((8.0,), (16.0,), (32.0,))}])  # fmt: skip
def test_an_export_agrees_at_other_sizes_and_batches(changes: dict[str, object]) -> None:
    torch.manual_seed(0)
    network = FasterRcnn(replace(FASTER, **changes)).eval()  # type: ignore[arg-type]
    dynamic = torch.export.Dim.DYNAMIC
    sizes = ({0: dynamic, 2: dynamic, 3: dynamic},)
    with torch.no_grad():
        program = torch.export.export(network, (torch.rand(2, 3, 64, 96),), dynamic_shapes=sizes, strict=False)
        for shape in ((1, 3, 96, 128), (3, 3, 160, 64)):
            pictures = torch.rand(shape)
            for exported, eager in zip(program.module()(pictures), network(pictures), strict=True):
                assert torch.equal(exported, eager)


def map50(network: FasterRcnn, pictures: torch.Tensor, targets: Targets) -> float:
    network.eval()
    with torch.no_grad():
        found = FASTER_RCNN.detect(network, pictures, NOBODY)
    network.train()
    truths = [
        Truth(targets.boxes_xyxy[targets.owners == i].numpy(), targets.labels[targets.owners == i].numpy())
        for i in range(len(pictures))
    ]
    return mean_average_precision(found, truths, FASTER.classes)["mAP50"]


def as_evaluated(network: FasterRcnn) -> None:
    """Batch norms by heart, too: their running means lag behind a few steps."""
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.momentum = 0.5


def test_a_few_pictures_are_learnt_by_heart() -> None:
    torch.manual_seed(1)
    network = FasterRcnn(FASTER)
    as_evaluated(network)
    pictures, targets = batch_of([scene_sample(seed) for seed in range(4)])
    told = learn(lambda: faster_loss(network, pictures, targets, SETTINGS), network.parameters(), 90)
    assert told[-1] < 0.5 * told[0]
    assert map50(network, pictures, targets) > 0.95


def test_the_four_steps_learn_one_after_the_other() -> None:
    torch.manual_seed(1)
    settings = replace(SETTINGS, schedule="alternating", epochs=4)
    network = FASTER_RCNN.build(FASTER, settings)
    assert isinstance(network, AlternatingFasterRcnn)
    as_evaluated(network)
    pictures, targets = batch_of([scene_sample(seed) for seed in range(4)])
    moved = []
    for epoch in range(4):
        before = {name: value.clone() for name, value in network.state_dict().items()}
        network.train()
        begin_epoch(network, epoch, settings)
        learn(lambda: faster_loss(network, pictures, targets, settings), network.parameters(), 60)
        after = network.state_dict()
        moved.append(
            {name.rsplit(".", 1)[0].split(".")[0] for name in after if not torch.equal(before[name], after[name])}
        )
    assert moved == [{"apart"}, {"backbone", "pyramid", "head"}, {"proposing"}, {"head"}]
    assert map50(network, pictures, targets) > 0.9


def test_epochs_are_shared_among_the_steps() -> None:
    assert [step_of(epoch, 8) for epoch in range(8)] == [1, 1, 2, 2, 3, 3, 4, 4]
    assert [step_of(epoch, 2) for epoch in range(2)] == [1, 3]
    assert {step_of(epoch, 61) for epoch in range(61)} == {1, 2, 3, 4}


def test_pictures_without_objects_teach_emptiness(network: FasterRcnn) -> None:
    network.train()
    losses = faster_loss(network, torch.rand(2, 3, 64, 64), NOBODY, SETTINGS)
    losses["total"].backward()
    assert losses["proposal_box"] == losses["region_box"] == 0
    assert losses["objectness"] > 0
    assert all(value.isfinite() for value in losses.values())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"classes": ("a", "a")}, "distinct"),
        ({"strides": (8, 4)}, "must ascend"),
        ({"strides": (3, 8)}, "not all among the backbone's"),
        ({"pyramid": 0}, "without a pyramid there is one map"),
        ({"roi": "mean"}, "roi is one of align, max"),
        ({"anchor_sizes": ((8.0,),)}, "2 levels need as many lists"),
        ({"anchor_sizes": ((8.0,), (8.0, 16.0))}, "same number of anchor sizes"),
        ({"anchor_ratios": ()}, "an anchor needs a ratio"),
    ],
)
def test_specs_that_cannot_be(changes: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        replace(FASTER, **changes)  # type: ignore[arg-type]


def test_anchors_are_told_per_level() -> None:
    assert FasterRcnnSpec(("a",)).anchors_px[0][:2] == ((34, 16), (50, 26))
