"""What a trained classifier is, as JSON-ready values."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from models.classify.pictures import Look
from models.errors import WeightsFileError


@dataclass(frozen=True)
class ClassifierSpec:
    """Everything needed to rebuild a classifier and to feed it.

    Attributes:
        architecture: name in the registry of backbones.
        classes: names in class-id order.
        input_hw: (height, width) of the input in pixels.
        channels: 3 for RGB, 1 for grey.
        mean: per channel, subtracted from pixels in 0 to 1.
        std: per channel, divides the difference.
        crop_fraction: part of the picture's largest centred rectangle that the network is shown.
        options: of the architecture.
    """

    architecture: str
    classes: tuple[str, ...]
    input_hw: tuple[int, int]
    channels: int = 3
    mean: tuple[float, ...] = (0.0, 0.0, 0.0)
    std: tuple[float, ...] = (1.0, 1.0, 1.0)
    crop_fraction: float = 1.0
    options: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.classes or len(set(self.classes)) != len(self.classes):
            raise ValueError(f"class names must be present and distinct, found {self.classes}")
        if not len(self.mean) == len(self.std) == self.channels:
            raise ValueError(f"{self.channels} channels need as many means and deviations: {self.mean}, {self.std}")

    @property
    def look(self) -> Look:
        """How a picture becomes the input."""
        return Look(self.input_hw, self.channels, self.crop_fraction)


def spec_to_json(value: ClassifierSpec) -> dict[str, Any]:
    """A plain dict of JSON types; tuples become lists once dumped."""
    return asdict(value)


def spec_from_json(value: Mapping[str, Any]) -> ClassifierSpec:
    """The inverse of `spec_to_json`.

    Raises:
        WeightsFileError: a field is missing, unknown or contradicts another.
    """
    try:
        lists = {name: tuple(value[name]) for name in ("classes", "input_hw", "mean", "std")}
        return ClassifierSpec(**{**value, **lists})
    except (KeyError, TypeError, ValueError) as error:
        raise WeightsFileError(f"the spec of the classifier cannot be understood ({error}); train it again") from error
