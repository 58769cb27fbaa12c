"""The losses' values by hand, their gradients by finite differences, and a network that learns one batch by heart."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from models.detect.box_overlap import complete_iou, iou
from models.detect.evaluation import Truth, mean_average_precision, select
from models.detect.loading import collate
from models.detect.loss import LossSettings, yolo_loss
from models.detect.pictures import Sample
from models.detect.spec import InvertedRow, InvertedTable, NetworkTable, ResidualTable, YoloSpec
from models.detect.targets import Targets
from models.detect.yolo import Yolo
from tests.models.detect.drawn import COLOURS_BGR, random_scene
from tests.models.detect.test_loss import BOX, PAPER, SPEC, heads

LN2 = math.log(2)


@pytest.mark.parametrize(
    ("predicted", "target", "by_hand"),
    [
        # IoU 8 / 24; centres 2 apart in a hull with a diagonal of √52; the same shape.
        ((0, 0, 4, 4), (2, 0, 6, 4), 1 / 3 - 4 / 52),
        # They do not touch: only the distance is left, 10² of a hull of 14 × 4.
        ((0, 0, 4, 4), (10, 0, 14, 4), -100 / 212),
        # The same area turned: IoU 4 / 12, centres √2 apart in a hull of 4 × 4, v = 4/π² · (atan ½ − atan 2)² = 0.1678.
        ((0, 0, 4, 2), (0, 0, 2, 4), 1 / 3 - 2 / 32 - 0.16783**2 / (2 / 3 + 0.16783)),
    ],
)
def test_complete_iou_by_hand(predicted: tuple[int, ...], target: tuple[int, ...], by_hand: float) -> None:
    value = complete_iou(torch.tensor([predicted]).double(), torch.tensor([target]).double())
    assert value.item() == pytest.approx(by_hand, abs=1e-5)


def test_the_terms_by_hand() -> None:
    """All raw values are 0. The box has the anchor's size, its centre lies on the corner of its cell: sigmoid 0.5 for 0."""
    losses = yolo_loss(heads(), BOX, SPEC, replace(PAPER, box_term="squared", objectness_target="one"))
    smaller_counts_more = 2 - 16 * 16 / (96 * 64)
    assert losses.box.item() == pytest.approx(5 * 2 * LN2 * smaller_counts_more, rel=1e-5)
    assert losses.classes.item() == pytest.approx(2 * LN2, rel=1e-5)


def test_terms_are_means_over_the_responsible_places() -> None:
    twice = Targets(
        torch.cat((BOX.boxes_xyxy, BOX.boxes_xyxy + 16)), BOX.labels.repeat(2), BOX.owners.repeat(2)
    )  # the second in the cell to the lower right
    one, two = (yolo_loss(heads(), boxes, SPEC, replace(PAPER, box_term="squared")) for boxes in (BOX, twice))
    assert two.box.item() == pytest.approx(one.box.item(), rel=1e-5)
    assert two.classes.item() == pytest.approx(one.classes.item(), rel=1e-5)


def random_heads(seed: int) -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(head.shape, generator=generator, dtype=torch.float64) * 0.5 for head in heads()]


WANTED = Targets(
    torch.tensor([[30.0, 20.0, 62.0, 36.0], [5.0, 5.0, 19.0, 26.0]]).double(),
    torch.tensor([0, 1]),
    torch.tensor([0, 0]),
)


@pytest.mark.parametrize("min_shape_iou", [0.3, 1.0])
@pytest.mark.parametrize("reach", [1.0, 2.0])
def test_the_gradient_of_the_papers_loss_is_right(min_shape_iou: float, reach: float) -> None:
    settings = LossSettings(min_shape_iou=min_shape_iou, box_term="squared", objectness_target="one")
    spec = replace(SPEC, scale_xy=reach)
    raw = tuple(head.requires_grad_() for head in random_heads(0))
    assert torch.autograd.gradcheck(lambda *given: yolo_loss(given, WANTED, spec, settings).total, raw, fast_mode=True)


def test_the_gradient_of_objectness_is_right_when_it_is_taught_the_overlap() -> None:
    """What is taught does not depend on the logit: the box that it depends on is not moved by it."""
    fine, coarse = random_heads(1)

    def objectness(logits: torch.Tensor) -> torch.Tensor:
        shown = torch.cat((fine[:, :4], logits, fine[:, 5:]), dim=1)
        return yolo_loss((shown, coarse), WANTED, SPEC, LossSettings()).objectness

    assert torch.autograd.gradcheck(objectness, fine[:, 4:5].clone().requires_grad_(), fast_mode=True)


def test_the_gradient_of_complete_iou_is_right_with_its_weight_held_still() -> None:
    """The paper (section 3.3) treats the weight of the aspect term as a constant."""
    predicted = torch.tensor([[1.0, 2.0, 9.0, 7.0], [0.0, 0.0, 5.0, 3.0]], dtype=torch.float64)
    target = torch.tensor([[2.0, 1.0, 8.0, 9.0], [7.0, 2.0, 11.0, 12.0]], dtype=torch.float64)

    def aspect(boxes: torch.Tensor) -> torch.Tensor:
        angles = [torch.atan2(one[:, 2] - one[:, 0], one[:, 3] - one[:, 1]) for one in (boxes, target)]
        return 4 / math.pi**2 * (angles[1] - angles[0]) ** 2

    still = aspect(predicted) / (1 - iou(predicted, target) + aspect(predicted))

    def by_terms(boxes: torch.Tensor) -> torch.Tensor:
        hull = torch.maximum(boxes, target)[:, 2:] - torch.minimum(boxes, target)[:, :2]
        apart = (boxes - target).view(-1, 2, 2).mean(dim=1)
        distance = apart.square().sum(dim=1) / hull.square().sum(dim=1)
        return (iou(boxes, target) - distance - still * aspect(boxes)).sum()

    step = 1e-6
    numeric = torch.zeros_like(predicted)
    for place in range(predicted.numel()):
        nudge = torch.zeros(predicted.numel(), dtype=torch.float64)
        nudge[place] = step
        ahead, behind = (by_terms(predicted + sign * nudge.view_as(predicted)) for sign in (1, -1))
        numeric.view(-1)[place] = (ahead - behind) / (2 * step)
    predicted.requires_grad_()
    complete_iou(predicted, target).sum().backward()
    torch.testing.assert_close(predicted.grad, numeric, rtol=1e-5, atol=1e-6)


# One small network of each kind of backbone, neck and heads that can be trained.
INVERTED = InvertedTable(
    8,
    (InvertedRow(16, 8, 2, 1), InvertedRow(32, 16, 2, 1), InvertedRow(32, 16, 2, 2), InvertedRow(64, 24, 2, 2)),
)
LEARNERS: dict[str, dict[str, Any]] = {
    "residual, wide": {"backbone": ResidualTable((8, 16, 16, 24, 24), (0, 0, 0, 1, 0))},
    "residual, slim": {"backbone": ResidualTable((8, 16, 16, 24, 24), (0, 0, 0, 1, 0)), "heads": "slim"},
    "inverted, wide": {"backbone": INVERTED},
    "inverted, slim": {"backbone": INVERTED, "heads": "slim"},
    "network, wide": {
        "backbone": NetworkTable("resnet18", (2, 4, 8, 16), (64, 64, 128, 256)), "strides": (8, 16), "neck": (16, 16),
    },
}  # fmt: skip


@pytest.mark.parametrize("kind", LEARNERS)
def test_a_network_learns_one_batch_by_heart(kind: str) -> None:
    """With CIoU, for it can reach zero; the papers' cross entropy of a centre within its cell cannot."""
    settings = LossSettings()
    spec = YoloSpec(tuple(COLOURS_BGR), (((24.0, 28.0),), ((60.0, 60.0),)), **LEARNERS[kind])
    batch = collate([(seed, scene(seed)) for seed in (3, 4)])
    pictures = batch.pictures.float() / 255
    torch.manual_seed(0)
    model = Yolo(spec)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2, weight_decay=0.0)
    steps = 70 if kind.startswith("network") else 160  # large ones learn in fewer steps, each of which takes longer
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    totals = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = yolo_loss(model(pictures), batch.targets, spec, settings).total
        loss.backward()
        optimizer.step()
        schedule.step()
        totals.append(loss.item())
    assert totals[-1] < 0.05 * totals[0]
    with torch.no_grad():
        found = select(model(pictures), spec)
    boxes, labels, owners = (values.numpy() for values in batch.targets)
    truths = [Truth(boxes[owners == row], labels[owners == row]) for row in range(2)]
    assert mean_average_precision(found, truths, spec.classes)["mAP50"] == pytest.approx(1)


def scene(seed: int) -> Sample:
    """A drawn scene in a 96×96 frame."""
    picture, boxes = random_scene(seed)
    framed = np.full((96, 96, 3), 114, np.uint8)
    framed[16:80] = picture[..., ::-1]
    corners = np.array([box for _, box in boxes]) + np.array([0, 16, 0, 16])
    return Sample(framed, corners.astype(np.float32), np.array([list(COLOURS_BGR).index(name) for name, _ in boxes]))
