"""The recipe of MTCNN: three graphs and one card, from the released weights or from those that detector-train mtcnn wrote."""

from collections.abc import Mapping
from pathlib import Path

from detector_app.model_card import (
    CascadeDefaults,
    DataSource,
    InputSpec,
    ModelCard,
    OutputSpec,
    SizeRange,
    Stage,
    Thresholds,
)
from export.errors import ExportError, reading
from export.prelu_rewriting import without_prelu
from export.recipe import CascadeRecipe, Recipe, Rewriting, Shape, TensorSpec
from models.errors import WeightsFileError
from models.mtcnn.networks import STAGES
from models.mtcnn.weights import (
    RELEASED_SHA256,
    Networks,
    digest_of,
    networks_from_folder,
    networks_from_package,
    provenances_in,
)
from models.provenance import Provenance

MOST_PX = 8192
# The score is what the last stage asks for; the overlap is that of the suppression between levels of the pyramid.
THRESHOLDS = Thresholds(score=0.7, iou=0.7)
RELEASED_LICENCE = "MIT"
_RELEASE = (
    "weights by K. Zhang et al. (kpzhang93/MTCNN_face_detection_alignment, MIT), "
    "by way of the packages mtcnn and facenet-pytorch (both MIT)"
)
RELEASED_TRAINING = (
    DataSource("WIDER FACE", "CC BY-NC-ND 4.0", f"Yang et al. 2016; {_RELEASE}"),
    DataSource("CelebA", "non-commercial research", f"Liu et al. 2015; {_RELEASE}"),
)
# Sizes and batches that a pyramid and its crops come in: odd sides, a single cell, many crops, and none at all.
FURTHER_SHAPES: dict[str, tuple[Shape, ...]] = {
    "pnet": ((1, 3, 135, 241), (2, 3, 97, 64), (1, 3, 12, 13)),
    "rnet": ((57, 3, 24, 24), (0, 3, 24, 24)),
    "onet": ((17, 3, 48, 48), (0, 3, 48, 48)),
}
# What makes a traced graph faster without changing what it says.
REWRITINGS: dict[str, tuple[Rewriting, ...]] = dict.fromkeys(STAGES, (without_prelu,))


def mtcnn_recipe(weights: Path | None, name: str, licence: str) -> CascadeRecipe:
    """The recipe of the cascade.

    Args:
        weights: the folder with pnet, rnet and onet as .safetensors or .pt; None for the released ones in the package mtcnn.
        name: for the card.
        licence: of the weights, for the card; empty for that of the released weights, if they are those.

    Raises:
        ExportError: weights are missing, unreadable, or of another network.
    """
    networks, trained = _networks(weights)
    sha256 = digest_of(networks)
    released = sha256 == RELEASED_SHA256
    stages = tuple(_stage(stage) for stage in STAGES)
    card = ModelCard(
        name=name,
        task="faces",
        decoder="mtcnn",
        input=stages[0].input,
        outputs=stages[0].outputs,
        classes=("face",),
        thresholds=THRESHOLDS,
        stages=stages,
        cascade=CascadeDefaults(),
        weights_sha256=sha256,
        licence=licence or (RELEASED_LICENCE if released else ""),
        training=RELEASED_TRAINING if released else _sources(trained),
        metrics={f"{stage}/{key}": value for stage, own in trained.items() for key, value in own.metrics.items()},
    )
    return CascadeRecipe(card, {stage.name: _recipe(stage, card, networks) for stage in stages})


def _networks(weights: Path | None) -> tuple[Networks, Mapping[str, Provenance]]:
    """The cascade, and by stage where it comes from as far as its file says so."""
    if weights is not None:
        with reading(weights, todo="Give a folder with the three networks that belong together."):
            return networks_from_folder(weights), provenances_in(weights)
    try:
        return networks_from_package(), {}
    except WeightsFileError as error:
        todo = "Or give a folder of weights with --weights."
        raise ExportError("mtcnn", what=str(error), todo=todo) from error


def _sources(trained: Mapping[str, Provenance]) -> tuple[DataSource, ...]:
    """The data sets of all stages, each once."""
    sources = dict.fromkeys(source for own in trained.values() for source in own.sources)
    return tuple(DataSource(one.name, one.licence, one.attribution, one.pictures) for one in sources)


def _stage(name: str) -> Stage:
    table = STAGES[name]
    fully_convolutional = not table.dense
    spec = InputSpec(
        name="pictures",
        size_hw=(table.side_px, table.side_px),
        dynamic=SizeRange(table.side_px, MOST_PX, 1) if fully_convolutional else None,
        scale=1.0,
        mean=(127.5, 127.5, 127.5),
        std=(128.0, 128.0, 128.0),
        resize="none" if fully_convolutional else "stretch",
    )
    roles = ("boxes", "landmarks", "scores") if table.landmarks else ("boxes", "scores")
    return Stage(name, f"{name}.onnx", spec, tuple(OutputSpec(role, role) for role in roles))


def _recipe(stage: Stage, card: ModelCard, networks: Networks) -> Recipe:
    """That of one graph; its card says no more than tracing and verification need."""
    own = ModelCard(STAGES[stage.name].title, card.task, card.decoder, stage.input, stage.outputs)
    place = () if STAGES[stage.name].dense else ("map height", "map width")
    values = {"boxes": 4, "landmarks": 10, "scores": 2}
    outputs = tuple(TensorSpec(one.name, ("batch", values[one.role], *place)) for one in stage.outputs)
    return Recipe(
        networks[stage.name], own, outputs, rewritings=REWRITINGS[stage.name], further_shapes=FURTHER_SHAPES[stage.name]
    )
