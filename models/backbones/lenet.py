"""LeNet-5: LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document recognition", Proc. IEEE 1998, section II.B.

What 1998 chose, and is kept: sub-sampling is the mean of 2×2 times a trainable gain plus a trainable bias, one pair per map; every
layer up to F6 ends in the squashing function 1.7159·tanh(2a/3) (appendix A); a map of C3 sees only some of the six maps of S2
(table I), which breaks symmetry and costs 1,516 weights instead of 2,416; weights start uniform within ±2.4 / fan-in.

Deviations: pixels are taken in 0 to 1, where the paper has background at −0.1 and ink at 1.175; a map is sub-sampled by the mean
of four, not their sum; the output layer is linear with one logit per class (softmax and cross-entropy train it), where the paper
measures distances to fixed 7×12 bitmaps of the digits. So there are the paper's 60,000 trainable parameters and 850 of the new
layer. The textbook's form (every map connected, plain means, sigmoid) is an option of each: 61,706 parameters.
"""

import types
from collections.abc import Callable, Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.backbones.architecture import Architecture
from models.errors import RecipeError

Maker = Callable[..., nn.Module]

# Table I of the paper: for each map of C3, the maps of S2 that it sees.
C3_INPUTS: tuple[tuple[int, ...], ...] = (
    (0, 1, 2), (1, 2, 3), (2, 3, 4), (3, 4, 5), (0, 4, 5), (0, 1, 5),
    (0, 1, 2, 3), (1, 2, 3, 4), (2, 3, 4, 5), (0, 3, 4, 5), (0, 1, 4, 5), (0, 1, 2, 5),
    (0, 1, 3, 4), (1, 2, 4, 5), (0, 2, 3, 5), (0, 1, 2, 3, 4, 5),
)  # fmt: skip


class ScaledTanh(nn.Module):
    """1.7159·tanh(2a/3): ±1 in gives ±1 out, where the curvature is greatest (appendix A)."""

    def forward(self, x: Tensor) -> Tensor:
        """Any shape to the same shape."""
        return 1.7159 * torch.tanh(x * (2 / 3))


ACTIVATIONS: dict[str, Maker] = {"tanh": ScaledTanh, "sigmoid": nn.Sigmoid, "relu": nn.ReLU}


class Subsampling(nn.Module):
    """Mean of 2×2, then per map a trainable gain and bias (layers S2 and S4)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.pool = nn.AvgPool2d(2)
        self.gain = nn.Parameter(torch.ones(channels, 1, 1))
        self.bias = nn.Parameter(torch.zeros(channels, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to (N, C, H/2, W/2)."""
        out: Tensor = self.pool(x) * self.gain + self.bias
        return out


class TableConvolution(nn.Conv2d):
    """A 5×5 convolution each of whose maps sees the input maps that a table names (layer C3).

    `weight` holds one (5, 5) kernel per connection, in the table's order. It runs as a dense convolution whose other kernels are zero.
    """

    def __init__(self, channels: int, table: tuple[tuple[int, ...], ...]) -> None:
        super().__init__(channels, len(table), 5)
        self.table = table
        connections = [(row, seen) for row, inputs in enumerate(table) for seen in inputs]
        place = {connection: index for index, connection in enumerate(connections)}
        pairs = [(row, seen) for row in range(len(table)) for seen in range(channels)]
        self.kernels = [place.get(pair, len(connections)) for pair in pairs]
        self.weight = nn.Parameter(
            torch.cat([self.weight[row, list(inputs)] for row, inputs in enumerate(table)]).detach()
        )

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to (N, len(table), H − 4, W − 4)."""
        with_zero = functional.pad(self.weight, (0, 0, 0, 0, 0, 1))
        dense = with_zero[self.kernels].view(self.out_channels, self.in_channels, 5, 5)
        return functional.conv2d(x, dense, self.bias)


SUBSAMPLINGS: dict[str, Maker] = {"trainable": Subsampling, "average": lambda channels: nn.AvgPool2d(2)}
CONNECTIONS: dict[str, Maker] = {"table": lambda: TableConvolution(6, C3_INPUTS), "full": lambda: nn.Conv2d(6, 16, 5)}


class LeNet5(nn.Module):
    """The layers carry the paper's names; `a…` is the squashing function behind one."""

    def __init__(self, classes: int, activation: str, subsampling: str, connections: str) -> None:
        super().__init__()
        squash = _choose("activation", activation, ACTIVATIONS)
        pool = _choose("subsampling", subsampling, SUBSAMPLINGS)
        third = _choose("connections", connections, CONNECTIONS)
        self.c1, self.a1 = nn.Conv2d(1, 6, 5), squash()
        self.s2, self.a2 = pool(6), squash()
        self.c3, self.a3 = third(), squash()
        self.s4, self.a4 = pool(16), squash()
        self.c5, self.a5 = nn.Conv2d(16, 120, 5), squash()
        self.flatten = nn.Flatten()
        self.f6, self.a6 = nn.Linear(120, 84), squash()
        self.output = nn.Linear(84, classes)
        self.apply(_start)

    def forward(self, x: Tensor) -> Tensor:
        """Logits of a batch.

        Args:
            x: (N, 1, 32, 32) float32 grey pictures in 0 to 1. No other size fits the first linear layer.

        Returns:
            (N, classes) float32 logits.
        """
        x = self.a1(self.c1(x))  # (N, 6, 28, 28)
        x = self.a2(self.s2(x))  # (N, 6, 14, 14)
        x = self.a3(self.c3(x))  # (N, 16, 10, 10)
        x = self.a4(self.s4(x))  # (N, 16, 5, 5)
        x = self.a5(self.c5(x))  # (N, 120, 1, 1)
        x = self.a6(self.f6(self.flatten(x)))  # (N, 84)
        out: Tensor = self.output(x)
        return out


def _choose(option: str, value: str, choices: Mapping[str, Maker]) -> Maker:
    if value not in choices:
        raise RecipeError(f"lenet5: option {option} is {value!r}; it must be one of {', '.join(choices)}")
    return choices[value]


def _start(module: nn.Module) -> None:
    """Weights uniform within ±2.4 / fan-in, as appendix A has them."""
    if isinstance(module, TableConvolution):
        fan_in = torch.tensor([25.0 * len(inputs) for inputs in module.table for _ in inputs])
        nn.init.uniform_(module.weight, -2.4, 2.4)
        with torch.no_grad():
            module.weight.div_(fan_in.view(-1, 1, 1))
    elif isinstance(module, nn.Conv2d | nn.Linear):
        reach = 2.4 / module.weight[0].numel()
        nn.init.uniform_(module.weight, -reach, reach)
    if isinstance(module, nn.Conv2d | nn.Linear) and module.bias is not None:
        nn.init.zeros_(module.bias)


def lenet5(
    classes: int = 10, *, activation: str = "tanh", subsampling: str = "trainable", connections: str = "table"
) -> LeNet5:
    """Builds LeNet-5.

    Args:
        classes: outputs.
        activation: "tanh" (the paper's), "sigmoid" or "relu".
        subsampling: "trainable" (the paper's gain and bias) or "average".
        connections: "table" (the paper's table I) or "full".

    Raises:
        RecipeError: an option has none of these values.
    """
    return LeNet5(classes, activation, subsampling, connections)


ARCHITECTURES = (
    Architecture(
        name="lenet5",
        build=lenet5,
        title="LeNet-5",
        paper="LeCun et al. 1998, doi 10.1109/5.726791",
        year=1998,
        input_hw=(32, 32),
        head="output",
        input_channels=1,
        mean=(0.0,),
        std=(1.0,),
        classes=10,
        stages=types.MappingProxyType({1: "a1", 2: "a3", 4: "a5"}),
        options=types.MappingProxyType({"activation": "tanh", "subsampling": "trainable", "connections": "table"}),
    ),
)
