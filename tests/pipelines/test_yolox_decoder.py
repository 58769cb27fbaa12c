"""YOLOX against a loop over its cells, on tensors of the shapes that its exporter documents; the published files are not here."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from detector_app.model_card import InputSpec, ModelCard, OutputSpec, SizeRange
from detector_app.pipelines.yolox_decoder import ROLE, YoloxDecoder, yolox_decoder
from tests.pipelines.places import place_of

CLASSES = tuple(f"c{i}" for i in range(80))


def card(size_hw: tuple[int, int], *, dynamic: bool = False) -> ModelCard:
    spec = InputSpec("images", size_hw, SizeRange() if dynamic else None, scale=1.0)
    return ModelCard("x", "detect", "yolox", spec, (OutputSpec("output", ROLE),), CLASSES)


def decoder_for(size_wh: tuple[int, int]) -> YoloxDecoder:
    decoder = yolox_decoder(card(size_wh[::-1]))
    assert decoder is not None
    return decoder


def outputs_for(size_wh: tuple[int, int], batch: int = 1) -> NDArray[np.float32]:
    cells = sum((size_wh[0] // stride) * (size_wh[1] // stride) for stride in (8, 16, 32))
    rng = np.random.default_rng(1)
    raw = rng.normal(0, 1, (batch, cells, 85)).astype(np.float32)
    raw[..., 4:] = rng.random((batch, cells, 81)) ** 3
    return raw


@pytest.mark.parametrize("size_wh", [(640, 640), (416, 224)])
def test_the_same_as_cell_by_cell(size_wh: tuple[int, int]) -> None:
    raw = outputs_for(size_wh, batch=2)
    found = decoder_for(size_wh).decode({"output": raw}, 1, 0.7)
    expected, number = [], 0
    for stride in (8, 16, 32):
        for row in range(size_wh[1] // stride):
            for column in range(size_wh[0] // stride):
                x, y, w, h, objectness, *classes = raw[1, number].tolist()
                best = int(np.argmax(classes))
                if objectness * classes[best] >= 0.7:
                    cx, cy, half_w = (x + column) * stride, (y + row) * stride, math.exp(w) * stride / 2
                    half_h = math.exp(h) * stride / 2
                    box = (cx - half_w, cy - half_h, cx + half_w, cy + half_h)
                    expected.append((number, best, objectness * classes[best], *box))
                number += 1
    assert len(found) == len(expected) > 10
    assert found.ids.tolist() == [row[0] for row in expected]
    assert found.class_ids.tolist() == [row[1] for row in expected]
    np.testing.assert_allclose(found.scores, [row[2] for row in expected], rtol=1e-5)
    np.testing.assert_allclose(found.xyxy, [row[3:] for row in expected], rtol=1e-4, atol=1e-3)


def test_nothing_reaches_the_score() -> None:
    assert len(decoder_for((64, 64)).decode({"output": np.zeros((1, 84, 85), np.float32)}, 0, 0.1)) == 0


def test_cell_of_a_candidate() -> None:
    outputs = {"output": np.zeros((1, 84, 85), np.float32)}
    assert place_of(decoder_for((64, 64)), outputs, 64 + 5, (64, 64)) == (1, 16, 1, 1, 0)


def test_a_wild_exponent_stays_finite() -> None:
    raw = np.full((1, 84, 85), 1e30, np.float32)
    raw[..., 4:] = 1
    assert np.isfinite(decoder_for((64, 64)).decode({"output": raw}, 0, 0.5).xyxy[:, 2:]).all()


def test_what_the_outputs_must_look_like() -> None:
    assert decoder_for((640, 640)).axes(card((640, 640))) == {"output": (0, 8400, 85)}
    assert decoder_for((640, 640)).axes(card((640, 640), dynamic=True)) == {"output": (0, 0, 85)}
    assert yolox_decoder(ModelCard("x", "detect", "yolox", card((64, 64)).input, (OutputSpec("output", ROLE),))) is None
