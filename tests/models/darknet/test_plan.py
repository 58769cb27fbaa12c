from pathlib import Path

import pytest
import torch

from models.darknet.cfg import parse_cfg
from models.darknet.errors import CfgError
from models.darknet.network import DarknetNetwork, build_network, read_network

NET = "[net]\nwidth=64\nheight=32\nchannels=3\n"
CONV = "[convolutional]\nfilters=8\nsize=3\nstride=2\npad=1\nbatch_normalize=1\nactivation=leaky\n"


def build(body: str) -> DarknetNetwork:
    return build_network(parse_cfg(NET + body, "a.cfg"))


def forward_shapes(network: DarknetNetwork, batch: int = 2) -> list[tuple[int, ...]]:
    return [
        tuple(x.shape)
        for x in network(torch.empty(batch, network.picture.channels, *network.picture.size, device="meta"))
    ]


REFUSED = {
    "Gaussian_yolov3_BDD.cfg": (608, "[Gaussian_yolo]"),
    "cifar.cfg": (15, "[crop]"),
    "darknet53_448_xnor.cfg": (36, "[convolutional] with xnor=1"),
    "resnet50.cfg": (149, "[shortcut] joins maps of different sizes"),
    "tiny-yolo_xnor.cfg": (34, "[convolutional] with xnor=1"),
    "yolo9000.cfg": (217, "[region] with tree="),
    "yolov3-tiny_xnor.cfg": (38, "[convolutional] with xnor=1"),
}
# Strides of the heads, classes, and one anchor of the coarsest head in input pixels, read from the files by eye.
HEADS = {
    "tiny-yolo.cfg": ((32,), 80, (0.738768 * 32, 0.874946 * 32)),
    "yolo-voc.cfg": ((32,), 20, (1.3221 * 32, 1.73145 * 32)),
    "yolov2.cfg": ((32,), 80, (0.57273 * 32, 0.677385 * 32)),
    "yolov2-tiny-voc.cfg": ((32,), 20, (1.08 * 32, 1.19 * 32)),
    "yolov3.cfg": ((8, 16, 32), 80, (116, 90)),
    "yolov3-tiny-prn.cfg": ((16, 32), 80, (81, 82)),
    "yolov4.cfg": ((8, 16, 32), 80, (142, 110)),
    "yolov4-tiny.cfg": ((16, 32), 80, (81, 82)),
    "yolov4-csp.cfg": ((8, 16, 32), 80, (142, 110)),
}


def test_every_cfg_runs_as_planned_or_is_refused_by_name(shared_data: Path):
    files = sorted((shared_data / "weights" / "darknet_cfgs").glob("*.cfg"))
    refused: dict[str, tuple[int, str]] = {}
    assert files
    for path in files:
        try:
            network = read_network(path)
        except CfgError as error:
            refused[path.name] = (error.line, str(error))
            continue
        outputs = [layer.shape for layer in network.plan if layer.head] or [network.plan[-1].shape]
        expected = sorted((2, shape.channels, *shape.size) for shape in outputs)
        assert sorted(forward_shapes(network)) == expected, path.name
    assert sorted(refused) == sorted(REFUSED)
    for name, (line, words) in REFUSED.items():
        assert refused[name][0] == line
        assert words in refused[name][1]


@pytest.mark.parametrize("name", HEADS)
def test_heads_of_known_networks(shared_data: Path, name: str):
    network = read_network(shared_data / "weights" / "darknet_cfgs" / name)
    strides, classes, anchor = HEADS[name]
    assert tuple(head.stride for head in network.heads) == strides
    assert {head.classes for head in network.heads} == {classes}
    assert network.heads[-1].anchors_wh_px[0] == pytest.approx(anchor)
    assert network.multiple == 32


def test_scaled_yolov4_heads_are_activated_and_squared(shared_data: Path):
    for head in read_network(shared_data / "weights" / "darknet_cfgs" / "yolov4x-mish.cfg").heads:
        assert (head.scale_xy, head.squared_size, head.activated, head.softmax) == (2.0, True, True, False)


def test_yolov4_heads_reach_further_the_finer_they_are(shared_data: Path):
    heads = read_network(shared_data / "weights" / "darknet_cfgs" / "yolov4.cfg").heads
    assert [head.scale_xy for head in heads] == [1.2, 1.1, 1.05]


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        ("[lstm]\n", 5, "[lstm] is a layer that is not supported"),
        (CONV + "[convolutional]\nactivation=wild\n", 13, "activation=wild is not supported"),
        (CONV + "[convolutional]\ngroups=3\nfilters=9\n", 13, "groups=3 does not divide 8 channels"),
        (CONV + "[convolutional]\nshare_index=0\n", 13, "share_index"),
        (CONV + "[convolutional]\nantialiasing=1\n", 13, "antialiasing=1 is not supported"),
        (CONV + "[route]\n", 12, "needs layers="),
        (CONV + "[route]\nlayers=1\n", 13, "names layer 1, but this is layer 1"),
        (CONV + "[route]\nlayers=-2\n", 13, "names layer -1"),
        (CONV + CONV + "[route]\nlayers=0,1\n", 19, "layers 1 and 0 are 8×16 and 16×32"),
        (CONV + "[shortcut]\nfrom=-1\nweights_type=per_channel\n", 14, "weights_type"),
        (CONV + "[scale_channels]\nfrom=0\n", 13, "do not fit: 8×16×32"),
        (CONV + "[reorg]\nstride=4\n", 13, "does not divide the map 8×16×32"),
        (CONV + "[upsample]\nstride=4\n", 12, "finer than the picture"),
        (CONV + "[softmax]\n", 12, "pooled to 1×1"),
        (CONV + "[yolo]\nclasses=4\nanchors=4,4\nnum=1\n", 12, "need 9 channels, the layer before gives 8"),
        (CONV + "[yolo]\nclasses=3\nanchors=4\nnum=1\n", 14, "need 2 numbers, 1 found"),
        (CONV + "[yolo]\nclasses=3\nanchors=4,-4\nnum=1\n", 14, "must be positive"),
        (CONV + "[yolo]\nclasses=3\nanchors=4,4\nmask=1\n", 15, "picks outside the 1 anchors"),
        (CONV + "[region]\nclasses=3\nanchors=4,4\ncoords=8\n", 15, "coords"),
        ("[maxpool]\nsize=2\nstride=2\npadding=5\n", 8, "padding=5 must lie in 0 to 1"),
        ("[convolutional]\nsize=99\n", 5, "would put out"),
    ],
)
def test_layers_that_do_not_fit_are_refused_with_their_line(body: str, line: int, words: str):
    with pytest.raises(CfgError) as caught:
        build(body)
    assert caught.value.line == line
    assert words in str(caught.value)


def test_a_head_may_not_feed_another_layer():
    with pytest.raises(CfgError, match="takes the output of head layer 1"):
        build(CONV + "[yolo]\nclasses=3\nanchors=4,4\n" + CONV)


def test_a_head_whose_cells_do_not_tile_the_input_is_refused():
    unpadded = CONV.replace("pad=1", "pad=0")
    with pytest.raises(CfgError, match="do not tile the 32×64 input"):
        build(unpadded + "[yolo]\nclasses=3\nanchors=4,4\n")


def test_an_input_without_size_is_refused():
    with pytest.raises(CfgError, match=r"line 1.*height=0 must lie in"):
        build_network(parse_cfg("[net]\nwidth=32\n[convolutional]\n", "a.cfg"))


def test_multiple_is_that_of_the_deepest_map():
    network = build(CONV * 3 + "[upsample]\nstride=2\n[yolo]\nclasses=3\nanchors=4,4\n")
    assert (network.heads[0].stride, network.multiple) == (4, 8)


def test_letter_box_is_read():
    assert not build(CONV).letterbox
    assert build("letter_box=1\n" + CONV).letterbox


def test_a_weights_file_in_place_of_the_cfg_is_named(tmp_path: Path):
    path = tmp_path / "a.weights"
    path.write_bytes(b"\0\0\0\0\2\0\0\0")
    with pytest.raises(CfgError, match=r"perhaps it is the \.weights file"):
        read_network(path)


def test_a_missing_cfg_is_named(tmp_path: Path):
    with pytest.raises(CfgError, match=r"nowhere\.cfg.*cannot be read"):
        read_network(tmp_path / "nowhere.cfg")
