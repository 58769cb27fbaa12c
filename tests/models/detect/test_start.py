from dataclasses import replace
from pathlib import Path

import pytest
import torch

from models.darknet.errors import CfgError
from models.darknet.network import read_network
from models.darknet.weights import load_weights
from models.detect.backbone import YOLO_FASTEST_XL
from models.detect.box_coder import decode_scale
from models.detect.checkpoint import save_yolo
from models.detect.spec import InvertedRow, InvertedTable, ResidualTable, YoloSpec
from models.detect.start import start_from
from models.detect.yolo import Yolo
from models.errors import WeightsFileError
from models.provenance import Provenance
from tests.models.darknet.weights_file import write_weights

TABLE = InvertedTable(4, (InvertedRow(6, 4, 1, 2), InvertedRow(8, 6, 2, 1)))
SPEC = YoloSpec(("a", "b"), (((8.0, 8.0),),), (4,), TABLE, (4,), input_size=32)
DARKNET_ANCHORS = (((4.0, 4.0), (8.0, 8.0), (16.0, 16.0)),)
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


def rows(model: Yolo, scale: int = 0) -> torch.Tensor:
    """(B, 5 + C) biases of a last layer."""
    bias: torch.Tensor = model.heads[scale][-1].bias  # type: ignore[index,assignment]
    return bias.detach().view(model.spec.anchors_per_cell, -1)


@pytest.fixture
def old(tmp_path: Path) -> Yolo:
    """A detector of `SPEC` with a head like no other, stored as `old.safetensors`."""
    torch.manual_seed(1)
    network = Yolo(SPEC)
    with torch.no_grad():
        network.heads[0][-1].bias.copy_(torch.arange(7.0))  # type: ignore[index,operator]
    save_yolo(tmp_path / "old.safetensors", network, Provenance())
    return network


def test_boxes_and_classes_of_the_same_name_are_carried_over(tmp_path: Path, old: Yolo) -> None:
    new = Yolo(replace(SPEC, classes=("x", "b", "z")))
    before = rows(new).clone()
    started = start_from(new, tmp_path / "old.safetensors")
    assert (started.taken, started.known) == (started.of, ("b",))
    torch.testing.assert_close(new.backbone.state_dict(), old.backbone.state_dict())
    torch.testing.assert_close(rows(new)[0], torch.tensor([0.0, 1, 2, 3, 4, before[0, 5], 6, before[0, 7]]))
    torch.testing.assert_close(
        new.heads[0][-1].weight.view(8, -1)[[0, 4, 6]],  # type: ignore[index,union-attr,operator]
        old.heads[0][-1].weight.view(7, -1)[[0, 4, 6]],  # type: ignore[index,union-attr,operator]
    )


def test_as_many_classes_of_other_names_are_not_mistaken_for_them(tmp_path: Path, old: Yolo) -> None:
    new = Yolo(replace(SPEC, classes=("b", "x")))
    before = rows(new).clone()
    assert start_from(new, tmp_path / "old.safetensors").known == ("b",)
    torch.testing.assert_close(rows(new)[0, 5:], torch.tensor([6.0, before[0, 6]]))


def test_boxes_keep_their_size_with_other_anchors(tmp_path: Path, old: Yolo) -> None:
    new = Yolo(replace(SPEC, anchors_px=(((4.0, 12.0), (9.0, 7.0)),)))
    assert start_from(new, tmp_path / "old.safetensors").known == ("a", "b")
    for anchor, (width, height) in zip(rows(new), new.spec.anchors_px[0], strict=True):
        sizes = torch.tensor([width, height]) * anchor[2:4].exp()
        torch.testing.assert_close(sizes, 8 * rows(old)[0, 2:4].exp())
        torch.testing.assert_close(anchor[4:], rows(old)[0, 4:])
    larger = Yolo(replace(SPEC, anchors_px=(((16.0, 16.0),),), input_size=64))  # the same picture in twice the size
    start_from(larger, tmp_path / "old.safetensors")
    torch.testing.assert_close(rows(larger), rows(old))


def test_each_anchor_takes_what_the_one_most_like_it_has_learnt(tmp_path: Path) -> None:
    two = Yolo(replace(SPEC, anchors_px=(((4.0, 16.0), (16.0, 4.0)),)))
    with torch.no_grad():
        rows(two)[:, 4] = torch.tensor([1.0, 2.0])
    save_yolo(tmp_path / "two.safetensors", two, Provenance())
    three = Yolo(replace(SPEC, anchors_px=(((20.0, 6.0), (5.0, 12.0), (15.0, 5.0)),)))
    start_from(three, tmp_path / "two.safetensors")
    assert rows(three)[:, 4].tolist() == [2, 1, 2]


def test_centres_keep_their_place_when_cells_reach_further(tmp_path: Path, old: Yolo) -> None:
    new = Yolo(replace(SPEC, scale_xy=2 * SPEC.scale_xy))
    start_from(new, tmp_path / "old.safetensors")
    torch.testing.assert_close(rows(new)[0, :4], torch.tensor([0.0, 0.5, 2, 3]))
    with torch.no_grad():
        for network in (old, new):
            network.heads[0][-1].bias[:4] = torch.tensor([0.05, -0.1, 0, 0]) / network.spec.scale_xy  # type: ignore[index,operator]
    raw = [network.heads[0][-1].bias.detach().view(1, 7, 1, 1) for network in (old, new)]  # type: ignore[index,union-attr,operator]
    boxes = [decode_scale(one, network.spec, 0).boxes_xyxy for one, network in zip(raw, (old, new), strict=True)]
    torch.testing.assert_close(boxes[0], boxes[1], atol=0.01, rtol=0)


def test_the_whole_yolo_fastest_says_the_same_in_our_network(shared_data: Path) -> None:
    path = shared_data / "weights/yolo_fastest/yolo-fastest-1.1_coco/yolo-fastest-1.1-xl.weights"
    names = tuple(path.with_name("coco.names").read_text().split("\n")[:80])
    network = read_network(path.with_suffix(".cfg")).eval()
    load_weights(network, path)
    anchors = tuple(head.anchors_wh_px for head in network.heads)
    model = Yolo(YoloSpec(names, anchors, backbone=YOLO_FASTEST_XL, heads="slim", scale_xy=1.0)).eval()
    started = start_from(model, path)
    assert (started.taken, started.known) == (started.of, names)
    picture = torch.rand(2, 3, 96, 64)
    with torch.no_grad():
        for mine, theirs in zip(model(picture), network(picture), strict=True):
            torch.testing.assert_close(mine, theirs, rtol=1e-3, atol=2e-2)


SEPARABLE = (
    "[convolutional]\nbatch_normalize=1\nfilters=6\ngroups=6\nsize=5\npad=1\nactivation=leaky\n"
    "[convolutional]\nbatch_normalize=1\nfilters=6\nsize=1\nactivation=linear\n"
)
POOLS = "".join(f"[maxpool]\nstride=1\nsize={size}\n[route]\nlayers={back}\n" for size, back in ((3, -2), (5, -4)))


def write_slim(folder: Path) -> Path:
    """A Darknet file that is a slim detector all through, with the classes a and b beside it."""
    backbone, end = CFG.split("[convolutional]\nfilters=21")
    neck = f"{POOLS}[maxpool]\nstride=1\nsize=9\n[route]\nlayers=-1,-3,-5,-6\n"
    reduce = "[convolutional]\nbatch_normalize=1\nfilters=6\nsize=1\nactivation=leaky\n"
    (folder / "slim.cfg").write_text(f"{backbone}{neck}{reduce}{SEPARABLE * 2}[convolutional]\nfilters=21{end}")
    (folder / "slim.names").write_text("a\nb\n\n")
    write_weights(read_network(folder / "slim.cfg"), folder / "slim.weights")
    return folder / "slim.weights"


def test_a_whole_detector_from_darknet(tmp_path: Path) -> None:
    path = write_slim(tmp_path)
    spec = YoloSpec(("a", "b"), DARKNET_ANCHORS, (4,), TABLE, input_size=32, scale_xy=1.0, heads="slim")
    model = Yolo(spec).eval()
    started = start_from(model, path)
    assert (started.taken, started.known) == (started.of, ("a", "b"))
    assert started.text(path.name).endswith("tensors start from slim.weights; of the classes it knows a, b")
    network = read_network(path.with_suffix(".cfg")).eval()
    load_weights(network, path)
    picture = torch.rand(1, 3, 64, 32)
    with torch.no_grad():
        torch.testing.assert_close(model(picture)[0], network(picture)[0], rtol=1e-3, atol=1e-3)


def test_classes_without_a_names_file_are_not_guessed(tmp_path: Path) -> None:
    path = write_slim(tmp_path)
    spec = YoloSpec(("a", "b"), DARKNET_ANCHORS, (4,), TABLE, input_size=32, heads="slim")
    for text in ("a\nb\nc\n", ""):
        path.with_suffix(".names").write_text(text)
        assert start_from(Yolo(spec), path).known == ()


def test_a_last_layer_is_not_taken_without_what_leads_to_it(darknet: Path) -> None:
    (darknet.parent / "other.names").write_text("a\nb\n")
    slim = YoloSpec(("b", "c"), DARKNET_ANCHORS, (4,), TABLE, input_size=32, heads="slim")
    started = start_from(Yolo(slim), darknet)
    assert started.known == ()
    assert started.taken < started.of


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
