"""A detector of squares with layers, whose weights are written down and not learned, and pictures for it: always there, and never wrong."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from detector_app.model_card import ModelCard
from export.recipe import Recipe
from export.yolo import head_tensors
from tests.onnx_files import SQUARE_PX, STRIDE, picture_with_squares, tiny_card

COLOURS = ("red", "blue")


class Squares(nn.Module):
    """The detector of :func:`tests.onnx_files.tiny_anchor_model` with two layers before its head, which hand the colours on.

    Args:
        stretch: red is made so many times smaller than the rest by the first layer and larger by the head: harmless in float32, and fatal
            where all channels share 256 steps.
    """

    def __init__(self, stretch: float = 1.0) -> None:
        super().__init__()
        self.mean = nn.AvgPool2d(SQUARE_PX, STRIDE, (SQUARE_PX - STRIDE) // 2)
        self.first, self.second = nn.Conv2d(3, 3, 1), nn.Conv2d(3, 3, 1)
        self.head = nn.Conv2d(3, 7, 1)
        scale = torch.tensor([1.0 / stretch, 1.0, 1.0])
        colours = torch.zeros(7, 3)
        colours[4] = torch.tensor([20.0, -40.0, 20.0])
        colours[5], colours[6] = torch.tensor([20.0, 0.0, -20.0]), torch.tensor([-20.0, 0.0, 20.0])
        with torch.no_grad():
            for layer, weight in (
                (self.first, torch.diag(scale)),
                (self.second, torch.eye(3)),
                (self.head, colours / scale),
            ):
                layer.weight.copy_(weight[:, :, None, None])
                nn.init.zeros_(layer.bias)
            self.head.bias[4] = -15.0

    def forward(self, images: Tensor) -> tuple[Tensor]:
        """(N, 3, H, W) RGB 0–1 to (N, 7, H/16, W/16)."""
        return (self.head(torch.relu(self.second(torch.relu(self.first(self.mean(images)))))),)


def squares_recipe(stretch: float = 1.0) -> Recipe:
    """Its recipe, at one size."""
    card = tiny_card(dynamic=False)
    card = replace(card, input=replace(card.input, dynamic_batch=True))
    tensors = tuple(replace(one, axes=(*one.axes[:2], 20, 20)) for one in head_tensors(card))
    return Recipe(Squares(stretch).eval(), card, tensors)


def squares_model(stretch: float = 1.0) -> tuple[onnx.ModelProto, ModelCard]:
    """The same as a graph, written node by node: tracing takes its time."""
    network, card = Squares(stretch), squares_recipe(stretch).card
    weights = {name: value.detach().numpy() for name, value in network.state_dict().items()}
    side = {"kernel_shape": [SQUARE_PX] * 2, "strides": [STRIDE] * 2, "pads": [(SQUARE_PX - STRIDE) // 2] * 4}
    nodes = [
        helper.make_node("AveragePool", ["images"], ["mean"], count_include_pad=1, **side),
        helper.make_node("Conv", ["mean", "first.weight", "first.bias"], ["map"]),
        helper.make_node("Relu", ["map"], ["active"]),
        helper.make_node("Conv", ["active", "second.weight", "second.bias"], ["next"]),
        helper.make_node("Relu", ["next"], ["last"]),
        helper.make_node("Conv", ["last", "head.weight", "head.bias"], ["head_16"]),
    ]
    graph = helper.make_graph(
        nodes,
        "squares",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, ["batch", 3, 320, 320])],
        [helper.make_tensor_value_info("head_16", TensorProto.FLOAT, ["batch", 7, 20, 20])],
        [numpy_helper.from_array(array, name) for name, array in weights.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10), card


def draw_pictures(folder: Path, count: int, seed: int = 0) -> list[list[tuple[int, int, str]]]:
    """Write pictures of 320×320 with one to three squares each, "0.png" and so on; returns what is on them."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(seed)
    drawn = []
    for number in range(count):
        places = (
            random.choice(8, (random.integers(1, 4), 2), replace=False)
            if number % 2
            else random.choice(8, (2, 2), replace=False)
        )
        squares = [
            (int(x) * 32 + 24, int(y) * 32 + 24, COLOURS[int(random.integers(2))])
            for x, y in dict.fromkeys(map(tuple, places))
        ]
        cv2.imwrite(str(folder / f"{number}.png"), picture_with_squares(squares))
        drawn.append(squares)
    return drawn


def write_coco(path: Path, drawn: list[list[tuple[int, int, str]]]) -> Path:
    """The annotations of :func:`draw_pictures`."""
    half = SQUARE_PX // 2
    boxes = [(picture, square) for picture, squares in enumerate(drawn) for square in squares]
    coco = {
        "images": [{"id": i, "file_name": f"{i}.png", "width": 320, "height": 320} for i in range(len(drawn))],
        "annotations": [
            {
                "id": number + 1,
                "image_id": picture,
                "category_id": COLOURS.index(colour) + 1,
                "bbox": [x - half, y - half, SQUARE_PX, SQUARE_PX],
                "area": SQUARE_PX**2,
                "iscrowd": 0,
            }
            for number, (picture, (x, y, colour)) in enumerate(boxes)
        ],
        "categories": [{"id": i + 1, "name": name} for i, name in enumerate(COLOURS)],
    }
    path.write_text(json.dumps(coco), encoding="utf-8")
    return path


def write_yolo(place: Path, drawn: list[list[tuple[int, int, str]]]) -> None:
    """The same as YOLO writes it: ``labels/*.txt``, and ``val.txt`` with the pictures' names."""
    (place / "labels").mkdir(exist_ok=True)
    for number, squares in enumerate(drawn):
        lines = [f"{COLOURS.index(colour)} {x / 320} {y / 320} 0.1 0.1" for x, y, colour in squares]
        (place / "labels" / f"{number}.txt").write_text("\n".join(lines), encoding="utf-8")
    (place / "val.txt").write_text("\n".join(f"images/{i}.png" for i in range(len(drawn))), encoding="utf-8")
