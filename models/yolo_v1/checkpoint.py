"""A trained YOLOv1 as a weights file."""

from pathlib import Path

from models.errors import WeightsFileError
from models.provenance import Provenance
from models.weights_file import StoredModel, read_weights, write_weights
from models.yolo_v1.network import YoloV1
from models.yolo_v1.spec import YoloV1Spec, spec_from_json, spec_to_json

FAMILY = "yolo-v1"


def save_yolo_v1(path: Path, model: YoloV1, provenance: Provenance) -> None:
    """Writes weights, spec and provenance to one file, whole or not at all."""
    write_weights(path, StoredModel(FAMILY, spec_to_json(model.spec), provenance, model.state_dict()))


def load_yolo_v1(path: Path) -> tuple[YoloV1, YoloV1Spec, Provenance]:
    """Reads a file of `save_yolo_v1` onto the CPU, in evaluation mode.

    Raises:
        WeightsFileError: see `read_weights`; or tensors that do not fit the spec.
    """
    stored = read_weights(path, FAMILY)
    spec = spec_from_json(stored.spec)
    model = YoloV1(spec)
    try:
        model.load_state_dict(dict(stored.tensors))
    except RuntimeError as error:
        raise WeightsFileError(f"{path}: the tensors do not fit the spec stored with them: {error}") from error
    return model.eval(), spec, stored.provenance
