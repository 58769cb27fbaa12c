"""torchvision's Faster R-CNN with a ResNet-50 and a feature pyramid, from its state dict as it is.

Two generations of names are read: the published file of 2019 has `backbone.fpn.inner_blocks.0.weight` and `rpn.head.conv.weight`, what
is saved since torchvision 0.13 has one more `.0` in each. Values need no change, for the conventions are the same: see
`models.rcnn.anchor_grid` and `models.rcnn.box_coding`. Its batch norms are frozen; those of the published weights are without an epsilon.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from torch import Tensor

from models.backbones.weights import COUNTER, read_state
from models.detect.backbone import backbone_table
from models.errors import WeightsFileError
from models.rcnn.faster_rcnn import FasterRcnn
from models.rcnn.spec import FasterRcnnSpec

COCO_NAMES = (
    "person", "bicycle", "car", "motorcycle", "airplane", "bus", "train", "truck", "boat", "traffic light", "fire hydrant",
    "stop sign", "parking meter", "bench", "bird", "cat", "dog", "horse", "sheep", "cow", "elephant", "bear", "zebra", "giraffe",
    "backpack", "umbrella", "handbag", "tie", "suitcase", "frisbee", "skis", "snowboard", "sports ball", "kite", "baseball bat",
    "baseball glove", "skateboard", "surfboard", "tennis racket", "bottle", "wine glass", "cup", "fork", "knife", "spoon", "bowl",
    "banana", "apple", "sandwich", "orange", "broccoli", "carrot", "hot dog", "pizza", "donut", "cake", "chair", "couch",
    "potted plant", "bed", "dining table", "toilet", "tv", "laptop", "mouse", "remote", "keyboard", "cell phone", "microwave", "oven",
    "toaster", "sink", "refrigerator", "book", "clock", "vase", "scissors", "teddy bear", "hair drier", "toothbrush",
)  # fmt: skip
COCO_IDS = 90
UNUSED_IDS = frozenset((12, 26, 29, 30, 45, 66, 68, 69, 71, 83))
"""Numbers that COCO never gave a name to."""
SHOWN = 3

_OLD_NAMES = (
    (re.compile(r"^(backbone\.fpn\.(?:inner|layer)_blocks\.\d+)\.0\."), r"\1."),
    (re.compile(r"^rpn\.head\.conv\.0\.0\."), "rpn.head.conv."),
)
_OUR_NAMES = {
    "backbone.fpn.inner_blocks.": "pyramid.lateral.",
    "backbone.fpn.layer_blocks.": "pyramid.smooth.",
    "rpn.head.conv.": "proposing.conv.",
    "rpn.head.cls_logits.": "proposing.objectness.",
    "rpn.head.bbox_pred.": "proposing.box.",
    "roi_heads.box_head.fc6.": "head.first.",
    "roi_heads.box_head.fc7.": "head.second.",
    "roi_heads.box_predictor.cls_score.": "head.score.",
    "roi_heads.box_predictor.bbox_pred.": "head.box.",
}


def coco_classes() -> tuple[str, ...]:
    """The 90 classes behind the background: COCO's numbers, those that were never used among them."""
    names = iter(COCO_NAMES)
    return tuple(f"unused {number}" if number in UNUSED_IDS else next(names) for number in range(1, COCO_IDS + 1))


def torchvision_spec(classes: tuple[str, ...]) -> FasterRcnnSpec:
    """The network of `fasterrcnn_resnet50_fpn` with its defaults.

    torchvision makes the shorter side 800 px unless the longer one passes 1333; a 4:3 picture is then 1067 px long. A letterbox of
    1088 px, a multiple of the coarsest stride, shows objects about as large.
    """
    return FasterRcnnSpec(
        classes=classes,
        backbone=backbone_table("resnet50"),
        strides=(4, 8, 16, 32),
        pyramid=256,
        aligned=False,
        canonical_px=224.0,
        hidden=1024,
        input_size=1088,
        frozen_norms=True,
        anchor_sizes=((32.0,), (64.0,), (128.0,), (256.0,), (512.0,)),
        anchor_ratios=(0.5, 1.0, 2.0),
        pool_level=True,
        candidates=1000,
        proposals=1000,
        proposal_iou=0.7,
    )


def load_torchvision(path: Path) -> tuple[FasterRcnn, FasterRcnnSpec]:
    """Reads a state dict of `fasterrcnn_resnet50_fpn` onto the CPU, in evaluation mode.

    Args:
        path: .pth, .pt or .safetensors. With 91 scores its classes are COCO's; with any other number they are called `class 1`,
            `class 2`, …, for a state dict does not name them.

    Raises:
        WeightsFileError: the file is missing, unreadable, or of another network.
    """
    given = in_our_names(read_state(path))
    scores = given.get("head.score.weight")
    if scores is None or scores.ndim != 2 or len(scores) < 2:
        raise WeightsFileError(
            f"{path}: no Faster R-CNN of torchvision, for roi_heads.box_predictor.cls_score is missing"
        )
    count = len(scores) - 1
    classes = coco_classes() if count == COCO_IDS else tuple(f"class {number}" for number in range(1, count + 1))
    spec = torchvision_spec(classes)
    model = FasterRcnn(spec)
    _fill(model, given, path)
    return model.eval(), spec


def in_our_names(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The same tensors by the names of `FasterRcnn`, whichever generation their own are of."""
    return {_our_name(name): tensor for name, tensor in state.items()}


def _our_name(name: str) -> str:
    for pattern, older in _OLD_NAMES:
        name = pattern.sub(older, name)
    return next(
        (ours + name.removeprefix(theirs) for theirs, ours in _OUR_NAMES.items() if name.startswith(theirs)), name
    )


def _fill(model: FasterRcnn, given: Mapping[str, Tensor], path: Path) -> None:
    own = model.state_dict()
    problems = [f"{name} is missing" for name in own if name not in given and not name.endswith(COUNTER)]
    problems += [f"{name} has no place" for name in given if name not in own]
    problems += [
        f"{name} is {tuple(value.shape)}, not {tuple(own[name].shape)}"
        for name, value in given.items()
        if name in own and own[name].shape != value.shape
    ]
    if problems:
        more = f" and {len(problems) - SHOWN} more" if len(problems) > SHOWN else ""
        raise WeightsFileError(
            f"{path}: no fasterrcnn_resnet50_fpn: {'; '.join(problems[:SHOWN])}{more}; "
            "of torchvision's region networks only this one is read"
        )
    model.load_state_dict(dict(given), strict=False)
