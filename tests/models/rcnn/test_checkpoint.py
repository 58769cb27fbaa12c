import json
from pathlib import Path

import pytest
import torch

from models.errors import WeightsFileError
from models.provenance import DataSource, Provenance
from models.rcnn.checkpoint import load_fast_rcnn, load_faster_rcnn, save_fast_rcnn, save_faster_rcnn
from models.rcnn.fast_rcnn import FastRcnn
from models.rcnn.faster_rcnn import FasterRcnn
from models.rcnn.faster_training import AlternatingFasterRcnn
from models.rcnn.spec import FasterRcnnSpec, FastRcnnSpec, spec_from_json, spec_to_json
from tests.models.rcnn.tiny import FAST, FASTER

PROVENANCE = Provenance((DataSource("set", 3, 5, "MIT", "somebody"),), {"mAP50": 0.5}, 7, 1, "abc", "2026-01-01")


def test_round_trip_of_faster_rcnn(tmp_path: Path) -> None:
    model = FasterRcnn(FASTER).eval()
    save_faster_rcnn(tmp_path / "model.safetensors", model, PROVENANCE)
    loaded, spec, provenance = load_faster_rcnn(tmp_path / "model.safetensors")
    assert (spec, provenance) == (FASTER, PROVENANCE)
    pictures = torch.rand(1, 3, 64, 64)
    with torch.no_grad():
        for one, other in zip(model(pictures), loaded(pictures), strict=True):
            assert torch.equal(one, other)


def test_round_trip_of_fast_rcnn(tmp_path: Path) -> None:
    model = FastRcnn(FAST).eval()
    save_fast_rcnn(tmp_path / "model.safetensors", model, PROVENANCE)
    loaded, spec, _ = load_fast_rcnn(tmp_path / "model.safetensors")
    assert spec == FAST
    regions = torch.tensor([[0.0, 1, 2, 30, 40]])
    with torch.no_grad():
        pictures = torch.rand(1, 3, 64, 64)
        assert torch.equal(model(pictures, regions).region_boxes, loaded(pictures, regions).region_boxes)


def test_what_only_training_needs_is_left_out(tmp_path: Path) -> None:
    save_faster_rcnn(tmp_path / "model.safetensors", AlternatingFasterRcnn(FASTER), PROVENANCE)
    loaded, _, _ = load_faster_rcnn(tmp_path / "model.safetensors")
    assert not any(name.startswith("apart") for name in loaded.state_dict())


def test_one_family_is_not_the_other(tmp_path: Path) -> None:
    save_fast_rcnn(tmp_path / "fast.safetensors", FastRcnn(FAST), PROVENANCE)
    with pytest.raises(WeightsFileError, match="holds a 'fast-rcnn' model, a 'faster-rcnn' was expected"):
        load_faster_rcnn(tmp_path / "fast.safetensors")


@pytest.mark.parametrize("kind", [FasterRcnnSpec, FastRcnnSpec])
def test_specs_survive_json(kind: type) -> None:
    spec = FASTER if kind is FasterRcnnSpec else FAST
    assert spec_from_json(kind, json.loads(json.dumps(spec_to_json(spec)))) == spec


@pytest.mark.parametrize("value", [{}, {"classes": 3}, {"backbone": []}, {"backbone": {"rows": 3}}, {"x": 1}])
def test_a_spec_that_cannot_be_understood(value: dict[str, object]) -> None:
    with pytest.raises(WeightsFileError, match="cannot be understood"):
        spec_from_json(FasterRcnnSpec, value)
