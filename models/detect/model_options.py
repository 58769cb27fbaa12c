"""The settings of all models as options of one command: each offered once, its help naming whose it is and their defaults."""

import argparse
from collections.abc import Mapping
from dataclasses import Field, fields
from typing import Any

from models.detect.registry import MODELS, Entry
from models.errors import RecipeError
from models.setting_table import convert, item_type


def add_model_settings(parser: argparse.ArgumentParser, models: Mapping[str, Entry] = MODELS) -> None:
    """One option for each setting of any model; None where it is not given."""
    shared = parser.add_argument_group("settings of all models")
    own = parser.add_argument_group("settings of some models")
    for name, owners in _owners(models).items():
        first_model, one = next(iter(owners.items()))
        many = isinstance(one.default, tuple)
        whose = "" if len(owners) == len(models) else f"{', '.join(owners)}: "
        text = f"{whose}{one.metadata['help']} ({_defaults(owners)})".replace("%", "%%")
        (own if whose else shared).add_argument(
            f"--{name.replace('_', '-')}",
            type=item_type(models[first_model].settings, one),
            nargs="*" if many else None,
            help=text,
        )


def given_model_settings(model: str, given: argparse.Namespace, models: Mapping[str, Entry] = MODELS) -> dict[str, Any]:
    """The settings named on the command line.

    Raises:
        RecipeError: a value of another type, or a setting that this model does not have.
    """
    table = models[model].settings
    known = {one.name for one in fields(table)}
    named = {name: getattr(given, name) for name in _owners(models) if getattr(given, name) is not None}
    for name in named.keys() - known:
        raise RecipeError(
            f"--{name.replace('_', '-')}: {model} has no such setting, but {', '.join(_owners(models)[name])}"
        )
    return {name: convert(table, name, value) for name, value in named.items()}


def _owners(models: Mapping[str, Entry]) -> "dict[str, dict[str, Field[Any]]]":
    """By setting the models that have it, with their rows of it."""
    owners: dict[str, dict[str, Field[Any]]] = {}
    for model, entry in models.items():
        for one in fields(entry.settings):
            owners.setdefault(one.name, {})[model] = one
    return owners


def _defaults(owners: "Mapping[str, Field[Any]]") -> str:
    by_value: dict[str, list[str]] = {}
    for model, one in owners.items():
        by_value.setdefault(str(one.default), []).append(model)
    if len(by_value) == 1:
        return f"default: {next(iter(by_value))}"
    return "default: " + "; ".join(f"{value} for {', '.join(some)}" for value, some in by_value.items())
