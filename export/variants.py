"""Changes of a verified graph that the user may ask for, each verified again: the one list, in the order in which they are made."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass

from export.arguments import Argument
from export.draft import Variant
from export.inside_selection import with_selection
from export.precision import ARGUMENTS, chosen_precision
from export.proof import Allowed
from export.uint8_input import with_uint8_input


@dataclass(frozen=True)
class OfferedVariant:
    """A variant with its arguments; ``chosen`` gives it, or None if the options do not ask for it.

    ``families`` are those whose command has the arguments; none for all that are one graph.
    """

    arguments: tuple[Argument, ...]
    chosen: Callable[[argparse.Namespace], Variant | None]
    families: tuple[str, ...] = ()


UINT8 = Variant("uint8", "Taking raw frames, and comparing again", with_uint8_input, Allowed())
NMS = Variant("nms", "Putting filter and suppression into the graph, and comparing again", with_selection, Allowed())
SELECTING = ("yolo", "yolo-v1", "faster-rcnn", "darknet")
"""Families whose boxes can be selected inside the graph."""

VARIANTS: tuple[OfferedVariant, ...] = (
    OfferedVariant(
        (Argument("--uint8", "the graph takes raw frames: batch, height, width, 3 bytes, blue first", "flag"),),
        lambda options: UINT8 if options.uint8 else None,
    ),
    OfferedVariant(
        (Argument("--nms", "filter and suppress inside the graph, with the thresholds as inputs", "flag"),),
        lambda options: NMS if getattr(options, "nms", False) else None,
        SELECTING,
    ),
    OfferedVariant(ARGUMENTS, chosen_precision),
)


def chosen_variants(options: argparse.Namespace) -> tuple[Variant, ...]:
    """What the options ask for, in order.

    Raises:
        ExportError: they do not go together.
    """
    found = (offered.chosen(options) for offered in VARIANTS)
    return tuple(variant for variant in found if variant is not None)
