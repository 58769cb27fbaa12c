"""The operators of `models.rcnn.region_operators` in a graph: one ONNX node each, so that every provider runs its own kernel.

RoIAlign's ``half_pixel`` is what torchvision calls aligned; ``output_half_pixel`` is the operator as it first was. ONNX Runtime's CPU
provider has both kernels up to opset 21 only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import onnx
import torch
from onnxscript import opset18

# The operators register themselves when this is imported.
import models.rcnn.region_operators  # noqa: F401

op: Any = opset18
"""Its annotations know tensors only, where plain numbers are meant as constants."""
INT64 = onnx.TensorProto.INT64
LAST = 1 << 31
"""An end beyond any axis."""


def translations() -> Mapping[Callable[..., Any], Callable[..., Any]]:
    """What ``torch.onnx.export`` is to make of each operator."""
    ours = torch.ops.detector_app
    return {
        ours.roi_align.default: roi_align,
        ours.roi_max_pool.default: roi_max_pool,
        ours.non_max_suppression.default: non_max_suppression,
    }


def roi_align(maps: Any, regions: Any, output_h: int, output_w: int, scale: float, sampling: int, aligned: bool) -> Any:
    """(N, C, h, w) and (R, 5) to (R, C, output_h, output_w)."""
    pictures = op.Cast(op.Squeeze(op.Slice(regions, [0], [1], [1]), [1]), to=INT64)
    return op.RoiAlign(
        maps,
        op.Slice(regions, [1], [LAST], [1]),
        pictures,
        coordinate_transformation_mode="half_pixel" if aligned else "output_half_pixel",
        mode="avg",
        output_height=output_h,
        output_width=output_w,
        sampling_ratio=sampling,
        spatial_scale=scale,
    )


def roi_max_pool(maps: Any, regions: Any, output_h: int, output_w: int, scale: float) -> Any:
    """(N, C, h, w) and (R, 5) to (R, C, output_h, output_w)."""
    return op.MaxRoiPool(maps, regions, pooled_shape=[output_h, output_w], spatial_scale=scale)


def non_max_suppression(boxes: Any, scores: Any, iou: float, most: int) -> Any:
    """(N, K, 4) and (N, K) to (M, 2) int64: picture and index."""
    triples = op.NonMaxSuppression(
        boxes,
        op.Unsqueeze(scores, [1]),
        op.Constant(value_ints=[most]),
        op.Constant(value_floats=[iou]),
    )
    return op.Gather(triples, op.Constant(value_ints=[0, 2]), axis=1)
