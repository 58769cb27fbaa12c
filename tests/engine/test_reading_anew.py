"""The same model read in another way: the picture follows, what a person has chosen stays, a wrong reading changes nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from detector_app.errors import CardMissingError, ModelMismatchError
from detector_app.model_card import ModelCard, OutputSpec
from detector_app.pipelines.pipeline import DetectSettings
from tests.engine.witness import Engine
from tests.onnx_files import tiny_anchor_model, tiny_card


def read_as(engine: Engine, path: Path, card: ModelCard) -> None:
    engine.controller.load_model(str(path), card)
    engine.witness.wait("the reading", lambda: engine.controller.state.given_card == card)


def shown(engine: Engine) -> list[int]:
    result = engine.controller.latest()
    return [] if result is None else sorted(result.detections.class_ids.tolist())


def test_the_shown_frame_follows_the_reading(paused: Engine, media: Path) -> None:
    path, card = media / "squares.onnx", tiny_card()
    swapped = replace(card, input=replace(card.input, channel_order="BGR"), classes=("red", "blue"))
    paused.controller.change_settings(DetectSettings(score=0.2))
    before = paused.controller.inference_count
    read_as(paused, path, swapped)
    paused.witness.wait("another look", lambda: paused.controller.inference_count == before + 1)
    assert paused.controller.settings.score == 0.2
    paused.witness.wait("both squares", lambda: shown(paused) == [0, 1])
    paused.controller.load_model(str(path))
    paused.witness.wait("its own card", lambda: paused.controller.state.given_card is None)


def test_a_reading_that_does_not_fit_leaves_the_last_one(paused: Engine, media: Path) -> None:
    path, card = media / "squares.onnx", tiny_card()
    read_as(paused, path, replace(card, name="good"))
    wrong = replace(card, outputs=(OutputSpec("absent", "head"),), heads=(replace(card.heads[0], output="absent"),))
    paused.controller.load_model(str(path), wrong)
    paused.wait_error(ModelMismatchError)
    assert paused.controller.state.model is not None
    assert paused.controller.state.model.name == "good"


def test_a_file_without_a_card_runs_with_one_that_is_given_and_is_exported_so(paused: Engine, tmp_path: Path) -> None:
    path = tiny_anchor_model(tmp_path / "bare.onnx", metadata={})
    paused.controller.load_model(str(path))
    paused.wait_error(CardMissingError)
    read_as(paused, path, tiny_card(name="given"))
    paused.controller.start_export(("jsonl",), tmp_path / "out")
    paused.witness.wait(
        "the export", lambda: (found := paused.controller.state.export) is not None and not found.running
    )
    assert list((tmp_path / "out").glob("*.jsonl"))
    assert not [error for error in paused.witness.errors if not isinstance(error, CardMissingError)]
