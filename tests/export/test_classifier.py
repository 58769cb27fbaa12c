import hashlib
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from detector_app.model_card import CARD_KEY, DataSource, ModelCard
from export.classifier import classifier_recipe
from export.cli import main
from export.errors import ExportError
from models.backbones.registry import create
from models.classify.checkpoint import load_classifier, save_classifier
from models.classify.spec import ClassifierSpec
from models.provenance import DataSource as Source
from models.provenance import Provenance

SPEC = ClassifierSpec("lenet5", ("Tasse", "杯子"), (32, 32), 1, (0.4,), (0.3,), crop_fraction=0.9)
TOLD = Provenance((Source("cups", 12, 0, "CC BY 4.0", "by somebody"),), {"accuracy": 0.75, "accuracy/x": float("nan")})


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("weights") / "grey.safetensors"
    save_classifier(path, create("lenet5", 2), SPEC, TOLD)
    return path


@pytest.fixture(scope="module")
def exported(weights: Path) -> Path:
    path = weights.with_name("grey.onnx")
    assert main(["classifier", "--weights", str(weights), "--out", str(path), "--licence", "MIT"]) == 0
    return path


def card_of(path: Path) -> ModelCard:
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return ModelCard.from_json(session.get_modelmeta().custom_metadata_map[CARD_KEY], path.name)


def test_the_card_describes_the_network(exported: Path, weights: Path):
    card = card_of(exported)
    assert (card.name, card.task, card.decoder, card.classes, card.licence) == (
        "grey", "classify", "classifier", ("Tasse", "杯子"), "MIT",
    )  # fmt: skip
    told = card.input
    assert (told.size_hw, told.dynamic, told.dynamic_batch, told.channel_order) == ((32, 32), None, True, "GREY")
    assert (told.resize, told.crop_fraction, told.mean, told.std) == ("crop", 0.9, (0.4,) * 3, (0.3,) * 3)
    assert [(output.name, output.role) for output in card.outputs] == [("logits", "logits")]
    assert card.weights_sha256 == hashlib.sha256(weights.read_bytes()).hexdigest()
    assert card.training == (DataSource("cups", "CC BY 4.0", "by somebody", 12),)
    assert card.metrics == {"accuracy": 0.75}
    assert card.parity is not None
    assert {row.input_shape for row in card.parity.rows} == {(1, 1, 32, 32), (3, 1, 32, 32)}


def test_the_file_says_what_torch_says(exported: Path, weights: Path):
    network, _, _ = load_classifier(weights)
    session = onnxruntime.InferenceSession(exported, providers=["CPUExecutionProvider"])
    pictures = np.random.default_rng(1).random((5, 1, 32, 32), dtype=np.float32)
    with torch.no_grad():
        expected = network(torch.from_numpy(pictures)).numpy()
    (found,) = session.run(["logits"], {"pictures": pictures})
    np.testing.assert_allclose(found, expected, atol=1e-5)
    assert session.get_inputs()[0].shape == ["batch", 1, 32, 32]
    assert session.get_outputs()[0].shape == ["batch", 2]


def test_a_state_dict_of_torchvision_with_names(tmp_path: Path):
    torch.manual_seed(0)
    torch.save(create("resnet18", 3, width=0.125).state_dict(), tmp_path / "resnet18.pth")
    (tmp_path / "names.txt").write_text("crane\n鹤\ncrane\n", encoding="utf-8")
    arguments = ["classifier", "--model", "resnet18", "--weights", str(tmp_path / "resnet18.pth"), "--names",
                 str(tmp_path / "names.txt"), "--size", "64,96", "--option", "width=0.125", "--out", str(tmp_path / "a.onnx")]  # fmt: skip
    assert main(arguments) == 0
    card = card_of(tmp_path / "a.onnx")
    assert card.classes == ("crane", "鹤", "crane (2)")
    assert (card.input.size_hw, card.input.channel_order, card.input.crop_fraction) == ((64, 96), "RGB", 0.875)
    assert card.input.mean == (0.485, 0.456, 0.406)


def foreign(folder: Path, model: str, names: str) -> list[str]:
    torch.save(create("lenet5", 2).state_dict(), folder / "some.pth")
    (folder / "names.txt").write_text(names)
    return ["classifier", "--weights", str(folder / "some.pth"), "--names", str(folder / "names.txt"), "--model", model]


@pytest.mark.parametrize(
    ("model", "names", "words"),
    [
        ("lenet6", "a\nb\n", "did you mean lenet5"),
        ("resnet18", "a\nb\n", "looks like lenet5"),
        ("lenet5", "a\nb\nc\n", "does not fit LeNet-5"),
        ("lenet5", "\n", "there is no name in it"),
    ],
)
def test_what_does_not_fit_is_refused(
    tmp_path: Path, model: str, names: str, words: str, capsys: pytest.CaptureFixture[str]
):
    assert main([*foreign(tmp_path, model, names), "--out", str(tmp_path / "a.onnx")]) == 1
    assert words in capsys.readouterr().err
    assert not (tmp_path / "a.onnx").exists()


def test_foreign_weights_need_names_and_ours_need_none(
    weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    out = ["--out", str(tmp_path / "a.onnx")]
    assert main(["classifier", "--weights", str(weights), "--model", "lenet5", *out]) == 1
    assert "Give them with --names" in capsys.readouterr().err
    assert main(["classifier", "--weights", str(weights), "--size", "32", *out]) == 1
    assert "Add --model, or leave them out" in capsys.readouterr().err


def test_other_files_are_refused(yolo_weights: Path, tmp_path: Path):
    with pytest.raises(ExportError, match=r"'yolo' model, a 'classifier' was expected"):
        classifier_recipe(yolo_weights, "x", "")
