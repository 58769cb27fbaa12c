import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from models.detect.checkpoint import load_yolo, save_yolo
from models.detect.spec import ResidualTable, YoloSpec
from models.detect.yolo import Yolo
from models.errors import WeightsFileError
from models.provenance import DataSource, Provenance
from models.weights_file import METADATA_KEY, stated_family

SPEC = YoloSpec(
    ("cup", "fork"), (((4.0, 5.5),), ((40.0, 50.0),)), backbone=ResidualTable((4, 8, 8, 8, 8), (0, 0, 1, 0, 1))
)
PROVENANCE = Provenance(
    (DataSource("set", 3, 5, "CC BY 4.0", "somebody, \u00e9"),), {"mAP50": 0.5}, 7, 1, "abc", "2026-01-01"
)


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    path = tmp_path / "deep" / "yolo.safetensors"
    save_yolo(path, Yolo(SPEC), PROVENANCE)
    return path


def test_round_trip_gives_the_same_network(tmp_path: Path) -> None:
    model = Yolo(SPEC).to(memory_format=torch.channels_last)
    model(torch.rand(4, 3, 64, 64))  # moves the running statistics away from their start
    save_yolo(tmp_path / "yolo.safetensors", model, PROVENANCE)
    loaded, spec, provenance = load_yolo(tmp_path / "yolo.safetensors")
    pictures = torch.rand(2, 3, 96, 64)
    with torch.no_grad():
        expected, actual = model.eval()(pictures), loaded(pictures)
    assert spec == SPEC
    assert provenance == PROVENANCE
    assert not loaded.training
    for one, other in zip(expected, actual, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-5)


def test_only_the_finished_file_is_left(weights: Path) -> None:
    assert [path.name for path in weights.parent.iterdir()] == ["yolo.safetensors"]


def rewrite(path: Path, **changes: object) -> None:
    """Writes the same tensors with a changed metadata entry."""
    entry = {"schema": 1, "family": "yolo", "provenance": {"sources": []}, **changes}
    save_file(load_file(path), path, metadata={METADATA_KEY: json.dumps(entry)})


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"schema": 2}, "schema 2 found, 1 supported"), ({"family": "ssd"}, "'ssd'"), ({"spec": {"classes": 3}}, "spec")],
)
def test_foreign_metadata_is_refused(weights: Path, changes: dict[str, object], said: str) -> None:
    rewrite(weights, **changes)
    with pytest.raises(WeightsFileError, match=said):
        load_yolo(weights)


@pytest.mark.parametrize("text", ["{", "[1]", '"text"', "[" * 100_000])
def test_metadata_that_is_no_object_is_told_with_the_file(weights: Path, text: str) -> None:
    save_file(load_file(weights), weights, metadata={METADATA_KEY: text})
    with pytest.raises(
        WeightsFileError, match=r"yolo\.safetensors: its 'detector_app.model' metadata is no JSON object"
    ):
        load_yolo(weights)
    assert stated_family(weights) == ""


@pytest.mark.parametrize("provenance", [[], "mine", {"sources": 3}, {"sources": ["a"]}, {"source": []}])
def test_unknown_provenance_is_told_with_the_file(weights: Path, provenance: object) -> None:
    rewrite(weights, provenance=provenance)
    with pytest.raises(WeightsFileError, match=r"yolo\.safetensors: the provenance cannot be understood"):
        load_yolo(weights)


@pytest.mark.parametrize("content", [b"", b"not a model", b"\xff" * 64])
def test_a_damaged_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.safetensors"
    path.write_bytes(content)
    with pytest.raises(WeightsFileError, match=r"broken\.safetensors"):
        load_yolo(path)


def test_a_cut_file_is_refused(weights: Path) -> None:
    weights.write_bytes(weights.read_bytes()[:-100])
    with pytest.raises(WeightsFileError, match="not a readable safetensors"):
        load_yolo(weights)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(WeightsFileError, match="no such weights file"):
        load_yolo(tmp_path / "none.safetensors")


def test_a_file_without_our_metadata_is_refused(tmp_path: Path) -> None:
    save_file({"a": torch.zeros(1)}, tmp_path / "plain.safetensors")
    with pytest.raises(WeightsFileError, match=METADATA_KEY):
        load_yolo(tmp_path / "plain.safetensors")


def test_tensors_of_another_shape_are_refused(weights: Path, tmp_path: Path) -> None:
    other = YoloSpec(("cup",), SPEC.anchors_px, backbone=SPEC.backbone)
    save_yolo(tmp_path / "other.safetensors", Yolo(other), PROVENANCE)
    text = json.loads(_metadata(weights))
    save_file(load_file(tmp_path / "other.safetensors"), weights, metadata={METADATA_KEY: json.dumps(text)})
    with pytest.raises(WeightsFileError, match="do not fit"):
        load_yolo(weights)


def _metadata(path: Path) -> str:
    size = int.from_bytes(path.read_bytes()[:8], "little")
    return str(json.loads(path.read_bytes()[8 : 8 + size])["__metadata__"][METADATA_KEY])
