"""What an export is made from, as a declaration: a network, the card that describes its graph, and how closely the two must agree."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import onnx
from torch import nn

from detector_app.model_card import InputSpec, ModelCard

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
class Recipe:
    """Everything an export needs.

    Attributes:
        network: in evaluation mode on the CPU; takes the one input of the card and returns a tuple of tensors, as many and in the order of
            ``card.outputs``.
        card: the card without its parity report. Its input says which axes are symbolic.
        tolerance: what the verification allows.
        rewritings: of the traced graph, one after the other, into graphs that say the same faster; the verification sees the last one.
        further_shapes: of inputs that the graph is verified on besides those of :func:`input_shapes`.
    """

    network: nn.Module
    card: ModelCard
    tolerance: Tolerance = Tolerance()
    rewritings: tuple[Rewriting, ...] = ()
    further_shapes: tuple[Shape, ...] = ()


@dataclass(frozen=True)
class CascadeRecipe:
    """A model of several graphs, which are traced and verified one by one and written together.

    Attributes:
        card: of the whole, without its parity report and the hashes of its stages' files.
        stages: by the names of ``card.stages`` and in their order; each card has the input and the outputs of its stage.
    """

    card: ModelCard
    stages: Mapping[str, Recipe]


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


def with_fixed_batch(card: ModelCard) -> ModelCard:
    """The same card for a graph whose batch is 1."""
    return replace(card, input=replace(card.input, dynamic_batch=False))
