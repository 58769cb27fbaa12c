"""Classification with localisation: one object, its class and four numbers. The grid of a YOLOv1 with a single cell and box.

Sermanet et al. 2013 (OverFeat, arXiv 1312.6229, section 4) put such a regression beside a classifier. It is what is left of
`YoloV1` with S = 1 and B = 1, and what differs follows from that: x and y are parts of the whole picture; the one box answers for
the one object that is learnt, the largest, so nothing is decided by overlap; and there is nothing to suppress. The network, the loss and
the training loop are unchanged: `detector-train detect --model yolo-v1 --side 1 --boxes-per-cell 1`.
"""

from dataclasses import replace
from typing import NamedTuple

from torch import Tensor

from models.yolo_v1.decoding import decode
from models.yolo_v1.spec import YoloV1Spec


class Located(NamedTuple):
    """The object of each picture of a batch."""

    boxes_xyxy: Tensor
    """(N, 4) float32, pixels of the network's input, not clipped."""
    labels: Tensor
    """(N,) int64: the most probable class."""
    scores: Tensor
    """(N,) float32, 0 to 1: that there is an object, and that it is of this class."""


def one_object(spec: YoloV1Spec) -> YoloV1Spec:
    """The same network with one cell and one box."""
    return replace(spec, side=1, boxes_per_cell=1)


def locate(grid: Tensor, spec: YoloV1Spec) -> Located:
    """Reads the only box: (N, 1, 1, 5 + C).

    Raises:
        ValueError: the spec has more than one cell or box.
    """
    if (spec.side, spec.boxes_per_cell) != (1, 1):
        raise ValueError(f"one object needs one cell and one box, found {spec.side} and {spec.boxes_per_cell}")
    boxes, scores = decode(grid, spec)  # (N, 1, 4), (N, 1, C)
    best, labels = scores[:, 0].max(dim=1)
    return Located(boxes[:, 0], labels, best)
