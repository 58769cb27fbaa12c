"""Reader of Darknet's .weights: a header, then the float32 values of all layers in order, little-endian, with no names."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from models.darknet.errors import DarknetWeightsError
from models.darknet.layers import Convolution
from models.darknet.network import DarknetNetwork

VERSION_BYTES = 12


def load_weights(network: DarknetNetwork, path: Path) -> None:
    """Give ``network`` the values of a .weights file; afterwards it is on the CPU and runs.

    The file must hold exactly as many values as the .cfg needs: there is nothing else in it that would tell a wrong pair.

    Raises:
        DarknetWeightsError: the file is missing, shorter or longer than the network, or holds values that are not finite.
    """
    values = _read_values(path)
    _check_length(network, values.size, path)
    reader = _Reader(values)
    for index, module in enumerate(network.layers):
        if isinstance(module, Convolution):
            start = reader.taken
            _fill(module, reader)
            if not np.isfinite(values[start : reader.taken]).all():
                line = network.plan[index].section.line
                raise DarknetWeightsError(
                    f"{path}: layer {index} ([convolutional], line {line} of {network.where}) holds values that are not finite numbers"
                )


def value_count(module: nn.Module) -> int:
    """How many values of a .weights file belong to this layer."""
    learned = sum(parameter.numel() for parameter in module.parameters())
    # Running mean and variance are stored, torch's own count of batches is not.
    return learned + sum(buffer.numel() for buffer in module.buffers() if buffer.ndim)


def _read_values(path: Path) -> NDArray[np.float32]:
    """The values after the header, (n,) float32."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DarknetWeightsError(f"{path}: cannot be read: {error.strerror}") from error
    if len(content) < VERSION_BYTES:
        raise DarknetWeightsError(f"{path}: {len(content)} bytes are too few for the header of a .weights file")
    major, minor, _revision = struct.unpack("<3i", content[:VERSION_BYTES])
    # From 0.2 on the count of pictures seen in training takes 64 bits.
    start = VERSION_BYTES + (8 if major * 10 + minor >= 2 else 4)
    if not (0 <= major < 1000 and 0 <= minor < 1000):
        raise DarknetWeightsError(
            f"{path}: version {major}.{minor} in the header: not a .weights file that can be read here"
        )
    if len(content) < start or (len(content) - start) % 4:
        raise DarknetWeightsError(
            f"{path}: {len(content)} bytes are no header and whole float32 values: the file is cut off"
        )
    return np.frombuffer(content, dtype="<f4", offset=start)


def _check_length(network: DarknetNetwork, found: int, path: Path) -> None:
    counts = [value_count(module) for module in network.layers]
    needed = sum(counts)
    if found > needed:
        raise DarknetWeightsError(
            f"{path}: holds {found:,} values, {network.where} needs {needed:,}: the two do not belong together"
        )
    if found == needed:
        return
    reached = 0
    for index, count in enumerate(counts):
        reached += count
        if reached > found:
            section = network.plan[index].section
            raise DarknetWeightsError(
                f"{path}: holds {found:,} values, {network.where} needs {needed:,}: it ends within layer {index} "
                f"([{section.name}], line {section.line}); the file is cut off or belongs to another .cfg"
            )


class _Reader:
    """Takes tensors from the values in order."""

    def __init__(self, values: NDArray[np.float32]) -> None:
        self._values = values
        self.taken = 0

    def take(self, like: Tensor) -> Tensor:
        """The next values in the shape of ``like``, float32 on the CPU."""
        start, self.taken = self.taken, self.taken + like.numel()
        return torch.tensor(self._values[start : self.taken]).reshape(like.shape)

    def parameter(self, like: Tensor) -> nn.Parameter:
        """The same as a parameter."""
        return nn.Parameter(self.take(like))


def _fill(layer: Convolution, reader: _Reader) -> None:
    """Biases; with batch norm scales, means, variances; then the kernels (filters, channels / groups, rows, columns)."""
    norm = layer.norm
    if norm is None:
        assert layer.conv.bias is not None  # noqa: S101 (for the type checker: `Convolution` has one or the other)
        layer.conv.bias = reader.parameter(layer.conv.bias)
    else:
        norm.bias = reader.parameter(norm.bias)
        norm.weight = reader.parameter(norm.weight)
        norm.running_mean = reader.take(_known(norm.running_mean))
        norm.running_var = reader.take(_known(norm.running_var))
        norm.num_batches_tracked = torch.tensor(0)
    layer.conv.weight = reader.parameter(layer.conv.weight)


def _known(buffer: Tensor | None) -> Tensor:
    assert buffer is not None  # noqa: S101 (for the type checker: every norm here tracks its statistics)
    return buffer
