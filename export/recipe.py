"""What an export is made from, as a declaration: a network, the card that describes its graph, and how closely the two must agree."""

from dataclasses import dataclass, replace

from torch import nn

from detector_app.model_card import InputSpec, ModelCard

OPSET = 18


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
    """

    network: nn.Module
    card: ModelCard
    tolerance: Tolerance = Tolerance()


@dataclass(frozen=True)
class InputShapes:
    """(N, C, H, W) of the input that is traced, and of those that the graph is verified on, which the tracer never saw."""

    traced: tuple[int, int, int, int]
    verified: tuple[tuple[int, int, int, int], ...]


def input_shapes(spec: InputSpec) -> InputShapes:
    """Choose shapes within what ``spec`` declares: other batches, other sizes, other aspects and the smallest size."""
    batches = (2, 1, 3) if spec.dynamic_batch else (1, 1, 1)
    if spec.dynamic is None:
        sizes = [spec.size_hw] * 3
    else:
        step = spec.dynamic.multiple
        traced = (5 * step, 7 * step) if spec.size_hw != (5 * step, 7 * step) else (7 * step, 5 * step)
        sizes = [traced, spec.size_hw, (6 * step, 4 * step), (step, step)]
    traced_shape, *verified = [(n, spec.channels, h, w) for n, (h, w) in zip((*batches, 1), sizes, strict=False)]
    return InputShapes(traced_shape, tuple(verified))


def with_fixed_batch(card: ModelCard) -> ModelCard:
    """The same card for a graph whose batch is 1."""
    return replace(card, input=replace(card.input, dynamic_batch=False))
