import struct
from pathlib import Path

import numpy as np
import pytest
import torch

from models.darknet.cfg import parse_cfg
from models.darknet.errors import DarknetWeightsError
from models.darknet.network import DarknetNetwork, build_network
from models.darknet.weights import load_weights
from tests.models.darknet.weights_file import write_weights

CFG = """[net]
width=32
height=32
[convolutional]
filters=4
size=3
stride=2
pad=1
batch_normalize=1
activation=leaky
[maxpool]
size=2
stride=2
[convolutional]
filters=8
size=1
activation=linear
[yolo]
classes=3
anchors=4,4
"""


@pytest.fixture
def network() -> DarknetNetwork:
    return build_network(parse_cfg(CFG, "a.cfg"))


@pytest.mark.parametrize("version", [(0, 1, 0), (0, 2, 5), (1, 0, 0)])
def test_values_land_where_darknet_wrote_them(network: DarknetNetwork, tmp_path: Path, version: tuple[int, int, int]):
    first, second = write_weights(network, tmp_path / "a.weights", version=version)
    load_weights(network, tmp_path / "a.weights")
    norm, conv = network.layers[0].norm, network.layers[0].conv
    pairs = [(norm.bias, "bias"), (norm.weight, "scale"), (norm.running_mean, "mean"), (norm.running_var, "variance")]
    for tensor, name in [*pairs, (conv.weight, "kernel")]:
        np.testing.assert_array_equal(tensor.detach().numpy(), first[name])
    np.testing.assert_array_equal(network.layers[2].conv.bias.detach().numpy(), second["bias"])
    np.testing.assert_array_equal(network.layers[2].conv.weight.detach().numpy(), second["kernel"])
    (head,) = network(torch.zeros(2, 3, 32, 32))
    assert head.shape == (2, 8, 8, 8)
    assert torch.isfinite(head).all()


def test_a_file_that_ends_early_names_the_layer(network: DarknetNetwork, tmp_path: Path):
    path = tmp_path / "a.weights"
    write_weights(network, path)
    path.write_bytes(path.read_bytes()[:-8])
    with pytest.raises(
        DarknetWeightsError, match=r"holds 162 values, a\.cfg needs 164.*layer 2 \(\[convolutional\], line 14\)"
    ):
        load_weights(network, path)


def test_a_file_that_is_too_long_is_refused(network: DarknetNetwork, tmp_path: Path):
    path = tmp_path / "a.weights"
    write_weights(network, path)
    path.write_bytes(path.read_bytes() + b"\0" * 4)
    with pytest.raises(DarknetWeightsError, match=r"holds 165 values, a\.cfg needs 164"):
        load_weights(network, path)


def test_a_cut_value_is_noticed(network: DarknetNetwork, tmp_path: Path):
    path = tmp_path / "a.weights"
    write_weights(network, path)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(DarknetWeightsError, match="cut off"):
        load_weights(network, path)


def test_values_that_are_not_numbers_name_the_layer(network: DarknetNetwork, tmp_path: Path):
    path = tmp_path / "a.weights"
    write_weights(network, path)
    path.write_bytes(path.read_bytes()[:-4] + struct.pack("<f", float("nan")))
    with pytest.raises(DarknetWeightsError, match=r"layer 2 .*line 14 of a\.cfg.* not finite"):
        load_weights(network, path)


@pytest.mark.parametrize("content", [b"", b"short", struct.pack("<3i", 0, 2, 5), b"PK\3\4" + b"text" * 20])
def test_other_files_are_refused(network: DarknetNetwork, tmp_path: Path, content: bytes):
    path = tmp_path / "a.weights"
    path.write_bytes(content)
    with pytest.raises(DarknetWeightsError, match=r"a\.weights"):
        load_weights(network, path)


def test_a_missing_file_and_a_folder_are_refused(network: DarknetNetwork, tmp_path: Path):
    for path in (tmp_path / "nowhere.weights", tmp_path):
        with pytest.raises(DarknetWeightsError, match="cannot be read"):
            load_weights(network, path)
