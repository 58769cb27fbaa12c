"""From settings to a spec: the fields that Fast and Faster R-CNN share, and who judges what they found."""

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from torch import Tensor

from models.detect.backbone import backbone_table
from models.detect.evaluation import Found, select_best
from models.errors import RecipeError
from models.rcnn.box_coding import clip
from models.rcnn.settings import RegionHeadSettings
from models.rcnn.spec import RegionHeadSpec

S = TypeVar("S", bound=RegionHeadSpec)


def plan(kind: Callable[..., S], classes: tuple[str, ...], settings: RegionHeadSettings, **own: Any) -> S:
    """The spec that settings ask for.

    Args:
        kind: the spec's class.
        classes: names in class-id order.
        settings: what is asked for.
        own: fields of this kind only.

    Raises:
        RecipeError: the backbone is unknown, or settings do not go together.
    """
    try:
        return kind(
            classes=classes,
            backbone=backbone_table(settings.backbone),
            strides=settings.strides,
            pyramid=settings.pyramid,
            roi=settings.roi,
            roi_size=settings.roi_size,
            canonical_px=settings.canonical_px,
            hidden=settings.hidden,
            proposals=settings.proposals,
            input_size=settings.input_size,
            **own,
        )
    except ValueError as error:
        raise RecipeError(str(error)) from error


def found_in(scores: Tensor, boxes: Tensor, owners: Tensor, pictures: Tensor) -> list[Found]:
    """What is left of R judged regions, picture by picture: boxes inside it, of each class those that do not overlap.

    Args:
        scores: (R, C).
        boxes: (R, C, 4) xyxy in pixels of the input.
        owners: (R,) pictures of the batch.
        pictures: (N, 3, H, W), for their number and size.
    """
    inside = clip(boxes, pictures.shape[2], pictures.shape[3])
    arrays = [np.asarray(values.detach().float().cpu().numpy()) for values in (inside, scores, owners)]
    return [select_best(*(one[arrays[2] == row] for one in arrays[:2])) for row in range(len(pictures))]
