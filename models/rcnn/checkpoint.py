"""Trained region networks as weights files."""

from pathlib import Path

from torch import nn

from models.errors import WeightsFileError
from models.provenance import Provenance
from models.rcnn.fast_rcnn import FastRcnn
from models.rcnn.faster_rcnn import FasterRcnn
from models.rcnn.rcnn import RegionClassifier
from models.rcnn.rcnn_spec import RcnnSpec, rcnn_spec_from_json, rcnn_spec_to_json
from models.rcnn.spec import FasterRcnnSpec, FastRcnnSpec, spec_from_json, spec_to_json
from models.rcnn.torchvision_weights import load_torchvision
from models.weights_file import StoredModel, read_weights, stated_family, write_weights

RCNN, FAST, FASTER = "rcnn", "fast-rcnn", "faster-rcnn"


def save_rcnn(path: Path, model: RegionClassifier, provenance: Provenance) -> None:
    """Writes weights, spec and provenance to one file, whole or not at all."""
    write_weights(path, StoredModel(RCNN, rcnn_spec_to_json(model.spec), provenance, model.state_dict()))


def save_fast_rcnn(path: Path, model: FastRcnn, provenance: Provenance) -> None:
    """Writes weights, spec and provenance to one file, whole or not at all."""
    write_weights(path, StoredModel(FAST, spec_to_json(model.spec), provenance, model.state_dict()))


def save_faster_rcnn(path: Path, model: FasterRcnn, provenance: Provenance) -> None:
    """Writes weights, spec and provenance to one file, whole or not at all; what only its training needs is left out."""
    tensors = {name: value for name, value in model.state_dict().items() if not name.startswith("apart.")}
    write_weights(path, StoredModel(FASTER, spec_to_json(model.spec), provenance, tensors))


def load_rcnn(path: Path) -> tuple[RegionClassifier, RcnnSpec, Provenance]:
    """Reads a file of `save_rcnn` onto the CPU, in evaluation mode.

    Raises:
        WeightsFileError: see `read_weights`; or tensors that do not fit the spec.
    """
    stored = read_weights(path, RCNN)
    spec = rcnn_spec_from_json(stored.spec)
    model = RegionClassifier(spec)
    _fill(model, stored, path)
    return model.eval(), spec, stored.provenance


def load_fast_rcnn(path: Path) -> tuple[FastRcnn, FastRcnnSpec, Provenance]:
    """Reads a file of `save_fast_rcnn` onto the CPU, in evaluation mode.

    Raises:
        WeightsFileError: see `read_weights`; or tensors that do not fit the spec.
    """
    stored = read_weights(path, FAST)
    spec = spec_from_json(FastRcnnSpec, stored.spec)
    model = FastRcnn(spec)
    _fill(model, stored, path)
    return model.eval(), spec, stored.provenance


def load_faster_rcnn(path: Path) -> tuple[FasterRcnn, FasterRcnnSpec, Provenance]:
    """Reads a file of `save_faster_rcnn`, or a state dict of torchvision's network, onto the CPU, in evaluation mode.

    Raises:
        WeightsFileError: see `read_weights`; tensors that do not fit the spec; or another network of torchvision.
    """
    if path.is_file() and not (path.suffix == ".safetensors" and stated_family(path)):
        return *load_torchvision(path), Provenance(())
    stored = read_weights(path, FASTER)
    spec = spec_from_json(FasterRcnnSpec, stored.spec)
    model = FasterRcnn(spec)
    _fill(model, stored, path)
    return model.eval(), spec, stored.provenance


def _fill(model: nn.Module, stored: StoredModel, path: Path) -> None:
    try:
        model.load_state_dict(dict(stored.tensors))
    except RuntimeError as error:
        raise WeightsFileError(f"{path}: the tensors do not fit the spec stored with them: {error}") from error
