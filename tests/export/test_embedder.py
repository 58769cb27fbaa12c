import hashlib
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from detector_app.model_card import CARD_KEY, DataSource, ModelCard
from export.cli import main
from export.embedder import embedder_recipe
from export.errors import ExportError
from models.faces.alignment import template
from models.faces.checkpoint import load_embedder, save_embedder
from models.faces.embedder import Embedder
from models.faces.spec import EmbedderSpec
from models.provenance import DataSource as Source
from models.provenance import Provenance

POINTS = tuple((float(x), float(y)) for x, y in template((48, 48)))
GREY = EmbedderSpec("small", 32, (48, 48), POINTS, 1, (0.5,), (0.25,), threshold=0.4)
COLOUR = EmbedderSpec("resnet18", 16, (48, 48), POINTS, 3, (0.5,) * 3, (0.5,) * 3, False, options={"width": 0.125})
DEEPID = EmbedderSpec("deepid", 160, (48, 48), POINTS)
TOLD = Provenance((Source("faces", 12, 0, "CC BY 4.0", "by somebody"),), {"EER": 0.1, "rank1": float("nan")})


@pytest.fixture(scope="module", params=[GREY, COLOUR, DEEPID], ids=["grey", "colour", "deepid"])
def weights(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Random weights, and batch norms that have seen something."""
    torch.manual_seed(0)
    network = Embedder(request.param)
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d | torch.nn.BatchNorm1d):
            for tensor in (module.running_var, module.weight, module.bias, module.running_mean):
                assert tensor is not None
                torch.nn.init.uniform_(tensor, 0.5, 1.5)
    path = tmp_path_factory.mktemp("weights") / "mine.safetensors"
    save_embedder(path, network, TOLD)
    return path


@pytest.fixture(scope="module")
def exported(weights: Path) -> Path:
    path = weights.with_name("mine.onnx")
    assert main(["embedder", "--weights", str(weights), "--out", str(path), "--licence", "MIT"]) == 0
    return path


def test_the_card_and_the_graph_are_the_network(exported: Path, weights: Path):
    network, _ = load_embedder(weights)
    spec = network.spec
    session = onnxruntime.InferenceSession(exported, providers=["CPUExecutionProvider"])
    card = ModelCard.from_json(session.get_modelmeta().custom_metadata_map[CARD_KEY], "mine")
    assert (card.name, card.task, card.decoder, card.licence) == ("mine", "embed", "embedding", "MIT")
    assert (card.input.size_hw, card.input.resize, card.input.dynamic_batch) == ((48, 48), "stretch", True)
    assert (card.input.channel_order, card.input.channels) == ("GREY" if spec.channels == 1 else "RGB", spec.channels)
    assert card.input.mean[0] == spec.mean[0]
    assert card.embedding is not None
    assert card.embedding.dimension == spec.dimension
    assert card.embedding.threshold == spec.threshold
    np.testing.assert_allclose(card.embedding.landmarks_xy_px, POINTS)
    assert [(output.name, output.role) for output in card.outputs] == [("embedding", "embedding")]
    assert card.training == (DataSource("faces", "CC BY 4.0", "by somebody", 12),)
    assert card.metrics == {"EER": 0.1}
    assert card.weights_sha256 == hashlib.sha256(weights.read_bytes()).hexdigest()
    assert card.parity is not None
    assert card.parity.passed
    faces = np.random.default_rng(1).normal(size=(5, spec.channels, 48, 48)).astype(np.float32)
    with torch.no_grad():
        expected = network(torch.from_numpy(faces)).numpy()
    (found,) = session.run(["embedding"], {"faces": faces})
    np.testing.assert_allclose(found, expected, atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    assert session.get_outputs()[0].shape == ["batch", spec.dimension]


def test_other_files_are_refused(yolo_weights: Path):
    with pytest.raises(ExportError, match="'embedder' was expected"):
        embedder_recipe(yolo_weights, "x", "")
