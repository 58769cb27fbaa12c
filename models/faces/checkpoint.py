"""A trained embedder as a weights file."""

from pathlib import Path

from models.errors import WeightsFileError
from models.faces.embedder import Embedder
from models.faces.spec import spec_from_json, spec_to_json
from models.provenance import Provenance
from models.weights_file import StoredModel, read_weights, write_weights

FAMILY = "embedder"


def save_embedder(path: Path, network: Embedder, provenance: Provenance) -> None:
    """Writes weights, spec and provenance to one file, whole or not at all."""
    write_weights(path, StoredModel(FAMILY, spec_to_json(network.spec), provenance, network.state_dict()))


def load_embedder(path: Path) -> tuple[Embedder, Provenance]:
    """Reads a file of `save_embedder` onto the CPU, in evaluation mode.

    Raises:
        WeightsFileError: see `read_weights`; or tensors that do not fit the spec.
        RecipeError: the spec names an architecture or an option that this version does not have.
    """
    stored = read_weights(path, FAMILY)
    network = Embedder(spec_from_json(stored.spec))
    try:
        network.load_state_dict(dict(stored.tensors))
    except RuntimeError as error:
        raise WeightsFileError(f"{path}: the tensors do not fit the spec stored with them: {error}") from error
    return network.eval(), stored.provenance
