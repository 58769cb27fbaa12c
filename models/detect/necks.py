"""What joins the scales of a YOLO, and what reads boxes off each of them; a kind of both is chosen by `YoloSpec.heads`.

`wide`: one 1×1 convolution a scale on the way down and a 3×3 convolution in front of each head (YOLOv3, arXiv 1804.02767,
section 2.3, with one convolution where the paper has five).
`slim`: the neck and heads of Yolo-Fastest 1.1, so that its trained ones fit: spatial pyramid pooling (arXiv 1406.4729, in the form of
YOLOv3-SPP) on the deepest map, then depth-wise 5×5 convolutions. A third of the parameters of `wide`.
"""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.detect.backbone import DARKNET_EPSILON, conv
from models.detect.spec import YoloSpec

POOLED_PX = (9, 5, 3)


class TopDownNeck(nn.Module):
    """The deep map, reduced and enlarged, joins the shallower one (YOLOv3, section 2.3)."""

    def __init__(self, spec: YoloSpec) -> None:
        super().__init__()
        self.strides = spec.strides
        widths = [spec.backbone.width_at(stride) for stride in spec.strides]
        self.widths = list(spec.neck) or [width // 2 for width in widths]
        self.reduce = nn.ModuleList(
            conv(deep, shallow, 1) for shallow, deep in zip(self.widths, self.widths[1:], strict=False)
        )
        joined = [width + slim for width, slim in zip(widths, self.widths[:-1], strict=False)] + widths[-1:]
        self.lateral = nn.ModuleList(conv(wide, slim, 1) for wide, slim in zip(joined, self.widths, strict=True))

    def forward(self, maps: Mapping[int, Tensor]) -> list[Tensor]:
        """Backbone maps by stride to one (N, widths[i], H/stride, W/stride) map per scale, strides ascending."""
        current = self.lateral[-1](maps[self.strides[-1]])
        outputs = [current]
        for scale in range(len(self.strides) - 2, -1, -1):
            enlarged = _enlarged(self.reduce[scale](current), self.strides[scale + 1] // self.strides[scale])
            current = self.lateral[scale](torch.cat((enlarged, maps[self.strides[scale]]), dim=1))
            outputs.insert(0, current)
        return outputs


class PoolingNeck(nn.Module):
    """The deepest map and what windows of 9, 5 and 3 cells hold of it, reduced to its own width; enlarged beside the shallower maps."""

    def __init__(self, spec: YoloSpec) -> None:
        super().__init__()
        self.strides = spec.strides
        own = [spec.backbone.width_at(stride) for stride in spec.strides]
        self.reduce = conv(own[-1] * (1 + len(POOLED_PX)), own[-1], 1, epsilon=DARKNET_EPSILON)
        self.widths = [sum(own[scale:]) for scale in range(len(own))]

    def forward(self, maps: Mapping[int, Tensor]) -> list[Tensor]:
        """Backbone maps by stride to one (N, widths[i], H/stride, W/stride) map per scale, strides ascending."""
        deepest = maps[self.strides[-1]]
        pooled = [functional.max_pool2d(deepest, size, 1, size // 2) for size in POOLED_PX]
        current = self.reduce(torch.cat((*pooled, deepest), dim=1))
        outputs = [current]
        for scale in range(len(self.strides) - 2, -1, -1):
            enlarged = _enlarged(current, self.strides[scale + 1] // self.strides[scale])
            current = torch.cat((enlarged, maps[self.strides[scale]]), dim=1)
            outputs.insert(0, current)
        return outputs


def _enlarged(values: Tensor, times: int) -> Tensor:
    return functional.interpolate(values, scale_factor=float(times), mode="nearest")


def wide_head(width: int, channels: int) -> nn.Sequential:
    """(N, width, rows, columns) to (N, channels, rows, columns) by one 3×3 convolution and a linear one."""
    return nn.Sequential(conv(width, 2 * width, 3), nn.Conv2d(2 * width, channels, 1))


def slim_head(width: int, channels: int) -> nn.Sequential:
    """(N, width, rows, columns) to (N, channels, rows, columns) by two depth-wise separable 5×5 convolutions and a linear one."""
    separable = [
        unit
        for _ in range(2)
        for unit in (
            conv(width, width, 5, groups=width, epsilon=DARKNET_EPSILON),
            conv(width, width, 1, epsilon=DARKNET_EPSILON)[:2],
        )
    ]
    return nn.Sequential(*separable, nn.Conv2d(width, channels, 1))


Neck = TopDownNeck | PoolingNeck
NECKS: dict[str, tuple[Callable[[YoloSpec], Neck], Callable[[int, int], nn.Sequential]]] = {
    "wide": (TopDownNeck, wide_head),
    "slim": (PoolingNeck, slim_head),
}
