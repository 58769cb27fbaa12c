"""What onnxruntime's own profile of a run says about the nodes: who ran them, for how long, on tensors of which types and sizes.

A profile is a list of trace events in JSON. Those of interest have the category "Node" and a name that ends in "_kernel_time"; their
``args`` name the operator (``op_name``), the ``provider``, and for each tensor its type and shape (``input_type_shape``,
``output_type_shape``), as in ``[{"float": [1, 3, 320, 320]}, {"int64": [4]}]``. ``dur`` is in microseconds.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from detector_app.pipelines.placement import (
    CPU,
    Fallback,
    OperatorShare,
    Placement,
    ProviderShare,
    Reason,
    by_operator,
)

ENDING = "_kernel_time"
COPIES = frozenset({"MemcpyFromHost", "MemcpyToHost"})
FUSED = "TRTKernel"
"""How the operator of a subgraph begins that TensorRT has swallowed; the rest are numbers."""
SHAPE_SOURCES = frozenset({"Shape", "Size"})
SHAPE_OPERATORS = SHAPE_SOURCES | {
    *(
        "Add",
        "And",
        "Cast",
        "Ceil",
        "Concat",
        "ConstantOfShape",
        "Div",
        "Equal",
        "Expand",
        "Floor",
        "Gather",
        "Greater",
    ),
    *(
        "Identity",
        "Less",
        "Max",
        "Min",
        "Mod",
        "Mul",
        "Neg",
        "Not",
        "Or",
        "Range",
        "ReduceMax",
        "ReduceMin",
        "ReduceProd",
    ),
    *("Reshape", "Round", "Slice", "Split", "Squeeze", "Sub", "Unsqueeze", "Where"),
}
"""What shapes are computed with."""
MOST_NUMBERS = 100
"""onnxruntime takes a constant for small, and follows it to the CPU, up to so many numbers."""


@dataclass(frozen=True)
class Tensor:
    """A tensor of a run: "float", "int64", … and its shape."""

    dtype: str
    shape: tuple[int, ...]

    @property
    def is_small(self) -> bool:
        """A number or a short list, as shapes, axes and indices are; nothing at all says nothing."""
        return len(self.shape) <= 1 and 1 <= math.prod(self.shape) <= MOST_NUMBERS


@dataclass(frozen=True)
class Kernel:
    """A node as it ran; of one that ran several times (in a loop) all runs together."""

    node: str
    operator: str
    provider: str
    ms: float
    inputs: tuple[Tensor, ...] = ()
    outputs: tuple[Tensor, ...] = ()

    @property
    def on_shapes(self) -> bool:
        """Whether it only reckons with shapes: what it reads and writes are a few numbers (``Shape`` itself reads anything)."""
        read = () if self.operator in SHAPE_SOURCES else self.inputs
        tensors = (*read, *self.outputs)
        return self.operator in SHAPE_OPERATORS and bool(tensors) and all(tensor.is_small for tensor in tensors)

    @property
    def types(self) -> str:
        """Types of what goes in and comes out: "float, int64 → float"."""
        sides = [", ".join(dict.fromkeys(tensor.dtype for tensor in side)) for side in (self.inputs, self.outputs)]
        return " → ".join(filter(None, sides))


def read_profile(path: Path) -> tuple[Kernel, ...]:
    """The nodes of the run that was profiled, in their order; none if the disk had no room for the file or it is damaged."""
    try:
        events = json.loads(path.read_text(encoding="utf-8"))
        return kernels(events)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return ()


def kernels(events: Iterable[Mapping[str, Any]]) -> tuple[Kernel, ...]:
    """The nodes among the ``events`` of a profile."""
    found: dict[tuple[str, str], Kernel] = {}
    for event in events:
        if event.get("cat") != "Node" or not event["name"].endswith(ENDING) or not event["args"].get("provider"):
            continue
        kernel = _kernel(event)
        key = kernel.node, str(event["args"].get("node_index", ""))
        known = found.get(key)
        found[key] = kernel if known is None else replace(kernel, ms=known.ms + kernel.ms)
    return tuple(found.values())


def placed(placement: Placement, ran: tuple[Kernel, ...]) -> Placement:
    """``placement`` with what the nodes that ``ran`` say."""
    providers = dict.fromkeys(kernel.provider for kernel in ran)
    shares = tuple(_share(name, [kernel for kernel in ran if kernel.provider == name]) for name in providers)
    return replace(
        placement,
        nodes={share.provider: share.nodes for share in shares},
        shares=shares,
        fallbacks=tuple(_fallbacks(placement, ran)),
    )


def _fallbacks(placement: Placement, ran: Iterable[Kernel]) -> Iterable[Fallback]:
    """Nodes outside of the first provider of the session; what is not in the session at all is told by ``Placement.absences``."""
    wanted = placement.session[0]
    for kernel in ran:
        if kernel.provider != wanted and kernel.operator not in COPIES:
            reason = Reason.SHAPES if kernel.provider == CPU and kernel.on_shapes else Reason.NO_KERNEL
            yield Fallback(kernel.node, kernel.operator, kernel.provider, reason, kernel.ms, kernel.types)


def _share(provider: str, ran: list[Kernel]) -> ProviderShare:
    operators = by_operator([OperatorShare(kernel.operator, 1, kernel.ms) for kernel in ran])
    copies = sum(kernel.operator in COPIES for kernel in ran)
    return ProviderShare(provider, len(ran), sum(kernel.ms for kernel in ran), operators, copies)


def _kernel(event: Mapping[str, Any]) -> Kernel:
    details = event["args"]
    name = str(details.get("op_name", ""))
    return Kernel(
        node=event["name"].removesuffix(ENDING),
        operator=FUSED if name.startswith(FUSED) else name,
        provider=details["provider"],
        ms=float(event.get("dur", 0)) / 1e3,
        inputs=_tensors(details.get("input_type_shape")),
        outputs=_tensors(details.get("output_type_shape")),
    )


def _tensors(described: Iterable[Mapping[str, Iterable[int]]] | None) -> tuple[Tensor, ...]:
    """Of each only what is there: an optional input that is left out has no entry, and a sequence no shape."""
    return tuple(Tensor(dtype, tuple(shape)) for one in described or () for dtype, shape in one.items())
