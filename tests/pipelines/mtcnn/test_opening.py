"""Three files, one model: what is opened, and what is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import onnx
import pytest

from detector_app.errors import (
    CardInvalidError,
    EmbedderError,
    ModelMismatchError,
    ModelNotFoundError,
    NotAnOnnxFileError,
    PartOfModelError,
)
from detector_app.model_card import CARD_KEY
from detector_app.pipelines.embedded import embedded_embedders, embedded_models
from detector_app.pipelines.loader import load_pipeline
from detector_app.pipelines.mtcnn.pipeline import MtcnnPipeline


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the embedded MTCNN, to be broken."""
    copy = tmp_path / "faces"
    shutil.copytree(embedded_models()["mtcnn"].parent, copy)
    return copy


def change_card(folder: Path, **changes: object) -> None:
    model = onnx.load(str(folder / "pnet.onnx"))
    card = json.loads({entry.key: entry.value for entry in model.metadata_props}[CARD_KEY])
    onnx.helper.set_model_props(model, {CARD_KEY: json.dumps({**card, **changes})})
    onnx.save(model, str(folder / "pnet.onnx"))


@pytest.mark.parametrize("name", ["", "pnet.onnx"])
def test_the_folder_or_its_first_file_is_the_model(folder: Path, name: str) -> None:
    pipeline = load_pipeline(folder / name, providers=("cpu",))
    assert isinstance(pipeline, MtcnnPipeline)
    assert [info.name for info in pipeline.graph.inputs] == ["pnet.pictures", "rnet.pictures", "onet.pictures"]
    assert pipeline.placement.main == "CPU"
    assert sum(pipeline.placement.nodes.values()) > 30
    pipeline.close()


@pytest.mark.parametrize("name", ["rnet.onnx", "onet.onnx"])
def test_a_later_file_says_what_it_is(folder: Path, name: str) -> None:
    with pytest.raises(PartOfModelError, match=r"Open pnet\.onnx beside it"):
        load_pipeline(folder / name)


def test_an_embedder_finds_nothing_by_itself() -> None:
    for path in embedded_embedders().values():
        with pytest.raises(EmbedderError, match="tells faces apart"):
            load_pipeline(path)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "rnet.onnx").unlink()
    with pytest.raises(ModelNotFoundError, match=r"rnet\.onnx"):
        load_pipeline(folder)


def test_another_file_in_its_place_is_refused(folder: Path) -> None:
    shutil.copy(folder / "onet.onnx", folder / "rnet.onnx")
    with pytest.raises(ModelMismatchError, match="sha256"):
        load_pipeline(folder)


def test_a_damaged_file_is_refused(folder: Path) -> None:
    (folder / "onet.onnx").write_text("no onnx")
    with pytest.raises(ModelMismatchError, match="sha256"):
        load_pipeline(folder)


def test_files_that_do_not_fit_the_card_are_refused(folder: Path) -> None:
    """Without a hash to tell them apart, their shapes do."""
    text = json.loads(card_text(folder))
    for stage in text["stages"]:
        stage["sha256"] = ""
    change_card(folder, stages=text["stages"])
    shutil.copy(folder / "onet.onnx", folder / "rnet.onnx")
    with pytest.raises(ModelMismatchError, match=r"rnet\.onnx"):
        load_pipeline(folder)


def card_text(folder: Path) -> str:
    return {entry.key: entry.value for entry in onnx.load(str(folder / "pnet.onnx")).metadata_props}[CARD_KEY]


@pytest.mark.parametrize("stages", [0, 2])
def test_a_card_without_three_stages_is_refused(folder: Path, stages: int) -> None:
    change_card(folder, stages=json.loads(card_text(folder))["stages"][:stages])
    with pytest.raises(CardInvalidError, match="stages"):
        load_pipeline(folder)


def test_a_card_with_other_roles_is_refused(folder: Path) -> None:
    found = json.loads(card_text(folder))["stages"]
    found[2]["outputs"] = found[2]["outputs"][:2]
    change_card(folder, stages=found)
    with pytest.raises(CardInvalidError, match="onet"):
        load_pipeline(folder)


def test_a_path_out_of_the_folder_is_refused(folder: Path) -> None:
    found = json.loads(card_text(folder))["stages"]
    found[1]["file"] = "../rnet.onnx"
    change_card(folder, stages=found)
    with pytest.raises(CardInvalidError, match=r"stages\.file"):
        load_pipeline(folder)


def test_a_folder_without_a_model_is_none(tmp_path: Path) -> None:
    with pytest.raises(NotAnOnnxFileError, match="folder"):
        load_pipeline(tmp_path)
