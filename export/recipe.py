"""What an export is made from, as a declaration.

A network, the card that describes its graph, the tensors that go in and come out, and how closely the two must agree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
from numpy.typing import NDArray
from torch import Tensor, nn

from detector_app.model_card import InputSpec, ModelCard

if TYPE_CHECKING:
    from export.candidates import Decoder

OPSET = 18

Shape = tuple[int, int, int, int]
Rewriting = Callable[[onnx.ModelProto], onnx.ModelProto]


@dataclass(frozen=True)
class Tolerance:
    """How far two float32 results may lie apart: ``absolute + relative · largest magnitude of the output``.

    Sums of thousands of products in another order differ by about 1e-6 of their size; wrong padding or a wrong axis differ by their size.
    """

    absolute: float = 1e-4
    relative: float = 5e-5


@dataclass(frozen=True)
class TensorSpec:
    """An input or an output of the graph.

    Attributes:
        name: in the graph.
        axes: a number is a fixed length, a name a symbolic one; "height/8" is an eighth of "height". A name that no input has is bound
            where it first comes up.
        dtype: "float32" or "int64" of numpy.
    """

    name: str
    axes: tuple[int | str, ...]
    dtype: str = "float32"


@dataclass(frozen=True)
class Companion:
    """An input beside the pictures.

    Attributes:
        tensor: its declaration.
        make: values for pictures (N, C, H, W); the number counts the inputs of a verification up from 0, and asks for other amounts, none
            among them. The values must have the tensor's dtype.
    """

    tensor: TensorSpec
    make: Callable[[Shape, int, np.random.Generator], NDArray[Any]]


@dataclass(frozen=True)
class Alteration:
    """Weights changed alike in the network and in the graph, so that a case comes up that pictures hardly bring about.

    Attributes:
        title: what the case is, for the report: "no proposals".
        changes: new values from the old ones, by the parameters' names in the network, which the graph's initializers have, too.
    """

    title: str
    changes: Mapping[str, Callable[[Tensor], Tensor]]


@dataclass(frozen=True)
class Recipe:
    """Everything an export needs.

    Attributes:
        network: in evaluation mode on the CPU; takes the card's input, then the companions, and returns a tuple of tensors, as many and in
            the order of ``outputs``.
        card: the card without its parity report. Its input says which axes are symbolic.
        outputs: of the graph, in the order of ``card.outputs``.
        companions: further inputs.
        tolerance: what the verification allows; ``tolerances`` says it of single outputs.
        rows: the outputs' first axis counts regions that the graph found itself, so that rows are compared by what they are about.
        decode: the network's own way from its outputs to boxes; None: the outputs are boxes, or the model finds none.
        rewritings: of the traced graph, one after the other, into graphs that say the same faster; the verification sees the last one.
        further_shapes: of inputs that the graph is verified on besides those of :func:`input_shapes`.
        alterations: each makes one more input of the verification.
        translations: of operators of our own, for ``torch.onnx.export``.
    """

    network: nn.Module
    card: ModelCard
    outputs: tuple[TensorSpec, ...]
    companions: tuple[Companion, ...] = ()
    tolerance: Tolerance = Tolerance()
    tolerances: Mapping[str, Tolerance] = field(default_factory=dict)
    rows: bool = False
    decode: Decoder | None = None
    rewritings: tuple[Rewriting, ...] = ()
    further_shapes: tuple[Shape, ...] = ()
    alterations: tuple[Alteration, ...] = ()
    translations: Mapping[Callable[..., Any], Callable[..., Any]] = field(default_factory=dict)

    def tolerance_of(self, output: str) -> Tolerance:
        """What is allowed of one output."""
        return self.tolerances.get(output, self.tolerance)


@dataclass(frozen=True)
class CascadeRecipe:
    """A model of several graphs, which are traced and verified one by one and written together.

    Attributes:
        card: of the whole, without its parity report and the hashes of its stages' files.
        stages: by the names of ``card.stages`` and in their order; each card has the input and the outputs of its stage.
    """

    card: ModelCard
    stages: Mapping[str, Recipe]


def picture_tensor(spec: InputSpec) -> TensorSpec:
    """The declaration of the input that pictures go into."""
    batch: int | str = "batch" if spec.dynamic_batch else 1
    height, width = spec.size_hw if spec.dynamic is None else ("height", "width")
    axes = (batch, height, width, spec.channels) if spec.layout == "NHWC" else (batch, spec.channels, height, width)
    return TensorSpec(spec.name, axes, spec.dtype)


@dataclass(frozen=True)
class InputShapes:
    """(N, C, H, W) of the input that is traced, and of those that the graph is verified on, which the tracer never saw."""

    traced: Shape
    verified: tuple[Shape, ...]


def input_shapes(spec: InputSpec) -> InputShapes:
    """Choose shapes within what ``spec`` declares: other batches, other sizes, other aspects and the smallest size."""
    batches = (2, 1, 3) if spec.dynamic_batch else (1, 1, 1)
    if spec.dynamic is None:
        sizes = [spec.size_hw] * 3
    else:
        least, step = spec.dynamic.least, spec.dynamic.multiple
        traced = (least + 4 * step, least + 6 * step)
        if spec.size_hw == traced:
            traced = (traced[1], traced[0])
        sizes = [traced, spec.size_hw, (least + 5 * step, least + 3 * step), (least, least)]
    traced_shape, *verified = [(n, spec.channels, h, w) for n, (h, w) in zip((*batches, 1), sizes, strict=False)]
    return InputShapes(traced_shape, tuple(verified))


def with_fixed_batch(recipe: Recipe) -> Recipe:
    """The same recipe for a graph whose batch is 1."""
    outputs = tuple(
        replace(output, axes=tuple(1 if axis == "batch" else axis for axis in output.axes)) for output in recipe.outputs
    )
    card = replace(recipe.card, input=replace(recipe.card.input, dynamic_batch=False))
    return replace(recipe, card=card, outputs=outputs)
