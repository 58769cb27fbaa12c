"""Small networks of the R-CNN family and YOLOv1, exported by our own command, and what PyTorch finds with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from detector_app.model_card import GridSpec, InputSpec, ModelCard, OutputSpec, RegionSpec
from detector_app.pipelines.detector import DetectorPipeline
from detector_app.pipelines.pipeline import DetectSettings, Prepared
from detector_app.pipelines.rcnn import PreparedCrops
from detector_app.vision.letterbox import Letterbox
from export.candidates import Candidates, of_batch, of_regions
from export.exporting import export_recipe
from export.progress import TextProgress, stages_with
from export.recipe import Recipe, TensorSpec
from export.selection import match, select
from models.detect.spec import ResidualTable
from models.provenance import Provenance
from models.rcnn import box_coding
from models.rcnn.checkpoint import save_fast_rcnn, save_faster_rcnn
from models.rcnn.crops import as_input, cut
from models.rcnn.fast_rcnn import FastRcnn
from models.rcnn.faster_rcnn import FasterRcnn
from models.rcnn.rcnn import RegionClassifier
from models.rcnn.rcnn_spec import RcnnSpec
from models.rcnn.spec import FasterRcnnSpec, FastRcnnSpec
from models.yolo_v1 import decoding
from models.yolo_v1.network import YoloV1
from models.yolo_v1.spec import YoloV1Spec

CLASSES = ("red", "green", "blue")
SHARED: dict[str, Any] = {
    "classes": CLASSES, "backbone": ResidualTable((8, 12, 16, 24, 24), (0, 0, 1, 0, 0)), "strides": (8, 16), "pyramid": 16,
    "hidden": 32, "roi_size": 4, "input_size": 128, "canonical_px": 48.0,
}  # fmt: skip
BOX_PX, SCORE = 1.0, 1e-3
"""How far the app may be from PyTorch."""


@dataclass(frozen=True)
class Exported:
    """A network in evaluation mode, and its file.

    Attributes:
        reference: the network's own outputs for what the app has prepared, as candidates in pixels of the input.
    """

    network: nn.Module
    path: Path
    reference: Callable[[Prepared], Candidates]


def export_faster_rcnn(folder: Path, *options: str) -> Exported:
    """With an anchor of one size on either of two levels."""
    spec = FasterRcnnSpec(**SHARED, anchor_sizes=((16.0,), (40.0,)), candidates=60, proposals=25)
    network = _random(FasterRcnn(spec))
    save_faster_rcnn(folder / "faster.safetensors", network, Provenance())

    def reference(prepared: Prepared) -> Candidates:
        with torch.inference_mode():
            found = network(torch.from_numpy(prepared.tensor))
        return of_regions(found.picture_ids.numpy(), found.region_boxes.numpy(), found.region_scores.numpy())

    return Exported(network, _export("faster-rcnn", folder / "faster.safetensors", *options), reference)


def export_fast_rcnn(folder: Path, *options: str) -> Exported:
    """Whose regions are searched at the pictures' own size."""
    spec = FastRcnnSpec(**SHARED, proposals=60, side_px=96, scales=(50.0,))
    network = _random(FastRcnn(spec))
    save_fast_rcnn(folder / "fast.safetensors", network, Provenance())

    def reference(prepared: Prepared) -> Candidates:
        regions = torch.from_numpy(np.array(prepared.further["regions"]))
        with torch.inference_mode():
            found = network(torch.from_numpy(prepared.tensor), regions)
        return of_regions(regions[:, 0].numpy(), found.region_boxes.numpy(), found.region_scores.numpy())

    return Exported(network, _export("fast-rcnn", folder / "fast.safetensors", *options), reference)


def export_yolo_v1(folder: Path) -> Exported:
    """Of 4×4 cells with two boxes each."""
    spec = YoloV1Spec(CLASSES, side=4, backbone=SHARED["backbone"], squeezed=8, hidden=32, input_size=128)
    network = _random(YoloV1(spec))
    card = _card("yolo_v1", InputSpec("images", (128, 128)), "grid", grid=GridSpec(4, 2))
    grid = TensorSpec("grid", ("batch", 4, 4, spec.values_per_cell))

    def reference(prepared: Prepared) -> Candidates:
        with torch.inference_mode():
            boxes, scores = decoding.decode(network(torch.from_numpy(prepared.tensor)), spec)
        return of_batch(boxes.numpy(), scores.numpy())

    return Exported(network, _write(Recipe(_AsTuple(network), card, (grid,)), folder / "v1.onnx"), reference)


def export_rcnn(folder: Path) -> Exported:
    """Whose crops are of 32 px, and cut by training's own function for the reference."""
    spec = RcnnSpec(
        CLASSES, backbone=SHARED["backbone"], crop_size=32, hidden=32, proposals=60, side_px=96, scales=(50.0,)
    )
    network = _random(RegionClassifier(spec))
    with torch.no_grad():
        network.boxes.weight *= 0.1
    regions = RegionSpec("selective_search", 60, context=spec.context, side_px=96, scales=(50.0,))
    crops = InputSpec("crops", (32, 32), resize="stretch", pad_value=spec.pad_value)
    card = _card("rcnn", crops, "region_scores", "region_deltas", regions=regions)
    outputs = TensorSpec("region_scores", ("batch", 3)), TensorSpec("region_deltas", ("batch", 3, 4))

    def judge(picture_bgr: np.ndarray, boxes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        crops = cut(np.ascontiguousarray(picture_bgr[..., ::-1]), boxes, spec)
        with torch.inference_mode():
            scores, deltas = network(as_input(torch.from_numpy(crops), spec))
            corrected = box_coding.decode(deltas, torch.from_numpy(boxes)[:, None], box_coding.ANCHOR_WEIGHTS)
        return scores.numpy(), corrected.numpy()

    def reference(prepared: Prepared) -> Candidates:
        assert isinstance(prepared, PreparedCrops)
        assert prepared.proposals is not None
        ids, boxes = prepared.proposals.picture_ids, prepared.proposals.xyxy
        parts = [judge(frame.image_bgr, boxes[ids == number]) for number, frame in enumerate(prepared.frames)]
        scores, corrected = (np.concatenate(part) for part in zip(*parts, strict=True))
        return of_regions(ids, corrected, scores)

    return Exported(network, _write(Recipe(network, card, outputs), folder / "rcnn.onnx"), reference)


def agree(
    pipeline: DetectorPipeline, exported: Exported, prepared: Prepared, settings: DetectSettings
) -> tuple[int, int]:
    """How many boxes the app and PyTorch find, of which each has its partner within a pixel of the frame and 0.001 of the score.

    Boxes are compared in pixels of the frames, clipped. Where scores differ by rounding, two boxes of equal right may change places;
    that is what a partner is looked for.
    """
    inference = pipeline.run(prepared)
    found = pipeline.select(inference, settings)
    wanted = select(exported.reference(prepared), settings.score, settings.iou, settings.max_detections)
    ours = Candidates(
        np.concatenate([np.full(len(one), image) for image, one in enumerate(found)]),
        np.concatenate([one.xyxy for one in found]).astype(np.float64),
        np.concatenate([one.scores for one in found]).astype(np.float64),
        np.concatenate([one.class_ids for one in found]),
    )
    theirs = Candidates(wanted.pictures, in_frames(wanted, prepared.letterboxes), wanted.scores, wanted.labels)
    pairs = match(ours, theirs, BOX_PX, SCORE)
    assert len(pairs.alone[0]) == len(pairs.alone[1]) == 0
    assert pairs.box_px.max(initial=0) <= BOX_PX
    assert pairs.score.max(initial=0) <= SCORE
    return len(ours), len(theirs)


def in_frames(candidates: Candidates, letterboxes: tuple[Letterbox, ...]) -> np.ndarray:
    """(K, 4) boxes in pixels of their frames, by the letterbox's own numbers and not by its inverse."""
    boxes = candidates.boxes_xyxy.copy()
    for place, picture in enumerate(candidates.pictures):
        box = letterboxes[picture]
        scale = np.array(box.scaled_wh) / box.source_wh
        corners = (boxes[place].reshape(2, 2) - (box.left_px, box.top_px)) / scale
        boxes[place] = np.clip(corners, 0, box.source_wh).reshape(4)
    return boxes


def _random(network: nn.Module) -> Any:
    """Weights that make different pictures different, so that a graph cannot agree by chance."""
    torch.manual_seed(0)
    with torch.no_grad():
        for name, value in network.named_parameters():
            if value.ndim > 1:
                nn.init.normal_(value, std=1.4 / value[0].numel() ** 0.5)
            elif "bias" in name:
                nn.init.normal_(value, std=0.1)
    return network.eval()


class _AsTuple(nn.Module):
    """A network of one output as recipes want it."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, pictures: torch.Tensor) -> tuple[torch.Tensor]:
        return (self.network(pictures),)


def _card(decoder: str, spec: InputSpec, *roles: str, **parts: Any) -> ModelCard:
    outputs = tuple(OutputSpec(role, role) for role in roles)
    return ModelCard(decoder, "detect", decoder, spec, outputs, CLASSES, **parts)


def _write(recipe: Recipe, path: Path) -> Path:
    recipe.network.eval()
    export_recipe(recipe, path, TextProgress(print, print, stages_with([])), picture=False)
    return path


def _export(family: str, weights: Path, *options: str) -> Path:
    from export.cli import main

    path = weights.with_suffix(".onnx")
    assert main([family, "--weights", str(weights), "--out", str(path), "--no-picture", *options]) == 0
    return path


MAKERS: dict[str, Callable[[Path], Exported]] = {
    "faster-rcnn": export_faster_rcnn,
    "fast-rcnn": export_fast_rcnn,
    "rcnn": export_rcnn,
    "yolo-v1": export_yolo_v1,
}
