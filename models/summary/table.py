"""Tables as text with aligned columns."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from models.summary.summary import LayerRow, Summary

HEAD = ("layer", "kind", "channels", "size", "stride", "field", "parameters", "multiply-adds")
TEXT_COLUMNS = 2


def aligned(lines: Sequence[Sequence[str]], text_columns: int) -> list[str]:
    """Lines whose first columns start, and whose other columns end, under each other."""
    widths = [max(len(cell) for cell in column) for column in zip(*lines, strict=True)]
    return ["  ".join(_cells(line, widths, text_columns)).rstrip() for line in lines]


def _cells(line: Sequence[str], widths: Sequence[int], text_columns: int) -> Iterator[str]:
    for index, (text, width) in enumerate(zip(line, widths, strict=True)):
        yield text.ljust(width) if index < text_columns else text.rjust(width)


def _sides(pair: tuple[float, float] | None) -> str:
    """One number of a square, both of anything else."""
    if pair is None:
        return ""
    height, width = (f"{side:g}" for side in pair)
    return height if height == width else f"{height}×{width}"


def _line(row: LayerRow) -> tuple[str, ...]:
    size = f"{row.size[0]}×{row.size[1]}" if row.size else ""
    counts = (f"{number:,}" if number else "" for number in (row.parameters, row.multiply_adds))
    return row.name, row.kind, str(row.channels), size, _sides(row.stride), _sides(row.field), *counts


def text_table(summary: Summary, *, plain: bool = False) -> str:
    """The table of a network.

    Args:
        summary: of the network.
        plain: with the layers that have no parameters and keep the maps as they are: activations, dropout.
    """
    channels, height, width = summary.input_shape
    rows = [row for row in summary.rows if plain or not row.plain]
    total = ("total", "", "", "", "", "", f"{summary.parameters:,}", f"{summary.multiply_adds:,}")
    start = ("input", "", str(channels), f"{height}×{width}", "1", "1", "", "")
    head, *body, last = aligned([HEAD, start, *(_line(row) for row in rows), total], TEXT_COLUMNS)
    rule = "─" * max(len(head), len(last))
    return "\n".join([head, rule, *body, rule, last, *_notes(summary)])


def _notes(summary: Summary) -> list[str]:
    if not summary.training_parameters:
        return []
    return [f"and {summary.training_parameters:,} parameters of auxiliary classifiers, which only training uses"]


def json_table(summary: Summary) -> dict[str, Any]:
    """The whole table as JSON-ready values, every layer included."""
    return asdict(summary)
