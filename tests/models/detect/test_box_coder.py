import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from models.detect.box_coder import MAX_LOG_SIZE, decode_scale, flatten_scales
from models.detect.spec import YoloSpec


def spec_with_reach(scale_xy: float) -> YoloSpec:
    return YoloSpec(("a", "b"), (((8.0, 4.0), (16.0, 32.0)), ((64.0, 32.0), (128.0, 256.0))), scale_xy=scale_xy)


@settings(deadline=None)
@given(
    values=st.tuples(*[st.floats(-4, 4)] * 4),
    place=st.tuples(st.integers(0, 1), st.integers(0, 2), st.integers(0, 3)),
    reach=st.sampled_from([1.0, 1.05, 2.0]),
    scale=st.integers(0, 1),
)
def test_decodes_as_the_formula_says(
    values: tuple[float, ...], place: tuple[int, int, int], reach: float, scale: int
) -> None:
    """A scalar oracle of the paper's equations, with the channel order of the contract."""
    spec, (anchor, row, column) = spec_with_reach(reach), place
    raw = torch.zeros(1, 2 * 7, 3, 4)
    raw[0, anchor * 7 : anchor * 7 + 4, row, column] = torch.tensor(values)
    sigmoid = [1 / (1 + math.exp(-value)) for value in values[:2]]
    x, y = ((sigmoid[i] * reach - (reach - 1) / 2 + (column, row)[i]) * spec.strides[scale] for i in (0, 1))
    w, h = (spec.anchors_px[scale][anchor][i] * math.exp(values[2 + i]) for i in (0, 1))
    box = decode_scale(raw, spec, scale).boxes_xyxy[0, anchor, row, column]
    torch.testing.assert_close(box, torch.tensor([x - w / 2, y - h / 2, x + w / 2, y + h / 2]), rtol=1e-4, atol=1e-3)


def test_channels_come_apart_in_order() -> None:
    raw = torch.arange(14.0).view(1, 14, 1, 1)
    scale = decode_scale(raw, spec_with_reach(1.0), 0)
    assert scale.raw_boxes[0, 1, 0, 0].tolist() == [7, 8, 9, 10]
    assert scale.objectness[0, :, 0, 0].tolist() == [4, 11]
    assert scale.classes[0, 1, 0, 0].tolist() == [12, 13]


def test_a_wild_size_stays_finite() -> None:
    raw = torch.full((1, 14, 1, 1), 1000.0)
    boxes = decode_scale(raw, spec_with_reach(1.0), 0).boxes_xyxy
    assert torch.isfinite(boxes).all()
    assert (boxes[..., 2] - boxes[..., 0]).amax().item() == pytest.approx(16 * math.exp(MAX_LOG_SIZE), rel=1e-4)


def test_scores_are_objectness_times_class() -> None:
    raw = torch.zeros(1, 14, 2, 2)
    raw[0, 4, 0, 0], raw[0, 6, 0, 0] = 2.0, -1.0
    boxes, scores = flatten_scales([decode_scale(raw, spec_with_reach(1.0), i) for i in (0, 1)])
    assert boxes.shape == (1, 16, 4)
    assert scores.shape == (1, 16, 2)
    expected = torch.tensor([2.0]).sigmoid() * torch.tensor([0.0, -1.0]).sigmoid()
    torch.testing.assert_close(scores[0, 0], expected)
