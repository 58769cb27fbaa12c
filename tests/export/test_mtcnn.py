import dataclasses
import hashlib
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from detector_app.model_card import CARD_KEY, PART_OF_KEY, CascadeDefaults, ModelCard
from export.cli import main
from export.errors import DisagreementError, ExportError
from export.exporting import export_cascade
from export.mtcnn import mtcnn_recipe
from export.recipe import CascadeRecipe
from models.mtcnn.networks import STAGES, build
from models.mtcnn.weights import RELEASED_SHA256, networks_from_folder
from tests.export.conftest import Heard

FILES = ("pnet.onnx", "rnet.onnx", "onet.onnx")


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The released weights, out of the command."""
    folder = tmp_path_factory.mktemp("exported") / "faces"
    assert main(["mtcnn", "--out", str(folder)]) == 0
    return folder


def session(path: Path) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])


def card_in(folder: Path) -> ModelCard:
    text = session(folder / "pnet.onnx").get_modelmeta().custom_metadata_map[CARD_KEY]
    return ModelCard.from_json(text, "pnet.onnx")


def test_three_files_are_one_model(exported: Path) -> None:
    assert sorted(path.name for path in exported.iterdir()) == sorted((*FILES, "pnet.parity.png"))
    card = card_in(exported)
    assert (card.name, card.task, card.decoder, card.classes) == ("faces", "faces", "mtcnn", ("face",))
    assert (card.licence, card.weights_sha256, card.cascade) == ("MIT", RELEASED_SHA256, CascadeDefaults())
    assert [source.name for source in card.training] == ["WIDER FACE", "CelebA"]
    assert (card.input, card.outputs) == (card.stages[0].input, card.stages[0].outputs)
    assert [stage.file for stage in card.stages] == list(FILES)
    assert card.stages[0].sha256 == ""
    for stage in card.stages[1:]:
        assert stage.sha256 == hashlib.sha256((exported / stage.file).read_bytes()).hexdigest()
        assert session(exported / stage.file).get_modelmeta().custom_metadata_map == {PART_OF_KEY: "pnet.onnx"}


def test_the_report_has_rows_of_all_stages(exported: Path) -> None:
    parity = card_in(exported).parity
    assert parity is not None
    assert parity.passed
    outputs = {row.output for row in parity.rows}
    assert outputs == {
        "pnet.boxes", "pnet.scores", "rnet.boxes", "rnet.scores", "onet.boxes", "onet.landmarks", "onet.scores",
    }  # fmt: skip
    shapes = {row.input_shape for row in parity.rows}
    assert {(1, 3, 12, 12), (1, 3, 135, 241), (0, 3, 24, 24), (0, 3, 48, 48)} < shapes
    assert max(row.max_abs for row in parity.rows) < 1e-5


def test_the_graphs_have_the_shapes_of_the_card(exported: Path) -> None:
    for stage in card_in(exported).stages:
        graph = session(exported / stage.file)
        (given,) = graph.get_inputs()
        assert given.name == stage.input.name == "pictures"
        assert given.shape[:2] == ["batch", 3]
        assert [output.name for output in graph.get_outputs()] == [output.name for output in stage.outputs]
        assert {output.shape[0] for output in graph.get_outputs()} == {"batch"}


def test_the_graphs_equal_the_goldens(exported: Path, shared_data: Path) -> None:
    with np.load(shared_data / "reference" / "goldens" / "mtcnn_stage_io.npz") as golden:
        for stage in STAGES:
            found = session(exported / f"{stage}.onnx").run(None, {"pictures": golden[f"{stage}_in"]})
            for place, output in enumerate(found):
                np.testing.assert_allclose(output, golden[f"{stage}_out{place}"], rtol=0, atol=1e-5)


def test_the_embedded_model_has_the_released_weights(repository: Path) -> None:
    folder = repository / "assets" / "models" / "mtcnn"
    card = card_in(folder)
    assert (card.name, card.weights_sha256) == ("mtcnn", RELEASED_SHA256)
    for stage in card.stages[1:]:
        assert stage.sha256 == hashlib.sha256((folder / stage.file).read_bytes()).hexdigest()
    assert {"LICENSE", "ORIGIN.md"} < {path.name for path in folder.iterdir()}


def test_weights_from_files_give_the_same_model(shared_data: Path, exported: Path) -> None:
    recipe = mtcnn_recipe(shared_data / "weights" / "mtcnn_facenet_pytorch", "faces", "")
    card = card_in(exported)
    assert dataclasses.replace(recipe.card, stages=card.stages, parity=card.parity, producer=card.producer) == card


def test_a_folder_without_weights_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mtcnn", "--weights", str(tmp_path), "--out", str(tmp_path / "out")]) == 1
    assert "holds neither pnet.safetensors nor pnet.pt; train or get it first" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_target_that_is_no_folder_is_named_before_the_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "full" / "onet.onnx").mkdir(parents=True)
    for target, words in (
        ("file", "this is a file, a folder was expected"),
        ("no/where", "there is no folder"),
        ("full", "onet.onnx in it is a folder"),
    ):
        assert main(["mtcnn", "--out", str(tmp_path / target)]) == 1
        captured = capsys.readouterr()
        assert words in captured.err
        assert "[2/4]" not in captured.out


def test_a_rewriting_is_verified_and_a_failure_leaves_the_old_files(tmp_path: Path, heard: Heard) -> None:
    def without_softmax(model: onnx.ModelProto) -> onnx.ModelProto:
        """What a careless rewriting does."""
        (node,) = [node for node in model.graph.node if node.op_type == "Softmax"]
        node.op_type = "Identity"
        del node.attribute[:]
        return model

    recipe = mtcnn_recipe(None, "faces", "")
    wrong = dataclasses.replace(recipe.stages["pnet"], rewritings=(without_softmax,))
    old = tmp_path / "onet.onnx"
    old.write_text("old")
    with pytest.raises(DisagreementError, match=r"P-Net on input .*: output scores differs"):
        export_cascade(CascadeRecipe(recipe.card, {**recipe.stages, "pnet": wrong}), tmp_path, heard)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"onet.onnx": "old"}


def test_a_missing_package_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.mtcnn.package.PACKAGE", "no-such-package")
    with pytest.raises(ExportError, match=r"mtcnn is not installed.*Or give a folder of weights with --weights"):
        mtcnn_recipe(None, "faces", "")


def test_own_weights_claim_nothing_of_the_released_ones(tmp_path: Path) -> None:
    for stage in STAGES:
        torch.save(build(stage).state_dict(), tmp_path / f"{stage}.pt")
    card = mtcnn_recipe(tmp_path, "mine", "").card
    assert (card.licence, card.training) == ("", ())
    assert len(networks_from_folder(tmp_path)) == 3
