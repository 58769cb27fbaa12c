from dataclasses import replace
from pathlib import Path

import pytest
import torch

from models.backbones.registry import create
from models.classify.checkpoint import load_classifier, save_classifier
from models.classify.spec import ClassifierSpec, spec_from_json, spec_to_json
from models.errors import WeightsFileError
from models.provenance import DataSource, Provenance

SPEC = ClassifierSpec(
    "lenet5", ("Tasse", "杯子"), (32, 32), 1, (0.4,), (0.3,), crop_fraction=0.9, options={"activation": "relu"}
)


def test_round_trip(tmp_path: Path) -> None:
    network = create("lenet5", 2, activation="relu")
    told = Provenance((DataSource("cups", 3, 0, "MIT"),), {"accuracy": 0.5})
    save_classifier(tmp_path / "one.safetensors", network, SPEC, told)
    loaded, spec, provenance = load_classifier(tmp_path / "one.safetensors")
    assert spec == SPEC
    assert provenance == told
    assert not loaded.training
    for name, value in network.state_dict().items():
        assert torch.equal(loaded.state_dict()[name], value)


def test_tensors_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    wrong = replace(SPEC, classes=("a", "b", "c"))
    save_classifier(tmp_path / "one.safetensors", create("lenet5", 2), wrong, Provenance())
    with pytest.raises(WeightsFileError, match="do not fit the spec"):
        load_classifier(tmp_path / "one.safetensors")


@pytest.mark.parametrize(
    "change", [{"classes": ["a", "a"]}, {"classes": []}, {"mean": [0.1, 0.2]}, {"odd": 1}, {"input_hw": None}]
)
def test_a_spec_that_cannot_be_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(WeightsFileError, match="cannot be understood"):
        spec_from_json({**spec_to_json(SPEC), **change})
