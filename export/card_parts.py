"""What weights say of themselves, as parts of a model card."""

import math

from detector_app.model_card import DataSource
from models.provenance import Provenance


def training_of(provenance: Provenance) -> tuple[DataSource, ...]:
    """The data sets that the weights were trained on."""
    return tuple(DataSource(one.name, one.licence, one.attribution, one.pictures) for one in provenance.sources)


def metrics_of(provenance: Provenance) -> dict[str, float]:
    """What was measured: a class without a single box or picture in the validation split has no value."""
    return {key: float(value) for key, value in provenance.metrics.items() if math.isfinite(value)}
