"""The recipe of an embedder of faces, from the weights file that `detector-train faces` writes."""

from pathlib import Path

from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_linear_bn_eval

from detector_app.model_card import EmbeddingSpec, InputSpec, ModelCard, OutputSpec
from export.card_parts import metrics_of, training_of
from export.errors import reading
from export.files import check_source, sha256_of
from export.recipe import Recipe, TensorSpec
from models.faces.checkpoint import load_embedder
from models.faces.embedder import Embedder
from models.faces.spec import EmbedderSpec
from models.provenance import Provenance


class EmbeddingOnly(nn.Module):
    """An embedder as a graph with one output; the unit length is part of the graph."""

    def __init__(self, network: Embedder) -> None:
        super().__init__()
        self.network = network
        # Folded as the batch norms behind convolutions are; here one follows a linear layer.
        match list(network.project.children()):
            case [nn.Linear() as linear, nn.BatchNorm1d() as norm]:
                network.project = fuse_linear_bn_eval(linear, norm)

    def forward(self, faces: Tensor) -> tuple[Tensor]:
        """(N, C, H, W) float32 to (N, D) of unit length."""
        return (self.network(faces),)


def embedder_recipe(weights: Path, name: str, licence: str) -> Recipe:
    """The recipe of a ``.safetensors`` file written by detector-train faces.

    Raises:
        ExportError: the file cannot be read, or holds another family of models.
    """
    check_source(weights)
    with reading(weights, todo="Give a file that detector-train faces wrote."):
        network, provenance = load_embedder(weights)
    card = _card(network.spec, provenance, name, licence, sha256_of(weights))
    outputs = (TensorSpec("embedding", ("batch", network.spec.dimension)),)
    return Recipe(EmbeddingOnly(network).eval(), card, outputs)


def _card(spec: EmbedderSpec, provenance: Provenance, name: str, licence: str, sha256: str) -> ModelCard:
    grey = spec.channels == 1
    mean, std = (tuple(values * 3 if grey else values) for values in (spec.mean, spec.std))
    return ModelCard(
        name=name,
        task="embed",
        decoder="embedding",
        input=InputSpec(
            name="faces",
            size_hw=spec.input_hw,
            channel_order="GREY" if grey else "RGB",
            mean=(mean[0], mean[1], mean[2]),
            std=(std[0], std[1], std[2]),
            resize="stretch",
        ),
        outputs=(OutputSpec("embedding", "embedding"),),
        embedding=EmbeddingSpec(spec.dimension, spec.landmarks_xy_px, spec.threshold),
        weights_sha256=sha256,
        licence=licence,
        training=training_of(provenance),
        metrics=metrics_of(provenance),
    )
