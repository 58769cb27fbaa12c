"""Real weights to export, small, and what a run says about itself."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import torch

from detector_app.parity import ParityReport
from export.cli import main
from export.errors import ExportError
from models.detect.checkpoint import save_yolo
from models.detect.spec import ResidualTable, YoloSpec
from models.detect.yolo import Yolo
from models.provenance import DataSource, Provenance


@pytest.fixture(autouse=True, scope="package")
def one_thread() -> Iterator[None]:
    """Small networks run fastest on one thread, and many threads collapse when another process keeps a core busy."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@dataclass
class Heard:
    """A Progress that remembers."""

    stages: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    errors: list[ExportError] = field(default_factory=list)

    def stage(self, stage: str, text: str) -> None:
        assert text
        self.stages.append(stage)

    def done(self, file: str, size_bytes: int, nodes: int, parity: ParityReport, picture: Path | None) -> None:
        self.files.append(file)

    def failed(self, error: ExportError) -> None:
        self.errors.append(error)


@pytest.fixture
def heard() -> Heard:
    return Heard()


SPEC = YoloSpec(
    classes=("cup", "Messer", "杯子"),
    anchors_px=(((10.0, 12.0), (20.5, 20.0)), ((50.0, 60.0), (90.0, 91.25))),
    strides=(8, 16),
    backbone=ResidualTable(widths=(8, 8, 16, 16), residuals=(0, 1, 1, 0)),
    input_size=96,
    pad_value=100,
)
PROVENANCE = Provenance(
    sources=(DataSource("cups", 12, 30, "CC BY 4.0", "by somebody"),),
    metrics={"mAP50": 0.5, "AP50/Messer": float("nan")},
    epochs=3,
)


@pytest.fixture(scope="package")
def yolo_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small YOLO with random weights and batch norms that have seen something."""
    torch.manual_seed(0)
    network = Yolo(SPEC)
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            for tensor in (module.running_var, module.weight, module.bias, module.running_mean):
                assert tensor is not None
                torch.nn.init.uniform_(tensor, 0.5, 1.5)
    path = tmp_path_factory.mktemp("weights") / "tiny.safetensors"
    save_yolo(path, network, PROVENANCE)
    return path


@pytest.fixture(scope="package")
def exported_yolo(yolo_weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as a file of the command."""
    path = tmp_path_factory.mktemp("exported") / "tiny.onnx"
    assert main(["yolo", "--weights", str(yolo_weights), "--out", str(path), "--licence", "MIT"]) == 0
    return path
