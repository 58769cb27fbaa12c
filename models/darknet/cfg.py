"""Reader of Darknet's .cfg text: sections in order, each with its options and the lines they stand on.

Syntax: ``[name]`` opens a section, ``key=value`` sets an option, ``#`` and ``;`` begin a comment; white space counts for nothing.
Darknet lets the last of two equal keys win and ignores keys that it does not know; so does this reader.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NoReturn, TypeVar

from models.darknet.errors import CfgError

Number = TypeVar("Number", int, float)


@dataclass(frozen=True)
class Option:
    """The text right of ``=`` without white space and comment, and its line (from 1)."""

    text: str
    line: int


@dataclass(frozen=True)
class Section:
    """One ``[name]`` of a .cfg. Reading an option that has no valid value raises CfgError with its line."""

    name: str
    line: int
    options: Mapping[str, Option]
    where: str

    def refuse(self, detail: str, key: str = "") -> NoReturn:
        """Raise CfgError about this section, at the line of option ``key`` if it is given and present."""
        line = self.options[key].line if key in self.options else self.line
        raise CfgError(self.where, line, f"[{self.name}] {detail}")

    def refuse_keys(self, *keys: str) -> None:
        """Raise CfgError if one of ``keys`` is present and not 0: it would change the result, and is not built here."""
        for key in keys:
            if self.text(key, "0") != "0":
                self.refuse(f"with {key}={self.text(key, '')} is not supported", key)

    def text(self, key: str, default: str) -> str:
        """The option as text without white space."""
        return self.options[key].text if key in self.options else default

    def integer(self, key: str, default: int, least: int, most: int) -> int:
        """A whole number from ``least`` to ``most``."""
        text = self.text(key, str(default))
        value = self._number(key, text, int, "a whole number")
        if not least <= value <= most:
            self.refuse(f"{key}={text[:40]} must lie in {least} to {most}", key)
        return value

    def real(self, key: str, default: float) -> float:
        """A finite number."""
        return self._finite(key, self.text(key, str(default)))

    def integers(self, key: str) -> tuple[int, ...]:
        """Whole numbers separated by commas; empty if the option is absent."""
        return tuple(self._number(key, item, int, "whole numbers and commas") for item in self._items(key))

    def reals(self, key: str) -> tuple[float, ...]:
        """Finite numbers separated by commas; empty if the option is absent."""
        return tuple(self._finite(key, item) for item in self._items(key))

    def _items(self, key: str) -> list[str]:
        # Darknet's lists may end with a comma.
        text = self.text(key, "").rstrip(",")
        return text.split(",") if text else []

    def _number(self, key: str, text: str, kind: Callable[[str], Number], expected: str) -> Number:
        try:
            return kind(text)
        except ValueError:
            self.refuse(f"{key}={text[:40]!r} is not {expected}", key)

    def _finite(self, key: str, text: str) -> float:
        value = self._number(key, text, float, "a number")
        if not math.isfinite(value):
            self.refuse(f"{key}={text[:40]!r} is not finite", key)
        return value


def parse_cfg(text: str, where: str) -> tuple[Section, ...]:
    """Split the text of a .cfg into its sections.

    Args:
        text: the whole file.
        where: its name, for messages.

    Returns:
        The sections in order, at least two, of which the first is ``net`` (or its older name ``network``).

    Raises:
        CfgError: a line is neither section, option nor comment, an option stands before the first section, the first section
            is not ``[net]``, or no layer follows it.
    """
    sections: list[Section] = []
    options: dict[str, Option] = {}
    for number, raw in enumerate(text.split("\n"), start=1):
        line = "".join(raw.split())
        if not line or line[0] in "#;":
            continue
        if line[0] == "[":
            options = {}
            sections.append(Section(_section_name(line, number, where), number, options, where))
            continue
        key, equals, value = line.partition("=")
        if not equals or not key:
            raise CfgError(where, number, f"{raw.strip()[:60]!r} is neither [section] nor key=value")
        if not sections:
            raise CfgError(where, number, f"{key[:40]!r} stands before the first [section]")
        options[key] = Option(value.split("#")[0], number)
    if not sections or sections[0].name not in ("net", "network"):
        raise CfgError(where, sections[0].line if sections else 1, "a .cfg begins with a [net] section")
    if len(sections) < 2:
        raise CfgError(where, sections[0].line, "no layer follows [net]")
    return tuple(sections)


def _section_name(line: str, number: int, where: str) -> str:
    name = line.split("#")[0]
    if not name.endswith("]") or len(name) < 3:
        raise CfgError(where, number, f"{line[:60]!r} is not a [section]")
    return name[1:-1]
