"""Fast R-CNN as the training loop knows it: regions come along with each picture, and go through its augmentation."""

from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

from models.detect.architecture import Architecture
from models.detect.evaluation import Found
from models.detect.pictures import REGION
from models.detect.records import LabelledPictures
from models.detect.split import Split
from models.detect.start_backbone import start_backbone
from models.detect.targets import Targets
from models.rcnn.checkpoint import FAST, save_fast_rcnn
from models.rcnn.fast_rcnn import FastRcnn, with_owners
from models.rcnn.planning import found_in, plan
from models.rcnn.region_head import head_examples, head_loss
from models.rcnn.regions import with_regions
from models.rcnn.settings import FastRcnnSettings
from models.rcnn.spec import FastRcnnSpec, spec_to_json


def make_spec(labelled: LabelledPictures, _split: Split, settings: FastRcnnSettings) -> FastRcnnSpec:
    """The network for these classes.

    Raises:
        RecipeError: the backbone is unknown, or settings do not go together.
    """
    own = {"side_px": settings.side_px, "scales": settings.segment_scales}
    return plan(FastRcnnSpec, labelled.classes, settings, **own)


def _build(spec: FastRcnnSpec, _settings: FastRcnnSettings) -> FastRcnn:
    return FastRcnn(spec)


def _parted(targets: Targets) -> tuple[Targets, Tensor]:
    """The objects, and the (R, 5) regions."""
    region = targets.labels == REGION
    regions = with_owners(targets.boxes_xyxy[region], targets.owners[region])
    return Targets(*(values[~region] for values in targets)), regions


def _loss(network: FastRcnn, pictures: Tensor, targets: Targets, settings: FastRcnnSettings) -> Mapping[str, Tensor]:
    objects, regions = _parted(targets)
    examples = head_examples(regions, objects, len(pictures), settings.regions_drawn, settings.region_positives)
    terms = head_loss(network.judge(pictures, examples.regions), examples)
    return {**terms, "total": torch.stack([*terms.values()]).sum()}


def _detect(network: FastRcnn, pictures: Tensor, targets: Targets) -> list[Found]:
    _, regions = _parted(targets)
    judged = network(pictures, regions)
    return found_in(judged.region_scores, judged.region_boxes, regions[:, 0].long(), pictures)


def _accompany(split: Split, spec: FastRcnnSpec, _settings: FastRcnnSettings, out: Path) -> Split:
    return with_regions(split, spec, out)


FAST_RCNN = Architecture(
    name=FAST,
    make_spec=make_spec,
    spec_json=spec_to_json,
    build=_build,
    loss=_loss,
    detect=_detect,
    save=save_fast_rcnn,
    start=start_backbone,
    accompany=_accompany,
)
