from dataclasses import replace
from pathlib import Path

import pytest
import torch

from models.darknet.errors import CfgError
from models.darknet.network import read_network
from models.darknet.weights import load_weights
from models.detect.backbone import YOLO_FASTEST_XL
from models.detect.checkpoint import save_yolo
from models.detect.spec import InvertedRow, InvertedTable, ResidualTable, YoloSpec
from models.detect.start import start_from
from models.detect.yolo import Yolo
from models.errors import WeightsFileError
from models.provenance import Provenance
from tests.models.darknet.weights_file import write_weights

TABLE = InvertedTable(4, (InvertedRow(6, 4, 1, 2), InvertedRow(8, 6, 2, 1)))
SPEC = YoloSpec(("a", "b"), (((8.0, 8.0),),), (4,), TABLE, (4,), input_size=32)
BLOCK = """
[convolutional]
batch_normalize=1
filters={wide}
size=1
activation=leaky
[convolutional]
batch_normalize=1
filters={wide}
groups={wide}
size=3
pad=1
stride={stride}
activation=leaky
[convolutional]
batch_normalize=1
filters={narrow}
size=1
activation=linear
"""
SHORTCUT = "[shortcut]\nfrom=-4\nactivation=linear\n"
CFG = "".join(
    [
        "[net]\nwidth=32\nheight=32\nchannels=3\n[convolutional]\nbatch_normalize=1\nfilters=4\nsize=3\nstride=2\npad=1\nactivation=leaky\n",
        BLOCK.format(wide=6, narrow=4, stride=1) + SHORTCUT,
        BLOCK.format(wide=6, narrow=4, stride=1) + SHORTCUT,
        BLOCK.format(wide=8, narrow=6, stride=2),
        "[convolutional]\nfilters=21\nsize=1\nactivation=linear\n",
        "[yolo]\nmask=0,1,2\nanchors=4,4, 8,8, 16,16\nclasses=2\nnum=3\n",
    ]
)


@pytest.fixture
def darknet(tmp_path: Path) -> Path:
    """A small Darknet file whose first layers are `TABLE`'s."""
    (tmp_path / "net.cfg").write_text(CFG)
    write_weights(read_network(tmp_path / "net.cfg"), tmp_path / "net.weights")
    return tmp_path / "net.weights"


def test_a_backbone_from_darknet_computes_the_same(darknet: Path) -> None:
    model = Yolo(SPEC).eval()
    started = start_from(model, darknet)
    assert 0 < started.taken < started.of
    network = read_network(darknet.with_suffix(".cfg"))
    load_weights(network, darknet)
    seen: list[torch.Tensor] = []
    network.layers[11].register_forward_hook(lambda _layer, _inputs, output: seen.append(output))
    picture = torch.rand(1, 3, 32, 32)
    with torch.no_grad():
        network.eval()(picture)
        mine = model.backbone(picture)[4]
    torch.testing.assert_close(mine, seen[0], rtol=1e-4, atol=1e-4)


def test_the_real_yolo_fastest_fits_its_table(shared_data: Path) -> None:
    path = shared_data / "weights/yolo_fastest/yolo-fastest-1.1_coco/yolo-fastest-1.1-xl.weights"
    model = Yolo(replace(SPEC, backbone=YOLO_FASTEST_XL, strides=(16,))).eval()
    start_from(model, path)
    network = read_network(path.with_suffix(".cfg"))
    load_weights(network, path)
    seen: dict[int, torch.Tensor] = {}
    for layer, stride in ((80, 16), (108, 32)):
        network.layers[layer].register_forward_hook(
            lambda _layer, _inputs, output, stride=stride: seen.update({stride: output})
        )
    picture = torch.rand(1, 3, 320, 320)
    with torch.no_grad():
        network.eval()(picture)
        maps = model.backbone(picture)
    for stride, theirs in seen.items():
        torch.testing.assert_close(maps[stride], theirs, rtol=1e-3, atol=1e-2)
    assert set(seen) == {16, 32}


def test_other_classes_keep_all_but_the_last_layers(tmp_path: Path) -> None:
    torch.manual_seed(1)
    old = Yolo(SPEC)
    save_yolo(tmp_path / "old.safetensors", old, Provenance())
    new = Yolo(replace(SPEC, classes=("x", "y", "z")))
    before = new.heads[0][-1].bias.clone()  # type: ignore[index]
    started = start_from(new, tmp_path / "old.safetensors")
    assert started.of - started.taken == 2
    torch.testing.assert_close(new.backbone.state_dict(), old.backbone.state_dict())
    torch.testing.assert_close(new.heads[0][-1].bias, before)  # type: ignore[index]


def test_another_backbone_is_refused(tmp_path: Path, darknet: Path) -> None:
    save_yolo(tmp_path / "old.safetensors", Yolo(SPEC), Provenance())
    other = Yolo(replace(SPEC, backbone=ResidualTable((4, 8), (0, 1))))
    for path in (tmp_path / "old.safetensors", darknet):
        with pytest.raises(WeightsFileError, match="has another backbone"):
            start_from(other, path)


def test_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(WeightsFileError, match=r"none\.safetensors"):
        start_from(Yolo(SPEC), tmp_path / "none.safetensors")
    (tmp_path / "net.cfg").write_text(CFG)
    with pytest.raises(WeightsFileError, match=r"net\.weights"):
        start_from(Yolo(SPEC), tmp_path / "net.weights")
    with pytest.raises(CfgError, match=r"lost\.cfg"):
        start_from(Yolo(SPEC), tmp_path / "lost.weights")
