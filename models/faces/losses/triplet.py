"""The triplet loss on squared distances: Schroff, Kalenichenko and Philbin 2015 (FaceNet, arXiv 1503.03832), equation 3."""

from typing import NamedTuple

from torch import Tensor, nn
from torch.nn import functional

from models.faces.distances import squared_distances
from models.faces.mining import Triplets, miner


class Lesson(NamedTuple):
    """What one batch says: the loss to descend, and figures for people, fractions in 0 to 1."""

    loss: Tensor
    figures: dict[str, Tensor]


def triplet_losses(distances: Tensor, triplets: Triplets, margin: float) -> Tensor:
    """(T,): max(0, ‖a − p‖² − ‖a − n‖² + α) of each triplet.

    Args:
        distances: (N, N) squared distances of the batch.
        triplets: places in it.
        margin: α.
    """
    near = distances[triplets.anchors, triplets.positives]
    far = distances[triplets.anchors, triplets.negatives]
    return functional.relu(near - far + margin)


class TripletLoss(nn.Module):
    """The mean over the triplets that a way of mining chooses from the batch.

    Args:
        margin: α, of squared distances between unit vectors, which are 0 to 4.
        mining: "random", "semi-hard" or "batch-hard".
    """

    def __init__(self, margin: float, mining: str) -> None:
        super().__init__()
        self._margin, self._mine = margin, miner(mining)

    def forward(self, embeddings: Tensor, labels: Tensor) -> Lesson:
        """Loss of (N, D) raw embeddings of (N,) people; `idle` is the share of triplets that teach nothing.

        A batch without a triplet gives a loss of 0 with a gradient of 0.
        """
        distances = squared_distances(*(functional.normalize(embeddings),) * 2)
        chosen = self._mine(distances.detach(), labels, self._margin)
        losses = triplet_losses(distances, chosen, self._margin)
        if not len(losses):
            return Lesson(distances.sum() * 0, {"idle": distances.new_ones(())})
        return Lesson(losses.mean(), {"idle": (losses.detach() <= 0).float().mean()})
