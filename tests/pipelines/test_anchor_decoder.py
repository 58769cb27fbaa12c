"""Anchor heads against the papers' formulas, one number at a time."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector_app.model_card import AnchorHead
from detector_app.pipelines.anchor_decoder import AnchorDecoder
from tests.pipelines.places import place_of

V3 = AnchorHead("a", 16, ((10.0, 14.0), (23.0, 27.0)))
V4 = replace(V3, output="b", stride=32, anchors_wh_px=((81.0, 82.0),), scale_xy=1.1)
KINDS = {
    "v3": (V3, replace(V3, output="b", stride=32)),
    "v4 scales": (replace(V3, scale_xy=1.2), V4),
    "v2 softmax": (replace(V3, class_activation="softmax"),),
    "scaled v4": (replace(V3, box_transform="square", scale_xy=2.0),),
    "activated": (replace(V3, box_transform="square", scale_xy=2.0, activated=True),),
    "activated, exponential": (replace(V3, activated=True),),
    "of two kinds": (V3, replace(V4, box_transform="square", class_activation="softmax")),
}


def sigmoid(t: float) -> float:
    return 1 / (1 + math.exp(-t))


def brute_force(heads: tuple[AnchorHead, ...], outputs: dict[str, np.ndarray], image: int, score: float) -> list[tuple]:
    """(id, class, score, box) of everything that reaches the score."""
    found, number = [], 0
    for head in heads:
        raw = outputs[head.output][image].astype(np.float64)
        per_anchor = len(raw) // len(head.anchors_wh_px)
        for a, (anchor_w, anchor_h) in enumerate(head.anchors_wh_px):
            for i in range(raw.shape[1]):
                for j in range(raw.shape[2]):
                    t = raw[a * per_anchor : (a + 1) * per_anchor, i, j]
                    s = [float(v) if head.activated else sigmoid(v) for v in t]
                    e = [v / (1 - v) if head.activated else math.exp(v) for v in t]
                    classes = s[5:]
                    if head.class_activation == "softmax":
                        classes = [v / sum(e[5:]) for v in e[5:]]
                    x, y = (
                        (s[k] * head.scale_xy - (head.scale_xy - 1) / 2 + c) * head.stride for k, c in ((0, j), (1, i))
                    )
                    square = head.box_transform == "square"
                    w, h = ((2 * s[k]) ** 2 if square else e[k] for k in (2, 3))
                    w, h = w * anchor_w, h * anchor_h
                    box = (x - w / 2, y - h / 2, x + w / 2, y + h / 2)
                    found += [(number, c, s[4] * p, box) for c, p in enumerate(classes) if s[4] * p >= score]
                    number += 1
    return found


def random_outputs(heads: tuple[AnchorHead, ...], classes: int, seed: int, batch: int = 2) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    outputs = {}
    for head in heads:
        shape = (batch, len(head.anchors_wh_px) * (5 + classes), 3, 4)
        raw = rng.uniform(0.01, 0.9, shape) if head.activated else rng.normal(0, 1.5, shape)
        outputs[head.output] = raw.astype(np.float32)
    return outputs


@pytest.mark.parametrize("heads", KINDS.values(), ids=list(KINDS))
@settings(max_examples=20)
@given(seed=st.integers(0, 999), score=st.sampled_from([0.0, 0.05, 0.3, 0.6]), image=st.integers(0, 1))
def test_agrees_with_brute_force(heads: tuple[AnchorHead, ...], seed: int, score: float, image: int) -> None:
    outputs = random_outputs(heads, 3, seed)
    found = AnchorDecoder(heads).decode(outputs, image, score)
    expected = brute_force(heads, outputs, image, score)
    assert list(zip(found.ids.tolist(), found.class_ids.tolist(), strict=True)) == [row[:2] for row in expected]
    np.testing.assert_allclose(found.scores, [row[2] for row in expected], atol=2e-6)
    np.testing.assert_allclose(found.xyxy, np.array([row[3] for row in expected]).reshape(-1, 4), rtol=2e-5, atol=1e-3)


def test_a_place_with_two_likely_classes_is_two_candidates() -> None:
    raw = np.zeros((1, 7, 1, 1), np.float32)
    raw[0, 4:, 0, 0] = 9, 3, 2
    head = AnchorHead("a", 16, ((8.0, 8.0),))
    found = AnchorDecoder((head,)).decode({"a": raw}, 0, 0.5)
    assert found.class_ids.tolist() == [0, 1]
    assert found.ids.tolist() == [0, 0]
    assert found.xyxy[0].tolist() == found.xyxy[1].tolist() == [4, 4, 12, 12]


def test_a_head_without_classes_gives_objectness() -> None:
    raw = np.full((1, 5, 1, 1), 2, np.float32)
    found = AnchorDecoder((AnchorHead("a", 16, ((8.0, 8.0),)),)).decode({"a": raw}, 0, 0.5)
    assert found.scores == pytest.approx(sigmoid(2))
    assert found.class_ids.tolist() == [0]


@pytest.mark.parametrize("value", [1e30, -1e30, 88.0, np.inf])
def test_wild_logits_overflow_nothing(value: float) -> None:
    raw = np.full((1, 6, 2, 2), value, np.float32)
    raw[:, 4:] = 20
    found = AnchorDecoder((AnchorHead("a", 16, ((8.0, 8.0),)),)).decode({"a": raw}, 0, 0.5)
    assert len(found) == 4
    assert np.isfinite(found.xyxy).all()


def test_not_a_number_is_no_candidate() -> None:
    raw = np.full((1, 6, 2, 2), np.nan, np.float32)
    assert len(AnchorDecoder((AnchorHead("a", 16, ((8.0, 8.0),)),)).decode({"a": raw}, 0, 0.0)) == 0


def test_place_names_head_cell_and_anchor() -> None:
    heads = KINDS["v4 scales"]
    outputs = random_outputs(heads, 3, 0)
    decoder = AnchorDecoder(heads)
    assert place_of(decoder, outputs, 2 * 12 - 1, (64, 48)) == (0, 16, 2, 3, 1)
    assert place_of(decoder, outputs, 2 * 12 + 5, (64, 48)) == (1, 32, 1, 1, 0)
