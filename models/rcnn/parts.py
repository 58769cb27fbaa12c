"""What each part of a region network costs, in milliseconds of PyTorch and in multiply-adds, on one picture.

    python -m models.rcnn.parts WEIGHTS PICTURE [--repeat 20]

Selective search, which Fast R-CNN's regions come from, is counted as a part of its own.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple, TypeVar

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from detector_app.vision.selective_search import propose
from models.detect.augmentation import fit_matrix, letterbox, move_boxes
from models.detect.pictures import Sample, load_sample
from models.detect.records import PictureRecord
from models.rcnn.checkpoint import FAST, load_fast_rcnn, load_faster_rcnn
from models.rcnn.fast_rcnn import FastRcnn, with_owners
from models.rcnn.faster_rcnn import FasterRcnn
from models.rcnn.planning import found_in
from models.rcnn.region_backbone import picture_size
from models.rcnn.region_head import scores_and_boxes
from models.weights_file import stated_family

T = TypeVar("T")


class Cost(NamedTuple):
    """Of one part: the median time, and multiply-adds of its convolutions and matrix products."""

    ms: float
    multiply_adds: int


class Meter:
    """Measures each step of a walk through a network; the walk is repeated, and the first is left out of the times."""

    def __init__(self) -> None:
        self.times: dict[str, list[float]] = {}
        self.flops: dict[str, int] = {}

    def step(self, name: str, work: Callable[[], T]) -> T:
        """What the work gives."""
        if name not in self.flops:
            with FlopCounterMode(display=False) as counter:
                result = work()
            self.flops[name] = counter.get_total_flops()
            self.times[name] = []
            return result
        begin = time.perf_counter()
        result = work()
        self.times[name].append((time.perf_counter() - begin) * 1e3)
        return result

    def costs(self) -> dict[str, Cost]:
        """By part, in order."""
        return {name: Cost(median(times), self.flops[name] // 2) for name, times in self.times.items()}


def load_picture(path: Path) -> Sample:
    """A picture without boxes."""
    return load_sample(PictureRecord(path, np.zeros((0, 4), np.float32), np.zeros(0, np.int64), ""))


@torch.no_grad()
def costs_of(network: FastRcnn | FasterRcnn, picture: Sample, repeat: int) -> dict[str, Cost]:
    """By part, what one picture costs, letterboxed to the size that the network was trained at.

    Args:
        network: in evaluation mode.
        picture: of any size.
        repeat: how often to measure, at least once.
    """
    meter = Meter()
    for _ in range(repeat + 1):
        if isinstance(network, FastRcnn):
            _through_fast(network, picture, meter)
        else:
            _through_faster(network, picture, meter)
    return meter.costs()


def _as_input(network: FastRcnn | FasterRcnn, picture: Sample) -> Tensor:
    spec = network.spec
    boxed = letterbox(picture, spec.input_size, spec.pad_value)
    return torch.from_numpy(boxed.rgb).permute(2, 0, 1)[None].float() * spec.pixel_scale


def _maps(network: FastRcnn | FasterRcnn, pictures: Tensor, meter: Meter) -> list[Tensor]:
    stages = meter.step("backbone", lambda: network.backbone(pictures))
    maps: list[Tensor] = meter.step("pyramid", lambda: network.pyramid(stages))
    return maps


def _judged(
    network: FastRcnn | FasterRcnn, maps: Sequence[Tensor], regions: Tensor, pictures: Tensor, meter: Meter
) -> None:
    order, features = meter.step("region features", lambda: network.cutting(maps, regions))
    judged = meter.step("head", lambda: network.head(features))
    own = regions[order]
    meter.step("select", lambda: found_in(*scores_and_boxes(judged, own), own[:, 0].long(), pictures))


def _through_faster(network: FasterRcnn, picture: Sample, meter: Meter) -> None:
    pictures = meter.step("prepare", lambda: _as_input(network, picture))
    maps, size = _maps(network, pictures, meter), picture_size(pictures)
    proposed = meter.step("proposal network", lambda: network.proposing(maps, size))
    proposals = meter.step("proposals", lambda: network.proposing.select(proposed, size))
    _judged(network, maps, proposals.regions, pictures, meter)


def _through_fast(network: FastRcnn, picture: Sample, meter: Meter) -> None:
    pictures = meter.step("prepare", lambda: _as_input(network, picture))
    regions = meter.step("selective search", lambda: _searched(network, picture))
    _judged(network, _maps(network, pictures, meter), regions, pictures, meter)


def _searched(network: FastRcnn, picture: Sample) -> Tensor:
    spec = network.spec
    bgr = np.asarray(cv2.cvtColor(picture.rgb, cv2.COLOR_RGB2BGR), np.uint8)
    boxes = propose(bgr, side_px=spec.side_px, scales=spec.scales, most=spec.proposals)
    moved = torch.from_numpy(move_boxes(boxes, fit_matrix(picture, spec.input_size)))
    return with_owners(moved, torch.zeros(len(moved)))


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(prog="python -m models.rcnn.parts", description=__doc__)
    parser.add_argument("weights", type=Path)
    parser.add_argument("picture", type=Path)
    parser.add_argument("--repeat", type=int, default=20)
    given = parser.parse_args(arguments)
    load = load_fast_rcnn if stated_family(given.weights) == FAST else load_faster_rcnn
    network = load(given.weights)[0]
    costs = costs_of(network, load_picture(given.picture), max(1, given.repeat))
    for name, cost in costs.items():
        print(f"{name:18} {cost.ms:8.1f} ms {cost.multiply_adds / 1e6:8.1f} M multiply-adds")
    whole = sum(cost.ms for cost in costs.values()), sum(cost.multiply_adds for cost in costs.values())
    parameters = sum(value.numel() for value in network.parameters())
    print(
        f"{'together':18} {whole[0]:8.1f} ms {whole[1] / 1e6:8.1f} M multiply-adds, {parameters / 1e6:.2f} M parameters"
    )


if __name__ == "__main__":
    main()
