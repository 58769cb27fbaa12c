"""Anchors of the published YOLO models, in pixels of the input."""

from __future__ import annotations

from collections.abc import Sequence

from detector_app.pipelines.reading.reading import AnchorTable

VERSION_2, VERSION_3 = "YOLOv2", "YOLOv3"
Anchors = tuple[tuple[float, float], ...]

VOC_TINY_2: Anchors = ((1.08, 1.19), (3.42, 4.41), (6.63, 11.38), (9.42, 5.11), (16.62, 10.52))
"""Of tiny YOLOv2 for Pascal VOC, in cells."""
COCO_2: Anchors = ((0.57273, 0.677385), (1.87446, 2.06253), (3.33843, 5.47434), (7.88282, 3.52778), (9.77052, 9.16828))
"""Of YOLOv2 and tiny YOLOv2 for COCO, in cells."""
COCO_3: dict[int, Anchors] = {
    8: ((10.0, 13.0), (16.0, 30.0), (33.0, 23.0)),
    16: ((30.0, 61.0), (62.0, 45.0), (59.0, 119.0)),
    32: ((116.0, 90.0), (156.0, 198.0), (373.0, 326.0)),
}
"""Of YOLOv3 at 416 (Redmon and Farhadi 2018, section 2.3), by stride."""
COCO_TINY_3: dict[int, Anchors] = {
    16: ((10.0, 14.0), (23.0, 27.0), (37.0, 58.0)),
    32: ((81.0, 82.0), (135.0, 169.0), (344.0, 319.0)),
}
_CELLS = {20: VOC_TINY_2, 80: COCO_2}


def anchors_for(heads: Sequence[tuple[str, int]], classes: int, version: str) -> AnchorTable | None:
    """The published anchors for heads (output, stride); None where none are known for so many heads and classes."""
    if version == VERSION_2:
        ((output, stride),) = heads
        cells = _CELLS.get(classes)
        return AnchorTable(((output, stride, tuple((w * stride, h * stride) for w, h in cells)),)) if cells else None
    by_stride = COCO_3 if len(heads) == 3 else COCO_TINY_3
    if not {stride for _, stride in heads} <= set(by_stride):
        return None
    return AnchorTable(tuple((output, stride, by_stride[stride]) for output, stride in heads))
