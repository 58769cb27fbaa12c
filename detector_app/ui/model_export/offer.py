"""What can be exported, as the exporter itself describes it: families of models, and the arguments that each takes."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import Enum
from typing import Any

from detector_app.errors import DetectorError, message

_FLAG = re.compile(r"--[a-z0-9][a-z0-9-]*", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*", re.ASCII)
_MOST = 200
"""Of families, and of arguments of one: more is no description of ours."""


class OfferError(DetectorError):
    """What the exporter says of itself cannot be read."""

    summary = message("The exporter does not say what it can export: {detail}")
    remedy = message("Install the app and its exporter in the same version.")


class Kind(Enum):
    """What an argument takes; ``FLAG`` takes nothing and is given or left out."""

    FILE = "file"
    FOLDER = "folder"
    CHOICE = "choice"
    FLAG = "flag"
    TEXT = "text"


@dataclass(frozen=True)
class Argument:
    """One argument of the command.

    Attributes:
        flag: as it is written there, with its dashes.
        help: an English sentence.
        default: what counts when it is left out, as text; empty if nothing does.
        choices: for ``Kind.CHOICE``, what can be chosen.
        suffixes: for ``Kind.FILE``, endings of the files that fit, with their dots; empty for any.
        repeated: it may be given several times.
    """

    flag: str
    help: str
    kind: Kind
    required: bool = False
    default: str = ""
    choices: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    repeated: bool = False


@dataclass(frozen=True)
class Family:
    """One subcommand; ``cascade`` says that it writes several files into a folder."""

    name: str
    help: str
    cascade: bool
    arguments: tuple[Argument, ...]


def read_offer(text: str) -> tuple[Family, ...]:
    """The families that ``text``, the output of the exporter's ``describe``, tells of; at least one.

    Lines that libraries print before or after the one object are passed over.

    Raises:
        OfferError: ``text`` is no such description.
    """
    families = _field(_object_in(text), "families", list)
    if not families or len(families) > _MOST:
        raise OfferError(detail="the number of families is not possible")
    return tuple(_family(found) for found in families)


def _object_in(text: str) -> Any:
    start, end = text.find("{"), text.rfind("}")
    if start < 0 or end < start:
        raise OfferError(detail="its answer is empty")
    try:
        return json.loads(text[start : end + 1])
    except (ValueError, RecursionError) as error:
        raise OfferError(detail="its answer is not JSON") from error


def _family(found: Any) -> Family:
    name = _field(found, "name", str)
    arguments = _field(found, "arguments", list)
    if not _NAME.fullmatch(name) or len(arguments) > _MOST:
        raise OfferError(detail="a family has no possible name or number of arguments")
    return Family(
        name, _field(found, "help", str), bool(found.get("cascade", False)), tuple(_argument(one) for one in arguments)
    )


def _argument(found: Any) -> Argument:
    flag = _field(found, "flag", str)
    if not _FLAG.fullmatch(flag):
        raise OfferError(detail="an argument has no possible name")
    try:
        kind = Kind(_field(found, "kind", str))
    except ValueError as error:
        raise OfferError(detail="an argument is of an unknown kind") from error
    return Argument(
        flag,
        _field(found, "help", str),
        kind,
        required=found.get("required") is True,
        default=_default(found.get("default")),
        choices=_texts(found.get("choices")),
        suffixes=_texts(found.get("suffixes")),
        repeated=found.get("repeated") is True,
    )


def _default(value: object) -> str:
    """Of a default only what can stand in a field."""
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()


def _field(found: Any, name: str, kind: type) -> Any:
    value = found.get(name) if isinstance(found, dict) else None
    if not isinstance(value, kind):
        raise OfferError(detail="a part of its answer is missing")
    return value
