"""The thread that looks into a network: the newest frame wins, and nothing waits for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from detector_app.engine.mailbox import Latest
from detector_app.engine.threads import ErrorHandler, as_detector_error, start_thread
from detector_app.model_card import ModelCard
from detector_app.pipelines.inside.layers import Layer
from detector_app.pipelines.inside.receptive_field import ReceptiveField
from detector_app.pipelines.inside.sight import Anatomy, Maps, Network, Sight
from detector_app.vision.frame import Frame

if TYPE_CHECKING:
    from detector_app.pipelines.inside.network import Inside


@dataclass(frozen=True)
class TapOrder:
    """What is to be looked at.

    Attributes:
        model: name or path, as the engine loaded it.
        card: how the engine was told to read it, or None.
        stage: which network of a cascade, otherwise 0.
        layer: the name of a layer's tensor; a layer that is not there, or "", stands for the default one.
        sight: what a stage of a cascade is shown.
        frame: the picture.
    """

    model: str
    card: ModelCard | None
    frame: Frame
    stage: int = 0
    layer: str = ""
    sight: Sight = field(default_factory=Sight)


@dataclass(frozen=True, eq=False)
class Tapped:
    """What was seen: the maps of one layer for one frame, and the layers that there are.

    Attributes:
        order: what was asked.
        networks: of the model.
        anatomy: the network's layers and sizes.
        maps: of the layer; None for a network without layers.
    """

    order: TapOrder
    networks: tuple[Network, ...]
    anatomy: Anatomy
    maps: Maps | None

    def field_of(self, row: int, column: int, channel: int = 0) -> ReceptiveField:
        """What the activation at (row, column) depends on."""
        return ReceptiveField(None) if self.maps is None else self.anatomy.field(self.maps.layer, row, column, channel)


class TapWorker:
    """Keeps one network open, and closes it when it is told to rest.

    Args:
        on_seen: told of each look, on the worker's thread.
        on_error: told why a look failed; the next order is tried again.
    """

    def __init__(self, on_seen: Callable[[Tapped], None], on_error: ErrorHandler) -> None:
        self._on_seen, self._on_error = on_seen, on_error
        self._orders: Latest[TapOrder] = Latest()
        self._open: tuple[tuple[str, ModelCard | None, int], tuple[Network, ...], Inside] | None = None
        self._failed: tuple[str, ModelCard | None, int] | None = None
        self.thread = start_thread("tap-worker", self._main, on_error)

    def ask(self, order: TapOrder) -> None:
        """Look at this next; an order that nobody has begun is forgotten. Returns at once."""
        self._orders.put(order)

    def close(self) -> None:
        """End after the look in hand."""
        self._orders.close(discard=True)

    def _main(self) -> None:
        for order in self._orders:
            key = (order.model, order.card, order.stage)
            try:
                self._on_seen(self._look(order, key))
                self._failed = None
            except Exception as error:
                self._open = None
                if self._failed != key:  # the same failure with every frame is one message
                    self._failed = key
                    self._on_error(as_detector_error(error, "tap-worker"))
        self._open = None

    def _look(self, order: TapOrder, key: tuple[str, ModelCard | None, int]) -> Tapped:
        if self._open is None or self._open[0] != key:
            self._open = None  # two networks at a time would be twice the memory
            from detector_app.pipelines.inside.network import Inside, networks_of  # brings onnxruntime with it

            networks = networks_of(order.model, order.card)
            self._open = key, networks, Inside(networks[min(order.stage, len(networks) - 1)])
        _, networks, inside = self._open
        tensor, letterbox = inside.see(order.frame, order.sight)
        anatomy = inside.anatomy(tensor.shape)
        layer = order.layer if anatomy.layer(order.layer) else default_layer(anatomy.layers)
        maps = inside.look(tensor, letterbox, layer) if layer else None
        return Tapped(order, networks, anatomy, maps)


def default_layer(layers: tuple[Layer, ...]) -> str:
    """The first activation: what it shows, anybody can see. Empty if there are no layers."""
    first = [layer for layer in layers if layer.kind not in ("Conv", "Batch norm")] or list(layers)
    return first[0].tensor if first else ""
