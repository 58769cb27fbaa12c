"""The recipe of YOLOv1: a fixed input, for its dense layers take no other, and one grid out."""

from pathlib import Path

import torch
from torch import Tensor, nn

from detector_app.model_card import GridSpec, InputSpec, ModelCard, OutputSpec
from export.candidates import Candidates, Decoder, Outputs, of_batch
from export.card_parts import metrics_of, training_of
from export.errors import reading
from export.files import check_source, sha256_of
from export.recipe import Recipe, TensorSpec
from models.yolo_v1.checkpoint import load_yolo_v1
from models.yolo_v1.decoding import decode
from models.yolo_v1.spec import YoloV1Spec


class GridOnly(nn.Module):
    """The network as a graph with one output."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, pictures: Tensor) -> tuple[Tensor]:
        """(N, 3, side, side) float32 to the grid, (N, S, S, B·5 + C)."""
        return (self.network(pictures),)


def yolo_v1_recipe(weights: Path, name: str, licence: str) -> Recipe:
    """The recipe of a ``.safetensors`` file of a YOLOv1, written by detector-train.

    Raises:
        ExportError: the file cannot be read, or holds another family of models.
    """
    check_source(weights)
    with reading(weights, todo="Give a file that detector-train detect --model yolo-v1 wrote."):
        network, spec, provenance = load_yolo_v1(weights)
    outputs = (TensorSpec("grid", ("batch", spec.side, spec.side, spec.values_per_cell)),)
    card = ModelCard(
        name=name,
        task="detect",
        decoder="yolo_v1",
        input=InputSpec(
            name="images",
            size_hw=(spec.input_size, spec.input_size),
            channel_order=spec.channel_order.upper(),
            scale=spec.pixel_scale,
            resize="letterbox",
            pad_value=spec.pad_value,
        ),
        outputs=(OutputSpec("grid", "grid"),),
        classes=spec.classes,
        grid=GridSpec(spec.side, spec.boxes_per_cell, square_roots=True),
        weights_sha256=sha256_of(weights),
        licence=licence,
        training=training_of(provenance),
        metrics=metrics_of(provenance),
    )
    return Recipe(GridOnly(network).eval(), card, outputs, decode=_decoder(spec))


def _decoder(spec: YoloV1Spec) -> Decoder:
    """As training decodes, by the spec and not by the card."""

    def read(outputs: Outputs, _size_hw: tuple[int, int]) -> Candidates:
        boxes, scores = decode(torch.from_numpy(outputs["grid"]), spec)
        return of_batch(boxes.numpy(), scores.numpy())

    return read
