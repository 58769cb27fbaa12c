"""Changes of a verified graph that the user may ask for, each verified again: the one list, in the order in which they are made."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass

from export.arguments import Argument
from export.draft import Variant
from export.precision import ARGUMENTS, chosen_precision


@dataclass(frozen=True)
class OfferedVariant:
    """A variant with its arguments; ``chosen`` gives it, or None if the options do not ask for it."""

    arguments: tuple[Argument, ...]
    chosen: Callable[[argparse.Namespace], Variant | None]


VARIANTS: tuple[OfferedVariant, ...] = (OfferedVariant(ARGUMENTS, chosen_precision),)


def chosen_variants(options: argparse.Namespace) -> tuple[Variant, ...]:
    """What the options ask for, in order.

    Raises:
        ExportError: they do not go together.
    """
    found = (offered.chosen(options) for offered in VARIANTS)
    return tuple(variant for variant in found if variant is not None)
