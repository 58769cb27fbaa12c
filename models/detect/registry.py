"""The models that `detector-train detect --model` knows, each with its table of settings; nothing here imports torch.

To add one, write its settings as a dataclass of `described` fields in a module that imports no torch, and give it an entry:

* a network that learns by gradient from pictures and boxes: derive the table from `TrainingSettings` and let `place` name an
  `models.detect.architecture.Architecture`; the loop, the data, the evaluation and the reports are then `models.detect.run`'s;
* anything else: derive the table from `RunSettings` and let `place` name a function `run(order: Order) -> Mapping[str, float]`
  that leaves `BEST` (see `best_name`) in `order.out` and returns the figures of its validation.

Both are looked up only when they are asked for, so the command's help stays quick.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from models.detect.settings import RunSettings
from models.detect.yolo_settings import YoloSettings
from models.errors import RecipeError
from models.rcnn.rcnn_settings import RcnnSettings
from models.rcnn.settings import FasterRcnnSettings, FastRcnnSettings
from models.yolo_v1.settings import YoloV1Settings


@dataclass(frozen=True)
class Entry:
    """One model.

    Attributes:
        settings: its table.
        place: `module:name` of its `Architecture`, or of its own function that runs an `Order`.
    """

    settings: type[RunSettings]
    place: str

    def load(self) -> Any:
        """What `place` names; this imports torch."""
        module, _, name = self.place.partition(":")
        return getattr(import_module(module), name)


MODELS: Mapping[str, Entry] = {
    "yolo": Entry(YoloSettings, "models.detect.yolo_architecture:YOLO"),
    "yolo-v1": Entry(YoloV1Settings, "models.yolo_v1.architecture:YOLO_V1"),
    "rcnn": Entry(RcnnSettings, "models.rcnn.rcnn_run:run"),
    "fast-rcnn": Entry(FastRcnnSettings, "models.rcnn.fast_architecture:FAST_RCNN"),
    "faster-rcnn": Entry(FasterRcnnSettings, "models.rcnn.faster_architecture:FASTER_RCNN"),
}
DEFAULT_MODEL = "yolo"


def entry_of(name: str) -> Entry:
    """The entry of a model.

    Raises:
        RecipeError: there is none of this name.
    """
    if name not in MODELS:
        raise RecipeError(f"no model is called {name!r}; known are {', '.join(MODELS)}")
    return MODELS[name]


def best_name(model: str) -> str:
    """The file of a run's best weights."""
    return f"{model}.safetensors"


def last_name(model: str) -> str:
    """The file of a run's latest weights."""
    return f"{model}-last.safetensors"
