import math
from dataclasses import replace

import pytest
import torch

from models.detect.box_coder import decode_scale
from models.detect.loss import LossSettings, best_overlap, yolo_loss
from models.detect.spec import YoloSpec
from models.detect.targets import Targets

SPEC = YoloSpec(("a", "b"), (((16.0, 16.0),), ((64.0, 64.0),)), scale_xy=1.0)
PAPER = LossSettings(min_shape_iou=1.0)
BOX = Targets(
    torch.tensor([[40.0, 24.0, 56.0, 40.0]]), torch.tensor([1]), torch.tensor([0])
)  # centred on the corner of row 2, column 3
NONE = Targets(torch.zeros(0, 4), torch.zeros(0, dtype=torch.long), torch.zeros(0, dtype=torch.long))


def heads(value: float = 0.0) -> tuple[torch.Tensor, torch.Tensor]:
    """Raw heads for one 96×64 picture."""
    return torch.full((1, 7, 4, 6), value), torch.full((1, 7, 2, 3), value)


def sure(fine: torch.Tensor, coarse: torch.Tensor) -> None:
    """Writes the right answer for `BOX` into the heads: cell (2, 3), its corner, the anchor's own size, class b."""
    for head in (fine, coarse):
        head[:, 4] = -20
    fine[0, :, 2, 3] = torch.tensor([-20.0, -20.0, 0.0, 0.0, 20.0, -20.0, 20.0])


@pytest.mark.parametrize("settings", [PAPER, replace(PAPER, box_term="squared", objectness_target="one")])
def test_the_right_answer_costs_nothing(settings: LossSettings) -> None:
    fine, coarse = heads()
    sure(fine, coarse)
    assert yolo_loss((fine, coarse), BOX, SPEC, settings).total.item() == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize("settings", [PAPER, replace(PAPER, box_term="squared", objectness_target="one")])
@pytest.mark.parametrize(
    ("channel", "value", "term"), [(0, 0.0, "box"), (2, 1.0, "box"), (4, -3.0, "objectness"), (5, 2.0, "classes")]
)
def test_each_error_costs_its_own_term(settings: LossSettings, channel: int, value: float, term: str) -> None:
    fine, coarse = heads()
    sure(fine, coarse)
    fine[0, channel, 2, 3] = value
    losses = yolo_loss((fine, coarse), BOX, SPEC, settings)._asdict()
    assert losses.pop(term).item() > 0.1
    losses.pop("objectness", None)  # taught the IoU, it follows a wrong box; the other terms must not
    assert all(value.item() == pytest.approx(0, abs=1e-3) for value in losses.values())


def test_objectness_by_hand() -> None:
    """With raw zeros every place says 0.5 and none overlaps the box by more than 0.6 but its own."""
    settings = replace(PAPER, objectness_target="one", objectness_weight=1.0)
    fine, coarse = heads()
    losses = yolo_loss((fine, coarse), BOX, SPEC, settings)
    ignored = int((best_overlap(decode_scale(fine, SPEC, 0).boxes_xyxy.flatten(1, 3), BOX) > 0.6).sum())
    assert losses.objectness.item() == pytest.approx((30 - ignored + (ignored > 0)) * math.log(2), rel=1e-4)


def test_a_good_box_at_another_place_is_ignored_not_called_empty() -> None:
    fine, coarse = heads(-20.0)
    fine[0, :, 2, 3] = torch.tensor([-20.0, -20.0, 0.0, 0.0, 20.0, -20.0, 20.0])
    coarse[0, :, 1, 1] = torch.tensor([0.0, -20.0, math.log(0.25), math.log(0.25), 20.0, -20.0, 20.0])  # the same box
    assert yolo_loss((fine, coarse), BOX, SPEC, PAPER).objectness.item() == pytest.approx(0, abs=1e-3)
    strict = replace(PAPER, ignore_iou=1.1)
    assert yolo_loss((fine, coarse), BOX, SPEC, strict).objectness.item() > 10


def test_boxes_of_other_pictures_do_not_count() -> None:
    boxes = torch.tensor([[[40.0, 24.0, 56.0, 40.0]], [[40.0, 24.0, 56.0, 40.0]]])
    torch.testing.assert_close(best_overlap(boxes, BOX), torch.tensor([[1.0], [0.0]]))


@pytest.mark.parametrize("term", ["ciou", "squared"])
def test_a_batch_without_boxes_only_teaches_emptiness(term: str) -> None:
    raw = tuple(head.requires_grad_() for head in heads())
    losses = yolo_loss(raw, NONE, SPEC, LossSettings(box_term=term))
    assert losses.box.item() == 0
    assert losses.classes.item() == 0
    losses.total.backward()
    for head in raw:
        assert head.grad is not None
        assert (head.grad[:, 4] > 0).all()
        assert (head.grad[:, :4] == 0).all()


@pytest.mark.parametrize("term", ["ciou", "squared"])
def test_descending_the_loss_finds_the_box(term: str) -> None:
    """The loss, its targets and the decoder agree only if gradient descent on the raw values ends at the box."""
    raw = [head.requires_grad_() for head in heads()]
    wanted = Targets(torch.tensor([[30.0, 20.0, 62.0, 36.0]]), torch.tensor([0]), torch.tensor([0]))
    optimizer = torch.optim.Adam(raw, 0.1)
    for _ in range(150):
        optimizer.zero_grad()
        yolo_loss(tuple(raw), wanted, SPEC, replace(PAPER, box_term=term)).total.backward()
        optimizer.step()
    decoded = [decode_scale(head, SPEC, index) for index, head in enumerate(raw)]
    best = max(decoded, key=lambda scale: scale.objectness.max().item())
    where = best.objectness.flatten().argmax()
    torch.testing.assert_close(best.boxes_xyxy.reshape(-1, 4)[where], wanted.boxes_xyxy[0], atol=1.5, rtol=0)
    assert best.classes.reshape(-1, 2)[where].argmax().item() == 0


@pytest.mark.parametrize("changes", [{"box_term": "l1"}, {"objectness_target": "two"}])
def test_unknown_terms_are_refused(changes: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=next(iter(changes))):
        LossSettings(**changes)
