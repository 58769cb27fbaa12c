"""Backbones of detectors: stages that each halve the picture, and the map that each leaves.

`ResidualTable` is a slim Darknet of YOLOv3 (arXiv 1804.02767, table 1). `InvertedTable` is a chain of inverted residuals
(MobileNetV2, arXiv 1801.04381, section 3.3: widen by 1×1, filter each channel by 3×3, narrow without activation), the
family that Yolo-Fastest belongs to; `YOLO_FASTEST_XL` is its table, so that its public-domain weights can be a start.
`NetworkTable` names a network of the registry, which is cut at its stages.
"""

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from models.backbones.features import FeatureExtractor
from models.backbones.registry import create, describe, nearest
from models.backbones.registry import names as network_names
from models.detect.spec import BackboneTable, InvertedRow, InvertedTable, NetworkTable, ResidualTable
from models.errors import RecipeError

YOLO_FASTEST_XL = InvertedTable(
    stem=16,
    rows=(
        InvertedRow(16, 8, 1, 2),
        InvertedRow(48, 16, 2, 1),
        InvertedRow(64, 16, 1, 2),
        InvertedRow(64, 16, 2, 1),
        InvertedRow(96, 16, 1, 2),
        InvertedRow(96, 32, 1, 1),
        InvertedRow(192, 32, 1, 4),
        InvertedRow(192, 48, 2, 1),
        InvertedRow(272, 48, 1, 4),
        InvertedRow(272, 96, 2, 1),
        InvertedRow(448, 96, 1, 5),
    ),
)
TABLES: dict[str, BackboneTable] = {"darknet-slim": ResidualTable(), "fastest-xl": YOLO_FASTEST_XL}


# Darknet adds 1e-6 to the variance, 1e-5 on a GPU: channels of little variance are many in its files.
DARKNET_EPSILON = 1e-5


def conv(
    channels_in: int, channels_out: int, kernel: int, stride: int = 1, groups: int = 1, epsilon: float = 1e-3
) -> nn.Sequential:
    """Convolution, batch norm, leaky ReLU: the unit of every Darknet since YOLOv2."""
    return nn.Sequential(
        nn.Conv2d(channels_in, channels_out, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(channels_out, eps=epsilon, momentum=0.1),
        nn.LeakyReLU(0.1, inplace=True),
    )


class Residual(nn.Module):
    """1×1 to half the channels, 3×3 back, added to the input (YOLOv3, table 1)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.squeeze = conv(channels, channels // 2, 1)
        self.expand = conv(channels // 2, channels, 3)

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to the same shape."""
        out: Tensor = x + self.expand(self.squeeze(x))
        return out


class InvertedResidual(nn.Module):
    """Widens, filters each channel by itself, narrows; added to the input where the shapes agree."""

    def __init__(self, channels_in: int, row: InvertedRow, stride: int) -> None:
        super().__init__()
        self.widen = conv(channels_in, row.widened, 1, epsilon=DARKNET_EPSILON)
        self.filter = conv(row.widened, row.widened, 3, stride, row.widened, DARKNET_EPSILON)
        self.narrow = conv(row.widened, row.width, 1, epsilon=DARKNET_EPSILON)[:2]
        self.added = stride == 1 and channels_in == row.width

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to (N, width, H/stride, W/stride)."""
        out: Tensor = self.narrow(self.filter(self.widen(x)))
        return x + out if self.added else out


class StagedBackbone(nn.Module):
    """Stages, each of which halves the picture."""

    def __init__(self, stages: Iterable[nn.Module]) -> None:
        super().__init__()
        self.stages = nn.ModuleList(stages)

    def forward(self, x: Tensor) -> dict[int, Tensor]:
        """(N, 3, H, W) to the map after each stage, keyed by stride: {2: (N, 16, H/2, W/2), …}."""
        maps: dict[int, Tensor] = {}
        for index, stage in enumerate(self.stages):
            x = stage(x)
            maps[2 << index] = x
        return maps

    def first_stages(self, count: int) -> list[nn.Module]:
        """The modules of the first stages, to be frozen."""
        return list(self.stages[:count])


class NetworkBackbone(nn.Module):
    """A network of the registry up to the last stage that is needed, fed as its published weights expect."""

    def __init__(self, table: NetworkTable) -> None:
        super().__init__()
        architecture = describe(table.network)
        self._network = table.network
        self._layers = [architecture.stages[stride] for stride in table.strides]
        self.strides = table.strides
        self.body = FeatureExtractor(create(table.network, 1), self._layers).body
        self.mean = nn.Buffer(torch.tensor(architecture.mean).view(1, -1, 1, 1), persistent=False)
        self.std = nn.Buffer(torch.tensor(architecture.std).view(1, -1, 1, 1), persistent=False)

    def forward(self, x: Tensor) -> dict[int, Tensor]:
        """(N, 3, H, W), RGB in 0 to 1, to the map at each stride."""
        maps: dict[str, Tensor] = self.body((x - self.mean) / self.std)
        return {stride: maps[layer] for stride, layer in zip(self.strides, self._layers, strict=True)}

    def first_stages(self, count: int) -> list[nn.Module]:
        """The modules that lead to the first stages' maps, to be frozen."""
        if not count:
            return []
        with torch.device("meta"):  # a shorter cut, of which only the names are wanted
            shorter = FeatureExtractor(create(self._network, 1), self._layers[:count]).body
        leaves = [name for name, module in shorter.named_modules() if not any(module.children())]
        return [self.body.get_submodule(name) for name in leaves]


def backbone_table(name: str) -> BackboneTable:
    """A table by its name: one of `TABLES`, or a network of the registry whose maps lie on the grids that detectors need.

    Raises:
        RecipeError: there is none of this name, or its maps do not have whole strides.
    """
    if name in TABLES:
        return TABLES[name]
    if name not in network_names():
        raise RecipeError(f"no backbone is called {name!r}; {nearest(name, (*TABLES, *network_names()))}")
    architecture = describe(name)
    strides = tuple(stride for stride in sorted(architecture.stages) if stride > 1)
    layers = [architecture.stages[stride] for stride in strides]
    with torch.device("meta"):
        body = FeatureExtractor(create(name, 1).eval(), layers)
        maps = [*body(torch.zeros(1, architecture.input_channels, 256, 256)).values()]
    if architecture.input_channels != 3 or any(256 // s != len(m[0, 0]) for s, m in zip(strides, maps, strict=True)):
        raise RecipeError(
            f"{name} does not keep whole strides on colour pictures, so no grid of cells lies on its maps"
        )
    return NetworkTable(name, strides, tuple(len(values[0]) for values in maps))


def build_backbone(table: BackboneTable) -> StagedBackbone | NetworkBackbone:
    """The network of a table, freshly initialised."""
    if isinstance(table, NetworkTable):
        return NetworkBackbone(table)
    if isinstance(table, InvertedTable):
        return StagedBackbone(_inverted_stages(table))
    return StagedBackbone(_residual_stages(table))


def _residual_stages(table: ResidualTable) -> Iterable[nn.Module]:
    inputs = (3, *table.widths[:-1])
    for before, width, blocks in zip(inputs, table.widths, table.residuals, strict=True):
        yield nn.Sequential(conv(before, width, 3, 2), *(Residual(width) for _ in range(blocks)))


def _inverted_stages(table: InvertedTable) -> Iterable[nn.Module]:
    """The stem opens the first stage, every row of stride 2 the next one."""
    stage: list[nn.Module] = [conv(3, table.stem, 3, 2, epsilon=DARKNET_EPSILON)]
    width = table.stem
    for row in table.rows:
        if row.stride == 2:
            yield nn.Sequential(*stage)
            stage = []
        for block in range(row.blocks):
            stage.append(InvertedResidual(width, row, row.stride if block == 0 else 1))
            width = row.width
    yield nn.Sequential(*stage)
