"""The network under PyTorch and the graph under ONNX Runtime, run on the same input."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from torch import nn

from detector_app.model_card import ModelCard
from export.errors import ExportError
from export.recipe import Alteration, Recipe
from export.verification_inputs import Case, as_tensor

Array = NDArray[Any]
Outputs = dict[str, Array]
TODO = "Nothing was written."


@dataclass(frozen=True)
class Twins:
    """A recipe's network and the graph that is to say the same.

    Attributes:
        recipe: its card is that of the network's own input and outputs.
        card: of the graph, which may take and put out something else.
        network: the recipe's, or an altered one.
        session: of the graph, altered in the same way.
    """

    recipe: Recipe
    card: ModelCard
    network: nn.Module
    session: onnxruntime.InferenceSession

    def expected(self, case: Case, shake: Array | float = 0.0) -> Outputs:
        """The network's outputs by name; ``shake`` is added to its input.

        Raises:
            ExportError: a value is not finite.
        """
        pictures = torch.from_numpy((as_tensor(case.pixels, self.recipe.card.input) + shake).astype(np.float32))
        companions = [torch.from_numpy(case.companions[one.tensor.name]) for one in self.recipe.companions]
        with torch.no_grad():
            values = self.network(pictures, *companions)
        found = {tensor.name: value.numpy() for tensor, value in zip(self.recipe.outputs, values, strict=True)}
        for name, value in found.items():
            if not np.isfinite(value).all():
                what = f"the network puts out values that are not finite in {name}"
                raise ExportError(self.recipe.card.name, what=what, todo="Train it again.")
        return found

    def found(self, case: Case, further: Mapping[str, Array] | None = None) -> Outputs:
        """The graph's outputs by name; ``further`` are inputs that the network does not have.

        Raises:
            ExportError: the graph does not run.
        """
        names = [output.name for output in self.card.outputs]
        feed = {self.card.input.name: as_tensor(case.pixels, self.card.input), **case.companions, **(further or {})}
        try:
            return dict(zip(names, self.session.run(names, feed), strict=True))
        except Exception as error:  # ONNX Runtime's errors have no common root of their own
            what = f"the graph does not run on {case.shape}: {_sentence(error)}"
            raise ExportError(self.recipe.card.name, what=what, todo=TODO) from error


def twins(model: bytes, recipe: Recipe, card: ModelCard) -> Twins:
    """The network and the graph as they are.

    Raises:
        ExportError: ONNX Runtime refuses the graph.
    """
    return Twins(recipe, card, recipe.network, _session(model, recipe.card.name))


def altered(model: bytes, recipe: Recipe, card: ModelCard, alteration: Alteration) -> Twins:
    """Both with weights changed alike.

    Raises:
        ExportError: the graph does not have one of the weights.
    """
    network = copy.deepcopy(recipe.network)
    graph = onnx.load_from_string(model)
    weights = {one.name: one for one in graph.graph.initializer}
    for name, change in alteration.changes.items():
        parameter = network.get_parameter(name)
        # The exporter keeps one of several that are equal.
        equal = [one for one in alteration.changes if torch.equal(recipe.network.get_parameter(one), parameter)]
        with torch.no_grad():
            parameter.copy_(change(parameter))
        if name not in weights:
            if any(one in weights for one in equal):
                continue
            what = f"the graph has no weight {name}, by which {alteration.title} is to be brought about"
            raise ExportError(recipe.card.name, what=what, todo=TODO)
        kind = onnx.helper.tensor_dtype_to_np_dtype(weights[name].data_type)
        weights[name].CopyFrom(onnx.numpy_helper.from_array(parameter.detach().numpy().astype(kind), name))
    return Twins(recipe, card, network, _session(graph.SerializeToString(), recipe.card.name))


def _session(model: bytes, name: str) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # see found
        what = f"ONNX Runtime refuses the graph: {_sentence(error)}"
        raise ExportError(name, what=what, todo=TODO) from error


def _sentence(error: Exception) -> str:
    """What ONNX Runtime says over several lines, on one and without its full stop."""
    return " ".join(str(error).split()).rstrip(".")
