"""Faster R-CNN as the training loop knows it."""

from pathlib import Path

from torch import Tensor

from models.detect.architecture import Architecture
from models.detect.evaluation import Found
from models.detect.records import LabelledPictures
from models.detect.split import Split
from models.detect.start_backbone import Started, start_backbone
from models.detect.targets import Targets
from models.rcnn.checkpoint import FASTER, save_faster_rcnn
from models.rcnn.faster_rcnn import FasterRcnn
from models.rcnn.faster_training import AlternatingFasterRcnn, begin_epoch, faster_loss
from models.rcnn.planning import found_in, plan
from models.rcnn.settings import FasterRcnnSettings
from models.rcnn.spec import FasterRcnnSpec, spec_to_json


def make_spec(labelled: LabelledPictures, _split: Split, settings: FasterRcnnSettings) -> FasterRcnnSpec:
    """The network for these classes; anchors are multiples of each level's stride.

    Raises:
        RecipeError: the backbone is unknown, or settings do not go together.
    """
    return plan(
        FasterRcnnSpec,
        labelled.classes,
        settings,
        anchor_sizes=tuple(tuple(stride * scale for scale in settings.anchor_scales) for stride in settings.strides),
        anchor_ratios=settings.anchor_ratios,
        candidates=settings.candidates,
        proposal_iou=settings.proposal_iou,
    )


def _build(spec: FasterRcnnSpec, settings: FasterRcnnSettings) -> FasterRcnn:
    return AlternatingFasterRcnn(spec) if settings.schedule == "alternating" else FasterRcnn(spec)


def _detect(network: FasterRcnn, pictures: Tensor, _targets: Targets) -> list[Found]:
    found = network(pictures)
    return found_in(found.region_scores, found.region_boxes, found.picture_ids, pictures)


def _start(network: FasterRcnn, path: Path) -> Started:
    started = start_backbone(network, path)
    if isinstance(network, AlternatingFasterRcnn):
        network.apart.backbone.load_state_dict(network.backbone.state_dict())
    return started


FASTER_RCNN = Architecture(
    name=FASTER,
    make_spec=make_spec,
    spec_json=spec_to_json,
    build=_build,
    loss=faster_loss,
    detect=_detect,
    save=save_faster_rcnn,
    start=_start,
    anchored=True,
    begin_epoch=begin_epoch,
)
