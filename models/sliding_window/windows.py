"""The oldest detector made fast: a classifier that looks at every window of a picture, in one pass (Sermanet et al. 2013, OverFeat).

A dense layer behind a map of h×w is a convolution with a kernel of h×w that is applied once (arXiv 1312.6229, section 3.5). Written as one,
the network takes larger pictures and gives one answer for each place where the window fits; what neighbouring windows have in common is
computed once. The window is the size that the classifier was trained for, and it steps by the network's own stride, the product of
the strides of its convolutions and pools.

Answers equal those for windows cut out one by one where no layer is padded (LeNet-5). Padding breaks that: a crop is surrounded by
zeros, layer after layer, while in the whole picture the same places are surrounded by what really lies there. Every answer is then
somewhat different, the more so the farther padding has reached into the last map (in VGG and ResNet it has reached all of it). Averages
over a whole map become averages over the part of it that a window covers.
"""

import copy
from bisect import bisect_left
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from models.errors import RecipeError
from models.sliding_window.convolutional import as_convolutional


@dataclass(frozen=True)
class Steps:
    """Where windows lie: sizes in pixels, (height, width)."""

    window_hw: tuple[int, int]
    stride_hw: tuple[int, int]


class SlidingWindow(nn.Module):
    """A classifier that answers for every window of a picture.

    Attributes:
        network: fully convolutional.
        steps: where windows lie.
    """

    def __init__(self, network: nn.Module, steps: Steps) -> None:
        super().__init__()
        self.network = network
        self.steps = steps

    def forward(self, pictures: Tensor) -> Tensor:
        """Answers for all windows.

        Args:
            pictures: (N, C, H, W) as the classifier takes them, not smaller than the window.

        Returns:
            (N, classes, rows, columns): the classifier's answer for the window whose upper left corner is at
            (row · stride, column · stride).

        Raises:
            ValueError: the picture is smaller than the window.
        """
        if any(side < window for side, window in zip(pictures.shape[2:], self.steps.window_hw, strict=True)):
            raise ValueError(
                f"a picture of {tuple(pictures.shape[2:])} is smaller than the window {self.steps.window_hw}"
            )
        out: Tensor = self.network(pictures)
        return out

    def windows_xyxy(self, rows: int, columns: int) -> Tensor:
        """(rows, columns, 4) float32: the window of each answer in pixels of the picture."""
        (height, width), (down, right) = self.steps.window_hw, self.steps.stride_hw
        y, x = torch.meshgrid(torch.arange(rows) * down, torch.arange(columns) * right, indexing="ij")
        return torch.stack((x, y, x + width, y + height), dim=-1).float()


def slide(network: nn.Module, window_hw: tuple[int, int], channels: int = 3) -> SlidingWindow:
    """Makes a classifier fully convolutional; the classifier itself is not changed.

    Args:
        network: (N, C, h, w) to (N, classes); its flattening and dense layers are modules. It runs in evaluation mode.
        window_hw: (h, w) that it was trained for.
        channels: of its input.

    Raises:
        RecipeError: it has parts that cannot slide.
    """
    window = torch.zeros(1, channels, *window_hw, dtype=next(network.parameters()).dtype)
    convolutional = as_convolutional(copy.deepcopy(network).eval(), window)
    sizes_only = copy.deepcopy(convolutional).to("meta")
    down, right = (_stride(sizes_only, window.to("meta"), axis) for axis in (2, 3))
    return SlidingWindow(convolutional, Steps(window_hw, (down, right)))


def _stride(network: nn.Module, window: Tensor, axis: int) -> int:
    """The network's stride along an axis: by how much a picture must grow from where a second window fits to where a third one does.

    (The second may fit a little earlier than a stride beyond the first: strided layers leave out the last pixels of a window.)
    """
    sizes = range(window.shape[axis], 3 * window.shape[axis])

    def answers(size: int) -> int:
        shape = [*window.shape[:axis], size, *window.shape[axis + 1 :]]
        with torch.no_grad():
            return int(network(window.new_zeros(shape)).shape[axis])

    second, third = (bisect_left(sizes, count, key=answers) for count in (2, 3))
    if third < len(sizes):
        return third - second
    raise RecipeError(
        f"a picture far larger than the window {tuple(window.shape[2:])} holds no more of them: it cannot slide"
    )
