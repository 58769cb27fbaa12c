"""NanoDet against a loop over its cells, on tensors of the shapes that its exporter documents; the published files are not here."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from detector_app.model_card import InputSpec, ModelCard, OutputSpec
from detector_app.pipelines.nanodet_decoder import STRIDES, NanodetDecoder, mean_distances, nanodet_decoder, role
from tests.pipelines.places import place_of

CLASSES = tuple(f"c{i}" for i in range(80))


def decoder_for(size_wh: tuple[int, int]) -> NanodetDecoder:
    outputs = [OutputSpec(f"{part}{stride}", role(part, stride)) for stride in STRIDES for part in ("scores", "sides")]
    card = ModelCard("n", "detect", "nanodet", InputSpec("i", size_wh[::-1]), tuple(outputs), CLASSES)
    decoder = nanodet_decoder(card)
    assert decoder is not None
    return decoder


def outputs_for(size_wh: tuple[int, int]) -> dict[str, NDArray[np.float32]]:
    """416 is not a multiple of 64: the last grid has 7 cells along a side, of which the last reaches beyond the edge."""
    rng, outputs = np.random.default_rng(1), {}
    for stride in STRIDES:
        cells = math.ceil(size_wh[0] / stride) * math.ceil(size_wh[1] / stride)
        outputs[f"scores{stride}"] = (rng.random((1, cells, 80)) ** 4).astype(np.float32)
        outputs[f"sides{stride}"] = rng.normal(0, 2, (1, cells, 32)).astype(np.float32)
    return outputs


@pytest.mark.parametrize("size_wh", [(416, 416), (320, 200)])
def test_the_same_as_cell_by_cell(size_wh: tuple[int, int]) -> None:
    outputs = outputs_for(size_wh)
    found = decoder_for(size_wh).decode(outputs, 0, 0.97)
    expected = []
    for stride in STRIDES:
        columns = math.ceil(size_wh[0] / stride)
        for cell, (classes, sides) in enumerate(
            zip(outputs[f"scores{stride}"][0], outputs[f"sides{stride}"][0], strict=True)
        ):
            row, column = divmod(cell, columns)
            distances = []
            for side in sides.reshape(4, 8).tolist():
                total = sum(math.exp(v) for v in side)
                distances.append(stride * sum(i * math.exp(v) / total for i, v in enumerate(side)))
            x, y = (column + 0.5) * stride, (row + 0.5) * stride
            left, top, right, bottom = distances
            if classes.max() >= 0.97:
                expected.append((int(classes.argmax()), float(classes.max()), x - left, y - top, x + right, y + bottom))
    assert len(found) == len(expected) > 10
    assert found.class_ids.tolist() == [row[0] for row in expected]
    np.testing.assert_allclose(found.scores, [row[1] for row in expected])
    np.testing.assert_allclose(found.xyxy, [row[2:] for row in expected], rtol=1e-4, atol=1e-3)


def test_a_certain_distribution_is_its_place() -> None:
    logits = np.full((1, 4, 8), -50, np.float32)
    for side, place in enumerate((0, 3, 5, 7)):
        logits[0, side, place] = 50
    np.testing.assert_allclose(mean_distances(logits.reshape(1, 32)), [[0, 3, 5, 7]], atol=1e-5)


def test_cell_of_a_candidate() -> None:
    outputs = outputs_for((416, 416))
    assert place_of(decoder_for((416, 416)), outputs, 52 * 52 + 26 + 1, (416, 416)) == (1, 16, 1, 1, 0)


def test_cells_that_make_no_grid_are_told() -> None:
    outputs = {**outputs_for((416, 416)), "scores8": np.ones((1, 7, 80), np.float32)}
    with pytest.raises(ValueError, match="7 cells do not make a grid of stride 8"):
        decoder_for((416, 416)).decode(outputs, 0, 0.5)
