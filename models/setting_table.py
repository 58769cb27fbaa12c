"""A table of settings: a frozen dataclass whose fields carry help and bounds; command lines and recipes are made from it."""

import argparse
import typing
from collections.abc import Sequence
from dataclasses import Field, field, fields
from typing import Any

from models.errors import RecipeError


def described(
    default: Any, text: str, low: float | None = None, high: float | None = None, choices: Sequence[str] = ()
) -> Any:
    """A dataclass field with its help text and its inclusive bounds, or the only values that it may have."""
    return field(default=default, metadata={"help": text, "low": low, "high": high, "choices": tuple(choices)})


def require_bounds(settings: Any) -> None:
    """Checks every field of a settings dataclass, for its `__post_init__`.

    Raises:
        RecipeError: a value is out of its bounds, or none of the choices.
    """
    for one in fields(settings):
        _require_bounds(one, getattr(settings, one.name))


def _require_bounds(one: "Field[Any]", value: Any) -> None:
    low, high, choices = (one.metadata[name] for name in ("low", "high", "choices"))
    if choices and value not in choices:
        raise RecipeError(f"{one.name} = {value!r}: one of {', '.join(choices)} expected")
    if (low is not None and value < low) or (high is not None and value > high):
        wanted = f"at least {low}" if high is None else f"between {low} and {high}"
        raise RecipeError(f"{one.name} = {value} is out of bounds; it must be {wanted}")


def item_type(table: type, one: "Field[Any]") -> type:
    """The type of a setting, or of its items where it is a list."""
    hint = typing.get_type_hints(table)[one.name]
    items = typing.get_args(hint)
    chosen: type = items[0] if items else hint
    return chosen


def convert(table: type, name: str, value: Any) -> Any:
    """A TOML or command-line value as the setting's own type.

    Raises:
        RecipeError: no setting has this name, or the value is of another type.
    """
    known = {one.name: one for one in fields(table)}
    if name not in known:
        raise RecipeError(f"unknown setting {name!r}; known are {', '.join(known)}")
    wanted = item_type(table, known[name])
    allowed = (int, float) if wanted is float else (wanted,)
    values = value if isinstance(value, list | tuple) else [value]
    if any(not isinstance(item, allowed) or isinstance(item, bool) for item in values):
        raise RecipeError(f"{name} = {value!r}: {wanted.__name__} expected")
    many = isinstance(known[name].default, tuple)
    if not many and isinstance(value, list | tuple):
        raise RecipeError(f"{name} = {value!r}: one {wanted.__name__} expected")
    return tuple(wanted(item) for item in values) if many else wanted(value)


def add_settings(parser: argparse.ArgumentParser, table: type) -> None:
    """One option for each field; None where it is not given."""
    group = parser.add_argument_group("settings")
    for one in fields(table):
        many = isinstance(one.default, tuple)
        text = f"{one.metadata['help']} (default: {one.default})".replace("%", "%%")
        group.add_argument(
            f"--{one.name.replace('_', '-')}", type=item_type(table, one), nargs="*" if many else None, help=text
        )


def given_settings(table: type, given: argparse.Namespace) -> dict[str, Any]:
    """The settings named on the command line.

    Raises:
        RecipeError: a value of another type.
    """
    named = {one.name: getattr(given, one.name) for one in fields(table)}
    return {name: convert(table, name, value) for name, value in named.items() if value is not None}
