"""A network cut at named layers: for detectors, embeddings, style, and for heads that are trained on stored features.

The network's graph is traced (torch.fx) and everything that the named layers do not need is dropped from it, so that a cut costs
what it uses: hooks would leave the rest running, and their side effect on a dict is nothing that an exporter can follow. What
remains is an ordinary module that trains, moves and exports, and it shares the parameters of the network that it was cut from.
"""

from collections.abc import Callable, Sequence
from typing import Any

from torch import Tensor, fx, nn

from models.backbones.registry import nearest
from models.errors import RecipeError


class ModuleTracer(fx.Tracer):
    """Traces a network and remembers what each of its modules put out.

    Attributes:
        outputs: by dotted name, the node of a module's last result; filled by `trace`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.outputs: dict[str, fx.Node] = {}

    def call_module(
        self, m: nn.Module, forward: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """As torch.fx calls it for every module on the way; one that puts out a single tensor is remembered."""
        out = super().call_module(m, forward, args, kwargs)
        if isinstance(out, fx.Proxy):
            self.outputs[self.path_of_module(m)] = out.node
        return out


class FeatureExtractor(nn.Module):
    """A network up to some of its layers.

    Attributes:
        layers: the names that it was cut at, in the order asked for.
        body: what is left of the network; its modules keep their names and share their parameters with the network.
    """

    def __init__(self, model: nn.Module, layers: Sequence[str]) -> None:
        """Cuts a network.

        Args:
            model: any network that torch.fx can trace; all in `registry` are. Its training mode is kept.
            layers: dotted names of modules that put out one tensor each, as in `model.named_modules()`.

        Raises:
            RecipeError: no layers, or one that the network does not have or does not run.
        """
        super().__init__()
        if not layers:
            raise RecipeError("a feature extractor needs at least one layer to cut at")
        self.layers = tuple(layers)
        self.body = _cut(model, self.layers)

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """(N, C, H, W) pictures to what each named layer puts out, by name and in the order asked for."""
        maps: dict[str, Tensor] = self.body(x)
        return maps


def _cut(model: nn.Module, layers: tuple[str, ...]) -> fx.GraphModule:
    tracer = ModuleTracer()
    graph = tracer.trace(model)
    for name in layers:
        if name not in tracer.outputs:
            raise RecipeError(f"{type(model).__name__} puts out no layer {name!r}; {nearest(name, tracer.outputs)}")
    end = next(node for node in graph.nodes if node.op == "output")
    end.args = ({name: tracer.outputs[name] for name in layers},)
    body = fx.GraphModule(model, graph)
    body.graph.eliminate_dead_code()
    body.delete_all_unused_submodules()
    body.recompile()
    return body
