"""YOLOv1 as the training loop knows it."""

from collections.abc import Mapping

from torch import Tensor

from models.detect.architecture import Architecture
from models.detect.backbone import backbone_table
from models.detect.evaluation import Found
from models.detect.records import LabelledPictures
from models.detect.split import Split
from models.detect.start_backbone import start_backbone
from models.detect.targets import Targets
from models.errors import RecipeError
from models.yolo_v1.checkpoint import FAMILY, save_yolo_v1
from models.yolo_v1.decoding import select
from models.yolo_v1.loss import LossSettings, yolo_v1_loss
from models.yolo_v1.network import YoloV1
from models.yolo_v1.settings import YoloV1Settings
from models.yolo_v1.spec import YoloV1Spec, spec_to_json


def make_spec(labelled: LabelledPictures, _split: Split, settings: YoloV1Settings) -> YoloV1Spec:
    """The network for this data: its classes.

    Raises:
        RecipeError: the backbone is unknown, or settings do not go together.
    """
    try:
        return YoloV1Spec(
            classes=labelled.classes,
            side=settings.side,
            boxes_per_cell=settings.boxes_per_cell,
            backbone=backbone_table(settings.backbone),
            added=settings.added,
            squeezed=settings.squeezed,
            hidden=settings.hidden,
            dropout=settings.dropout,
            input_size=settings.input_size,
        )
    except ValueError as error:
        raise RecipeError(str(error)) from error


def _build(spec: YoloV1Spec, _settings: YoloV1Settings) -> YoloV1:
    return YoloV1(spec)


def _loss(network: YoloV1, pictures: Tensor, targets: Targets, settings: YoloV1Settings) -> Mapping[str, Tensor]:
    given = LossSettings(settings.coordinates, settings.no_object)
    losses = yolo_v1_loss(network(pictures).float(), targets, network.spec, given)
    return {**losses._asdict(), "total": losses.total}


def _detect(network: YoloV1, pictures: Tensor, _targets: Targets) -> list[Found]:
    return select(network(pictures), network.spec)


YOLO_V1 = Architecture(
    name=FAMILY,
    make_spec=make_spec,
    spec_json=spec_to_json,
    build=_build,
    loss=_loss,
    detect=_detect,
    save=save_yolo_v1,
    start=start_backbone,
)
