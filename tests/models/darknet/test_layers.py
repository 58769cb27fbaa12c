"""Each layer against a literal loop over the formula that defines it."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from models.darknet.activations import ACTIVATIONS
from models.darknet.layers import Convolution, MaxPool, Product, Reorg, Route, Shortcut, Softmax, Upsample


def random_map(*shape: int) -> np.ndarray:
    return np.random.default_rng(sum(shape)).normal(size=shape).astype(np.float32)


def max_pool(x: np.ndarray, size: int, stride: int, padding: int) -> np.ndarray:
    """Darknet's definition: windows start at −(padding // 2), what lies outside counts as minus infinity."""
    _, _, height, width = x.shape
    rows, columns = ((side + padding - size) // stride + 1 for side in (height, width))
    out = np.full((*x.shape[:2], rows, columns), -np.inf, np.float32)
    for row, column, down, right in np.ndindex(rows, columns, size, size):
        i, j = row * stride - padding // 2 + down, column * stride - padding // 2 + right
        if 0 <= i < height and 0 <= j < width:
            out[:, :, row, column] = np.maximum(out[:, :, row, column], x[:, :, i, j])
    return out


@given(
    size=st.integers(1, 6),
    stride=st.integers(1, 4),
    less=st.integers(0, 5),
    height=st.integers(6, 13),
    width=st.integers(6, 13),
)
@settings(deadline=None)
def test_max_pool(size: int, stride: int, less: int, height: int, width: int):
    stride, padding = min(stride, size), max(size - 1 - less, 0)
    x = random_map(2, 3, height, width)
    found = MaxPool(size, (stride, stride), padding)(torch.from_numpy(x)).numpy()
    np.testing.assert_array_equal(found, max_pool(x, size, stride, padding))


@pytest.mark.parametrize("side", [12, 13])
def test_max_pool_of_2_by_1_keeps_the_size(side: int):
    assert MaxPool(2, (1, 1), 1)(torch.zeros(1, 1, side, side)).shape == (1, 1, side, side)


def reorg(x: np.ndarray, stride: int) -> np.ndarray:
    """The index formula: element (k, j, i) of the flat result comes from the flat input read as (C/s², s·H, s·W)."""
    batch, channels, height, width = x.shape
    inner = channels // stride**2
    flat = x.reshape(batch, -1)
    out = np.empty_like(flat)
    for k, j, i in np.ndindex(channels, height, width):
        inner_channel, block = k % inner, k // inner
        row, column = j * stride + block // stride, i * stride + block % stride
        source = column + width * stride * (row + height * stride * inner_channel)
        out[:, i + width * (j + height * k)] = flat[:, source]
    return out.reshape(batch, channels * stride**2, height // stride, width // stride)


@pytest.mark.parametrize(
    ("stride", "shape"), [(2, (2, 8, 6, 4)), (2, (1, 64, 4, 4)), (3, (1, 9, 6, 9)), (1, (1, 3, 2, 2))]
)
def test_reorg_is_darknets_order(stride: int, shape: tuple[int, ...]):
    x = random_map(*shape)
    np.testing.assert_array_equal(Reorg(stride)(torch.from_numpy(x)).numpy(), reorg(x, stride))


def test_reorg_is_not_the_order_of_the_paper():
    x = torch.arange(64.0).reshape(1, 4, 4, 4)
    assert not torch.equal(Reorg(2)(x), torch.nn.functional.pixel_unshuffle(x, 2))


@pytest.mark.parametrize("groups", [1, 2])
def test_convolution_with_stride_dilation_groups_and_norm(groups: int):
    x, dilation, padding, stride = random_map(1, 4, 9, 8), 2, 1, 2
    layer = Convolution(
        (4, 6), 3, (stride, stride), padding, ACTIVATIONS["leaky"], groups=groups, dilation=dilation, normalized=True
    ).eval()
    norm = layer.norm
    assert norm is not None
    for tensor in (norm.weight, norm.bias, norm.running_mean, norm.running_var):
        torch.nn.init.uniform_(tensor, 0.5, 2.0)
    kernel = layer.conv.weight.detach().numpy()
    padded = np.pad(x, ((0, 0), (0, 0), *[(padding * dilation,) * 2] * 2))
    height, width = layer(torch.from_numpy(x)).shape[2:]
    expected = np.zeros((1, 6, height, width))
    for f, i, j in np.ndindex(6, height, width):
        first = f // (6 // groups) * (4 // groups)
        window = padded[0, first : first + 4 // groups, i * stride :, j * stride :][:, : 2 * dilation + 1 : dilation]
        expected[0, f, i, j] = np.sum(window[:, :, : 2 * dilation + 1 : dilation] * kernel[f])
    mean, variance, scale, bias = (
        tensor.detach().numpy().reshape(1, 6, 1, 1)
        for tensor in (norm.running_mean, norm.running_var, norm.weight, norm.bias)
    )
    expected = (expected - mean) / np.sqrt(variance + 1e-6) * scale + bias
    expected = np.where(expected > 0, expected, 0.1 * expected)
    np.testing.assert_allclose(layer(torch.from_numpy(x)).detach().numpy(), expected, atol=1e-5)


@pytest.mark.parametrize("channels", [2, 4, 7])
def test_shortcut_adds_the_channels_that_both_have(channels: int):
    x, other = random_map(1, 4, 3, 3), random_map(1, channels, 3, 3)
    expected = x.copy()
    common = min(4, channels)
    expected[:, :common] += other[:, :common]
    found = Shortcut(ACTIVATIONS["linear"])(torch.from_numpy(x), torch.from_numpy(other))
    np.testing.assert_array_equal(found.numpy(), expected)


def test_route_takes_the_same_part_of_every_source():
    a, b = random_map(1, 4, 2, 2), random_map(1, 2, 2, 2)
    found = Route(2, 1)(torch.from_numpy(a), torch.from_numpy(b))
    np.testing.assert_array_equal(found.numpy(), np.concatenate([a[:, 2:], b[:, 1:]], axis=1))


def test_upsample_repeats_and_scales():
    x = random_map(1, 2, 2, 3)
    np.testing.assert_array_equal(
        Upsample(3, 2.0)(torch.from_numpy(x)).numpy(), 2 * x.repeat(3, axis=2).repeat(3, axis=3)
    )


def test_product_gates_channels():
    gates, x = random_map(2, 3, 1, 1), random_map(2, 3, 4, 4)
    found = Product(ACTIVATIONS["linear"])(torch.from_numpy(gates), torch.from_numpy(x))
    np.testing.assert_allclose(found.numpy(), gates * x)


def test_softmax_divides_by_the_temperature():
    x = random_map(2, 5, 1, 1)
    scores = np.exp(x / 2) / np.exp(x / 2).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(Softmax(2.0)(torch.from_numpy(x)).numpy(), scores, rtol=1e-5)


DEFINITIONS = {
    "linear": lambda x: x,
    "leaky": lambda x: np.where(x > 0, x, 0.1 * x),
    "relu": lambda x: np.maximum(x, 0),
    "relu6": lambda x: np.clip(x, 0, 6),
    "relie": lambda x: np.where(x > 0, x, 0.01 * x),
    "elu": lambda x: np.where(x >= 0, x, np.expm1(x)),
    "selu": lambda x: np.where(x >= 0, 1.0507 * x, 1.0507 * 1.6732 * np.expm1(x)),
    "gelu": lambda x: 0.5 * x * (1 + np.tanh(0.797885 * x + 0.035677 * x**3)),
    "logistic": lambda x: 1 / (1 + np.exp(-x)),
    "loggy": lambda x: 2 / (1 + np.exp(-x)) - 1,
    "tanh": np.tanh,
    "swish": lambda x: x / (1 + np.exp(-x)),
    "mish": lambda x: x * np.tanh(np.log1p(np.exp(x))),
}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activation(name: str):
    x = np.linspace(-8, 8, 201, dtype=np.float32)
    np.testing.assert_allclose(ACTIVATIONS[name](torch.from_numpy(x)).numpy(), DEFINITIONS[name](x), atol=1e-3)
