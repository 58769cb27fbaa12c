"""The detection heads of YOLOv2 (``region``), v3 and v4 (``yolo``): what a .cfg says about how a raw map is to be decoded."""

from dataclasses import dataclass

from models.darknet.cfg import Section
from models.darknet.shape import Shape

MAX_ANCHORS = 1024
MAX_ANCHOR = 1e5
MAX_SCALE_XY = 10.0


@dataclass(frozen=True)
class Head:
    """One raw head: a map (N, B·(5+C), H/stride, W/stride), channels per anchor tx, ty, tw, th, objectness, classes.

    Attributes:
        stride: input pixels per cell.
        anchors_wh_px: (B, 2), in pixels of the network's input.
        classes: C.
        scale_xy: reach of a cell, ``scale_x_y`` (YOLOv4, arXiv 2004.10934, section 3.4 "eliminate grid sensitivity").
        squared_size: the size is ``anchor · (2·t)²`` (scaled YOLOv4, 2011.08036) instead of ``anchor · exp(t)``.
        softmax: class scores are a softmax (YOLOv2, 1612.08242) instead of sigmoids (YOLOv3, 1804.02767).
        activated: the map's values are already what the formulas call σ(t).
    """

    stride: int
    anchors_wh_px: tuple[tuple[float, float], ...]
    classes: int
    scale_xy: float = 1.0
    squared_size: bool = False
    softmax: bool = False
    activated: bool = False


def yolo_head(section: Section, shape: Shape) -> Head:
    """The head that a ``[yolo]`` section makes of the map ``shape``; its anchors are in pixels of the input."""
    anchors = _anchors(section, masked=True)
    new_coords = section.integer("new_coords", 0, 0, 1) == 1
    scale_xy = section.real("scale_x_y", 1.0)
    if not 1 <= scale_xy <= MAX_SCALE_XY:
        section.refuse(f"scale_x_y={scale_xy} must lie in 1 to {MAX_SCALE_XY}", "scale_x_y")
    head = Head(
        stride=shape.stride,
        anchors_wh_px=anchors,
        classes=_classes(section),
        scale_xy=scale_xy,
        squared_size=new_coords,
        activated=new_coords,
    )
    _check_fit(section, head, shape)
    return head


def region_head(section: Section, shape: Shape) -> Head:
    """The head that a ``[region]`` section makes of the map ``shape``; its anchors are in cells."""
    section.refuse_keys("tree", "background")
    if section.integer("coords", 4, 0, 1024) != 4:
        section.refuse("with coords other than 4 is not supported", "coords")
    anchors = _anchors(section, masked=False)
    head = Head(
        stride=shape.stride,
        anchors_wh_px=tuple((w * shape.stride, h * shape.stride) for w, h in anchors),
        classes=_classes(section),
        softmax=section.integer("softmax", 0, 0, 1) == 1,
    )
    _check_fit(section, head, shape)
    return head


def _classes(section: Section) -> int:
    return section.integer("classes", 20, 1, 100_000)


def _anchors(section: Section, *, masked: bool) -> tuple[tuple[float, float], ...]:
    """Width and height of the anchors that the head uses: all ``num``, or those that ``mask`` picks."""
    number = section.integer("num", 1, 1, MAX_ANCHORS)
    sides = section.reals("anchors")
    if len(sides) < 2 * number:
        section.refuse(f"num={number} anchors need {2 * number} numbers, {len(sides)} found", "anchors")
    if min(sides) <= 0 or max(sides) > MAX_ANCHOR:
        section.refuse(
            f"anchors must be positive and at most {MAX_ANCHOR:g}, {min(sides)} to {max(sides)} found", "anchors"
        )
    pairs = list(zip(sides[0::2], sides[1::2], strict=False))[:number]
    mask = (section.integers("mask") if masked else ()) or tuple(range(number))
    if min(mask) < 0 or max(mask) >= number:
        section.refuse(f"mask={','.join(map(str, mask))} picks outside the {number} anchors", "mask")
    return tuple(pairs[index] for index in mask)


def _check_fit(section: Section, head: Head, shape: Shape) -> None:
    """The map's channels and cells are those that the head needs."""
    channels = len(head.anchors_wh_px) * (5 + head.classes)
    if shape.channels != channels:
        anchors = len(head.anchors_wh_px)
        section.refuse(
            f"{anchors} anchors · (5 + {head.classes} classes) need {channels} channels, the layer before gives {shape.channels}"
        )
