"""What is chosen inside the network, from look to look."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from detector_app.engine.tap_worker import TapOrder, Tapped
from detector_app.pipelines.inside.layers import Layer
from detector_app.pipelines.inside.nodes import Node, NodeGraph
from detector_app.pipelines.inside.sight import Anatomy, Maps, Network
from detector_app.ui.network.map_colours import Scaling, levels_of
from detector_app.ui.network.probe import Probe, strengths
from detector_app.vision.frame import Frame
from detector_app.vision.letterbox import Letterbox

GRAPH = NodeGraph(
    (Node("MaxPool", ("x",), ("y",), {"kernel_shape": (2, 2), "strides": (2, 2)}),), ("x",), ("y",), {}, 17
)


def tapped(values: np.ndarray, tensor: str = "y") -> Tapped:
    """A look at maps of these values, of a pooling that halves the sides."""
    channels, height, width = values.shape
    layer = Layer(tensor, "Max pool", 1, channels, height, width)
    shape = (1, channels, 2 * height, 2 * width)
    anatomy = Anatomy(GRAPH, {"x": shape, "y": (1, *values.shape)}, (layer,), "x")
    letterbox = Letterbox.stretch((4 * width, 4 * height), (2 * width, 2 * height))
    frame = Frame(np.zeros((4 * height, 4 * width, 3), np.uint8), 0, 0.0, 0.0, "f")
    network = Network(Path("m.onnx"), None)  # type: ignore[arg-type]
    return Tapped(TapOrder("m", None, frame), (network,), anatomy, Maps(layer, values.astype(np.float32), letterbox))


def values(peaks: list[tuple[int, int, float]], side: int = 4) -> np.ndarray:
    """One map for each peak: its place and value."""
    found = np.zeros((len(peaks), side, side), np.float32)
    for i, (row, column, value) in enumerate(peaks):
        found[i, row, column] = value
    return found


def test_the_strongest_unit_and_its_peak_are_chosen_first() -> None:
    probe = Probe()
    probe.show(tapped(values([(0, 1, 2), (3, 2, 5), (1, 1, 4)])))
    assert (probe.unit, probe.row, probe.column, probe.value) == (1, 3, 2, 5)
    probe.show(tapped(values([(0, 1, 9), (2, 0, 5), (1, 1, 4)])))
    assert (probe.unit, probe.row, probe.column) == (1, 2, 0)  # its peak has moved; the unit stays


def test_a_chosen_place_stays() -> None:
    probe = Probe()
    probe.show(tapped(values([(0, 1, 2), (3, 2, 5)])))
    probe.choose(0, 2, 3)
    probe.show(tapped(values([(1, 1, 2), (0, 0, 5)])))
    assert (probe.unit, probe.row, probe.column) == (0, 2, 3)
    probe.move(5, -9)
    assert (probe.row, probe.column) == (3, 0)
    probe.choose(0)
    assert (probe.row, probe.column) == (1, 1)
    probe.show(tapped(values([(0, 0, 1), (1, 0, 8)]), "other"))
    assert probe.unit == 1


def test_order_by_strength() -> None:
    probe = Probe()
    probe.show(tapped(values([(0, 1, 2), (3, 2, 5), (1, 1, 4)])))
    assert probe.order == [0, 1, 2]
    probe.set_by_strength(True)
    assert probe.order == [1, 2, 0]
    probe.choose_beside(1)
    assert probe.unit == 2
    probe.choose_beside(10)
    assert probe.unit == 0


def test_the_field_of_the_chosen_activation() -> None:
    probe = Probe()
    probe.show(tapped(values([(0, 1, 2)])))
    assert probe.field().xyxy == (2, 0, 4, 2)
    assert probe.field() is probe.field()
    probe.move(1, 0)
    assert probe.field().xyxy == (2, 2, 4, 4)


def test_nothing_to_look_at() -> None:
    probe = Probe()
    probe.choose(3, 1, 1)
    probe.set_by_strength(True)
    probe.set_scaling(Scaling(True, True))
    assert probe.field().xyxy is None
    assert math.isnan(probe.value)
    probe.show(tapped(values([(0, 0, 1)])))
    probe.show(None)
    assert probe.order == []


def test_values_that_are_not_finite() -> None:
    broken = values([(0, 1, 2), (0, 0, 0), (1, 1, 3)])
    broken[1] = np.nan
    broken[2, 0, 0] = np.inf
    assert strengths(broken).tolist() == [2, -np.inf, 3]
    probe = Probe()
    probe.show(tapped(broken))
    assert (probe.unit, probe.row, probe.column) == (2, 1, 1)
    probe.choose(1)
    assert (probe.row, probe.column) == (0, 0)
    assert probe.bounds.tolist() == [[0, 2], [0, 0], [0, 3]]


@pytest.mark.parametrize(
    ("scaling", "expected"),
    [
        (Scaling(), [[-1, 2], [0, 8]]),
        (Scaling(together=True), [[-1, 8], [-1, 8]]),
        (Scaling(around_zero=True), [[-2, 2], [-8, 8]]),
        (Scaling(together=True, around_zero=True), [[-8, 8], [-8, 8]]),
    ],
)
def test_bounds_of_colours(scaling: Scaling, expected: list[list[float]]) -> None:
    maps = np.array([[[-1, 0], [1, 2]], [[0, 4], [8, 2]]], np.float32)
    assert scaling.bounds(maps).tolist() == expected


def test_levels() -> None:
    row = np.array([[-9, 0, 1, 2, 9, np.nan, np.inf]], np.float32)
    assert levels_of(row, 0, 2).tolist() == [[0, 0, 128, 255, 255, 0, 255]]
    assert levels_of(row, 3, 3).max() == 0
