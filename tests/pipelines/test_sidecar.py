"""Cards by hand for classifiers from elsewhere: what the graph tells need not be written, what it does not tell must be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from detector_app.errors import CardInvalidError, CardVersionError
from detector_app.model_card import InputSpec
from detector_app.pipelines.loader import load_pipeline
from tests.onnx_files import classifier_card, tiny_classifier

PREPARED = {"scale": 0.5, "mean": [0.1, 0.2, 0.3], "std": [1, 2, 3]}


def least(**changes: Any) -> dict[str, Any]:
    """The shortest card that will do for a network in colour; None takes a field of the input out."""
    spec = {"channel_order": "BGR", "resize": "stretch", **PREPARED, **changes}
    return {
        "schema_version": 1,
        "task": "classify",
        "classes": ["a", "b", "c"],
        "outputs": [{"role": "logits"}],
        "input": {key: value for key, value in spec.items() if value is not None},
    }


def loaded(folder: Path, sidecar: dict[str, Any], **graph: Any) -> InputSpec:
    path = tiny_classifier(folder / "theirs.onnx", card=classifier_card(("a", "b", "c"), **graph), metadata={})
    (folder / "theirs.card.json").write_text(json.dumps(sidecar), encoding="utf-8")
    pipeline = load_pipeline(path)
    pipeline.close()
    assert (pipeline.card.name, pipeline.card.decoder) == ("theirs", "classifier")
    assert pipeline.card.outputs[0].name == "logits"
    return pipeline.card.input


@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
@pytest.mark.parametrize("dynamic_batch", [True, False])
def test_the_graph_completes_the_card(tmp_path: Path, layout: str, dynamic_batch: bool) -> None:
    found = loaded(tmp_path, least(), layout=layout, size_hw=(20, 30), dynamic_batch=dynamic_batch)
    assert found == InputSpec(
        "picture",
        (20, 30),
        layout=layout,
        dynamic_batch=dynamic_batch,
        channel_order="BGR",
        resize="stretch",
        scale=0.5,
        mean=(0.1, 0.2, 0.3),
        std=(1.0, 2.0, 3.0),
    )


def test_one_channel_is_grey_without_being_told(tmp_path: Path) -> None:
    assert loaded(tmp_path, least(channel_order=None), channel_order="GREY").channel_order == "GREY"


@pytest.mark.parametrize("field", ["channel_order", "resize", "scale", "mean", "std"])
def test_what_the_graph_does_not_tell_is_asked_for(tmp_path: Path, field: str) -> None:
    with pytest.raises(CardInvalidError, match=rf"theirs\.card\.json is not valid: input\.{field}: found nothing"):
        loaded(tmp_path, least(**{field: None}))


def test_of_a_crop_the_fraction_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(CardInvalidError, match=r"input\.crop_fraction: found nothing.*0\.875"):
        loaded(tmp_path, least(resize="crop"))
    assert loaded(tmp_path, least(resize="crop", crop_fraction=0.875)).crop_fraction == 0.875


@pytest.mark.parametrize(
    ("key", "value", "error", "named"),
    [
        ("outputs", None, CardInvalidError, "outputs: found nothing.*logits"),
        ("classes", None, CardInvalidError, "expected classes"),
        ("input", 3, CardInvalidError, r"card\.name"),
        ("schema_version", 2, CardVersionError, "version 2"),
    ],
)
def test_other_faults_are_named_as_ever(
    tmp_path: Path, key: str, value: Any, error: type[Exception], named: str
) -> None:
    card = {**least(), key: value}
    with pytest.raises(error, match=named):
        loaded(tmp_path, {name: item for name, item in card.items() if item is not None})
