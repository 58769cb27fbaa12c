"""How a Faster R-CNN learns: both networks jointly, or in the paper's four steps (arXiv 1506.01497, section 3.2)."""

import copy
from collections.abc import Callable, Mapping

import torch
from torch import Tensor, nn

from models.detect.pictures import REGION
from models.detect.targets import Targets
from models.rcnn.faster_rcnn import FasterRcnn
from models.rcnn.proposal_network import ProposalNetwork, Proposed, proposal_loss
from models.rcnn.region_backbone import picture_size
from models.rcnn.region_head import head_examples, head_loss
from models.rcnn.settings import FasterRcnnSettings
from models.rcnn.spec import FasterRcnnSpec

STEPS = 4


class Apart(nn.Module):
    """The proposal network of the first step, which shares no layer with the detector yet."""

    def __init__(self, network: FasterRcnn) -> None:
        super().__init__()
        self.backbone, self.pyramid = copy.deepcopy(network.backbone), copy.deepcopy(network.pyramid)
        self.proposing: ProposalNetwork = copy.deepcopy(network.proposing)

    def forward(self, pictures: Tensor) -> Proposed:
        """What it says of the anchors of each picture."""
        proposed: Proposed = self.proposing(self.pyramid(self.backbone(pictures)), picture_size(pictures))
        return proposed


class AlternatingFasterRcnn(FasterRcnn):
    """A Faster R-CNN on its way through the four steps.

    1. The proposal network learns, with a backbone of its own. 2. The detector learns from its proposals, with another.
    3. The proposal network starts again from step 1, on the detector's backbone, which stays as it is from here on. 4. The head
    learns from its new proposals.

    Attributes:
        apart: the network of step 1, which is not part of the result.
        step: 1 to 4.
    """

    def __init__(self, spec: FasterRcnnSpec) -> None:
        super().__init__(spec)
        self.apart = Apart(self)
        self.step = 1

    def begin(self, step: int, *, first: bool) -> None:
        """Prepares for an epoch of a step; `first` tells whether it is the step's first."""
        self.step = step
        if step == 3 and first:
            self.proposing.load_state_dict(self.apart.proposing.state_dict())
        for part in (self.backbone, self.pyramid):
            part.train(step <= 2)  # statistics of layers that are shared must not drift
        self.apart.train(step == 1)


def faster_loss(
    network: FasterRcnn, pictures: Tensor, targets: Targets, settings: FasterRcnnSettings
) -> Mapping[str, Tensor]:
    """The terms of one batch, and their sum under `total`."""
    own = targets.labels != REGION
    objects = Targets(*(values[own] for values in targets))
    teach = _BY_STEP[network.step] if isinstance(network, AlternatingFasterRcnn) else _joint
    terms = teach(network, pictures, objects, settings)
    return {**terms, "total": torch.stack([*terms.values()]).sum()}


def _maps(network: FasterRcnn, pictures: Tensor) -> list[Tensor]:
    maps: list[Tensor] = network.pyramid(network.backbone(pictures))
    return maps


def _proposal_terms(
    proposed: Proposed, pictures: Tensor, targets: Targets, settings: FasterRcnnSettings
) -> dict[str, Tensor]:
    return proposal_loss(proposed, targets, len(pictures), settings.anchors_drawn)


def _head_terms(
    network: FasterRcnn, maps: list[Tensor], regions: Tensor, targets: Targets, settings: FasterRcnnSettings
) -> dict[str, Tensor]:
    pictures = len(maps[0])
    examples = head_examples(regions, targets, pictures, settings.regions_drawn, settings.region_positives)
    order, features = network.cutting(maps, examples.regions)
    return head_loss(network.head(features), type(examples)(*(values[order] for values in examples)))


@torch.no_grad()
def _regions(proposing: ProposalNetwork, proposed: Proposed, pictures: Tensor, settings: FasterRcnnSettings) -> Tensor:
    """What the head learns from: proposals teach nothing back to who proposed them (section 3.2, approximate joint training)."""
    return proposing.select(proposed, picture_size(pictures), settings.learnt_together).regions


def _joint(network: FasterRcnn, pictures: Tensor, targets: Targets, settings: FasterRcnnSettings) -> dict[str, Tensor]:
    maps = _maps(network, pictures)
    proposed = network.proposing(maps, picture_size(pictures))
    regions = _regions(network.proposing, proposed, pictures, settings)
    return _proposal_terms(proposed, pictures, targets, settings) | _head_terms(
        network, maps, regions, targets, settings
    )


def _first(
    network: AlternatingFasterRcnn, pictures: Tensor, targets: Targets, settings: FasterRcnnSettings
) -> dict[str, Tensor]:
    return _proposal_terms(network.apart(pictures), pictures, targets, settings)


def _second(
    network: AlternatingFasterRcnn, pictures: Tensor, targets: Targets, settings: FasterRcnnSettings
) -> dict[str, Tensor]:
    with torch.no_grad():
        proposed = network.apart(pictures)
    regions = _regions(network.apart.proposing, proposed, pictures, settings)
    return _head_terms(network, _maps(network, pictures), regions, targets, settings)


def _third(
    network: AlternatingFasterRcnn, pictures: Tensor, targets: Targets, settings: FasterRcnnSettings
) -> dict[str, Tensor]:
    with torch.no_grad():
        maps = _maps(network, pictures)
    return _proposal_terms(network.proposing(maps, picture_size(pictures)), pictures, targets, settings)


def _fourth(
    network: AlternatingFasterRcnn, pictures: Tensor, targets: Targets, settings: FasterRcnnSettings
) -> dict[str, Tensor]:
    with torch.no_grad():
        maps = _maps(network, pictures)
        proposed = network.proposing(maps, picture_size(pictures))
    regions = _regions(network.proposing, proposed, pictures, settings)
    return _head_terms(network, maps, regions, targets, settings)


_BY_STEP: Mapping[int, Callable[..., dict[str, Tensor]]] = {1: _first, 2: _second, 3: _third, 4: _fourth}


def begin_epoch(network: FasterRcnn, epoch: int, settings: FasterRcnnSettings) -> None:
    """Divides the epochs among the four steps, if they are asked for."""
    if isinstance(network, AlternatingFasterRcnn):
        step = step_of(epoch, settings.epochs)
        network.begin(step, first=epoch == 0 or step_of(epoch - 1, settings.epochs) != step)


def step_of(epoch: int, epochs: int) -> int:
    """The step, 1 to 4, of an epoch counted from 0; each has a quarter of them."""
    return 1 + epoch * STEPS // epochs
