"""The recipe of R-CNN: one graph that takes crops, machines and regression folded into layers. Its regions come from the host."""

from pathlib import Path

from detector_app.model_card import InputSpec, ModelCard, OutputSpec, RegionSpec, Thresholds
from export.card_parts import metrics_of, training_of
from export.errors import reading
from export.files import check_source, sha256_of
from export.recipe import Recipe, Shape, TensorSpec
from models.rcnn.checkpoint import load_rcnn


def rcnn_recipe(weights: Path, name: str, licence: str) -> Recipe:
    """The recipe of a ``.safetensors`` file of an R-CNN, written by detector-train.

    Raises:
        ExportError: the file cannot be read, or holds another family of models.
    """
    check_source(weights)
    with reading(weights, todo="Give a file that detector-train detect --model rcnn wrote."):
        network, spec, provenance = load_rcnn(weights)
    side, count = spec.crop_size, len(spec.classes)
    outputs = (
        TensorSpec("region_scores", ("batch", count)),
        TensorSpec("region_deltas", ("batch", count, 4)),
    )
    card = ModelCard(
        name=name,
        task="detect",
        decoder="rcnn",
        input=InputSpec(
            name="crops",
            size_hw=(side, side),
            channel_order=spec.channel_order.upper(),
            scale=spec.pixel_scale,
            resize="stretch",
            pad_value=spec.pad_value,
        ),
        outputs=tuple(OutputSpec(output.name, output.name) for output in outputs),
        classes=spec.classes,
        thresholds=Thresholds(iou=spec.nms_iou),
        regions=RegionSpec("selective_search", spec.proposals, "", spec.context, spec.side_px, spec.scales),
        weights_sha256=sha256_of(weights),
        licence=licence,
        training=training_of(provenance),
        metrics=metrics_of(provenance),
    )
    further: tuple[Shape, ...] = ((57, 3, side, side), (0, 3, side, side))
    return Recipe(network, card, outputs, further_shapes=further)
