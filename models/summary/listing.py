"""The registry as a table."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from models.backbones.registry import describe, names
from models.summary.subject import named
from models.summary.summary import summarise


@dataclass(frozen=True)
class Listed:
    """One network: what it is, and what it costs at the published size, auxiliary classifiers not counted."""

    name: str
    title: str
    input_hw: tuple[int, int]
    parameters: int
    multiply_adds: int
    year: int
    paper: str


def listed() -> Iterator[Listed]:
    """Every network of the registry, each counted as it is asked for."""
    for name in names():
        row, subject = describe(name), named(name)
        summary = summarise(subject.model, subject.input_shape)
        yield Listed(name, row.title, row.input_hw, summary.parameters, summary.multiply_adds, row.year, row.paper)


def text_listing(rows: Iterable[Listed]) -> Iterator[str]:
    """One line each, as soon as it is known."""
    known = [describe(name) for name in names()]
    name_width, title_width = max(len(row.name) for row in known), max(len(row.title) for row in known)

    def line(name: str, title: str, size: str, parameters: str, multiply_adds: str, paper: str) -> str:
        return f"{name:{name_width}}  {title:{title_width}}  {size:>7}  {parameters:>11}  {multiply_adds:>14}  {paper}"

    yield line("name", "network", "input", "parameters", "multiply-adds", "paper")
    yield "─" * len(line("", "", "", "", "", max((row.paper for row in known), key=len)))
    for row in rows:
        size = f"{row.input_hw[0]}×{row.input_hw[1]}"
        yield line(row.name, row.title, size, f"{row.parameters:,}", f"{row.multiply_adds:,}", row.paper)
