"""A trained classifier as a weights file."""

from pathlib import Path

from torch import nn

from models.backbones.registry import create
from models.classify.spec import ClassifierSpec, spec_from_json, spec_to_json
from models.errors import WeightsFileError
from models.provenance import Provenance
from models.weights_file import StoredModel, read_weights, write_weights

FAMILY = "classifier"


def save_classifier(path: Path, network: nn.Module, spec: ClassifierSpec, provenance: Provenance) -> None:
    """Writes weights, spec and provenance to one file, whole or not at all."""
    write_weights(path, StoredModel(FAMILY, spec_to_json(spec), provenance, network.state_dict()))


def load_classifier(path: Path) -> tuple[nn.Module, ClassifierSpec, Provenance]:
    """Reads a file of `save_classifier` onto the CPU, in evaluation mode.

    Raises:
        WeightsFileError: see `read_weights`; or tensors that do not fit the spec.
        RecipeError: the spec names an architecture or an option that this version does not have.
    """
    stored = read_weights(path, FAMILY)
    spec = spec_from_json(stored.spec)
    network = create(spec.architecture, len(spec.classes), **spec.options)
    try:
        network.load_state_dict(dict(stored.tensors))
    except RuntimeError as error:
        raise WeightsFileError(f"{path}: the tensors do not fit the spec stored with them: {error}") from error
    return network.eval(), spec, stored.provenance
