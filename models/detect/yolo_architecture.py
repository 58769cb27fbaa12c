"""YOLO with anchors, as the training loop knows it."""

from collections.abc import Mapping

from torch import Tensor

from models.detect.anchors import cluster_sizes, share_among_scales
from models.detect.architecture import Architecture
from models.detect.backbone import backbone_table
from models.detect.checkpoint import save_yolo
from models.detect.evaluation import Found, select
from models.detect.loss import LossSettings, yolo_loss
from models.detect.records import LabelledPictures
from models.detect.report import letterboxed_sizes
from models.detect.spec import YoloSpec, spec_to_json
from models.detect.split import Split
from models.detect.start import start_from
from models.detect.targets import Targets
from models.detect.yolo import Yolo
from models.detect.yolo_settings import YoloSettings
from models.errors import RecipeError, TrainingDataError


def make_spec(labelled: LabelledPictures, split: Split, settings: YoloSettings) -> YoloSpec:
    """The network for this data: its classes, and anchors from its training boxes.

    Raises:
        TrainingDataError: too few different boxes for the anchors.
        RecipeError: the backbone is unknown, or settings do not go together.
    """
    sizes = letterboxed_sizes(split.train, settings.input_size)
    count = settings.anchors_per_scale * len(settings.strides)
    try:
        anchors = cluster_sizes(sizes, count, settings.seed)
    except ValueError as error:
        raise TrainingDataError(f"{error}; add pictures or lower --anchors-per-scale") from error
    try:
        return YoloSpec(
            classes=labelled.classes,
            anchors_px=share_among_scales(anchors, len(settings.strides)),
            strides=settings.strides,
            backbone=backbone_table(settings.backbone),
            heads=settings.heads,
            neck=settings.neck,
            input_size=settings.input_size,
            scale_xy=settings.scale_xy,
        )
    except ValueError as error:
        raise RecipeError(str(error)) from error


def _build(spec: YoloSpec, _settings: YoloSettings) -> Yolo:
    return Yolo(spec)


def _loss(network: Yolo, pictures: Tensor, targets: Targets, settings: YoloSettings) -> Mapping[str, Tensor]:
    given = LossSettings(box_term=settings.box_term, objectness_target=settings.objectness_target)
    losses = yolo_loss(tuple(head.float() for head in network(pictures)), targets, network.spec, given)
    return {**losses._asdict(), "total": losses.total}


def _detect(network: Yolo, pictures: Tensor, _targets: Targets) -> list[Found]:
    return select(network(pictures), network.spec)


YOLO = Architecture(
    name="yolo",
    make_spec=make_spec,
    spec_json=spec_to_json,
    build=_build,
    loss=_loss,
    detect=_detect,
    save=save_yolo,
    start=start_from,
    anchored=True,
)
