"""A writer of .weights, from the order of values that Darknet documents, so that tests have files for any .cfg."""

import struct
from pathlib import Path

import numpy as np
from torch import nn

from models.darknet.layers import Convolution
from models.darknet.network import DarknetNetwork


def layer_values(conv: nn.Conv2d, *, normalized: bool, generator: np.random.Generator) -> dict[str, np.ndarray]:
    """Random values of one layer in file order; variances are positive and kernels keep the size of what they see."""
    filters, channels, rows, columns = conv.weight.shape
    values = {"bias": generator.normal(0, 0.5, filters)}
    if normalized:
        values["scale"] = generator.uniform(0.5, 1.5, filters)
        values["mean"] = generator.normal(0, 0.3, filters)
        values["variance"] = generator.uniform(0.5, 2.0, filters)
    spread = 1 / np.sqrt(channels * rows * columns)
    values["kernel"] = generator.normal(0, spread, (filters, channels, rows, columns))
    return {name: value.astype(np.float32) for name, value in values.items()}


def write_weights(
    network: DarknetNetwork, path: Path, seed: int = 0, version: tuple[int, int, int] = (0, 2, 5)
) -> list[dict[str, np.ndarray]]:
    """Write random weights for ``network``; returns the values per convolution, by name."""
    generator = np.random.default_rng(seed)
    convolutions = [module for module in network.layers if isinstance(module, Convolution)]
    layers = [layer_values(m.conv, normalized=m.norm is not None, generator=generator) for m in convolutions]
    seen = struct.pack("<q" if version[0] * 10 + version[1] >= 2 else "<i", 123456)
    body = b"".join(value.tobytes() for layer in layers for value in layer.values())
    path.write_bytes(struct.pack("<3i", *version) + seen + body)
    return layers
