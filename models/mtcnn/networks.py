"""P-Net, R-Net and O-Net of MTCNN, figure 2 of the paper.

Zhang, Zhang, Li and Qiao, "Joint face detection and alignment using multitask cascaded convolutional networks", IEEE Signal Processing
Letters 2016, arXiv 1604.02878. Every convolution and the dense layer end in a PReLU with one slope per channel. The layers carry the
names of the released models, which facenet-pytorch's state dicts have, too.

Deviations from the paper's text, all of them those of the authors' released models: P-Net and R-Net put out no landmarks
(`landmarks=True` adds that head, with which the paper trains them); pictures come in as (pixel − 127.5) / 128, RGB. Two habits of caffe
must be kept for the released weights to mean anything: max-pooling rounds the size of its output up, and the dense layers read their
maps with columns before rows before channels.
"""

import types
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn

from models.backbones.units import start_weights

PRELU_START = 0.25


class Convolution(NamedTuple):
    """A square convolution without padding, its PReLU, and the max-pooling of stride 2 behind it (0: none)."""

    channels: int
    kernel: int
    pool: int = 0


@dataclass(frozen=True)
class StageTable:
    """One network of figure 2.

    Attributes:
        title: what people call it.
        side_px: of the square picture that it judges; P-Net takes larger ones, and judges every such square in them.
        convolutions: in order.
        dense: features of the dense layer; 0 for none, and then the heads are 1×1 convolutions.
        landmarks: the released model puts out landmarks.
    """

    title: str
    side_px: int
    convolutions: tuple[Convolution, ...]
    dense: int = 0
    landmarks: bool = False


STAGES: Mapping[str, StageTable] = types.MappingProxyType(
    {
        "pnet": StageTable("P-Net", 12, (Convolution(10, 3, pool=2), Convolution(16, 3), Convolution(32, 3))),
        "rnet": StageTable(
            "R-Net", 24, (Convolution(28, 3, pool=3), Convolution(48, 3, pool=3), Convolution(64, 2)), dense=128
        ),
        "onet": StageTable(
            "O-Net",
            48,
            (Convolution(32, 3, pool=3), Convolution(64, 3, pool=3), Convolution(64, 3, pool=2), Convolution(128, 2)),
            dense=256,
            landmarks=True,
        ),
    }
)

# Number of the head's layer, its outputs: two classes (background, face), four sides of the box, five x and five y.
SCORES, BOXES, LANDMARKS = (1, 2), (2, 4), (3, 10)


class Predictions(NamedTuple):
    """What a network says before the softmax; (N, ·) float32, of P-Net (N, ·, h, w).

    Attributes:
        logits: 2: background, face.
        boxes: 4: left, top, right and bottom relative to the square, as parts of its side.
        landmarks: 10: five x, then five y from the square's top left corner, as parts of its side; None without that head.
    """

    logits: Tensor
    boxes: Tensor
    landmarks: Tensor | None


class FaceNetwork(nn.Module):
    """One stage of the cascade, as its table says."""

    def __init__(self, table: StageTable, *, landmarks: bool) -> None:
        super().__init__()
        self.table = table
        self.layers: list[str] = []
        channels, side = 3, table.side_px
        for number, convolution in enumerate(table.convolutions, 1):
            self._add(f"conv{number}", nn.Conv2d(channels, convolution.channels, convolution.kernel))
            self._add(f"prelu{number}", nn.PReLU(convolution.channels, PRELU_START))
            channels, side = convolution.channels, side - convolution.kernel + 1
            if convolution.pool:
                self._add(f"pool{number}", nn.MaxPool2d(convolution.pool, 2, ceil_mode=True))
                side = -((convolution.pool - side) // 2) + 1
        number = len(table.convolutions) + 1
        if table.dense:
            self._add("flatten", CaffeFlatten())
            self._add(f"dense{number}", nn.Linear(channels * side * side, table.dense))
            self._add(f"prelu{number}", nn.PReLU(table.dense, PRELU_START))
            number += 1
        self.head = f"dense{number}" if table.dense else f"conv{number}"
        self.has_landmarks = landmarks
        for place, outputs in (SCORES, BOXES, *([LANDMARKS] if landmarks else [])):
            layer = nn.Linear(table.dense, outputs) if table.dense else nn.Conv2d(channels, outputs, 1)
            self.add_module(f"{self.head}_{place}", layer)
        start_weights(self)

    def _add(self, name: str, layer: nn.Module) -> None:
        self.add_module(name, layer)
        self.layers.append(name)

    @property
    def landmark_head(self) -> str:
        """Name of the layer that puts out landmarks, whether it is there or not."""
        return f"{self.head}_{LANDMARKS[0]}"

    def predict(self, pictures: Tensor) -> Predictions:
        """What training compares with the truth; see :meth:`forward` for ``pictures``.

        The maps of a picture of the network's own size, P-Net / R-Net / O-Net:
        conv1 10×10 / 22×22 / 46×46, pooled 5×5 / 11×11 / 23×23; conv2 3×3 / 9×9 / 21×21, pooled – / 4×4 / 10×10;
        conv3 1×1 / 3×3 / 8×8, pooled – / – / 4×4; conv4 of O-Net 3×3; dense – / 128 / 256.
        """
        x = pictures
        for name in self.layers:
            x = self.get_submodule(name)(x)
        logits, boxes = (self.get_submodule(f"{self.head}_{place}")(x) for place, _ in (SCORES, BOXES))
        landmarks = self.get_submodule(self.landmark_head)(x) if self.has_landmarks else None
        return Predictions(logits, boxes, landmarks)

    def forward(self, pictures: Tensor) -> tuple[Tensor, ...]:
        """Judge a batch of pictures.

        Args:
            pictures: (N, 3, side, side) float32 RGB, (pixel − 127.5) / 128; P-Net takes (N, 3, H, W) with H, W ≥ 12.

        Returns:
            boxes (N, 4), landmarks (N, 10) if the network has that head, and scores (N, 2), which are the softmax of the logits; of
            P-Net (N, ·, h, w), where cell (i, j) judges the 12×12 pixels from row 2i and column 2j on.
        """
        logits, boxes, landmarks = self.predict(pictures)
        scores = torch.softmax(logits, dim=1)
        return (boxes, scores) if landmarks is None else (boxes, landmarks, scores)


class CaffeFlatten(nn.Module):
    """Maps to rows of features in the order in which the released dense layers read them."""

    def forward(self, maps: Tensor) -> Tensor:
        """(N, C, H, W) to (N, W·H·C)."""
        return maps.permute(0, 3, 2, 1).flatten(1)


def build(stage: str, *, landmarks: bool | None = None) -> FaceNetwork:
    """A network with weights drawn at random (He et al., as the other networks here), in training mode.

    Args:
        stage: "pnet", "rnet" or "onet".
        landmarks: with the landmark head; None: as the released model.
    """
    table = STAGES[stage]
    return FaceNetwork(table, landmarks=table.landmarks if landmarks is None else landmarks)
