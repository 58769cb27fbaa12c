"""A trained YOLO as a weights file."""

from pathlib import Path

from models.detect.spec import YoloSpec, spec_from_json, spec_to_json
from models.detect.yolo import Yolo
from models.errors import WeightsFileError
from models.provenance import Provenance
from models.weights_file import StoredModel, read_weights, write_weights

FAMILY = "yolo"


def save_yolo(path: Path, model: Yolo, provenance: Provenance) -> None:
    """Writes weights, spec and provenance to one file, whole or not at all."""
    write_weights(path, StoredModel(FAMILY, spec_to_json(model.spec), provenance, model.state_dict()))


def load_yolo(path: Path) -> tuple[Yolo, YoloSpec, Provenance]:
    """Reads a file of `save_yolo` onto the CPU, in evaluation mode.

    Raises:
        WeightsFileError: see `read_weights`; or tensors that do not fit the spec.
    """
    stored = read_weights(path, FAMILY)
    spec = spec_from_json(stored.spec)
    model = Yolo(spec)
    try:
        model.load_state_dict(dict(stored.tensors))
    except RuntimeError as error:
        raise WeightsFileError(f"{path}: the tensors do not fit the spec stored with them: {error}") from error
    return model.eval(), spec, stored.provenance
