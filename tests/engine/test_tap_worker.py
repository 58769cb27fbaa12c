"""The thread that looks into a network: the newest frame wins, failures are told once, nothing is left running."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from detector_app.engine.tap_worker import TapOrder, Tapped, TapWorker, default_layer
from detector_app.errors import DetectorError, ModelError
from detector_app.pipelines.inside.network import Inside, networks_of
from detector_app.pipelines.inside.sight import Sight
from detector_app.pipelines.loader import load_pipeline
from detector_app.vision.frame import Frame
from tests.onnx_files import tiny_anchor_model

DEADLINE_S = 20


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A detector of red and blue squares."""
    return str(tiny_anchor_model(tmp_path_factory.mktemp("model") / "squares.onnx"))


def frame_of(index: int = 0, size_hw: tuple[int, int] = (90, 160)) -> Frame:
    """Noise."""
    noise = np.random.default_rng(index).integers(0, 255, (*size_hw, 3), np.uint8)
    return Frame(noise, index, index / 10, 0.0, "noise")


class Watch:
    """A worker and what it has told."""

    def __init__(self) -> None:
        self.seen: queue.Queue[Tapped] = queue.Queue()
        self.errors: queue.Queue[DetectorError] = queue.Queue()
        self.worker = TapWorker(self.seen.put, self.errors.put)

    def look(self, order: TapOrder) -> Tapped:
        """What it says of this order."""
        self.worker.ask(order)
        return self.seen.get(timeout=DEADLINE_S)


@pytest.fixture
def watch() -> Iterator[Watch]:
    """A worker that is closed after the test."""
    found = Watch()
    yield found
    found.worker.close()
    found.worker.thread.join(DEADLINE_S)
    assert not found.worker.thread.is_alive()


def test_maps_of_the_frame_that_was_asked_for(watch: Watch, model: str) -> None:
    """Every layer, exactly as a session with that output gives it for what the pipeline prepares."""
    order = TapOrder(model, None, frame_of())
    first = watch.look(order)
    assert first.maps is not None
    assert first.maps.layer.tensor == default_layer(first.anatomy.layers)
    pipeline = load_pipeline(model)
    prepared = pipeline.prepare([order.frame])
    assert first.maps.letterbox == prepared.letterboxes[0]
    inside = Inside(networks_of(model)[0])
    for layer in first.anatomy.layers:
        found = watch.look(TapOrder(model, None, order.frame, layer=layer.tensor)).maps
        expected = inside.look(prepared.tensor, prepared.letterboxes[0], layer.tensor)
        assert found is not None
        assert expected is not None
        np.testing.assert_array_equal(found.values, expected.values)
        assert found.values.dtype == np.float32
        assert found.values.shape == (layer.channels, layer.height, layer.width)
    pipeline.close()


def test_the_models_own_output_is_one_of_the_layers(watch: Watch, model: str) -> None:
    """What the pipeline has decoded is what is shown."""
    frame = frame_of(3)
    pipeline = load_pipeline(model)
    outputs = pipeline.run(pipeline.prepare([frame])).outputs
    tapped = watch.look(TapOrder(model, None, frame))
    own = [layer for layer in tapped.anatomy.layers if layer.tensor in outputs]
    assert own
    for layer in own:
        maps = watch.look(TapOrder(model, None, frame, layer=layer.tensor)).maps
        assert maps is not None
        np.testing.assert_allclose(maps.values, outputs[layer.tensor][0], rtol=1e-4, atol=1e-5)
    pipeline.close()


def test_an_unknown_layer_becomes_the_default_one(watch: Watch, model: str) -> None:
    """As after another model was loaded."""
    found = watch.look(TapOrder(model, None, frame_of(), layer="nowhere"))
    assert found.maps is not None
    assert found.maps.layer.tensor == default_layer(found.anatomy.layers)


def test_the_newest_frame_wins(watch: Watch, model: str) -> None:
    """Of many orders the last is always answered, the others perhaps."""
    for index in range(50):
        watch.worker.ask(TapOrder(model, None, frame_of(index)))
    while (found := watch.seen.get(timeout=DEADLINE_S)).order.frame.index != 49:
        pass
    assert watch.seen.empty()
    assert found.maps is not None


def test_failures_are_told_once_and_do_not_end_it(watch: Watch, model: str, tmp_path: Path) -> None:
    """A model that is not there; afterwards another one works."""
    absent = str(tmp_path / "absent.onnx")
    watch.worker.ask(TapOrder(absent, None, frame_of()))
    assert isinstance(watch.errors.get(timeout=DEADLINE_S), ModelError)
    watch.worker.ask(TapOrder(absent, None, frame_of(1)))
    assert watch.look(TapOrder(model, None, frame_of(2))).maps is not None
    assert watch.errors.empty()


@pytest.mark.parametrize(("stage", "shape"), [(0, None), (1, (24, 24)), (2, (48, 48))])
def test_stages_of_a_cascade(watch: Watch, stage: int, shape: tuple[int, int] | None) -> None:
    """P-Net sees a level of the pyramid, the others a crop of the frame."""
    frame = frame_of(0, (120, 200))
    tapped = watch.look(TapOrder("mtcnn", None, frame, stage=stage, sight=Sight(level=1, crop=(30, 20, 90, 80))))
    assert [network.stage for network in tapped.networks] == ["pnet", "rnet", "onet"]
    assert tapped.maps is not None
    letterbox = tapped.maps.letterbox
    if shape is None:
        assert letterbox.seen_xyxy == (0, 0, 200, 120)
        assert letterbox.input_wh[0] < 200 * 0.6 * 0.709 + 2
    else:
        assert letterbox.input_wh == shape
        assert letterbox.seen_xyxy == (30, 20, 90, 80)
        last = tapped.anatomy.layers[-1]
        field = tapped.anatomy.field(last, last.height // 2, last.width // 2).in_source(letterbox)
        assert field is not None
        assert field[0] >= 30
        assert field[3] <= 80


def test_two_models_together_show_the_objects(watch: Watch) -> None:
    """The first of the two."""
    tapped = watch.look(TapOrder("desk-yolo+mtcnn", None, frame_of()))
    assert [network.path.name for network in tapped.networks] == ["desk-yolo.onnx"]


def test_a_classifier(watch: Watch) -> None:
    """Digits have maps, too, and the letterbox is the classifier's."""
    frame = frame_of(0, (50, 70))
    tapped = watch.look(TapOrder("lenet-digits", None, frame))
    pipeline = load_pipeline("lenet-digits")
    assert tapped.maps is not None
    assert tapped.maps.letterbox == pipeline.prepare([frame]).letterboxes[0]
    assert tapped.maps.layer.title == "ReLU 1 · 6 × 28 × 28"
    pipeline.close()
