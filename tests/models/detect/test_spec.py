import json

import pytest

from models.detect.spec import ResidualTable, YoloSpec, spec_from_json, spec_to_json
from models.errors import WeightsFileError
from models.provenance import DataSource, Provenance, provenance_from_json, provenance_to_json

SPEC = YoloSpec(
    ("cup", "fork"), (((4.0, 5.5),), ((40.0, 50.0),)), scale_xy=1.05, backbone=ResidualTable((4, 8, 8, 8, 8), (0,) * 5)
)
PROVENANCE = Provenance((DataSource("set", 3, 5, "MIT", "somebody"),), {"mAP50": 0.5}, 7, 1, "abc", "2026-01-01")


def test_spec_and_provenance_survive_json() -> None:
    assert spec_from_json(json.loads(json.dumps(spec_to_json(SPEC)))) == SPEC
    assert provenance_from_json(json.loads(json.dumps(provenance_to_json(PROVENANCE)))) == PROVENANCE


@pytest.mark.parametrize(
    "changes",
    [
        {"classes": []},
        {"classes": ["cup", "cup"]},
        {"strides": [32, 16]},
        {"strides": [16]},
        {"strides": [12, 32]},
        {"strides": [16, 64]},
        {"anchors_px": [[[4, 5]], [[4, 5], [6, 7]]]},
        {"anchors_px": "wide"},
        {"backbone": None},
        {"colour": "blue"},
    ],
)
def test_a_contradictory_spec_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(WeightsFileError, match="spec"):
        spec_from_json({**spec_to_json(SPEC), **changes})


def test_a_provenance_with_strange_fields_is_refused() -> None:
    with pytest.raises(WeightsFileError, match="provenance"):
        provenance_from_json({**provenance_to_json(PROVENANCE), "mood": "good"})
