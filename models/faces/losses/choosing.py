"""The loss that the settings ask for."""

from collections.abc import Callable, Mapping

from torch import nn

from models.errors import RecipeError
from models.faces.losses.contrastive import ContrastiveLoss
from models.faces.losses.large_margin import LargeMarginLoss
from models.faces.losses.softmax import AngularLoss, SoftmaxLoss
from models.faces.losses.triplet import TripletLoss
from models.faces.settings import FacesSettings

MARGINS: Mapping[str, float] = {
    "triplet": 0.2, "contrastive": 1.0, "softmax": 0.0, "l-softmax": 2, "cosface": 0.35, "arcface": 0.5,
}  # fmt: skip


def make_loss(settings: FacesSettings, dimension: int, people: int) -> nn.Module:
    """A module that maps (N, D) raw embeddings and (N,) people to a `Lesson`.

    Args:
        settings: name, margin, mining, scale.
        dimension: of the embeddings.
        people: who train, virtual ones included.

    Raises:
        RecipeError: the margin of L-Softmax is no whole number, or the way of mining is unknown.
    """
    margin = settings.margin or MARGINS[settings.loss]
    if settings.loss == "l-softmax" and margin != int(margin):
        raise RecipeError(f"margin = {margin}: that of l-softmax is a whole number, such as 2, 3 or 4")
    makers: Mapping[str, Callable[[], nn.Module]] = {
        "triplet": lambda: TripletLoss(margin, settings.mining),
        "contrastive": lambda: ContrastiveLoss(margin),
        "softmax": lambda: SoftmaxLoss(dimension, people),
        "l-softmax": lambda: LargeMarginLoss(dimension, people, int(margin)),
        "cosface": lambda: AngularLoss(dimension, people, margin, settings.scale, angle=False),
        "arcface": lambda: AngularLoss(dimension, people, margin, settings.scale, angle=True),
    }
    return makers[settings.loss]()
