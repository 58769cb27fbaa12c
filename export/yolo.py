"""The recipe of our own anchor YOLO, from the weights file that training writes."""

from pathlib import Path

import torch
from torch import Tensor

from detector_app.model_card import AnchorHead, InputSpec, ModelCard, OutputSpec, SizeRange
from export.candidates import Candidates, Decoder, Outputs, of_batch
from export.card_parts import metrics_of, training_of
from export.errors import reading
from export.files import check_source, sha256_of
from export.recipe import Alteration, Recipe, TensorSpec
from models.detect.box_coder import decode_scale, flatten_scales
from models.detect.checkpoint import load_yolo
from models.detect.spec import YoloSpec
from models.detect.yolo import Yolo
from models.provenance import Provenance

MOST_PX = 4096
OBJECTNESS = 4
"""Its place among the values of an anchor."""
RAISED = 6.0


def yolo_recipe(weights: Path, name: str, licence: str) -> Recipe:
    """The recipe of a ``.safetensors`` file written by detector-train.

    Raises:
        ExportError: the file cannot be read, or holds another family of models.
    """
    check_source(weights)
    with reading(weights, todo="Give a file that detector-train detect wrote."):
        network, spec, provenance = load_yolo(weights)
    card = _card(spec, provenance, name, licence, sha256_of(weights))
    return Recipe(network, card, head_tensors(card), decode=_decoder(spec), alterations=(_confident(network),))


def _confident(network: Yolo) -> Alteration:
    """Objects everywhere: drawn pictures have none, and low scores are where a sigmoid hides differences."""

    def raised(bias: Tensor) -> Tensor:
        values = bias.clone().view(network.spec.anchors_per_cell, network.spec.values_per_anchor)
        values[:, OBJECTNESS] += RAISED
        return values.flatten()

    heads = [name for name, _ in network.heads.named_parameters() if name.endswith("bias")]
    last = {name.partition(".")[0]: name for name in heads}  # each head ends in its own convolution
    return Alteration("objects everywhere", {f"heads.{name}": raised for name in last.values()})


def head_tensors(card: ModelCard) -> tuple[TensorSpec, ...]:
    """The outputs of a graph with raw anchor heads."""
    values = 5 + len(card.classes)
    return tuple(
        TensorSpec(
            head.output,
            ("batch", len(head.anchors_wh_px) * values, f"height/{head.stride}", f"width/{head.stride}"),
        )
        for head in card.heads
    )


def _decoder(spec: YoloSpec) -> Decoder:
    """As training decodes, by the spec and not by the card."""

    def decode(outputs: Outputs, _size_hw: tuple[int, int]) -> Candidates:
        heads = (torch.from_numpy(outputs[f"head_{stride}"]) for stride in spec.strides)
        boxes, scores = flatten_scales([decode_scale(head, spec, place) for place, head in enumerate(heads)])
        return of_batch(boxes.numpy(), scores.numpy())

    return decode


def _card(spec: YoloSpec, provenance: Provenance, name: str, licence: str, sha256: str) -> ModelCard:
    multiple = max(spec.strides)
    heads = tuple(
        AnchorHead(output=f"head_{stride}", stride=stride, anchors_wh_px=anchors, scale_xy=spec.scale_xy)
        for stride, anchors in zip(spec.strides, spec.anchors_px, strict=True)
    )
    return ModelCard(
        name=name,
        task="detect",
        decoder="yolo_anchor",
        input=InputSpec(
            name="images",
            size_hw=(spec.input_size, spec.input_size),
            dynamic=SizeRange(multiple, MOST_PX // multiple * multiple, multiple),
            channel_order=spec.channel_order.upper(),
            scale=spec.pixel_scale,
            resize="letterbox",
            pad_value=spec.pad_value,
        ),
        outputs=tuple(OutputSpec(head.output, "head") for head in heads),
        classes=spec.classes,
        heads=heads,
        weights_sha256=sha256,
        licence=licence,
        training=training_of(provenance),
        metrics=metrics_of(provenance),
    )
