"""Two real models on the same frames: pairs that match, thresholds without inference, failures apart, and nothing left open."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from detector_app.engine.comparison import NotComparableError, OwnThresholds, own_at_first, second_settings
from detector_app.errors import ModelNotFoundError
from detector_app.pipelines.pipeline import DetectSettings
from detector_app.pipelines.session import OnnxSession
from detector_app.vision.agreement import Tally, agree
from tests.engine.witness import Engine
from tests.onnx_files import tiny_card, tiny_classifier


def has_second(engine: Engine) -> bool:
    latest = engine.controller.latest()
    return latest is not None and latest.second is not None


def test_both_models_look_at_every_frame(paused: Engine, media: Path) -> None:
    paused.controller.compare_with(str(media / "squares.onnx"))
    paused.witness.wait("it", lambda: has_second(paused))
    state = paused.controller.state
    assert (state.second_name, state.second_loading) == (str(media / "squares.onnx"), False)
    assert state.second_model == state.model
    for index in (7, 3, 20):
        paused.controller.seek_index(index)
        paused.witness.wait("it", lambda index=index: paused.controller.latest().frame.index == index)
        result = paused.controller.latest()
        assert agree(result.detections, result.second.detections).total == Tally(both=len(result.detections))
        np.testing.assert_array_equal(result.detections.xyxy, result.second.detections.xyxy)
        assert result.second.timings.run_ms > 0


def test_thresholds_act_on_the_second_without_inference(paused: Engine, media: Path) -> None:
    controller = paused.controller
    controller.compare_with(str(media / "squares.onnx"))
    paused.witness.wait("it", lambda: has_second(paused) and len(controller.latest().second.detections) > 0)
    runs = controller.inference_count
    controller.comparison.set_own(OwnThresholds(0.999, 0.5))
    paused.witness.wait("it", lambda: len(controller.latest().second.detections) == 0)
    assert len(controller.latest().detections) > 0, "the first has its own"
    controller.comparison.set_own(None)
    paused.witness.wait("it", lambda: len(controller.latest().second.detections) > 0)
    controller.change_settings(replace(controller.settings, score=0.999))
    paused.witness.wait(
        "it", lambda: not len(controller.latest().second.detections) and not len(controller.latest().detections)
    )
    assert controller.inference_count == runs


def test_comparing_ends_at_once_and_costs_nothing_then(paused: Engine, media: Path) -> None:
    controller = paused.controller
    controller.compare_with(str(media / "other.onnx"))
    paused.witness.wait("it", lambda: has_second(paused))
    controller.compare_with(None)
    paused.witness.wait("it", lambda: not has_second(paused))
    assert (controller.state.second_model, controller.state.second_name) == (None, "")
    runs = controller.inference_count
    controller.seek_index(5)
    paused.witness.wait("it", lambda: controller.latest().frame.index == 5)
    assert controller.inference_count == runs + 1


def test_a_second_model_that_cannot_be_loaded_leaves_all_as_it_was(paused: Engine, media: Path) -> None:
    controller = paused.controller
    controller.compare_with(str(media / "squares.onnx"))
    paused.witness.wait("it", lambda: has_second(paused))
    controller.compare_with(str(media / "absent.onnx"))
    paused.witness.wait("it", lambda: bool(paused.witness.errors))
    assert isinstance(paused.witness.errors[0], ModelNotFoundError)
    paused.witness.wait("it", lambda: not controller.state.second_loading)
    assert controller.state.second_name == str(media / "squares.onnx")


def test_a_classifier_is_refused(paused: Engine, tmp_path: Path) -> None:
    path = tiny_classifier(tmp_path / "classifier.onnx")
    paused.controller.compare_with(str(path))
    paused.witness.wait("it", lambda: bool(paused.witness.errors))
    assert isinstance(paused.witness.errors[0], NotComparableError)
    assert paused.controller.state.second_model is None


def test_a_second_model_that_fails_is_told_once_and_the_first_goes_on(
    paused: Engine, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller = paused.controller
    controller.compare_with(str(media / "other.onnx"))
    paused.witness.wait("it", lambda: has_second(paused))
    seat = controller._inference.second
    broken = seat._current
    monkeypatch.setattr(broken, "run", lambda _prepared: 1 // 0)
    for index in (4, 9):
        controller.seek_index(index)
        paused.witness.wait("it", lambda index=index: controller.latest().frame.index == index)
        assert len(controller.latest().detections) > 0
        assert controller.latest().second is None
    assert len(paused.witness.errors) == 1


def test_one_that_is_not_wanted_any_more_is_not_used(paused: Engine, media: Path) -> None:
    controller = paused.controller
    controller.compare_with(str(media / "other.onnx"))
    controller.compare_with(None)
    (thread,) = controller.comparison.close()  # nothing more is loaded
    thread.join(30)
    assert not thread.is_alive()
    assert (controller.state.second_model, controller.state.second_loading) == (None, False)
    controller.seek_index(3)
    paused.wait_frame(3)
    assert not has_second(paused)


def test_another_first_model_leaves_the_second(paused: Engine, media: Path) -> None:
    controller = paused.controller
    controller.compare_with(str(media / "squares.onnx"))
    paused.witness.wait("it", lambda: has_second(paused))
    controller.load_model(str(media / "other.onnx"))
    paused.wait_model(media / "other.onnx")
    controller.seek_index(8)
    paused.wait_frame(8)
    assert has_second(paused)
    assert controller.state.second_name == str(media / "squares.onnx")


def test_a_cascade_beside_a_detector_is_ended_in_the_middle_of_a_run(media: Path) -> None:
    with Engine() as engine:
        engine.controller.load_model(str(media / "squares.onnx"))
        engine.wait_model(media / "squares.onnx")
        engine.controller.open(str(media / "video.mp4"))
        engine.controller.compare_with("mtcnn")
        engine.witness.wait("faces", lambda: has_second(engine))
        engine.controller.compare_with(None)
        engine.witness.wait("no faces", lambda: not has_second(engine))
        engine.controller.compare_with("mtcnn")
        engine.witness.wait("it", lambda: engine.controller.state.second_name == "mtcnn")


def test_every_session_is_closed(media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[OnnxSession] = []
    closed: list[OnnxSession] = []
    make, close = OnnxSession.__init__, OnnxSession.close
    monkeypatch.setattr(OnnxSession, "__init__", lambda self, *a, **k: (opened.append(self), make(self, *a, **k))[1])
    monkeypatch.setattr(OnnxSession, "close", lambda self: (closed.append(self), close(self))[1])
    with Engine() as engine:
        controller = engine.controller
        controller.load_model(str(media / "squares.onnx"))
        engine.wait_model(media / "squares.onnx")
        controller.open(str(media / "video.mp4"))
        for name in ("other.onnx", "squares.onnx", None, "other.onnx"):
            path = None if name is None else str(media / name)
            controller.compare_with(path)
            engine.witness.wait("it", lambda path=path: controller.state.second_name == (path or ""))
        controller.compare_with(str(media / "squares.onnx"))
    assert {id(one) for one in closed} >= {id(one) for one in opened}


def test_variants_share_thresholds_and_others_begin_with_their_own() -> None:
    card = tiny_card()
    other = replace(card, classes=("knife",))
    assert own_at_first(card, card) is None
    assert own_at_first(other, card) == OwnThresholds(card.thresholds.score, card.thresholds.iou)


def test_classes_are_hidden_by_name() -> None:
    first, second = replace(tiny_card(), classes=("red", "blue")), replace(tiny_card(), classes=("blue", "cup", "red"))
    wanted = second_settings(second, first, DetectSettings(score=0.3, classes=frozenset({1})), None)
    assert wanted.classes == frozenset({0, 1}), "blue is wanted, of cup nothing was said"
    assert wanted.score == 0.3
