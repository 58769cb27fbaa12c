"""What a training run has logged so far, read from Lightning's CSV files; a resumed run's parts are joined."""

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Series:
    """One logged figure: `values[i]` was logged in epoch `epochs[i]` (from 0, ascending)."""

    epochs: tuple[int, ...]
    values: tuple[float, ...]


def read_history(metrics_csv: Path) -> Mapping[str, Series]:
    """The logged figures of a run by column name, in order of the names.

    Lightning begins a folder `version_N` at each start. Those up to the given one are read, too: where a later part
    repeats an epoch, because the run was killed and resumed, the later part counts.

    Args:
        metrics_csv: `…/version_N/metrics.csv`, or any CSV file with an `epoch` column. It need not exist yet, and a last
            line that a kill has cut short is left out.
    """
    points: dict[str, dict[int, float]] = {}
    for part in _parts(metrics_csv):
        rows = _rows(part)
        began = min((epoch for epoch, _ in rows), default=0)
        points = {name: {e: v for e, v in own.items() if e < began} for name, own in points.items()}
        for epoch, figures in rows:
            for name, value in figures.items():
                points.setdefault(name, {})[epoch] = value
    return {name: Series(tuple(own), tuple(own.values())) for name, own in sorted(points.items()) if own}


def _parts(metrics_csv: Path) -> list[Path]:
    """The files of this run, oldest first."""
    here = _version(metrics_csv.parent)
    if here is None:
        return [metrics_csv]
    numbered = [(_version(folder), folder) for folder in metrics_csv.parent.parent.glob("version_*")]
    earlier = sorted((number, folder) for number, folder in numbered if number is not None and number <= here)
    return [folder / metrics_csv.name for _, folder in earlier]


def _version(folder: Path) -> int | None:
    _, _, number = folder.name.partition("version_")
    return int(number) if number.isdecimal() else None


def _rows(path: Path) -> list[tuple[int, dict[str, float]]]:
    """Each line's epoch and figures."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [parsed for row in csv.DictReader(file) if (parsed := _parsed(row)) is not None]


def _parsed(row: Mapping[str, str | None]) -> tuple[int, dict[str, float]] | None:
    numbers = {name: _number(text) for name, text in row.items() if name not in ("epoch", "step")}
    epoch = _number(row.get("epoch"))
    return (
        None if epoch is None else (int(epoch), {name: value for name, value in numbers.items() if value is not None})
    )


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except (TypeError, ValueError):
        return None
    return value if math.isfinite(value) else None
