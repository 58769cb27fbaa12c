"""Small Darknet models."""

from pathlib import Path

from export.darknet import DarknetFiles
from models.darknet.network import read_network
from tests.models.darknet.weights_file import write_weights

V3 = """
[net]
width=32
height=32
[convolutional]
filters=7
size=3
stride=2
pad=1
activation=linear
[yolo]
anchors=4,4
classes=2
"""


def make_files(folder: Path, cfg: str, names: str = "cat\ndog\n") -> DarknetFiles:
    """A .cfg with random weights that fit it, and names."""
    files = DarknetFiles(folder / "a.cfg", folder / "a.weights", folder / "a.names")
    files.cfg.write_text(cfg)
    files.names.write_text(names)
    write_weights(read_network(files.cfg), files.weights)
    return files
