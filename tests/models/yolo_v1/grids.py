"""Random grids and objects for the tests of YOLOv1."""

import torch
from hypothesis import strategies as st

from models.detect.spec import ResidualTable
from models.detect.targets import Targets
from models.yolo_v1.spec import YoloV1Spec

TINY = ResidualTable((4, 8, 8, 12, 16), (0, 0, 0, 1, 0))
SPEC = YoloV1Spec(("a", "b", "c"), side=3, backbone=TINY, squeezed=4, hidden=8, input_size=96)

# Whole pixels of a picture of 96: centres on edges of cells, objects alike, and objects over the whole picture are frequent.
box = st.tuples(*[st.integers(0, 12)] * 4).map(
    lambda four: [8.0 * min(four[0], four[2]), 8.0 * min(four[1], four[3]), 8.0 * max(four[0], four[2]), 8.0 * max(four[1], four[3])]
)  # fmt: skip
solid = box.filter(lambda edges: edges[0] < edges[2] and edges[1] < edges[3])
thing = st.tuples(solid, st.integers(0, 2), st.integers(0, 1))
things = st.lists(thing, max_size=8)


def as_targets(some: list[tuple[list[float], int, int]]) -> Targets:
    """Objects of a batch of two."""
    boxes = torch.tensor([one[0] for one in some], dtype=torch.float64).view(-1, 4)
    labels, owners = (torch.tensor([one[place] for one in some], dtype=torch.long) for place in (1, 2))
    return Targets(boxes, labels, owners)


def random_grid(spec: YoloV1Spec, seed: int, count: int = 2) -> torch.Tensor:
    """(count, S, S, B·5 + C) float64 about 0.5, some values negative."""
    generator = torch.Generator().manual_seed(seed)
    shape = (count, spec.side, spec.side, spec.values_per_cell)
    return torch.randn(shape, generator=generator, dtype=torch.float64) * 0.5 + 0.5
