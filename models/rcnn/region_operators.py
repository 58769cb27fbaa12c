"""The three operators of region networks: RoIAlign, RoI max pooling, and non-maximum suppression in batches.

Where a network is trained or run by PyTorch they are plain tensor operations. Where it is exported they appear in the graph as one node
each, `detector_app::…`, which an exporter translates to the runtime's own operator instead of to a hundred small ones.
"""

import torch
from torch import Tensor

from models.rcnn import region_pooling
from models.rcnn.suppression import suppress


def roi_align(
    maps: Tensor, regions: Tensor, output_h: int, output_w: int, scale: float, sampling: int, aligned: bool
) -> Tensor:
    """RoIAlign (Mask R-CNN, arXiv 1703.06870, section 3): the mean of bilinear samples in each bin of a region.

    Args:
        maps: (N, C, h, w) float32.
        regions: (R, 5) float32: the row of `maps`, and xyxy in pixels of the network's input.
        output_h: bins down.
        output_w: bins across.
        scale: cells of the map per pixel: one divided by its stride.
        sampling: samples per bin and axis, 1 or more.
        aligned: whether cell i lies at i + ½ (the paper's intent) rather than at i, in which case a region is at least one cell wide, too.

    Returns:
        (R, C, output_h, output_w) float32. Samples farther than one cell outside the map are 0.

    Raises:
        ValueError: `sampling` is below 1.
    """
    if torch.compiler.is_exporting():
        node: Tensor = torch.ops.detector_app.roi_align(maps, regions, output_h, output_w, scale, sampling, aligned)
        return node
    return region_pooling.align(maps, regions, output_h, output_w, scale, sampling, aligned)


def roi_max_pool(maps: Tensor, regions: Tensor, output_h: int, output_w: int, scale: float) -> Tensor:
    """RoI max pooling (Fast R-CNN, arXiv 1504.08083, section 2.1): the largest value in each bin of a region.

    Corners are rounded to whole cells, halves away from zero; both corner cells belong to the region, which so has at least one cell.
    Bins are not rounded alike: they reach from the floor of their start to the ceiling of their end, and may share cells.

    Args:
        maps: (N, C, h, w) float32.
        regions: (R, 5) float32: the row of `maps`, and xyxy in pixels of the network's input.
        output_h: bins down.
        output_w: bins across.
        scale: cells of the map per pixel: one divided by its stride.

    Returns:
        (R, C, output_h, output_w) float32. A bin outside the map is 0.
    """
    if torch.compiler.is_exporting():
        node: Tensor = torch.ops.detector_app.roi_max_pool(maps, regions, output_h, output_w, scale)
        return node
    return region_pooling.max_pool(maps, regions, output_h, output_w, scale)


def non_max_suppression(boxes: Tensor, scores: Tensor, iou: float, most: int) -> Tensor:
    """Picture by picture, the boxes that stay when each drops all weaker ones that it overlaps by more than `iou`.

    Args:
        boxes: (N, K, 4) float32 xyxy; a box without area drops nothing and is not dropped.
        scores: (N, K) float32.
        iou: 0 to 1.
        most: how many boxes of a picture stay at most.

    Returns:
        (M, 2) int64: picture and index, pictures in order, best first; of equal scores the smaller index first.
    """
    if torch.compiler.is_exporting():
        node: Tensor = torch.ops.detector_app.non_max_suppression(boxes, scores, iou, most)
        return node
    return _suppress_each(boxes, scores, iou, most)


def _suppress_each(boxes: Tensor, scores: Tensor, iou: float, most: int) -> Tensor:
    if not len(boxes):
        return torch.zeros((0, 2), dtype=torch.int64, device=boxes.device)
    stay = [suppress(own, ranks, iou, most) for own, ranks in zip(boxes, scores, strict=True)]
    return torch.cat([torch.stack((torch.full_like(one, i), one), dim=1) for i, one in enumerate(stay)])


@torch.library.custom_op("detector_app::roi_align", mutates_args=())
def _roi_align_node(
    maps: Tensor, regions: Tensor, output_h: int, output_w: int, scale: float, sampling: int, aligned: bool
) -> Tensor:
    return region_pooling.align(maps, regions, output_h, output_w, scale, sampling, aligned)


@_roi_align_node.register_fake
def _roi_align_shape(
    maps: Tensor, regions: Tensor, output_h: int, output_w: int, _scale: float, _sampling: int, _aligned: bool
) -> Tensor:
    return maps.new_empty((regions.shape[0], maps.shape[1], output_h, output_w))


@torch.library.custom_op("detector_app::roi_max_pool", mutates_args=())
def _roi_max_pool_node(maps: Tensor, regions: Tensor, output_h: int, output_w: int, scale: float) -> Tensor:
    return region_pooling.max_pool(maps, regions, output_h, output_w, scale)


@_roi_max_pool_node.register_fake
def _roi_max_pool_shape(maps: Tensor, regions: Tensor, output_h: int, output_w: int, _scale: float) -> Tensor:
    return maps.new_empty((regions.shape[0], maps.shape[1], output_h, output_w))


@torch.library.custom_op("detector_app::non_max_suppression", mutates_args=())
def _suppression_node(boxes: Tensor, scores: Tensor, iou: float, most: int) -> Tensor:
    return _suppress_each(boxes, scores, iou, most)


@_suppression_node.register_fake
def _suppression_shape(boxes: Tensor, _scores: Tensor, _iou: float, _most: int) -> Tensor:
    count = torch.library.get_ctx().new_dynamic_size()
    return boxes.new_empty((count, 2), dtype=torch.int64)
