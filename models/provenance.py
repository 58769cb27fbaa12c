"""Where weights come from: their data, what was measured, and what is needed to train them again; as JSON-ready values."""

import types
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from models.errors import WeightsFileError


@dataclass(frozen=True)
class DataSource:
    """One data set that a model was trained on, with what its licence asks to be said."""

    name: str
    pictures: int
    boxes: int
    licence: str = "not stated"
    attribution: str = ""


@dataclass(frozen=True)
class Provenance:
    """Where weights came from: data, measured quality, and what is needed to train them again.

    `metrics` holds fractions in 0 to 1, such as `mAP50`, `mAP50_95` and `AP50/<class>`.
    """

    sources: tuple[DataSource, ...] = ()
    metrics: Mapping[str, float] = field(default_factory=lambda: types.MappingProxyType({}))
    epochs: int = 0
    seed: int = 0
    split_sha256: str = ""
    created: str = ""


def provenance_to_json(value: Provenance) -> dict[str, Any]:
    """A plain dict of JSON types."""
    return {**vars(value), "metrics": dict(value.metrics), "sources": [asdict(source) for source in value.sources]}


def provenance_from_json(value: Mapping[str, Any]) -> Provenance:
    """The inverse of `provenance_to_json`.

    Raises:
        WeightsFileError: a field is missing or unknown.
    """
    try:
        sources = tuple(DataSource(**source) for source in value["sources"])
        return Provenance(**{**value, "sources": sources})
    except (KeyError, TypeError, AttributeError) as error:
        raise WeightsFileError(f"the provenance cannot be understood ({error}); train the weights again") from error
