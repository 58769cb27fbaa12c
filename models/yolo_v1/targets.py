"""Which cell of a YOLOv1 answers for which object (Redmon et al. 2016, section 2)."""

from typing import NamedTuple

import torch
from torch import Tensor

from models.detect.targets import Targets
from models.yolo_v1.spec import YoloV1Spec


class Answers(NamedTuple):
    """The P cells that hold the centre of an object; each cell answers for one."""

    owners: Tensor
    """(P,) int64, rows of the batch."""
    rows: Tensor
    columns: Tensor
    centres: Tensor
    """(P, 2) float32 from the cell's upper left corner, in cells."""
    sizes_wh: Tensor
    """(P, 2) float32, parts of the picture's sides."""
    labels: Tensor
    """(P,) int64."""
    boxes_xyxy: Tensor
    """(P, 4) float32, pixels of the input."""

    @property
    def places(self) -> tuple[Tensor, Tensor, Tensor]:
        """Indexes a (N, S, S, …) tensor."""
        return self.owners, self.rows, self.columns


def assign(targets: Targets, spec: YoloV1Spec) -> Answers:
    """The cells that answer.

    A cell has one set of class probabilities, so of several objects whose centres lie in it only the largest is learnt; the paper
    leaves open which. A centre on the lower or right edge of the picture belongs to the last cell.
    """
    boxes = targets.boxes_xyxy
    sizes = (boxes[:, 2:] - boxes[:, :2]) / spec.input_size
    places = (boxes[:, :2] + boxes[:, 2:]) / 2 * (spec.side / spec.input_size)
    cells = places.floor().long().clamp(0, spec.side - 1)
    keys = (targets.owners * spec.side + cells[:, 1]) * spec.side + cells[:, 0]
    chosen = _largest(keys, sizes.prod(dim=1))
    columns, rows = cells[chosen].unbind(dim=1)
    return Answers(
        targets.owners[chosen],
        rows,
        columns,
        (places - cells)[chosen],
        sizes[chosen],
        targets.labels[chosen],
        boxes[chosen],
    )


def _largest(keys: Tensor, areas: Tensor) -> Tensor:
    """Index of the first largest for each distinct key, keys ascending."""
    by_area = areas.argsort(descending=True, stable=True)
    order = by_area[keys[by_area].argsort(stable=True)]
    first = torch.ones(len(order), dtype=torch.bool, device=keys.device)
    first[1:] = keys[order][1:] != keys[order][:-1]
    return order[first]
