"""The network of a .cfg."""

from __future__ import annotations

import math
from pathlib import Path

import torch
from torch import Tensor, nn

from models.darknet.cfg import Section, parse_cfg
from models.darknet.errors import CfgError
from models.darknet.heads import Head
from models.darknet.plan import INPUT, MAX_SIDE_PX, Layer, Plan
from models.darknet.shape import Shape


class DarknetNetwork(nn.Module):
    """A planned .cfg that runs. It is made on the meta device: `weights.load_weights` gives it values.

    Attributes:
        where: name of the .cfg, for messages.
        plan: its layers in order.
        picture: channels and default size of its input.
        heads: its detection heads by ascending stride; empty for a classifier.
        letterbox: the .cfg was trained on pictures that keep their aspect (``letter_box=1``).
    """

    def __init__(self, where: str, plan: Plan, *, letterbox: bool) -> None:
        super().__init__()
        self.where = where
        self.plan: tuple[Layer, ...] = tuple(plan.layers)
        self.picture = plan.picture
        self.letterbox = letterbox
        self.layers = nn.ModuleList(layer.module for layer in self.plan)
        found = [(layer.head, index) for index, layer in enumerate(self.plan) if layer.head is not None]
        found.sort(key=lambda item: item[0].stride)
        self.heads: tuple[Head, ...] = tuple(head for head, _ in found)
        self._outputs = [index for _, index in found] or [len(self.plan) - 1]
        self._released = self._last_uses()

    @property
    def multiple(self) -> int:
        """Input height and width must be multiples of this for all maps to fit each other."""
        return math.lcm(*(layer.shape.stride for layer in self.plan if layer.shape.stride))

    def forward(self, pictures: Tensor) -> tuple[Tensor, ...]:
        """Raw heads of a batch.

        Args:
            pictures: (N, C, H, W) float32; for the usual 3 channels RGB in 0 to 1, H and W multiples of `multiple`.

        Returns:
            Per head, in the order of `heads`, a float32 map (N, B·(5+C), H/stride, W/stride), not activated beyond what the .cfg's
            convolutions do. A network without heads returns the output of its last layer.
        """
        maps = {INPUT: pictures}
        for index, module in enumerate(self.layers):
            maps[index] = module(*(maps[source] for source in self.plan[index].sources))
            for source in self._released[index]:
                del maps[source]
        return tuple(maps[index] for index in self._outputs)

    def _last_uses(self) -> list[list[int]]:
        """Per layer, the maps that nothing after it needs: without this a deep network keeps all of them in memory."""
        last = {source: index for index, layer in enumerate(self.plan) for source in layer.sources}
        released: list[list[int]] = [[] for _ in self.plan]
        for source, index in last.items():
            if source not in self._outputs:
                released[index].append(source)
        return released


def build_network(sections: tuple[Section, ...]) -> DarknetNetwork:
    """The network of parsed sections, on the meta device, in evaluation mode.

    Raises:
        CfgError: a layer is not supported, is malformed or does not fit; or the network ends in the middle of nowhere (neither a
            detection head nor anything else to put out).
    """
    net, *rest = sections
    picture = Shape(
        channels=net.integer("channels", 3, 1, 1024),
        height=net.integer("height", 0, 1, MAX_SIDE_PX),
        width=net.integer("width", 0, 1, MAX_SIDE_PX),
        stride=1,
    )
    plan = Plan(picture)
    with torch.device("meta"):
        for section in rest:
            plan.add(section)
    return DarknetNetwork(net.where, plan, letterbox=net.integer("letter_box", 0, 0, 1) == 1).eval()


def read_network(path: Path) -> DarknetNetwork:
    """The network of a .cfg file, without weights.

    Raises:
        CfgError: the file is missing, is no text, or see `build_network`.
    """
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise CfgError(path.name, 1, f"cannot be read: {error.strerror}") from error
    if "\0" in text[:4096]:
        raise CfgError(path.name, 1, "is not text; perhaps it is the .weights file")
    return build_network(parse_cfg(text, path.name))
