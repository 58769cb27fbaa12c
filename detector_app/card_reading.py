"""Values from JSON as frozen dataclasses, every type checked, unknown keys refused: how a model card is read.

Standard library only.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from typing import Any, TypeVar

from detector_app.errors import CardInvalidError

T = TypeVar("T")


def build(kind: Any, value: Any, where: str, path: str) -> Any:
    """``value`` from JSON as ``kind``: a dataclass, tuple, dict, optional or plain type.

    Args:
        kind: the type wanted.
        value: what ``json.loads`` gave.
        where: names the file for messages.
        path: names the field for messages.

    Raises:
        CardInvalidError: a field is missing, unknown or of a wrong type.
    """
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        inner = next(a for a in arguments if a is not type(None))
        return None if value is None else build(inner, value, where, path)
    if dataclasses.is_dataclass(kind):
        return _build_dataclass(kind, value, where, path)
    if origin is tuple:
        return _build_tuple(arguments, value, where, path)
    if origin is dict:
        if not isinstance(value, dict):
            raise CardInvalidError(where, field=path, found=type(value).__name__, expected="an object")
        return {str(k): build(arguments[1], v, where, f"{path}.{k}") for k, v in value.items()}
    return _build_plain(kind, value, where, path)


def _build_dataclass(kind: Any, value: Any, where: str, path: str) -> Any:
    if not isinstance(value, dict):
        raise CardInvalidError(where, field=path, found=type(value).__name__, expected="an object")
    hints = typing.get_type_hints(kind)
    unknown = sorted(set(value) - set(hints))
    if unknown:
        raise CardInvalidError(where, field=f"{path}.{unknown[0]}", found="an unknown field", expected=", ".join(hints))
    for item in dataclasses.fields(kind):
        optional = item.default is not dataclasses.MISSING or item.default_factory is not dataclasses.MISSING
        if item.name not in value and not optional:
            raise CardInvalidError(where, field=f"{path}.{item.name}", found="nothing", expected="a value")
    return kind(**{name: build(hints[name], item, where, f"{path}.{name}") for name, item in value.items()})


def _build_tuple(arguments: tuple[Any, ...], value: Any, where: str, path: str) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise CardInvalidError(where, field=path, found=type(value).__name__, expected="a list")
    if arguments[-1] is Ellipsis:
        return tuple(build(arguments[0], item, where, f"{path}[{i}]") for i, item in enumerate(value))
    if len(value) != len(arguments):
        raise CardInvalidError(where, field=path, found=f"{len(value)} items", expected=f"{len(arguments)} items")
    pairs = enumerate(zip(arguments, value, strict=True))
    return tuple(build(kind, item, where, f"{path}[{i}]") for i, (kind, item) in pairs)


def _build_plain(kind: type[T], value: Any, where: str, path: str) -> T:
    number = kind is float and isinstance(value, int) and not isinstance(value, bool)
    if not number and (not isinstance(value, kind) or (kind is int and isinstance(value, bool))):
        raise CardInvalidError(where, field=path, found=repr(value), expected=kind.__name__)
    return typing.cast(T, float(value)) if number else value
