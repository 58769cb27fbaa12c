"""How much of the picture a unit sees: RFᵢ = RFᵢ₋₁ + (kᵢ − 1)·∏ⱼ₍ⱼ﹤ᵢ₎ sⱼ.

Where the recurrence comes from: a unit of layer i looks at kᵢ neighbours in a row of layer i − 1. Two neighbours there are ∏ sⱼ pixels
of the picture apart, the product of all strides before, and each sees RFᵢ₋₁ pixels; so the first sees RFᵢ₋₁ and each of the other
kᵢ − 1 adds the distance to it. A picture's pixel sees itself: RF₀ = 1. (Araujo, Norris and Sim, "Computing receptive fields of
convolutional neural networks", Distill 2019, doi 10.23915/distill.00021, section 1, which solves it in closed form.)

A dilated kernel spans d·(k − 1) + 1. Where branches meet, a unit sees what its widest branch sees. The field is what the architecture
allows: near the border a part of it lies outside the picture, and in the middle of a deep network it is wider than the picture.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

Pair = tuple[int, int]
Ratio = tuple[Fraction, Fraction]


@dataclass(frozen=True)
class Field:
    """What one unit of a map sees of the picture.

    Attributes:
        size: height and width in pixels of the picture. A fraction only behind enlarged maps.
        stride: pixels of the picture between neighbouring units, vertically and horizontally; 0 where one unit holds all.
    """

    size: Ratio = (Fraction(1), Fraction(1))
    stride: Ratio = (Fraction(1), Fraction(1))


@dataclass(frozen=True)
class Window:
    """What a layer looks at: kernel, stride and dilation, each (vertical, horizontal). A stride below 1 enlarges the map."""

    kernel: Pair
    stride: tuple[int | Fraction, int | Fraction] = (1, 1)
    dilation: Pair = (1, 1)


def through(field: Field, window: Window) -> Field:
    """The field behind a convolution or pooling: one step of the recurrence, in both directions."""
    vertical, horizontal = (
        (size + dilation * (kernel - 1) * distance, distance * step)
        for size, distance, kernel, step, dilation in zip(
            field.size, field.stride, window.kernel, window.stride, window.dilation, strict=True
        )
    )
    return Field((vertical[0], horizontal[0]), (vertical[1], horizontal[1]))


def flattened(field: Field, size: Pair) -> Field:
    """The field of a vector that holds a whole map of `size` (height, width)."""
    seen = through(field, Window(size))
    return Field(seen.size, (Fraction(0), Fraction(0)))


def joined(fields: Sequence[Field]) -> Field:
    """The field where maps are added or concatenated: the largest; the stride is the finest of those that are maps."""
    sizes = [field.size for field in fields]
    strides = [field.stride for field in fields if any(field.stride)] or [fields[0].stride]
    height, width = max(size[0] for size in sizes), max(size[1] for size in sizes)
    return Field((height, width), (min(step[0] for step in strides), min(step[1] for step in strides)))


def adaptive_window(before: Pair, after: Pair) -> Window:
    """The window of an adaptive pooling from one size to another: unit i looks from ⌊i·n/o⌋ to ⌈(i + 1)·n/o⌉.

    Where only one unit is left there is no next one: its stride is 0.
    """
    vertical, horizontal = (
        max(-(-(i + 1) * n // o) - i * n // o for i in range(o)) for n, o in zip(before, after, strict=True)
    )
    rows, columns = (Fraction(n, o) if o > 1 else Fraction(0) for n, o in zip(before, after, strict=True))
    return Window((vertical, horizontal), (rows, columns))
