"""On which processor a graph really runs: which of its operators, for how long, and what ran elsewhere and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from detector_app.errors import message

CPU, CUDA, TENSORRT = "CPUExecutionProvider", "CUDAExecutionProvider", "TensorrtExecutionProvider"


class Reason(StrEnum):
    """Why a node, or all of them, did not run on the processor that was asked for.

    The first two are about a single node, the others about a whole provider.
    """

    SHAPES = message("arithmetic on shapes, which ONNX Runtime keeps on the CPU on purpose")
    NO_KERNEL = message("that processor does not take this operator with these types")
    NOT_BUILT = message("this build of ONNX Runtime does not have it")
    NO_DEVICE = message("no such device was found")
    LIBRARY = message("its library cannot be loaded")
    REFUSED = message("it could not be set up for this model")


@dataclass(frozen=True)
class OperatorShare:
    """All nodes of one operator on one provider; ``ms`` is their time in the profiled run."""

    operator: str
    nodes: int
    ms: float


@dataclass(frozen=True)
class ProviderShare:
    """What one provider ran, operators by falling time.

    On a GPU ``ms`` is what the host waited for while it launched the kernels, so it says little about the kernels themselves.

    Attributes:
        copies: nodes among them that only carry tensors between the CPU and the device.
    """

    provider: str
    nodes: int
    ms: float
    operators: tuple[OperatorShare, ...] = ()
    copies: int = 0


@dataclass(frozen=True)
class Fallback:
    """A node that ran on a later provider than the first one of the session.

    Attributes:
        node: its name in the optimised graph.
        types: of its inputs and outputs, as "float, int64 → float".
    """

    node: str
    operator: str
    provider: str
    reason: Reason
    ms: float = 0.0
    types: str = ""


@dataclass(frozen=True)
class Absence:
    """A provider that was asked for and is not in the session; ``detail`` are the words of the system, if it gave any."""

    provider: str
    reason: Reason
    detail: str = ""


@dataclass(frozen=True)
class Placement:
    """On which processor the graph really runs.

    Attributes:
        asked: providers asked for, in order.
        session: providers of the session as it was made (``session.get_providers()``).
        nodes: how many nodes ran on each provider, as counted in a profile of the warm-up run; empty when it was not measured.
        shares: the same by operator and with times; empty when it was not measured.
        fallbacks: nodes that ran on another provider than the first one of the session.
        absences: providers asked for that are not in the session.
    """

    asked: tuple[str, ...]
    session: tuple[str, ...]
    nodes: dict[str, int] = field(default_factory=dict)
    shares: tuple[ProviderShare, ...] = ()
    fallbacks: tuple[Fallback, ...] = ()
    absences: tuple[Absence, ...] = ()

    @property
    def main(self) -> str:
        """The provider that runs most of it, as a short name ("CPU", "CUDA", "TensorRT").

        By time where that was measured: TensorRT fuses a whole network into one node, so that counting would mislead.
        """
        times = {share.provider: share.ms for share in self.shares if share.ms > 0}
        weights: dict[str, float] = times or dict(self.nodes)
        provider = max(weights, key=lambda name: weights[name]) if weights else self.session[0]
        return short_name(provider)

    @property
    def as_asked(self) -> bool:
        """Whether the provider that runs is the first one that was asked for."""
        return bool(self.asked) and self.main == short_name(self.asked[0])

    @property
    def strays(self) -> tuple[Fallback, ...]:
        """The fallbacks that ``strict`` refuses: nodes that do real work on a processor that was not asked for.

        Let through is arithmetic on shapes: a few numbers, which ONNX Runtime takes to the CPU because a kernel on the device and two
        copies cost more. Copies between host and device are no fallbacks. CUDA may run what TensorRT does not take, if it was asked
        for too: it is the same device. That the CPU stands among those asked for allows nothing, because it always does.
        """
        allowed = {CUDA} if TENSORRT in self.asked[:1] and CUDA in self.asked else set()
        return tuple(f for f in self.fallbacks if f.reason is not Reason.SHAPES and f.provider not in allowed)


def merged(placements: Sequence[Placement]) -> Placement:
    """Several graphs of one model as one: their nodes and times added up, their fallbacks one after the other."""
    names = dict.fromkeys(name for placement in placements for name in placement.nodes)
    shares = [share for placement in placements for share in placement.shares]
    return replace(
        placements[0],
        nodes={name: sum(placement.nodes.get(name, 0) for placement in placements) for name in names},
        shares=tuple(
            _sum([s for s in shares if s.provider == name]) for name in dict.fromkeys(s.provider for s in shares)
        ),
        fallbacks=tuple(fallback for placement in placements for fallback in placement.fallbacks),
        absences=tuple(dict.fromkeys(absence for placement in placements for absence in placement.absences)),
    )


def by_operator(operators: Sequence[OperatorShare]) -> tuple[OperatorShare, ...]:
    """Operators of the same name added up, by falling time."""
    names = dict.fromkeys(share.operator for share in operators)
    groups = [(name, [share for share in operators if share.operator == name]) for name in names]
    sums = [OperatorShare(name, sum(s.nodes for s in group), sum(s.ms for s in group)) for name, group in groups]
    return tuple(sorted(sums, key=lambda share: -share.ms))


def short_name(provider: str) -> str:
    """Short name of a provider: ``CUDAExecutionProvider`` is "CUDA"."""
    return provider.removesuffix("ExecutionProvider").replace("Tensorrt", "TensorRT")


def _sum(shares: Sequence[ProviderShare]) -> ProviderShare:
    return ProviderShare(
        shares[0].provider,
        sum(share.nodes for share in shares),
        sum(share.ms for share in shares),
        by_operator([operator for share in shares for operator in share.operators]),
        sum(share.copies for share in shares),
    )
