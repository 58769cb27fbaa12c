"""What a trained embedder is, as JSON-ready values."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from models.errors import WeightsFileError

OWN_NETWORKS = ("small", "deepid")


@dataclass(frozen=True)
class EmbedderSpec:
    """Everything needed to rebuild an embedder and to feed it.

    Attributes:
        architecture: "small", "deepid", or a name in the registry of backbones.
        dimension: of the embedding.
        input_hw: (height, width) of the input in pixels.
        landmarks_xy_px: where the five landmarks lie in it.
        channels: 1 for grey, 3 for RGB.
        mean: per channel, subtracted from pixels in 0 to 1.
        std: per channel, divides the difference.
        mirrored: the embedding is the mean of the picture's and of its mirror image's.
        threshold: cosine distance up to which two pictures are of one person; None before it is measured.
        options: of the architecture.
    """

    architecture: str
    dimension: int
    input_hw: tuple[int, int]
    landmarks_xy_px: tuple[tuple[float, float], ...]
    channels: int = 1
    mean: tuple[float, ...] = (0.5,)
    std: tuple[float, ...] = (0.5,)
    mirrored: bool = True
    threshold: float | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not len(self.mean) == len(self.std) == self.channels or self.channels not in (1, 3):
            raise ValueError(f"{self.channels} channels need as many means and deviations: {self.mean}, {self.std}")
        if len(self.landmarks_xy_px) != 5 or self.dimension < 1:
            raise ValueError("an embedder has five landmarks and at least one dimension")


def spec_to_json(value: EmbedderSpec) -> dict[str, Any]:
    """A plain dict of JSON types; tuples become lists once dumped."""
    return asdict(value)


def spec_from_json(value: Mapping[str, Any]) -> EmbedderSpec:
    """The inverse of `spec_to_json`.

    Raises:
        WeightsFileError: a field is missing, unknown or contradicts another.
    """
    try:
        lists = {name: tuple(value[name]) for name in ("input_hw", "mean", "std")}
        points = tuple((float(x), float(y)) for x, y in value["landmarks_xy_px"])
        return EmbedderSpec(**{**value, **lists, "landmarks_xy_px": points})
    except (KeyError, TypeError, ValueError) as error:
        raise WeightsFileError(f"the spec of the embedder cannot be understood ({error}); train it again") from error
