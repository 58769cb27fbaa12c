"""What the training loop must know of a model: how to plan, build, teach, ask, start and keep its network.

`models.detect.yolo_architecture.YOLO` is the plainest instance. The loop (`models.detect.run`) does the rest: data and
augmentation, the schedule, averaged weights, validation by mAP, checkpoints, reports and pictures.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from torch import Tensor, nn

from models.detect.evaluation import Found
from models.detect.records import LabelledPictures
from models.detect.spec import AnchorsPx
from models.detect.split import Split
from models.detect.start_backbone import Started
from models.detect.targets import Targets
from models.provenance import Provenance


class DetectorSpec(Protocol):
    """What every spec says."""

    @property
    def classes(self) -> tuple[str, ...]:
        """Names in class-id order."""

    @property
    def input_size(self) -> int:
        """Side in pixels of the square, letterboxed training input."""

    @property
    def pad_value(self) -> int:
        """Grey level (0 to 255) around a letterboxed picture."""

    @property
    def pixel_scale(self) -> float:
        """Factor from uint8 pixels to the network's float32 input."""


class AnchoredSpec(DetectorSpec, Protocol):
    """What a spec with anchors says besides."""

    @property
    def anchors_px(self) -> AnchorsPx:
        """Per scale, the (width, height) of each anchor in pixels of the input."""

    @property
    def strides(self) -> tuple[int, ...]:
        """Per scale, input pixels per cell."""


Spec = TypeVar("Spec", bound=DetectorSpec)
Settings = TypeVar("Settings")
Network = TypeVar("Network", bound=nn.Module)


def _as_it_is(split: Split, _spec: Any, _settings: Any, _out: Path) -> Split:
    return split


def _nothing(_network: Any, _epoch: int, _settings: Any) -> None:
    """Epochs begin alike."""


def _first_stages(network: Any, count: int) -> Sequence[nn.Module]:
    stages: Sequence[nn.Module] = network.backbone.first_stages(count)
    return stages


@dataclass(frozen=True)
class Architecture(Generic[Spec, Settings, Network]):
    """One model that learns by gradient.

    Attributes:
        name: as `--model` takes it; also of its weights files.
        make_spec: what to build for this data. Raises TrainingDataError or RecipeError.
        spec_json: the spec as JSON values; a checkpoint of another spec is not resumed.
        build: the network of a spec, freshly initialised; settings may choose how it trains.
        loss: from a network in training mode, pictures (N, 3, S, S) float32 and their boxes to named scalars. `total`, their weighted
            sum, is minimised and must be among them.
        detect: from a network in evaluation mode and pictures to what it finds, picture by picture. Of the boxes it may only use
            the regions that came along (label `REGION`, see `accompany`).
        save: writes a weights file, whole or not at all.
        start: copies what fits from a file into a network.
        anchored: whether the spec is an `AnchoredSpec`, whose anchors are told of and drawn before training.
        accompany: adds regions to the pictures of both sides, as boxes with the label `models.detect.pictures.REGION`, after the data was
            told of; they go through the augmentation and come back among the boxes. Files go to the output folder, given last.
        begin_epoch: prepares the network for an epoch, counted from 0; a resumed run begins in the middle.
        frozen: the modules of the first stages that `--freeze` keeps as they are.
    """

    name: str
    make_spec: Callable[[LabelledPictures, Split, Settings], Spec]
    spec_json: Callable[[Spec], Mapping[str, Any]]
    build: Callable[[Spec, Settings], Network]
    loss: Callable[[Network, Tensor, Targets, Settings], Mapping[str, Tensor]]
    detect: Callable[[Network, Tensor, Targets], list[Found]]
    save: Callable[[Path, Network, Provenance], None]
    start: Callable[[Network, Path], Started]
    anchored: bool = False
    accompany: Callable[[Split, Spec, Settings, Path], Split] = _as_it_is
    begin_epoch: Callable[[Network, int, Settings], None] = _nothing
    frozen: Callable[[Network, int], Sequence[nn.Module]] = _first_stages


AnyArchitecture = Architecture[Any, Any, Any]
