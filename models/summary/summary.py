"""A network layer by layer, at one size of picture, without running it: on the meta device this takes no memory and no time to speak of."""

import math
from collections import Counter
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, fx, nn

from models.errors import RecipeError
from models.summary.layers import LayerKind, kind_of_function, kind_of_module
from models.summary.receptive_field import Field, flattened, joined, through


@dataclass(frozen=True)
class LayerRow:
    """One line of the table.

    Attributes:
        name: dotted name in the network; of the surrounding module and what is done for additions and the like.
        kind: "conv 3×3 /2", "max pool 2×2", "ReLU", ….
        channels: of the output.
        size: (height, width) of the output: ⌊(n + 2p − f)/s⌋ + 1 of the input's for a kernel of f; None for a vector.
        stride: pixels of the picture between neighbouring units, (vertical, horizontal); None where one unit holds all.
        field: receptive field in pixels of the picture, (height, width).
        parameters: trainable ones.
        multiply_adds: for one picture.
        plain: it neither holds parameters nor changes or joins maps, as activations and dropout.
    """

    name: str
    kind: str
    channels: int
    size: tuple[int, int] | None
    stride: tuple[float, float] | None
    field: tuple[float, float]
    parameters: int
    multiply_adds: int
    plain: bool


@dataclass(frozen=True)
class Summary:
    """A whole network at one size.

    Attributes:
        input_shape: (channels, height, width).
        rows: in the order that they run in.
        parameters: of the network in evaluation.
        training_parameters: further ones that only training uses, as in auxiliary classifiers.
        multiply_adds: for one picture.
    """

    input_shape: tuple[int, int, int]
    rows: tuple[LayerRow, ...]
    parameters: int
    training_parameters: int
    multiply_adds: int


class _LayerTracer(fx.Tracer):
    """Stops at torch's own layers and at every module without parts."""

    def is_leaf_module(self, m: nn.Module, module_qualified_name: str) -> bool:
        return super().is_leaf_module(m, module_qualified_name) or not any(True for _ in m.children())


class _Walk(fx.Interpreter):
    """Runs the traced network node by node and writes a row for each."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__(fx.GraphModule(model, _LayerTracer().trace(model)))
        self.rows: list[LayerRow] = []
        self.fields: dict[fx.Node, Field] = {}
        self.shapes: dict[fx.Node, Tensor] = {}
        self.counted: set[int] = set()
        self.named: Counter[str] = Counter()

    def run_node(self, n: fx.Node) -> Any:
        """As torch.fx calls it for every node."""
        out = super().run_node(n)
        if n.op == "placeholder":
            self.fields[n], self.shapes[n] = Field(), out
        elif n.op.startswith("call_"):
            self._call(n, out)
        return out

    def _call(self, node: fx.Node, out: Any) -> None:
        sources = [source for source in node.all_input_nodes if source in self.fields]
        if not sources or not isinstance(out, Tensor):
            return
        x = self.shapes[sources[0]]
        kind = self._kind(node, x, out)
        field = joined([self.fields[source] for source in sources])
        if kind.window is not None:
            field = through(field, kind.window)
        elif kind.flattens and x.dim() == 4:
            field = flattened(field, (x.shape[2], x.shape[3]))
        elif out.dim() == 4 and out.shape[2:] not in [self.shapes[source].shape[2:] for source in sources]:
            raise RecipeError(f"{_name(node)}: {kind.title} changes the size in a way that the summary does not know")
        self.fields[node], self.shapes[node] = field, out
        self.rows.append(
            _row(self._unique(_name(node)), kind, out, field, self._parameters(node), joins=len(sources) > 1)
        )

    def _unique(self, name: str) -> str:
        """The name, numbered from its second time on."""
        self.named[name] += 1
        return name if self.named[name] == 1 else f"{name}_{self.named[name]}"

    def _kind(self, node: fx.Node, x: Tensor, out: Tensor) -> LayerKind:
        if node.op == "call_module":
            return kind_of_module(self.module.get_submodule(str(node.target)), x, out)
        return kind_of_function(node.target, node.kwargs, x, out)

    def _parameters(self, node: fx.Node) -> int:
        """Of the layer, or that a function takes; each is counted where it is used first."""
        if node.op == "call_module":
            held = list(self.module.get_submodule(str(node.target)).parameters())
        else:
            taken = (source for source in node.all_input_nodes if source.op == "get_attr")
            held = [value for value in (self.fetch_attr(str(source.target)) for source in taken) if _trainable(value)]
        new = [value for value in held if id(value) not in self.counted]
        self.counted.update(id(value) for value in new)
        return sum(value.numel() for value in new)


def _trainable(value: object) -> bool:
    return isinstance(value, nn.Parameter)


def _name(node: fx.Node) -> str:
    if node.op == "call_module":
        return str(node.target)
    around = [path for path in node.meta.get("nn_module_stack", {}) if path]
    what = node.target if isinstance(node.target, str) else getattr(node.target, "__name__", node.name)
    return ".".join([*around[-1:], str(what).strip("_")])


def _numbers(values: tuple[Any, Any]) -> tuple[float, float]:
    first, second = (int(value) if value == math.floor(value) else float(value) for value in values)
    return first, second


def _row(name: str, kind: LayerKind, out: Tensor, field: Field, parameters: int, *, joins: bool) -> LayerRow:
    is_map = out.dim() == 4
    return LayerRow(
        name=name,
        kind=kind.title,
        channels=out.shape[1],
        size=(out.shape[2], out.shape[3]) if is_map else None,
        stride=_numbers(field.stride) if all(field.stride) else None,
        field=_numbers(field.size),
        parameters=parameters,
        multiply_adds=kind.multiply_adds,
        plain=not (parameters or joins or kind.window or kind.flattens),
    )


def summarise(model: nn.Module, input_shape: tuple[int, int, int]) -> Summary:
    """The table of a network; the network itself is left as it was.

    Args:
        model: one that torch.fx can trace; on the meta device for free, elsewhere it runs once. It is seen as in evaluation.
        input_shape: (channels, height, width) of the picture.

    Raises:
        RecipeError: a picture of this size does not go through, or a layer changes sizes in an unknown way.
    """
    was_training = model.training
    model.eval()
    try:
        walk = _Walk(model)
        first = next(model.parameters(), torch.empty(0))
        with torch.no_grad():
            walk.run(torch.zeros(1, *input_shape, device=first.device, dtype=first.dtype))
    except (RuntimeError, ValueError) as error:
        raise RecipeError(_too_small(input_shape, error)) from error
    finally:
        model.train(was_training)
    parameters = sum(row.parameters for row in walk.rows)
    rest = sum(value.numel() for value in model.parameters()) - parameters
    return Summary(input_shape, tuple(walk.rows), parameters, rest, sum(row.multiply_adds for row in walk.rows))


def _too_small(input_shape: tuple[int, int, int], error: Exception) -> str:
    channels, height, width = input_shape
    reason = str(error).splitlines()[0]
    return f"a picture of {channels}×{height}×{width} does not go through this network ({reason}); try another --size"
