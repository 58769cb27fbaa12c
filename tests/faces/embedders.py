"""Small real embedders whose answers can be foreseen."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import helper

from detector_app.faces.alignment import STANDARD_XY_PX
from detector_app.faces.matching import GallerySnapshot
from detector_app.faces.people import EmbeddingModel, NewPicture
from detector_app.model_card import CARD_KEY, EmbeddingSpec, InputSpec, ModelCard, OutputSpec
from tests.onnx_files import write_onnx

GRID = 8
"""The tiny embedder looks at the mean brightness of this many by this many parts of the face."""


def embedder_card(
    *, name: str = "tiny-faces", threshold: float | None = 0.1, side: int = 112, **changes: Any
) -> ModelCard:
    """The card of :func:`tiny_embedder`; ``changes`` are of the input."""
    spec: dict[str, Any] = {"name": "faces", "size_hw": (side, side), "resize": "stretch", **changes}
    template = tuple((x * side / 112, y * side / 112) for x, y in STANDARD_XY_PX)
    return ModelCard(
        name=name,
        task="embed",
        decoder="embedding",
        input=InputSpec(**spec),
        outputs=(OutputSpec("embedding", "embedding"),),
        embedding=EmbeddingSpec(GRID * GRID, template, threshold),
        licence="MIT",
    )


def tiny_embedder(path: Path, *, card: ModelCard | None = None, inside: bool = True, shift: float = 0.0) -> Path:
    """Write an embedder: mean brightness of 8×8 parts less the mean of all; ``shift`` makes another model of the same kind.

    With ``inside`` the card is in the file, otherwise beside it. The length of what comes out is not 1: that is the app's part.
    """
    card = card or embedder_card()
    spec = card.input
    axes = [1] if spec.layout == "NCHW" else [3]
    cell = spec.size_hw[0] // GRID
    nodes = [
        helper.make_node("ReduceMean", ["faces"], ["grey"], axes=axes, keepdims=0),
        helper.make_node("Unsqueeze", ["grey", "one"], ["plane"]),
        helper.make_node("AveragePool", ["plane"], ["parts"], kernel_shape=[cell, cell], strides=[cell, cell]),
        helper.make_node("Flatten", ["parts"], ["flat"]),
        helper.make_node("ReduceMean", ["flat"], ["mean"], axes=[1], keepdims=1),
        helper.make_node("Sub", ["flat", "mean"], ["centred"]),
        helper.make_node("Add", ["centred", "shift"], ["embedding"]),
    ]
    height, width = spec.size_hw
    batch = "batch" if spec.dynamic_batch else 1
    channels = spec.channels
    shape = (batch, channels, height, width) if spec.layout == "NCHW" else (batch, height, width, channels)
    weights: dict[str, NDArray[Any]] = {"one": np.array([1], np.int64), "shift": np.float32(shift)}
    write_onnx(path, nodes, {"faces": shape}, ("embedding",), weights, {CARD_KEY: card.to_json()} if inside else {})
    if not inside:
        path.with_suffix(".card.json").write_text(json.dumps(json.loads(card.to_json())), encoding="utf-8")
    return path


MODEL = EmbeddingModel("a" * 64, "model-a")
OTHER = EmbeddingModel("b" * 64, "model-b")


def random_units(rng: np.random.Generator, n: int, dimension: int = 16) -> NDArray[np.float32]:
    """(n, dimension) float32 directions."""
    vectors = rng.normal(size=(n, dimension))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def new_picture(vector: NDArray[np.float32], model: EmbeddingModel = MODEL, **more: Any) -> NewPicture:
    """A picture with nothing but an embedding."""
    return NewPicture(model, vector, **more)


def snapshot_of(vectors: NDArray[np.float32], names: list[str], **more: Any) -> GallerySnapshot:
    """As if these were enrolled."""
    ids = np.array([sorted(set(names)).index(name) + 1 for name in names], np.int64)
    return GallerySnapshot(MODEL.model_hash, vectors, ids, tuple(names), **more)


def photo(rng: np.random.Generator, height: int = 240, width: int = 320) -> NDArray[np.uint8]:
    """A picture full of structure, smooth enough to be aligned."""
    coarse = rng.integers(0, 256, (height // 16 + 2, width // 16 + 2, 3), dtype=np.uint8)
    import cv2

    return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


def points_at(left: float, top: float, side: float) -> NDArray[np.float32]:
    """Landmarks of a face from the front that fills the square at (left, top)."""
    return (np.array(STANDARD_XY_PX, np.float32) * (side / 112) + (left, top)).astype(np.float32)
