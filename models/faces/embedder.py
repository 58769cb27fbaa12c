"""The embedding network: a trunk that sees features, and a linear layer that lays faces out in a space of few dimensions."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.backbones.features import FeatureExtractor
from models.backbones.registry import create, describe
from models.errors import RecipeError
from models.faces.small_network import DeepIdTrunk, SmallTrunk
from models.faces.spec import EmbedderSpec

SMALL_WIDTHS = (24, 48, 64, 96)


class BackboneTrunk(nn.Module):
    """A network of the registry up to its coarsest stage, averaged over the picture.

    Raises:
        RecipeError: it has no such stage, or takes another number of channels.
    """

    def __init__(self, spec: EmbedderSpec) -> None:
        super().__init__()
        row = describe(spec.architecture)
        if not row.stages:
            raise RecipeError(f"{row.name} names no stage to take features from; choose another --model")
        if row.input_channels != spec.channels:
            wanted = "rgb" if row.input_channels == 3 else "grey"
            raise RecipeError(f"{row.title} takes {row.input_channels} channels; add --colour {wanted}")
        spare = {"auxiliaries": False} if "auxiliaries" in row.options else {}
        self._layer = row.stages[max(row.stages)]
        self.features = FeatureExtractor(create(row.name, **{**spare, **spec.options}), [self._layer])

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to (N, channels of the stage) that are not negative."""
        return functional.relu(self.features(x)[self._layer].mean((2, 3)))


class Embedder(nn.Module):
    """Faces to vectors.

    `features` are what the trunk sees, never negative: the χ² form of the pair classifier is made of them. `raw` is the vector
    before it is brought to unit length, which softmax losses train. `forward` is what the app gets.
    """

    def __init__(self, spec: EmbedderSpec) -> None:
        super().__init__()
        self.spec = spec
        self.trunk = _trunk(spec)
        was = self.trunk.training
        with torch.no_grad():
            width = self.trunk.eval()(torch.zeros(1, spec.channels, *spec.input_hw)).shape[1]
        self.trunk.train(was)
        self.drop = nn.Dropout(float(spec.options.get("dropout", 0.0)) if spec.architecture == "small" else 0.0)
        # DeepID's 160 units are the embedding themselves.
        self.project = nn.Identity() if spec.architecture == "deepid" else _projection(width, spec.dimension)

    def features(self, pictures: Tensor) -> Tensor:
        """(N, C, H, W) to (N, F), not negative."""
        out: Tensor = self.trunk(pictures)
        return out

    def raw(self, pictures: Tensor) -> Tensor:
        """(N, C, H, W) normalized pictures to (N, D) of any length."""
        out: Tensor = self.project(self.drop(self.trunk(pictures)))
        return out

    def forward(self, pictures: Tensor) -> Tensor:
        """Embeddings of unit length.

        Args:
            pictures: (N, C, H, W) float32, (pixel / 255 − mean) / std, aligned to `spec.landmarks_xy_px`.

        Returns:
            (N, D) float32; with `spec.mirrored` the direction of the mean of the picture's and its mirror image's embedding.
        """
        embedded = functional.normalize(self.raw(pictures))
        if not self.spec.mirrored:
            return embedded
        return functional.normalize(embedded + functional.normalize(self.raw(pictures.flip(3))))


def _trunk(spec: EmbedderSpec) -> nn.Module:
    if min(spec.input_hw) < 32:
        raise RecipeError(f"an input of {spec.input_hw} is too small for a face; give --size 32 or more")
    if spec.architecture == "small":
        return SmallTrunk(spec.channels, spec.input_hw, SMALL_WIDTHS)
    if spec.architecture == "deepid":
        return DeepIdTrunk(spec.channels, spec.input_hw, spec.dimension)
    return BackboneTrunk(spec)


def _projection(width: int, dimension: int) -> nn.Module:
    """A linear layer whose outputs are brought to mean 0 and variance 1 over the training pictures."""
    return nn.Sequential(nn.Linear(width, dimension, bias=False), nn.BatchNorm1d(dimension))
