"""Small region networks, and drawn pictures as they see them."""

from typing import Any

import numpy as np
import torch
from torch import Tensor

from models.detect.loading import collate
from models.detect.pictures import REGION, Sample
from models.detect.spec import ResidualTable
from models.detect.targets import Targets
from models.rcnn.spec import FasterRcnnSpec, FastRcnnSpec
from tests.models.detect.drawn import COLOURS_BGR, random_scene

BACKBONE = ResidualTable((8, 12, 16, 24, 24), (0, 0, 1, 0, 0))
SHARED: dict[str, Any] = {
    "classes": tuple(COLOURS_BGR), "backbone": BACKBONE, "strides": (4, 8), "pyramid": 16, "hidden": 32, "roi_size": 4,
    "input_size": 96, "canonical_px": 48.0,
}  # fmt: skip
FASTER = FasterRcnnSpec(
    **SHARED, anchor_sizes=((16.0,), (32.0,)), anchor_ratios=(0.5, 1.0, 2.0), candidates=60, proposals=20
)
FAST = FastRcnnSpec(**SHARED, proposals=30, side_px=96)


def scene_sample(seed: int) -> Sample:
    """A drawn scene on a square canvas of 96 px."""
    picture, boxes = random_scene(seed)
    rgb = np.full((96, 96, 3), 114, np.uint8)
    rgb[:64] = picture[..., ::-1]
    names = list(COLOURS_BGR)
    return Sample(
        rgb, np.array([box for _, box in boxes], np.float32), np.array([names.index(name) for name, _ in boxes])
    )


def with_drawn_regions(sample: Sample, count: int, rng: np.random.Generator) -> Sample:
    """Its boxes shaken, and others anywhere, as regions."""
    shaken = sample.boxes_xyxy + rng.uniform(-4, 4, sample.boxes_xyxy.shape)
    corners = rng.uniform(0, 60, (count, 2))
    others = np.concatenate((corners, corners + rng.uniform(5, 36, (count, 2))), axis=1)
    regions = np.concatenate((shaken, others)).astype(np.float32)
    labels = np.concatenate((sample.labels, np.full(len(regions), REGION)))
    return Sample(sample.rgb, np.concatenate((sample.boxes_xyxy, regions)), labels)


def batch_of(samples: list[Sample]) -> tuple[Tensor, Targets]:
    """Pictures in 0 to 1, and their boxes."""
    batch = collate([*enumerate(samples)])
    return batch.pictures.float() / 255, batch.targets


def learn(loss: Any, parameters: Any, steps: int, rate: float = 3e-3) -> list[float]:
    """Minimises `loss()["total"]`; tells every step's."""
    optimizer = torch.optim.AdamW(parameters, lr=rate, weight_decay=0.0)
    told = []
    for _ in range(steps):
        optimizer.zero_grad()
        total = loss()["total"]
        total.backward()
        optimizer.step()
        told.append(float(total.detach()))
    return told
