"""Which nodes of a graph are its layers: what may lose precision, and what must not.

Boxes, scores and thresholds are made of few numbers, and an error in them is seen; a feature map has a hundred thousand, and is not. So
the last layer on each way to an output keeps its precision, and all that is reckoned from its results, and also what a region proposal
network proposes before it reaches the RoI operation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import onnx

LAYERS = frozenset({"Conv", "ConvTranspose", "Gemm", "MatMul"})
"""Operators that hold the weights."""
ALONG_FIRST = frozenset(
    {
        *("Clip", "Expand", "Gather", "MaxRoiPool", "Pad", "PRelu", "Reshape", "Resize", "RoiAlign", "Slice", "Split"),
        *("Squeeze", "Tile", "Unsqueeze", "Upsample", *LAYERS),
    }
)
"""Operators whose first input is the map, and whose others are weights, sizes, places and regions."""
ENDS = frozenset({"NonMaxSuppression", "TopK", "ArgMax", "ArgMin", "NonZero", "Shape", "Size", "Exp"})
"""Operators that no map passes: what is before them is boxes, scores or shapes (``Exp`` turns a logarithm of a size into a size)."""


def inner_nodes(model: onnx.ModelProto) -> tuple[onnx.NodeProto, ...]:
    """The nodes of the main graph whose results another layer takes for a map, in order: the network without its heads.

    A graph with one layer has none.
    """
    makers = {output: node for node in model.graph.node for output in node.output}
    inner: set[str] = set()
    waiting = [node for node in model.graph.node if node.op_type in LAYERS]
    while waiting:
        for maker in _makers_of_maps(waiting.pop(), makers):
            if _key(maker) not in inner and maker.op_type not in ENDS:
                inner.add(_key(maker))
                waiting.append(maker)
    return tuple(node for node in model.graph.node if _key(node) in inner)


def _makers_of_maps(node: onnx.NodeProto, makers: Mapping[str, onnx.NodeProto]) -> Iterator[onnx.NodeProto]:
    """The nodes whose results ``node`` takes for maps; inputs of the graph and weights have none."""
    taken = node.input[:1] if node.op_type in ALONG_FIRST else node.input
    yield from (makers[name] for name in taken if name in makers)


def _key(node: onnx.NodeProto) -> str:
    """What tells nodes apart: names may be missing, results may not."""
    return str(next(filter(None, node.output)))
