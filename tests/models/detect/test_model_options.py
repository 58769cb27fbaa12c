"""One command for several models: whose an option is, and what it refuses."""

import argparse
from dataclasses import dataclass

import pytest

from models.detect.model_options import add_model_settings, given_model_settings
from models.detect.registry import DEFAULT_MODEL, MODELS, Entry, entry_of
from models.detect.settings import RunSettings, TrainingSettings
from models.detect.yolo_settings import YoloSettings
from models.errors import RecipeError
from models.setting_table import described


@dataclass(frozen=True)
class Quiet(RunSettings):
    """Trains in a way of its own, from larger pictures."""

    input_size: int = described(224, "side in pixels of the letterboxed input", 32)
    margin: float = described(0.1, "share of 100% around a region", 0, 1)


TWO = {"yolo": Entry(YoloSettings, ""), "quiet": Entry(Quiet, "")}


def parse(*arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_model_settings(parser, TWO)
    return parser.parse_args(arguments)


def test_help_tells_whose_an_option_is_and_its_defaults() -> None:
    parser = argparse.ArgumentParser()
    add_model_settings(parser, TWO)
    text = " ".join(parser.format_help().split())
    assert "input (default: 320 for yolo; 224 for quiet)" in text
    assert "quiet: share of 100% around a region (default: 0.1)" in text
    assert "yolo: boxes that one cell predicts (default: 3)" in text
    assert "everything random (default: 0)" in text


def test_only_given_settings_of_the_model_are_taken() -> None:
    assert given_model_settings("yolo", parse("--strides", "8", "16", "--seed", "3"), TWO) == {
        "strides": (8, 16),
        "seed": 3,
    }
    assert given_model_settings("quiet", parse("--margin", "0.5"), TWO) == {"margin": 0.5}


def test_a_setting_of_another_model_is_refused_by_name() -> None:
    with pytest.raises(RecipeError, match="--anchors-per-scale: quiet has no such setting, but yolo"):
        given_model_settings("quiet", parse("--anchors-per-scale", "5"), TWO)


def test_an_unknown_model_is_refused_with_those_there_are() -> None:
    with pytest.raises(RecipeError, match=r"no model is called 'ssd'; known are yolo"):
        entry_of("ssd")


@pytest.mark.parametrize("model", MODELS)
def test_every_entry_leads_somewhere(model: str) -> None:
    entry = entry_of(model)
    assert callable(entry.load()) or entry.load().name == model
    entry.settings()
    if issubclass(entry.settings, TrainingSettings):
        assert entry.load().name == model


def test_there_is_a_default() -> None:
    assert DEFAULT_MODEL in MODELS
