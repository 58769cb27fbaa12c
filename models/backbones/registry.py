"""The networks by name."""

import difflib
import types
from collections.abc import Iterable
from typing import Any

from torch import nn

from models.backbones import alexnet, darknet19, googlenet, inception_v3, lenet, resnet, vgg
from models.backbones.architecture import Architecture
from models.errors import RecipeError

__all__ = ["Architecture", "create", "describe", "names"]

SHOWN = 20  # names in a message
MOST_CLASSES = 1_000_000
RANGES = types.MappingProxyType({"width": (0.01, 16.0), "dropout": (0.0, 1.0)})  # of options, both ends allowed
_FAMILIES: tuple[tuple[Architecture, ...], ...] = tuple(
    family.ARCHITECTURES for family in (lenet, alexnet, vgg, googlenet, inception_v3, resnet, darknet19)
)
_REGISTRY = {row.name: row for family in _FAMILIES for row in family}


def names() -> tuple[str, ...]:
    """Every network, the oldest family first."""
    return tuple(_REGISTRY)


def describe(name: str) -> Architecture:
    """What is known of a network.

    Raises:
        RecipeError: there is none of this name; the message has the nearest ones.
    """
    if name not in _REGISTRY:
        raise RecipeError(f"no network is called {name!r}; {nearest(name, _REGISTRY)}")
    return _REGISTRY[name]


def create(name: str, classes: int | None = None, **options: Any) -> nn.Module:
    """A network with random weights, in training mode, on torch's default device.

    In evaluation mode it maps (N, C, H, W) float32 pictures to (N, classes) logits. In training mode networks with auxiliary
    classifiers give a named tuple whose first field is `logits`.

    Args:
        name: one of `names()`.
        classes: outputs of the head; None for the published number.
        options: some of those that `describe(name).options` lists.

    Raises:
        RecipeError: unknown name or option, an option of the wrong type or value, or an impossible number of classes.
    """
    architecture = describe(name)
    count = architecture.classes if classes is None else classes
    if not 1 <= count <= MOST_CLASSES:
        raise RecipeError(f"{name}: {count} classes asked for; it must be 1 to {MOST_CLASSES:,}")
    for option, value in options.items():
        _check_option(architecture, option, value)
    return architecture.build(count, **{**architecture.options, **options})


def _check_option(architecture: Architecture, option: str, value: object) -> None:
    if option not in architecture.options:
        raise RecipeError(f"{architecture.name} has no option {option!r}; {nearest(option, architecture.options)}")
    default = architecture.options[option]
    wanted: tuple[type, ...] = (int, float) if isinstance(default, float) else (type(default),)
    if type(value) not in wanted:
        raise RecipeError(
            f"{architecture.name}: option {option} is {value!r}; it must be {wanted[-1].__name__}, as its default {default!r} is"
        )
    if option in RANGES:
        low, high = RANGES[option]
        if not low <= value <= high:  # type: ignore[operator]
            raise RecipeError(f"{architecture.name}: option {option} is {value!r}; it must be {low:g} to {high:g}")


def nearest(name: str, known: Iterable[str]) -> str:
    """The end of a message about an unknown name: those that are nearest to it, or the first if none is near."""
    choices = tuple(known)
    close = difflib.get_close_matches(name, choices, n=5)
    if close:
        return f"did you mean {', '.join(close)}?"
    more = ", …" if len(choices) > SHOWN else ""
    return f"there are: {', '.join(choices[:SHOWN])}{more}" if choices else "there is none to choose from"
